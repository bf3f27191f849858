"""A waiver claimed by the company in its books, and the auditor's decision on it in `audit.beancount`."""

from __future__ import annotations

import datetime
import getpass
from pathlib import Path

from beancount.core import data

from audit.filing.audit_file import append_acts
from audit.filing.findings import FilingError
from audit.filing.findings import one_line
from checks.engine.catalogue import all_checks
from checks.engine.waivers import is_never_waived
from ledger.case.case import Case
from ledger.entries.builder import as_text
from ledger.entries.digest import act_digest
from ledger.files import AWARD
from ledger.files.writer import CaseWriter
from ledger.loading.loader import load_case
from ledger.loading.loader import main_file
from ledger.model.directives import Waiver
from ledger.model.directives import custom
from ledger.operations.apply import Ready
from ledger.operations.commit import commit_operation
from ledger.util.docstrings import summary
from ledger.util.i18n import _
from ledger.util.i18n import in_source_language
from ledger.util.text import fold


def claim_waiver(
    folder: Path,
    check: str,
    voucher: str,
    *,
    reason: str,
    approval: str,
    day: datetime.date | None = None,
    by: str = "",
) -> str:
    """Write a company's claim into its books; the finding stays, as a warning, until the auditor decides.

    `voucher` is a voucher's number, or the case's for what is about no voucher. Raises FilingError for a check that
    is none or cannot be waived, a claim without reason or approval, or one that is there already.
    """
    _refuse_claim(check, reason, approval)
    main_file(folder)
    with CaseWriter(folder) as writer:
        on = day or datetime.date.today()
        case = _readable(folder)
        plan_claim(case, check, voucher, reason=reason, approval=approval, day=on, by=by).write(writer)
    return "claimed"


def plan_claim(
    case: Case, check: str, voucher: str, *, reason: str, approval: str, day: datetime.date, by: str = ""
) -> Ready:
    """`claim_waiver` worked out, for whoever shows it first. Raises FilingError as that does."""
    entry = claim_on(case, check, voucher, reason=reason, approval=approval, day=day)
    with in_source_language():
        text = f"主張放行 {one_line(voucher)}:{summary(all_checks()[check].documentation)}"

    def write(writer: CaseWriter) -> str:
        writer.append(AWARD, "\n" + as_text([entry]))
        return commit_operation(writer, "waive", text, by=by)

    return Ready("waive", text, write, told=(_("查核人員核定前,這一項仍列為提醒。"),))


def claim_on(
    case: Case, check: str, voucher: str, *, reason: str, approval: str, day: datetime.date
) -> data.Custom:
    """A company's claim. Raises FilingError as `claim_waiver` does, also for a voucher that is not booked."""
    _refuse_claim(check, reason, approval)
    subjects = {fold(one.number) for one in case.vouchers} | {fold(case.award.id) if case.award else ""}
    if fold(voucher) and fold(voucher) not in subjects:
        raise FilingError(
            _("帳上沒有憑證「{number}」;與憑證無關的疑義請寫案號").format(number=one_line(voucher))
        )
    known = _claim(case, check, voucher)
    if known is not None and (known.reason, known.approval) == (one_line(reason), one_line(approval)):
        raise FilingError(_("這項主張已經登錄過"))
    return custom(day, "waiver", check, voucher, reason=one_line(reason), approval=one_line(approval))


def _refuse_claim(check: str, reason: str, approval: str) -> None:
    if check not in all_checks() or is_never_waived(check):
        raise FilingError(_("「{check}」不是可以放行的檢查;名稱見 grant explain").format(check=check))
    if not one_line(reason) or not one_line(approval):
        raise FilingError(_("主張放行要寫理由(--reason)與核准文號(--approval)"))


def decide_waiver(
    folder: Path,
    check: str,
    voucher: str,
    *,
    is_confirmed: bool,
    reason: str,
    by: str = "",
    is_typed: bool = True,
    day: datetime.date | None = None,
) -> str:
    """File the auditor's decision on a claim. A decision filed before on the same claim is replaced by name.

    Raises FilingError where nothing is claimed, or no reason is given.
    """
    if not one_line(reason):
        raise FilingError(_("請寫明理由"))
    main_file(folder)
    with CaseWriter(folder) as writer:
        case = _readable(folder)
        entry = decision_on(
            case,
            check,
            voucher,
            is_confirmed=is_confirmed,
            reason=reason,
            by=by or getpass.getuser(),
            day=day or datetime.date.today(),
        )
        if is_typed:
            entry.meta["typed"] = True
        append_acts(writer, [entry], case.award.id if case.award else "")
        commit_operation(writer, "audit", f"放行的核定 {check} {voucher}")
    return "confirmed" if is_confirmed else "refused"


def decision_on(
    case: Case, check: str, voucher: str, *, is_confirmed: bool, reason: str, by: str, day: datetime.date
) -> data.Custom:
    """The auditor's decision on a claim, bound to its digest and to the decisions that it takes the place of.

    Raises FilingError where nothing is claimed, or reason or name is missing.
    """
    if not one_line(reason):
        raise FilingError(_("請寫明理由"))
    if not one_line(by):
        raise FilingError(_("請填寫查核人員姓名"))
    claim = _claim(case, check, voucher)
    if claim is None:
        raise FilingError(_("帳上沒有對 {check}「{voucher}」的放行主張").format(check=check, voucher=voucher))
    before = [
        act_digest(decision.entry)
        for decision in case.waiver_decisions
        if (decision.check, fold(decision.subject)) == (check, fold(claim.subject))
    ]
    return custom(
        day,
        "waiver-decision",
        check,
        claim.subject,
        act="confirmed" if is_confirmed else "refused",
        digest=act_digest(claim.entry),
        replaces=" ".join(before),
        by=one_line(by),
        reason=one_line(reason),
    )


def _readable(folder: Path) -> Case:
    loaded = load_case(folder, datetime.date.max)
    if loaded.errors or loaded.case.award is None:
        raise FilingError(_("帳本讀不懂,或沒有核定資料;請先執行 grant check"))
    return loaded.case


def _claim(case: Case, check: str, voucher: str) -> Waiver | None:
    """The claim in force: the last on this check and voucher, as the checks read it."""
    own = fold(case.award.id) if case.award else ""

    def subject(name: str) -> str:
        return "" if fold(name) == own else fold(name)

    named = [
        each for each in case.waivers if (each.check, subject(each.subject)) == (check, subject(voucher))
    ]
    return named[-1] if named else None
