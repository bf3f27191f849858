"""The desk's two tables: its pages and its acts. A new one is a line here (see `desk`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from audit.web.query import Query
from desk.acts.answer import plan_answer
from desk.acts.approvals import plan_claim_act
from desk.acts.approvals import plan_deduction_act
from desk.acts.approvals import plan_evidence_act
from desk.acts.approvals import plan_funding_act
from desk.acts.approvals import plan_income_act
from desk.acts.approvals import plan_milestone_act
from desk.acts.approvals import plan_revise_act
from desk.acts.close import plan_close_act
from desk.acts.close import plan_reopen_act
from desk.acts.inbox import plan_account
from desk.acts.inbox import plan_put_back
from desk.acts.inbox import plan_statement
from desk.acts.inbox import plan_take_out
from desk.acts.undo import plan_undo_act
from desk.acts.vouchers import plan_attach_act
from desk.acts.vouchers import plan_correct_act
from desk.acts.vouchers import plan_remove_act
from desk.acts.vouchers import plan_restore_act
from desk.acts.vouchers import plan_split_act
from desk.case_desk import CaseDesk
from desk.pages.approvals import approvals_page
from desk.pages.close import close_page
from desk.pages.compare import compare_page
from desk.pages.inbox import inbox_page
from desk.pages.log import log_page
from desk.pages.next_page import next_page
from desk.pages.operation import operation_page
from desk.pages.questions import questions_page
from desk.pages.reports import reports_page
from desk.pages.voucher import voucher_page
from desk.pages.vouchers import vouchers_page
from desk.web.act_request import ActRequest
from ledger.operations.apply import Ready
from ledger.util.i18n import N_

Make = Callable[[CaseDesk, Query], object | None]
Plan = Callable[[ActRequest], Ready]


class DeskPage(NamedTuple):
    """A page: its address (`tab`), title, what it is for, what makes it (None: not there), and its template.

    `section` is the heading of the accountant's manual that tells more; `under` the tab of a page without one of its own.
    """

    tab: str
    title: str
    purpose: str
    make: Make
    template: str
    section: str
    under: str = ""


PAGES = (
    DeskPage(
        "next",
        N_("接下來"),
        N_("這個案件現在要做什麼、為什麼、到哪一天。由上往下做就好。"),
        next_page,
        "next.html",
        "每天從哪裡開始",
    ),
    DeskPage(
        "inbox",
        N_("收件"),
        N_("把銀行明細、發票、登記表、薪資清冊與憑證照片放進來,看過會怎麼入帳,再匯入。"),
        inbox_page,
        "inbox.html",
        "二、每個月:收件",
    ),
    DeskPage(
        "questions",
        N_("待答"),
        N_("認不出的資料在這裡一題一題問您:選一個答案,看過會改什麼再寫入。"),
        questions_page,
        "questions.html",
        "三、待答",
    ),
    DeskPage(
        "vouchers",
        N_("憑證"),
        N_("帳上的每一張憑證:找出來,看它的附件,在這裡更正、拆分、換附件、移除與恢復。"),
        vouchers_page,
        "vouchers.html",
        "四、改錯",
    ),
    DeskPage(
        "voucher",
        N_("一張憑證"),
        N_("左邊是帳上記的,右邊是附件。更正前會先讓您看會改變什麼。"),
        voucher_page,
        "voucher.html",
        "四、改錯",
        under="vouchers",
    ),
    DeskPage(
        "close",
        N_("月結"),
        N_("把一個月的帳定下來,算出這個月可以從專戶提領多少。"),
        close_page,
        "close.html",
        "五、月結",
    ),
    DeskPage(
        "approvals",
        N_("核定"),
        N_("核定了什麼、用了多少;核定變更、里程碑、應附文件在這裡登記。"),
        approvals_page,
        "approvals.html",
        "六、核定變更、里程碑、文件",
    ),
    DeskPage(
        "reports",
        N_("報表"),
        N_("期中與期末的結算,以及由帳本產生的報表、領據、繳庫單。"),
        reports_page,
        "reports.html",
        "七、期中、期末報告",
    ),
    DeskPage(
        "log",
        N_("紀錄"),
        N_("這個案件做過的每一件事:誰、哪一天、改了什麼;可以復原的在這裡復原。"),
        log_page,
        "log.html",
        "紀錄與復原",
    ),
    DeskPage(
        "compare",
        N_("比較兩個時點"),
        N_("選兩個日期或兩筆紀錄,看這段期間憑證與各項數字變了什麼。"),
        compare_page,
        "compare.html",
        "紀錄與復原",
        under="log",
    ),
    DeskPage(
        "operation",
        N_("一筆紀錄"),
        N_("這一次操作改了什麼,能不能復原。"),
        operation_page,
        "operation.html",
        "紀錄與復原",
        under="log",
    ),
)
FIRST = PAGES[0]

# What a form asks for (its field `do`), and what plans it.
ACTS: dict[str, Plan] = {
    "answer": plan_answer,
    "attach": plan_attach_act,
    "correct": plan_correct_act,
    "remove": plan_remove_act,
    "restore": plan_restore_act,
    "split": plan_split_act,
    "undo": plan_undo_act,
    "close": plan_close_act,
    "reopen": plan_reopen_act,
    "revise": plan_revise_act,
    "milestone": plan_milestone_act,
    "evidence": plan_evidence_act,
    "deduct": plan_deduction_act,
    "income": plan_income_act,
    "claim": plan_claim_act,
    "funding": plan_funding_act,
    "statement-account": plan_account,
    "statement-answer": plan_statement,
    "take-out": plan_take_out,
    "put-back": plan_put_back,
}


class Place(NamedTuple):
    """Where a next step is done: the tab, the parameter that takes what the step is about, and what else is asked."""

    tab: str
    about: str = ""
    asked: tuple[tuple[str, str], ...] = ()


# By the kind of a next step (`ledger.operations.doctor.NextStep.kind`). Errors are listed on 接下來 itself.
PLACES: dict[str, Place] = {
    "import": Place("inbox"),
    "questions": Place("questions"),
    "close": Place("close", "month"),
    "withdraw": Place("close", "month"),
    "pay": Place("vouchers", asked=(("state", "unpaid"),)),
    "evidence": Place("approvals", "about"),
    "remittance": Place("reports"),
    "receipt": Place("reports"),
    "deadline": Place("approvals"),
}


def page_of(tab: str) -> DeskPage | None:
    """The page of a tab; None where there is none."""
    return next((page for page in PAGES if page.tab == tab), None)
