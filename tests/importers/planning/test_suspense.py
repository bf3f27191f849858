"""A line of the dedicated account that came before its voucher is answered when the voucher comes."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import grant
from tests.casemaker import Story
from tests.casepapers import Item
from tests.casepapers import Line
from tests.casepapers import Paper
from tests.casepapers import last_day
from tests.casepapers import name_of
from tests.casepapers import plus
from tests.casepapers import tax_on
from tests.replay import begin
from tests.replay import books_of
from tests.replay import put
from tests.replay import run

Files = dict[str, bytes]


def empty(story: Story, case: Path) -> Path:
    """A case with an empty inbox."""
    begin(story, case)
    for file in (case / "inbox").iterdir():
        file.unlink()
    return case


def add(case: Path, files: Files) -> Any:
    put(files, case / "inbox")
    return run("import", case)


def entries(case: Path) -> list[str]:
    """What the books say, in whatever order it stands in them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((case / "books").iterdir())]
    return sorted(part.strip() for text in texts for part in text.split("\n\n") if part.strip())


def of_bank(files: Files) -> tuple[Files, Files]:
    """The statements of the dedicated account, and everything else."""
    banks = {name: content for name, content in files.items() if "專戶" in name}
    return banks, {name: content for name, content in files.items() if name not in banks}


# ------------------------------------------------------------------------------------------- in every order


@pytest.mark.parametrize("guarantee", ["full", "partial", "none"])
@pytest.mark.parametrize("seed", [0, 2])
def test_statements_before_vouchers_and_after_them_say_the_same(
    seed: int, guarantee: str, tmp_path: Path
) -> None:
    story = Story(seed, months=3, guarantee=guarantee, direct=True).money()
    whole = empty(story, tmp_path / "whole")
    add(whole, story.files())
    banks, rest = of_bank(story.files())

    before = empty(story, tmp_path / "before")
    first = add(before, banks)
    assert first["rebooked"] == []
    second = add(before, rest)
    paid = [line for paper in story.standing for line in paper.pays]
    assert sum(bool(each["vouchers"]) for each in second["rebooked"]) == len(paid)
    assert second["unmatched"] == []
    assert entries(before) == entries(whole)

    after = empty(story, tmp_path / "after")
    add(after, rest)
    assert add(after, banks)["rebooked"] == []
    assert entries(after) == entries(whole)


def test_what_is_answered_is_not_asked_again(tmp_path: Path) -> None:
    story = Story(1, months=2, direct=True).money()
    case = empty(story, tmp_path / "case")
    banks, rest = of_bank(story.files())
    add(case, banks)
    add(case, rest)
    books = books_of(case)
    for files in ({f"again_{name}": content for name, content in story.files().items()}, {}):
        again = add(case, files)
        assert (again["imported"], again["rebooked"], again["unmatched"]) == (0, [], [])
    assert books_of(case) == books


@pytest.mark.parametrize("bare", [1, 9])
def test_bare_withdrawals_are_answered_too(bare: int, tmp_path: Path) -> None:
    """A transfer without a word is a withdrawal once the vouchers have earned just that."""
    story = Story(3, months=3).money()
    drawn = [each for each in story.grant_lines if each.text == "提領"]
    assert len(drawn) > 2
    for each in drawn[:bare]:
        each.text, each.memo = "轉帳支出", ""
    whole = empty(story, tmp_path / "whole")
    add(whole, story.files())
    case = empty(story, tmp_path / "case")
    banks, rest = of_bank(story.files())
    add(case, banks)
    add(case, rest)
    assert entries(case) == entries(whole)


# --------------------------------------------------------------------------------- one line and one voucher

NUMBER, SELLER = "ZZ10000001", "某某工業股份有限公司"


def purchase(story: Story, **changes: Any) -> Paper:
    """An invoice of an approved item that the story does not have."""
    approved = story.approved_items[0]
    said: dict[str, Any] = {
        "number": NUMBER,
        "date": plus(story.start, 10),
        "seller": "12345675",
        "seller_name": SELLER,
        "buyer": story.company["ubn"],
        "items": [Item(approved["name"], 1, "台", 21_001)],
        "category": approved["category"],
        "tax": tax_on(21_001),
    }
    return Paper(**(said | changes))


GROSS = 22_051


@pytest.fixture
def story() -> Story:
    """An award without papers: its grant has come and nothing is bought yet."""
    made = Story(0, months=2)
    made.papers, made.others, made.payroll, made.events = [], [], [], {}
    made.grant_lines = [
        Line(plus(made.start, 1), made.granted, "匯款存入", "經濟部補助款", "經濟部產業發展署", "09:00:00")
    ]
    return made


@pytest.fixture
def case(story: Story, tmp_path: Path) -> Path:
    return empty(story, tmp_path / "case")


def paid(story: Story, *lines: Line) -> Files:
    """The statement of the dedicated account with some more lines."""
    made = copy.copy(story)
    return made._statements("專戶", story.dedicated, [*story.grant_lines, *lines], 0)


def line(
    story: Story, amount: int = -GROSS, *, days: int = 20, memo: str = SELLER, time: str = "10:00:00"
) -> Line:
    return Line(plus(story.start, days), amount, "轉帳支出", memo, "", time)


def invoice(story: Story, paper: Paper) -> Files:
    return {
        f"C0401_{paper.number}.xml": f'<?xml version="1.0" encoding="UTF-8"?>\n{story.xml(paper)}'.encode()
    }


def question(case: Path) -> tuple[Path, str]:
    """The file with the question, and the question's entry."""
    for path in sorted((case / "books").iterdir()):
        for part in path.read_text(encoding="utf-8").split("\n\n"):
            if 'kind: "unexplained"' in part or 'kind: "deposit"' in part:
                return path, part.strip()
    raise AssertionError


def test_the_line_becomes_the_payment_of_the_voucher(story: Story, case: Path) -> None:
    add(case, paid(story, line(story)))
    path, asked = question(case)
    assert asked.split()[1] == "!"
    lineno = path.read_text(encoding="utf-8").split("\n").index(asked.split("\n")[0]) + 1
    answer = add(case, invoice(story, purchase(story)))
    assert answer["rebooked"] == [
        {
            "file": f"books/{path.name}",
            "line": lineno,
            "date": plus(story.start, 20).isoformat(),
            "amount": -GROSS,
            "narration": f"轉帳支出 {SELLER}",
            "vouchers": [NUMBER],
            "unclear": None,
        }
    ]
    assert (answer["imported"], answer["unmatched"]) == (1, [])
    text = path.read_text(encoding="utf-8")
    assert "!" not in text
    (payment,) = [part for part in text.split("\n\n") if f"^{NUMBER}" in part and "voucher:" not in part]
    assert re.search(rf"Liabilities:1應付帳款 +{GROSS} TWD", payment)
    assert re.search(r"Assets:1專戶:2業者自籌款 +-\d+ TWD", payment)
    assert 'source: "' in payment
    findings = run("check", case, "--as-of", plus(story.start, 40), codes=(0, 1))["findings"]
    assert not {"entry-unclassified", "voucher-unpaid", "books-unreadable"} & {f["check"] for f in findings}


def test_only_that_entry_changes(story: Story, case: Path) -> None:
    add(case, paid(story, line(story), line(story, -5_000, days=21, memo="不知名")))
    path, asked = question(case)
    head = "; 會計的註記\n\n"
    path.write_text(head + path.read_text(encoding="utf-8"), encoding="utf-8")
    others = [part for part in entries(case) if part != asked]
    add(case, invoice(story, purchase(story)))
    text = path.read_text(encoding="utf-8")
    assert text.startswith(head)
    assert all(other in text for other in others if "bank:" in other)
    assert text.count('kind: "unexplained"') == 1  # the other line, still a question


def test_lines_of_windows_and_columns_set_anew_are_no_edit(story: Story, case: Path) -> None:
    add(case, paid(story, line(story)))
    path, _asked = question(case)
    text = path.read_text(encoding="utf-8").replace("  Equity:1業者投入 ", "  Equity:1業者投入          ")
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert len(add(case, invoice(story, purchase(story)))["rebooked"]) == 1
    (payment,) = [
        part
        for part in path.read_bytes().decode().split("\r\n\r\n")
        if f"^{NUMBER}" in part and "voucher:" not in part
    ]
    assert payment.count("\n") == payment.count("\r\n") > 5


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("轉帳支出", "轉帳支出(已問過)"),
        ("  kind:", "  ; 老闆說是訂金\n  kind:"),
        ("  kind:", '  note: "訂金"\n  kind:'),
        ("Equity:1業者投入 ", "Equity:1業者投入:1其他 "),
        ("看不出用途", "確定不是本案"),
        (f"{-GROSS} TWD", f"{-GROSS + 1} TWD"),
    ],
)
def test_an_entry_that_somebody_edited_is_left_and_shown(
    story: Story, case: Path, old: str, new: str
) -> None:
    add(case, paid(story, line(story)))
    path, asked = question(case)
    edited = asked.replace(old, new)
    if "其他" in new:
        account = "2023-01-01 open Equity:1業者投入:1其他 TWD\n\n"
        path.write_text(account + path.read_text(encoding="utf-8"), encoding="utf-8")
    if str(GROSS) in old:
        edited = edited.replace(f" {GROSS} TWD", f" {GROSS - 1} TWD")
    assert edited != asked
    path.write_text(path.read_text(encoding="utf-8").replace(asked, edited), encoding="utf-8")
    answer = add(case, invoice(story, purchase(story)))
    assert answer["rebooked"] == []
    assert edited in path.read_text(encoding="utf-8")
    (shown,) = answer["unmatched"]
    assert NUMBER in shown["reason"]
    assert "已被改過" in shown["reason"]
    assert shown["record"]["amount"] == -GROSS


def test_an_entry_that_somebody_answered_is_nobody_s_question(story: Story, case: Path) -> None:
    add(case, paid(story, line(story), line(story, -7_777, days=25, memo="不知名")))
    path, asked = question(case)
    answered = asked.replace(" ! ", " * ")
    path.write_text(path.read_text(encoding="utf-8").replace(asked, answered), encoding="utf-8")
    answer = add(case, invoice(story, purchase(story)))
    assert (answer["rebooked"], answer["unmatched"]) == ([], [])
    assert answered in path.read_text(encoding="utf-8")


def test_a_closed_month_is_left_alone_and_shown(story: Story, case: Path) -> None:
    add(case, paid(story, line(story)))
    path, _asked = question(case)
    run("close", case, name_of(story.start))
    closed = path.read_bytes()
    answer = add(case, invoice(story, purchase(story)))
    assert answer["imported"] == 1  # the voucher, in the month that is open
    assert answer["rebooked"] == []
    assert path.read_bytes() == closed
    (shown,) = answer["unmatched"]
    assert NUMBER in shown["reason"]
    assert f"{name_of(story.start)} 已月結" in shown["reason"]
    # another voucher has nothing to say of it; opened again, the next import books it
    another = purchase(
        story, number="ZZ10000009", seller_name="別家有限公司", items=[Item("別的", 1, "台", 9)]
    )
    assert not [each for each in add(case, invoice(story, another))["unmatched"] if NUMBER in each["reason"]]
    run("reopen", case, name_of(story.start), "--reason", "補付款", as_json=False)
    assert [each["vouchers"] for each in add(case, {})["rebooked"]] == [[NUMBER]]


def test_a_closed_line_is_not_shown_for_a_voucher_that_another_line_pays(story: Story, case: Path) -> None:
    days = (last_day(story.start) - story.start).days
    add(case, paid(story, line(story), line(story, days=days + 2, memo=f"{SELLER} {NUMBER}")))
    run("close", case, name_of(story.start))
    answer = add(case, invoice(story, purchase(story)))
    assert [each["vouchers"] for each in answer["rebooked"]] == [[NUMBER]]
    assert answer["unmatched"] == []


def test_what_is_still_a_question_takes_nothing_from_the_grant(story: Story, tmp_path: Path) -> None:
    """The lines come first and their vouchers one by one: each payment gets its share of the grant."""
    big = story.granted - 5_000
    second = purchase(story, number="ZZ10000002", seller_name="別家有限公司")
    second.items[0].net, second.tax = big, 0
    files = paid(story, line(story, -big, days=19, memo="別家有限公司"), line(story))
    whole = empty(story, tmp_path / "whole")
    add(whole, files | invoice(story, second) | invoice(story, purchase(story)))
    case = empty(story, tmp_path / "case")
    add(case, files)
    for paper in (purchase(story), second):
        assert len(add(case, invoice(story, paper))["rebooked"]) == 1
    grant = "Assets:1專戶:1政府補助款"
    moved = [
        [row.split()[1] for entry in entries(each) for row in entry.split("\n") if grant in row]
        for each in (case, whole)
    ]
    assert moved[0] == moved[1]
    fresh = empty(story, tmp_path / "fresh")
    add(fresh, invoice(story, purchase(story)))
    add(fresh, files)  # the other line is a question in the same import
    assert re.search(rf"{grant} +-[1-9]", "".join(each for each in entries(fresh) if f"^{NUMBER}" in each))


def test_a_question_of_a_closed_month_takes_nothing_from_the_grant(story: Story, case: Path) -> None:
    days = (last_day(story.start) - story.start).days
    add(case, paid(story, line(story, -story.granted + 5_000, days=5, memo="不知名")))
    run("close", case, name_of(story.start))
    add(case, invoice(story, purchase(story)))
    add(
        case,
        paid(story, line(story, -story.granted + 5_000, days=5, memo="不知名"), line(story, days=days + 3)),
    )
    (payment,) = [each for each in entries(case) if f"^{NUMBER}" in each and "voucher:" not in each]
    assert re.search(r"1政府補助款 +-[1-9]\d{4}", payment)


def test_a_trial_shows_it_and_writes_nothing(story: Story, case: Path) -> None:
    add(case, paid(story, line(story)))
    path, asked = question(case)
    before = books_of(case)
    put(invoice(story, purchase(story)), case / "inbox")
    tried = run("import", case, "--dry-run")
    assert books_of(case) == before
    shown = CliRunner().invoke(grant, ["import", str(case), "--dry-run"]).output
    assert f"付憑證 {NUMBER}" in shown
    done = run("import", case)
    assert tried["rebooked"] == done["rebooked"]
    text = path.read_text(encoding="utf-8")
    (payment,) = [part for part in text.split("\n\n") if f"^{NUMBER}" in part and "voucher:" not in part]
    rows, were = payment.strip().split("\n"), asked.split("\n")
    for row in rows:
        assert row in were or f"+{row}" in shown
    for row in were:
        assert row in rows or f"-{row}" in shown


def test_the_fee_that_the_supplier_bore_pays_too(story: Story, tmp_path: Path) -> None:
    files = paid(
        story,
        line(story, -GROSS + 30),
        Line(plus(story.start, 20), -30, "手續費", "跨行匯費", "", "10:00:01"),
    )
    voucher = invoice(story, purchase(story))
    whole = empty(story, tmp_path / "whole")
    add(whole, files | voucher)
    late = empty(story, tmp_path / "late")
    add(late, files)
    answer = add(late, voucher)
    assert [each["vouchers"] for each in answer["rebooked"]] == [[NUMBER], [NUMBER]]
    assert entries(late) == entries(whole)


def test_the_fee_on_top_becomes_an_entry_of_its_own(story: Story, tmp_path: Path) -> None:
    files, voucher = paid(story, line(story, -GROSS - 30)), invoice(story, purchase(story))
    whole = empty(story, tmp_path / "whole")
    add(whole, files | voucher)
    late = empty(story, tmp_path / "late")
    add(late, files)
    assert len(add(late, voucher)["rebooked"]) == 1
    assert entries(late) == entries(whole)
    assert any("fee:bank:" in entry for entry in entries(late))


def test_what_only_may_be_its_payment_is_proposed_once(story: Story, case: Path, tmp_path: Path) -> None:
    files = paid(story, line(story, -GROSS - 500, memo=NUMBER))
    add(case, files)
    answer = add(case, invoice(story, purchase(story)))
    (proposed,) = answer["rebooked"]
    assert NUMBER in proposed["unclear"]
    assert proposed["vouchers"] == []
    assert [NUMBER in each["reason"] for each in answer["unmatched"]] == [True]
    again = add(case, invoice(story, purchase(story, number="ZZ10000009", seller_name="別家有限公司")))
    assert (again["rebooked"], again["unmatched"]) == ([], [])
    whole = empty(story, tmp_path / "whole")
    add(whole, files | invoice(story, purchase(story)))
    assert [e for e in entries(case) if "bank:" in e] == [e for e in entries(whole) if "bank:" in e]


def test_a_question_that_stays_one_is_not_told_again(story: Story, case: Path) -> None:
    add(case, paid(story, line(story, -7_777)))
    before = question(case)
    answer = add(case, invoice(story, purchase(story)))
    assert (answer["rebooked"], answer["unmatched"]) == ([], [])
    assert question(case) == before


def test_the_statement_has_to_be_there(story: Story, case: Path) -> None:
    """Without it nobody can tell whether the entry was edited."""
    add(case, paid(story, line(story)))
    before = question(case)
    for file in (case / "documents").rglob("*專戶*"):
        if file.is_file():
            file.unlink()
    assert add(case, invoice(story, purchase(story)))["rebooked"] == []
    assert question(case) == before
    again = add(case, {f"再_{name}": content for name, content in paid(story, line(story)).items()})
    assert [each["vouchers"] for each in again["rebooked"]] == [[NUMBER]]


def test_a_statement_that_names_no_account(story: Story, case: Path, tmp_path: Path) -> None:
    """The account that the user told then is not asked for again."""
    day = plus(story.start, 20)
    rows = [
        "日期,摘要,支出,存入,餘額,備註",
        f"{plus(story.start, 1)},匯款存入,,{story.granted},{story.granted},經濟部補助款",
    ]
    rows.append(f"{day},轉帳支出,{GROSS},,{story.granted - GROSS},{SELLER}")
    statement = tmp_path / "明細.csv"
    statement.write_text("\n".join(rows), encoding="utf-8-sig")
    run("import", case, statement, "--account", story.dedicated)
    assert question(case)
    assert [each["vouchers"] for each in add(case, invoice(story, purchase(story)))["rebooked"]] == [[NUMBER]]


def test_the_statement_again_with_the_voucher(story: Story, case: Path) -> None:
    add(case, paid(story, line(story)))
    files = {f"再_{name}": content for name, content in paid(story, line(story)).items()}
    answer = add(case, files | invoice(story, purchase(story)))
    assert [each["vouchers"] for each in answer["rebooked"]] == [[NUMBER]]
    assert answer["imported"] == 1
    assert sum("bank:" in entry for entry in entries(case)) == 2


def test_a_line_and_an_older_question_pay_a_voucher_together(story: Story, tmp_path: Path) -> None:
    parts = [line(story, -10_000, memo=NUMBER), line(story, -GROSS + 10_000, days=45, memo=NUMBER)]
    voucher = invoice(story, purchase(story))
    whole = empty(story, tmp_path / "whole")
    add(whole, paid(story, *parts) | voucher)
    case = empty(story, tmp_path / "case")
    one, two = paid(story, *parts).items()
    add(case, dict([one]))
    assert question(case)
    answer = add(case, dict([two]) | voucher)
    assert [each["amount"] for each in answer["rebooked"]] == [-10_000]
    assert entries(case) == entries(whole)


def test_money_moved_between_its_own_accounts_pays_nobody(story: Story, case: Path) -> None:
    own = [Line(plus(story.start, 19), -GROSS, "轉帳支出", "自籌款", story.dedicated)]
    add(case, story._statements("活期", story.own, own, 9_000_000))
    answer = add(case, invoice(story, purchase(story)))
    assert answer["matched"] == 0


def test_the_company_s_own_money_is_known_once_it_pays_suppliers(story: Story, case: Path) -> None:
    own = Line(plus(story.start, 19), 11_000, "轉帳存入", "", story.own, "11:00:00")
    first = add(case, paid(story, own, line(story)))
    assert len(first["unmatched"]) == 2
    answer = add(case, invoice(story, purchase(story)))
    assert [each["vouchers"] for each in answer["rebooked"]] == [[], [NUMBER]]
    assert not any(" ! " in entry for entry in entries(case))


def test_the_month_of_the_line_may_be_any_that_is_open(story: Story, case: Path) -> None:
    later = line(story, days=(last_day(story.start) - story.start).days + 10)
    add(case, paid(story, later))
    run("close", case, name_of(story.start))
    answer = add(case, invoice(story, purchase(story)))
    assert [each["vouchers"] for each in answer["rebooked"]] == [[NUMBER]]
