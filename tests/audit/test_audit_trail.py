"""The auditor's rows: what was filed about a voucher, who stands behind it, and whether it changed since."""

from __future__ import annotations

import datetime

import pytest

from audit.audit_trail import VoucherAudit
from audit.audit_trail import lost_threads
from audit.audit_trail import rows_of
from audit.audit_trail import threads_by_id
from audit.case_view import View
from audit.filing import findings
from audit.filing.findings import DraftFinding
from audit.filing.findings import FilingError
from ledger.entries.builder import as_text
from tests.audit.conftest import Look
from tests.audit.house import BOOKS

DAY = datetime.date(2023, 11, 1)


def row(view: View, number: str) -> VoucherAudit:
    return next(row for row in rows_of(view) if row.keyed.voucher.number == number)


def judged(look: Look, **told: object) -> str:
    """The text of a judgement, as it is filed."""
    view = look()
    number = "CD10000001"
    given: dict[str, object] = {"state": "disallowed", "comment": "與計畫無關", "by": "陳稽核"}
    judgement = DraftFinding(keyed=view.vouchers[view.keys_numbered(number)[0]], **(given | told))  # type: ignore[arg-type]
    findings.check_draft(judgement)
    return as_text([findings.directive(judgement, "F-001", DAY)])


def test_a_voucher_nobody_looked_at(look: Look) -> None:
    untouched = row(look(), "CD10000001")
    assert (untouched.state, untouched.declared, untouched.accepted) == ("", 200_000, 200_000)
    assert not untouched.is_signed


def test_a_disallowed_part_comes_off_what_is_accepted(look: Look) -> None:
    struck = row(look(judged(look, deducted=30_000, clause="第7條")), "CD10000001")
    assert (struck.state, struck.disallowed, struck.accepted) == ("disallowed", 30_000, 170_000)
    (thread,) = struck.threads
    assert (thread.decision.by, thread.clause, thread.is_changed) == ("陳稽核", "第7條", False)


def test_parked_is_out_until_it_is_decided(look: Look) -> None:
    parked = row(look(judged(look, state="parked")), "CD10000001")
    assert (parked.parked, parked.disallowed, parked.accepted) == (200_000, 0, 0)


def test_a_reply_answers_and_leaves_a_disallowance_standing(look: Look) -> None:
    text = judged(look)
    thread = threads_by_id(look(text))["F-001"]
    answered = row(look(text + as_text([findings.reply(thread, "附上驗收單", "林會計", DAY)])), "CD10000001")
    assert answered.state == "disallowed"
    assert answered.disallowed == 200_000
    assert [act.kind for act in answered.threads[0].acts] == ["finding", "reply"]

    opened = judged(look, state="open")
    asked = threads_by_id(look(opened))["F-001"]
    replied = row(look(opened + as_text([findings.reply(asked, "附上驗收單", "林會計", DAY)])), "CD10000001")
    assert replied.state == "replied"


def test_two_people_sign(look: Look) -> None:
    text = judged(look)
    thread = threads_by_id(look(text))["F-001"]
    with pytest.raises(FilingError, match="另一人"):
        findings.sign_off(thread, " 陳 稽核", DAY)
    signed = row(look(text + as_text([findings.sign_off(thread, "黃複核", DAY)])), "CD10000001")
    assert signed.is_signed
    assert signed.disallowed == 200_000
    assert signed.threads[0].signed_by == "黃複核"


@pytest.mark.parametrize(("judge", "signer"), [(True, True), (True, False), (False, True), (False, False)])
def test_four_eyes_are_two_accounts(look: Look, *, judge: bool, signer: bool) -> None:
    def filed(text: str, *, is_typed: bool) -> str:
        return text.rstrip() + ("\n  typed: TRUE\n" if is_typed else "\n")

    text = filed(judged(look), is_typed=judge)
    signature = as_text([findings.sign_off(threads_by_id(look(text))["F-001"], "黃複核", DAY)])
    (thread,) = row(look(text + filed(signature, is_typed=signer)), "CD10000001").threads
    assert thread.signed_by == "黃複核"
    assert thread.has_four_eyes == (not judge and not signer)
    assert ("不算兩人複核" in thread.signed_words) == (judge or signer)
    assert ("自行輸入" in thread.decision.who) == judge


def test_a_judgement_without_a_name_cannot_be_signed(look: Look) -> None:
    text = judged(look).replace('  by: "陳稽核"\n', "")
    thread = threads_by_id(look(text))["F-001"]
    with pytest.raises(FilingError, match="沒有記載"):
        findings.sign_off(thread, "黃複核", DAY)
    forged = text + judged(look).replace('act: "finding"', 'act: "sign-off"')
    assert not row(look(forged), "CD10000001").is_signed


def test_a_further_judgement_takes_the_signature_off(look: Look) -> None:
    text = judged(look)
    signature = as_text([findings.sign_off(threads_by_id(look(text))["F-001"], "黃複核", DAY)])
    accepted = judged(look, state="accepted", comment="")
    named = accepted.rstrip() + '\n  replaces: "F-001"\n'
    later = row(look(text + signature + accepted), "CD10000001")
    assert (later.state, later.is_signed, later.accepted) == ("disallowed", False, 0)  # it names nothing
    again = row(look(text + signature + named), "CD10000001")
    assert (again.state, again.is_signed, again.accepted) == ("accepted", False, 200_000)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("quantity: 2\n  document", "quantity: 3\n  document"),
        (
            '"精密機械股份有限公司" "五軸加工機主軸冷卻模組" ^CD',
            '"精密機械有限公司" "五軸加工機主軸冷卻模組" ^CD',
        ),
        ("  net: 200000 TWD", "  net: 200001 TWD"),
        ("2023-08-15 *", "2023-08-16 *"),
    ],
)
def test_an_edit_after_sign_off_shows(look: Look, old: str, new: str) -> None:
    text = judged(look)
    text += as_text([findings.sign_off(threads_by_id(look(text))["F-001"], "黃複核", DAY)])
    assert BOOKS.count(old) == 1
    changed = row(look(text, books=BOOKS.replace(old, new)), "CD10000001")
    assert changed.is_changed
    assert not changed.is_signed


def test_formatting_and_papers_filed_later_are_no_edit(look: Look) -> None:
    text = judged(look)
    books = BOOKS.replace('  document: "2023-08-15.CD10000001.pdf"\n', "").replace(
        "2023-08-15 *", "\n\n2023-08-15  *"
    )
    assert not row(look(text, books=books), "CD10000001").is_changed


def test_what_was_judged_and_is_gone_is_not_lost(look: Look) -> None:
    text = judged(look)
    gone = look(text, books=BOOKS.replace("CD10000001", "CD10000002"))
    assert [thread.id for thread in lost_threads(gone)] == ["F-001"]
    with pytest.raises(FilingError, match="不在帳上"):
        findings.sign_off(lost_threads(gone)[0], "黃複核", DAY)


def test_of_a_number_booked_twice_only_the_judged_entry_is_struck(look: Look) -> None:
    entry = BOOKS[BOOKS.index("2023-08-15 *") : BOOKS.index("2023-08-25 *")]
    one = entry.replace("  net:", '  import-id: "mig:CD10000001"\n  net:')
    two = entry.replace("  net:", '  import-id: "sheet:CD10000001"\n  net:').replace(
        "2023-08-15 *", "2023-08-16 *"
    )
    books = BOOKS.replace(entry, one) + two
    view = look(books=books)
    keys = view.keys_numbered("CD10000001")
    assert len(keys) == 2
    judgement = DraftFinding(view.vouchers[keys[1]], "disallowed", comment="重複", by="陳稽核")
    rows = {
        r.keyed.key: r
        for r in rows_of(look(as_text([findings.directive(judgement, "F-001", DAY)]), books=books))
    }
    assert [rows[key].disallowed for key in keys] == [0, 200_000]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"by": "  "}, "姓名"),
        ({"comment": ""}, "意見"),
        ({"deducted": 0}, "剔除金額"),
        ({"deducted": 200_001}, "剔除金額"),
        ({"state": "burned"}, "處理方式"),
    ],
)
def test_what_may_not_be_filed(look: Look, told: dict[str, object], why: str) -> None:
    with pytest.raises(FilingError, match=why):
        judged(look, **told)
