"""What happens to a case, written down: milestones, papers, deductions, income."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import get_args

from beancount.core import data

from ledger.case.case import Case
from ledger.case.month_close import first_open_day
from ledger.case.papers.checklist import evidence_name
from ledger.case.recovery import end_kind
from ledger.case.recovery import needs_rate
from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.entries.builder import as_text
from ledger.entries.builder import voucher_entry
from ledger.errors import GrantError
from ledger.files import AWARD
from ledger.files import DOCUMENTS
from ledger.files import SUMS
from ledger.files.award_file import PAPER_KIND
from ledger.files.writer import CaseWriter
from ledger.files.writer import file_digest
from ledger.loading.loader import Loaded
from ledger.loading.loader import load_case
from ledger.loading.loader import main_file
from ledger.model.award import Award
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.model.milestones import ENDINGS
from ledger.model.milestones import INCOME_NAMES
from ledger.model.milestones import MILESTONES
from ledger.model.milestones import FundingKind
from ledger.model.records import INCOME
from ledger.operations.apply import Ready
from ledger.operations.commit import commit_operation
from ledger.operations.edit import Context
from ledger.operations.edit import OperationError
from ledger.operations.edit import Planned
from ledger.operations.edit import is_open
from ledger.operations.edit import plan_edit
from ledger.operations.edit import readable_case
from ledger.operations.edit import refuse_no_reason
from ledger.schemes.categories import MATERIAL
from ledger.schemes.categories import category_name
from ledger.schemes.categories import category_named
from ledger.schemes.categories import of_kind
from ledger.util.i18n import _
from ledger.util.text import one_line

REGISTRATION = "registration"
REGISTRATION_PAPER = "factory-registration"

_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}\.")
_KIND = re.compile(PAPER_KIND)


class RegisterError(GrantError):
    """A milestone or a paper that cannot be written down; the message says why."""


def register_milestone(
    folder: Path,
    kind: str,
    date: datetime.date,
    *,
    number: str = "",
    amount: int | None = None,
    until: datetime.date | None = None,
    rate: Decimal | None = None,
) -> str:
    """Write a milestone into the case, as `plan_milestone` says. Gives the operation's id.

    Raises CaseNotFoundError, RegisterError, WriteRefusedError.
    """
    main_file(folder)
    with CaseWriter(folder) as writer:
        context = _context(writer)
        planned = plan_milestone(context, kind, date, number=number, amount=amount, until=until, rate=rate)
        return planned.write(writer)


def plan_milestone(
    context: Context,
    kind: str,
    date: datetime.date,
    *,
    number: str = "",
    amount: int | None = None,
    until: datetime.date | None = None,
    rate: Decimal | None = None,
    by: str = "",
) -> Ready:
    """A moment of the case that decides money; the factory's registration is written as its paper too.

    `amount` (NT$) and `until` are a guarantee's; `rate` is the yearly interest, in percent, on what goes back of a case
    that the authority rescinds. Raises RegisterError for a kind that is none, a guarantee without its amount, a
    rescission without the rate that its scheme asks for, or a moment that is written down already.
    """
    if kind not in MILESTONES:
        allowed = _("、").join(f"{word}({_(name)})" for word, name in MILESTONES.items())
        raise RegisterError(
            _("沒有「{kind}」這個里程碑;可用的有:{allowed}").format(kind=kind, allowed=allowed)
        )
    if kind == "guarantee" and amount is None:
        raise RegisterError(_("履約保證要寫金額:--amount"))
    loaded = _readable(context)
    _refuse_rate(loaded.case, kind, rate)
    known = [milestone for milestone in loaded.case.milestones if milestone.kind == kind]
    if known and kind != "guarantee":  # another letter, or an extension of one, is told again
        raise RegisterError(
            _("{kind}已登記在 {date};要改請先以 grant undo 復原那一次登記").format(
                kind=_(MILESTONES[kind]), date=known[-1].date
            )
        )
    entries: list[data.Directive] = [
        custom(
            date,
            "milestone",
            kind,
            number=number.strip(),
            amount=None if amount is None else twd(amount),
            until=until,
            rate=rate,
        )
    ]
    if kind == REGISTRATION and not _has_paper(loaded):
        entries.append(custom(date, "evidence", REGISTRATION_PAPER, "", number=number.strip()))
    return _registered(context, "milestone", f"登記{MILESTONES[kind]}({date})", entries, by)


def _refuse_rate(case: Case, kind: str, rate: Decimal | None) -> None:
    """Raise RegisterError where a rate is missing, or told of what bears no interest."""
    bears = (
        case.scheme is not None and kind in ENDINGS and case.scheme.recovery[end_kind(kind)].interest.value
    )
    if rate is not None and not bears:
        raise RegisterError(_("{kind}不加計利息;請去掉 --rate").format(kind=_(MILESTONES[kind])))
    if rate is not None and not 0 <= rate <= 100:
        raise RegisterError(_("年利率請寫 0 到 100 的百分比,例如 --rate 3.06"))
    if rate is None and bears and case.scheme is not None and needs_rate(case.scheme, end_kind(kind)):
        raise RegisterError(
            _("應繳回的補助款要加計利息;請以 --rate 寫通知函或契約所載的年利率(%),確定不計息的寫 --rate 0")
        )


def register_evidence(
    folder: Path,
    kind: str,
    file: Path,
    date: datetime.date,
    *,
    voucher: str = "",
    name: str = "",
) -> str:
    """File a paper and write it down, as `plan_evidence` says. Gives the operation's id.

    Raises CaseNotFoundError, RegisterError, WriteRefusedError.
    """
    main_file(folder)
    with CaseWriter(folder) as writer:
        return plan_evidence(_context(writer), folder, kind, file, date, voucher=voucher, name=name).write(
            writer
        )


def plan_evidence(
    context: Context,
    folder: Path,
    kind: str,
    file: Path,
    date: datetime.date,
    *,
    voucher: str = "",
    name: str = "",
    by: str = "",
) -> Ready:
    """A paper filed under documents/ and written down; the registration's as its milestone too.

    A file that lies in the case already stays where it is, one of the inbox moves. Raises RegisterError where there is
    no such file or voucher, or it is written down.
    """
    if not _KIND.fullmatch(kind):
        raise RegisterError(_("文件種類請用小寫英文與連字號,例如 acceptance-report"))
    if not file.is_file():
        raise RegisterError(_("找不到檔案 {file}").format(file=file))
    case = _readable(context).case
    if voucher and not any(each.number == voucher for each in case.vouchers):
        raise RegisterError(_("帳上沒有憑證「{number}」").format(number=voucher))
    if name == evidence_name(case, kind):
        name = ""  # its kind says so already
    place, is_new = _place(folder, file, date)
    for known in case.evidence:
        if (known.kind, known.path, known.entry.meta.get("voucher") or "") == (kind, place, voucher):
            raise RegisterError(_("這份文件已登記為{kind}").format(kind=evidence_name(case, kind)))

    def file_away(writer: CaseWriter) -> None:
        digest = file_digest(file)
        (writer.move if _is_in(folder / "inbox", file) else writer.copy)(file, place)
        line = f"{digest}  {place.removeprefix(DOCUMENTS + '/')}\n"
        if line not in writer.text(SUMS).splitlines(keepends=True):
            writer.append(SUMS, line)

    entries: list[data.Directive] = [
        custom(date, "evidence", kind, place, voucher=voucher, name=one_line(name))
    ]
    reached = {milestone.kind for milestone in case.milestones}
    if kind == REGISTRATION_PAPER and REGISTRATION not in reached:
        entries.append(custom(date, "milestone", REGISTRATION))
    text = f"登記{name or evidence_name(case, kind)}:{Path(place).name}"
    return _registered(context, "evidence", text, entries, by, file_away if is_new else None)


def register_deduction(folder: Path, amount: int, reason: str, date: datetime.date) -> str:
    """Write a performance deduction into the case, as `plan_deduction` says. Gives the operation's id.

    Raises CaseNotFoundError, RegisterError, WriteRefusedError.
    """
    main_file(folder)
    with CaseWriter(folder) as writer:
        return plan_deduction(_context(writer), amount, reason, date).write(writer)


def plan_deduction(context: Context, amount: int, reason: str, date: datetime.date, by: str = "") -> Ready:
    """A performance deduction of the authority's, NT$. Raises RegisterError where it has no reason."""
    if not one_line(reason).strip():
        raise RegisterError(_("績效扣款要寫理由:--reason"))
    _readable(context)
    entry = custom(date, "deduction", twd(amount), one_line(reason))
    return _registered(context, "deduct", f"登記績效扣款 {amount:,} 元", [entry], by)


def plan_funding(
    context: Context, agency: str, amount: int, kind: str, date: datetime.date, by: str = ""
) -> Ready:
    """What another agency (`government`), or anybody else (`other`), pays for the same project, NT$.

    Raises RegisterError for no name, no money, or a kind that is none, and for the same funding told twice.
    """
    name = one_line(agency).strip()
    if not name:
        raise RegisterError(_("請寫是哪一個機關或單位的經費"))
    if amount <= 0:
        raise RegisterError(_("其他經費的金額要大於 0"))
    if kind not in get_args(FundingKind):
        allowed = _("、").join(get_args(FundingKind))
        raise RegisterError(_("經費的性質只有:{allowed}").format(allowed=allowed))
    known = [(each.agency, each.amount, each.entry.date) for each in _readable(context).case.funding]
    if (name, amount, date) in known:
        raise RegisterError(_("{agency}的 {amount} 元已經登記過").format(agency=name, amount=f"{amount:,}"))
    entry = custom(date, "funding", name, twd(amount), kind=kind)
    return _registered(context, "funding", f"登記其他經費來源 {name} {amount:,} 元", [entry], by)


def _registered(
    context: Context,
    kind: str,
    text: str,
    entries: list[data.Directive],
    by: str,
    beside: Callable[[CaseWriter], None] | None = None,
) -> Ready:
    """Directives put at the end of the award's file, after what is written `beside` them."""

    def write(writer: CaseWriter) -> str:
        if beside is not None:
            beside(writer)
        writer.append(AWARD, "\n" + as_text(entries))
        return commit_operation(writer, kind, text, by=by)

    return Ready(kind, text, write, plan_edit(kind, text, context, new=entries).effect)


def _context(writer: CaseWriter) -> Context:
    return Context(load_case(writer.folder, datetime.date.max), writer.text)


def plan_income(
    context: Context, kind: str, amount: int, reason: str, date: datetime.date, category: str = ""
) -> Planned:
    """Work out income of the project, NT$: by its scheme it lowers a category's cost, or is the treasury's.

    What lowers the cost is a voucher of the kind `income` in the open month, of no more than the category's cost so
    far; where none is named it is the approved one of material (the first where there are several). Raises OperationError.
    """
    case = readable_case(context)
    refuse_no_reason(reason)
    scheme, award = case.scheme, case.award
    if scheme is None or award is None:
        raise OperationError(_("帳本讀不懂,或沒有核定資料;請先執行 grant check"))
    terms = {str(name): rule for name, rule in scheme.income.items()}.get(kind)
    if terms is None:
        allowed = _("、").join(scheme.income)
        raise OperationError(
            _("沒有「{kind}」這種收入;可用的有:{allowed}").format(kind=kind, allowed=allowed)
        )
    text = f"登記收入:{INCOME_NAMES[kind]} {amount:,} 元({one_line(reason)})"
    if terms.value == "treasury":
        if category:
            raise OperationError(_("這種收入歸國庫,不減列成本;請去掉 --category"))
        entry = custom(date, "income", kind, twd(amount), one_line(reason))
        return plan_edit("income", text, context, new=[entry])
    chosen = category_named(category) or category or _material(case, award)
    if (award.ubn, chosen) not in award.budget_on(case.as_of):
        raise OperationError(
            _("{category}沒有核定預算;請以 --category 寫要減列的科目").format(category=category_name(chosen))
        )
    booked = date if is_open(case, date) else first_open_day(case) or date
    cost = case.cost().get((award.ubn, chosen), (0, 0))[0]
    if amount > cost:
        raise OperationError(
            _("{category}至今只有 {cost} 元的成本,減列不能超過").format(
                category=category_name(chosen), cost=f"{cost:,}"
            )
        )
    taken = sum(1 for voucher in case.vouchers if voucher.kind == INCOME)
    number = f"收入{date:%Y%m%d}-{taken + 1}"
    paper = VoucherToBook(
        kind=INCOME,
        number=number,
        date=date,
        seller="",
        seller_name=one_line(reason),
        buyer=award.ubn,
        net=-amount,
        tax=0,
        lines=(CostLine(chosen, one_line(reason), None, -amount),),
        import_id=f"{INCOME}:{number}",
        is_payable=False,
    )
    grantable = [scheme.may_carry_grant(chosen)]
    return plan_edit("income", text, context, new=[voucher_entry(paper, booked, [0], grantable=grantable)])


def _material(case: Case, award: Award) -> str:
    """The lead's approved category of material, which scrap is taken off. Raises OperationError where it has none."""
    approved = [category for party, category in award.budget_on(case.as_of) if party == award.ubn]
    found = of_kind(MATERIAL, approved)
    if not found:
        raise OperationError(_("核定沒有材料費的科目;請以 --category 寫要減列的科目"))
    return found[0]


def _readable(context: Context) -> Loaded:
    loaded = context.loaded
    if loaded.errors or loaded.case.award is None:
        raise RegisterError(_("帳本讀不懂,或沒有核定資料;請先執行 grant check"))
    return loaded


def _has_paper(loaded: Loaded) -> bool:
    return any(evidence.kind == REGISTRATION_PAPER for evidence in loaded.case.evidence)


def _place(folder: Path, file: Path, date: datetime.date) -> tuple[str, bool]:
    """Where the paper is kept in the case, and whether it still has to be put there."""
    if _is_in(folder / DOCUMENTS, file):
        return file.resolve().relative_to(folder.resolve()).as_posix(), False
    bare = _DATED.sub("", _UNSAFE.sub("_", file.name).strip(". ") or "file")
    place = f"{DOCUMENTS}/{date.isoformat()}.{bare}"
    kept, digest = folder / place, file_digest(file)
    number = 1
    while kept.exists() and file_digest(kept) != digest:
        number += 1
        place = f"{DOCUMENTS}/{date.isoformat()}.{Path(bare).stem}-{number}{Path(bare).suffix}"
        kept = folder / place
    return place, not kept.exists()


def _is_in(folder: Path, file: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())
