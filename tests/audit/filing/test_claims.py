"""A company claims that a finding be let pass; the auditor decides, both on the page."""

from __future__ import annotations

from typing import Any

from audit.case_view import View
from audit.pages.overview.next_steps import next_steps
from audit.web.person import Person
from tests.audit.conftest import Look
from tests.audit.house import Window

CLAIM = {
    "do": "claim",
    "check": "document-missing",
    "subject": "CD10000001",
    "approval": "產授字第9號",
    "comment": "正本已送執行單位",
}


def form(page: Window, **told: str) -> dict[str, Any]:
    return page.form("?tab=checks") | {"back": "checks"} | CLAIM | told


def test_a_claim_is_shown_written_to_the_books_and_decided(page: Window) -> None:
    award = (page.folder / "award.beancount").read_text(encoding="utf-8")
    shown = page.post("confirm", form(page)).get_data(as_text=True)
    assert "award.beancount" in shown
    assert "產授字第9號" in shown
    answer = page.post("write", form(page))
    assert answer.status_code == 303
    written = (page.folder / "award.beancount").read_text(encoding="utf-8")
    assert written.startswith(award)
    assert 'custom "grant-waiver" "document-missing" "CD10000001"' in written
    assert "grant-waiver" not in page.audit
    words = page.words("?tab=checks&filed=claim")
    assert "業者主張放行,待核定(1 件)" in words
    assert "已寫入 award.beancount" in words

    decision = page.form("?tab=checks") | {
        "do": "waive",
        "back": "checks",
        "check": "document-missing",
        "subject": "CD10000001",
        "decision": "confirmed",
        "comment": "已見正本",
        "by": "陳稽核",
    }
    assert page.file(decision).status_code == 303
    after = page.words("?tab=checks")
    assert "業者主張放行,待核定" not in after
    assert "經同意不列的疑義" in after


def test_a_claim_without_reason_or_of_no_check_is_refused(page: Window) -> None:
    award = (page.folder / "award.beancount").read_bytes()
    for wrong in (
        {"comment": ""},
        {"approval": " "},
        {"check": "no-such-check"},
        {"check": "books-unreadable"},
    ):
        assert page.post("write", form(page, **wrong)).status_code == 400
    assert (page.folder / "award.beancount").read_bytes() == award


def test_reminders_stand_among_the_next_steps(look: Look) -> None:
    finding = """
2023-10-01 custom "grant-finding" "F-001"
  voucher: "CD10000001"
  state: "open"
  comment: "請說明"
  due: 2023-10-15
"""

    def said(view: View) -> list[tuple[str, str]]:
        return [(step.text, str(step.by or "")) for step in next_steps(view)]

    late = look(finding)
    assert ("催告 1 張逾期未回覆的憑證", "2023-10-15") in said(late)
    early = look(finding.replace("due: 2023-10-15", "due: 2099-10-15"))
    assert ("等待 1 張憑證的說明", "2099-10-15") in said(early)
    assert not any("催告" in text for text, _by in said(early))
    answered = look(
        finding
        + """
2023-10-10 custom "grant-finding" "F-001"
  voucher: "CD10000001"
  comment: "如附件"
  by: "林會計"
  act: "reply"
"""
    )
    assert not any("催告" in text for text, _by in said(answered))
    claimed = look(
        """
2023-10-01 custom "grant-waiver" "month-not-closed" "112-納管-0456"
  reason: "另案處理"
  approval: "產授字第1號"
"""
    )
    assert "業者主張的放行" in " ".join(text for text, _by in said(claimed))


def test_a_finding_names_its_kind_of_error_and_the_day_to_answer_by(page: Window) -> None:
    judged = page.form("?tab=audit") | {
        "do": "judge",
        "back": "audit",
        "voucher": page.key("CD10000001"),
        "state": "open",
        "comment": "請補驗收紀錄",
        "by": "陳稽核",
        "error_type": "missing-documents",
        "due": "2026-12-31",
    }
    assert page.post("confirm", judged | {"error_type": "bad"}).status_code == 400
    assert page.post("confirm", judged | {"due": "soon"}).status_code == 400
    assert page.file(judged).status_code == 303
    assert 'error-type: "missing-documents"' in page.audit
    assert "due: 2026-12-31" in page.audit
    words = page.words(f"?tab=vouchers&voucher={page.key('CD10000001')}")
    assert "憑證或文件不足" in words
    assert "回覆期限 2026-12-31" in words


def test_clauses_are_offered_from_the_programmes_rules(page: Window) -> None:
    shown = page.get("?tab=audit")
    assert shown.count("<datalist") == 1
    offered = shown.partition("<datalist")[2].partition("</datalist>")[0]
    assert offered.count("<option") > 5
    assert "會計科目編列與執行原則" in offered


def test_the_claim_form_is_the_accountants() -> None:
    assert not Person("a", frozenset({"auditor"}), edits=False).may("claim")
    assert Person("b", frozenset({"accountant"}), edits=False).may("claim")
