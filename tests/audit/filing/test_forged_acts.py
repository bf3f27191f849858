"""Acts that are no honest ones: of another case, out of their time, one person under two names, papers that changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audit.audit_trail import threads_by_id
from audit.case_view import View
from audit.filing.audit_file import chain
from audit.filing.findings import FilingError
from audit.filing.findings import sign_off
from audit.filing.merge import merge_acts
from ledger.entries.builder import as_text
from ledger.loading.loader import load_case
from ledger.util.text import person_key
from tests.audit.house import call
from tests.audit.house import make_case
from tests.audit.house import window
from tests.checks.builder import AFTER
from tests.checks.pieces.audit import act
from tests.checks.pieces.audit import chained
from tests.checks.pieces.audit import found
from tests.checks.pieces.audit import made
from tests.checks.pieces.audit import pieces
from tests.checks.pieces.audit import struck

CASE = "112-納管-0456"  # of the case that `made` makes


def begun(case_id: str) -> str:
    """A chain as the pages begin it in a case."""
    first, second = act("F-001"), act("F-002", state="open", day="2023-10-02")
    chain([first, second], "", case_id)
    return as_text([first, second])


def test_a_chain_says_in_which_case_it_was_begun(tmp_path: Path) -> None:
    folder = made(tmp_path, begun(CASE))
    assert f'case: "{CASE}"' in (folder / "audit.beancount").read_text(encoding="utf-8")
    assert (folder / "audit.beancount").read_text(encoding="utf-8").count("case:") == 1
    assert found(folder, "audit-chain-broken") == []


def test_acts_copied_from_another_case_are_told_and_do_not_come_in_by_a_merge(tmp_path: Path) -> None:
    folder = made(tmp_path, begun("111-別案-0001"))
    (broken,) = found(folder, "audit-chain-broken")
    assert (broken.severity, "111-別案-0001" in broken.message) == ("error", True)
    returned = tmp_path / "returned.beancount"
    shutil.move(folder / "audit.beancount", returned)
    (folder / "audit.beancount").write_text("", encoding="utf-8")
    with pytest.raises(FilingError, match="111-別案-0001"):
        merge_acts(folder, returned)
    assert (folder / "audit.beancount").read_text(encoding="utf-8") == ""
    returned.write_text(begun("１１２-納管 -0456"), encoding="utf-8")  # the same, as somebody else typed it
    assert merge_acts(folder, returned).acts == 2


def test_the_first_act_of_a_page_names_the_case(tmp_path: Path) -> None:

    page = window(make_case(tmp_path / "case"))
    told = {"do": "judge", "voucher": page.key("AB12345678"), "state": "open", "comment": "x", "by": "甲"}
    for _time in range(2):
        page.file(told | page.form(f"?tab=vouchers&voucher={told['voucher']}"))
    assert page.audit.count('case: "') == 1
    assert page.audit.index('case: "') < page.audit.index("F-002")


def test_an_act_with_a_day_before_the_last_is_told(tmp_path: Path) -> None:
    folder = made(tmp_path, chained(act("F-001"), act("F-002", state="open", day="2023-09-01")))
    (broken,) = found(folder, "audit-chain-broken")
    assert broken.severity == "warning"
    assert "2023-09-01 早於前一筆的 2023-10-01" in broken.message


def test_acts_in_another_order_are_told(tmp_path: Path) -> None:
    one, two, three = pieces(chained(act("F-001"), act("F-002", state="open"), act("F-003", state="open")))
    for order in ((two, one, three), (one, three, two), (three, two, one)):
        shutil.rmtree(tmp_path / "case", ignore_errors=True)
        assert "error" in {
            each.severity for each in found(made(tmp_path, "".join(order)), "audit-chain-broken")
        }


def test_a_second_act_of_the_same_number_lifts_nothing(tmp_path: Path) -> None:
    """The number is only a name: what decides is which act names which."""
    text = chained(act("F-001", deducted=None), act("F-001", state="accepted", day="2023-10-02"))
    assert struck(made(tmp_path, text))[0] > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lee", "LEE"),
        ("Lee", "\uff2c\uff45\uff45"),
        ("李查核", "李 查核 "),
        ("李查核", "李\u200b查核"),
        ("李查核", "\u202e李查核\u2060"),
        ("Jose\u0301", "JOS\u00c9"),
        ("Straße", "STRASSE"),
    ],
)
def test_one_person_under_two_spellings_is_one(tmp_path: Path, one: str, other: str) -> None:

    assert person_key(one) == person_key(other)
    folder = made(tmp_path, chained(act("F-001", by=one), act("F-001", by=other, act="sign-off")))
    loaded = load_case(folder, AFTER)
    view = View(loaded.case, loaded.entries)
    thread = threads_by_id(view)["F-001"]
    assert (thread.signed_by, thread.has_four_eyes) == ("", False)
    with pytest.raises(FilingError):
        sign_off(thread, other, AFTER)


def test_two_people_stay_two() -> None:
    assert len({person_key(name) for name in ("李查核", "李查該", "Lee", "Li", "")}) == 5


def test_a_waiver_decided_in_the_companys_own_book_waives_nothing(tmp_path: Path) -> None:
    decision = (
        '2023-10-01 custom "grant-waiver-decision" "document-missing" "AB12345678"\n'
        f'  act: "confirmed"\n  digest: "{"0" * 64}"\n  by: "陳稽核"\n  reason: "x"\n'
    )
    folder = made(tmp_path, books=decision)
    assert [each.severity for each in found(folder, "audit-act-misplaced")] == ["error"]
    told = call("check", folder, "--json", code=None)
    assert not [each for each in told["findings"] if each["severity"] == "waived"]
