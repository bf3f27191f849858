"""Grant money that came to the company's own account: the dedicated account shows it once it is moved on."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.questions.open_questions import open_questions
from ledger.files.pending import read_pending
from ledger.model import accounts
from tests.importers.small_case import SmallCase
from tests.importers.small_case import dedicated
from tests.importers.small_case import own
from tests.replay import run

CAME = own(("2023-07-03", 450_000, "匯入匯款 經濟部產業發展署 補助款第1期"))
MOVED = dedicated(("2023-07-10", 450_000, "轉帳存入 信沛模具"))
WITH_WORDS = dedicated(("2023-07-10", 450_000, "轉帳存入 補助款轉存"))


@pytest.fixture
def small(tmp_path: Path) -> SmallCase:
    return SmallCase(tmp_path / "case")


def asked(small: SmallCase) -> list[str]:
    return [one.id for one in open_questions(small.case, read_pending(small.folder))]


def test_the_first_answer_is_that_it_belongs_into_the_dedicated_account(small: SmallCase) -> None:
    small.take(CAME)
    (question,) = open_questions(small.case, read_pending(small.folder))
    assert [choice.answer for choice in question.choices] == ["instalment", "own-money"]
    assert "立即存入專戶" in question.choices[0].why
    assert "專戶" in question.choices[0].label


@pytest.mark.parametrize("moved", [MOVED, WITH_WORDS], ids=["no words", "words"])
@pytest.mark.parametrize("order", ["together", "answered between", "moved first"])
def test_what_is_moved_on_is_the_instalment_once(small: SmallCase, moved: dict[str, str], order: str) -> None:
    if order == "together":
        small.take(CAME, moved)
    elif order == "moved first":
        small.take(moved)
        small.take(CAME)
    else:
        small.take(CAME)
        run("answer", small.folder, asked(small)[0], "instalment")
        assert asked(small) == []
        small.take(moved)
    for question in open_questions(small.case, read_pending(small.folder)):
        if question.amount == 450_000 and question.choices[0].answer == "instalment" and not question.target:
            run("answer", small.folder, question.id, "instalment")
    small.take()
    assert asked(small) == []
    assert small.settled["received"] == 450_000
    assert small.balance(accounts.GRANT_MONEY) == 450_000
    assert small.balance(accounts.COMPANY) == 0
    before = small.books()
    small.take()
    assert small.books() == before


def test_as_long_as_it_is_not_moved_on_every_import_says_so(small: SmallCase) -> None:
    small.take(CAME)
    run("answer", small.folder, asked(small)[0], "instalment")
    other = own(("2023-08-03", -1_234, "電費"), opening=5_450_000)
    assert any("還沒有轉入專戶" in warning for warning in small.take(other).warnings)
    small.take(MOVED)
    later = own(("2023-09-03", -1_234, "電費"), opening=5_448_766)
    assert not any("轉入專戶" in warning for warning in small.take(later).warnings)


def test_money_that_is_none_of_the_cases_stays_out(small: SmallCase) -> None:
    small.take(CAME)
    run("answer", small.folder, asked(small)[0], "own-money")
    small.take(MOVED)
    (question,) = open_questions(small.case, read_pending(small.folder))
    assert question.target  # the deposit, of which nobody knows yet what it is
    assert small.settled["received"] == 0
