"""What the authority decides, written down: revisions of the award, moments, papers, deductions, income; and what is claimed of it."""

from __future__ import annotations

from audit.filing.waivers import plan_claim
from audit.web.query import Query
from desk.acts.fields import FieldError
from desk.acts.fields import amount_of
from desk.acts.fields import date_of
from desk.acts.fields import needed_amount
from desk.acts.fields import needed_date
from desk.acts.fields import needed_text
from desk.acts.fields import number_of
from desk.web.act_request import ActRequest
from importers.templates.forms import read_award_form
from ledger.arithmetic.cost_share import Approved
from ledger.files.award_file import parse_award
from ledger.files.award_file import read_award_file
from ledger.model.award import Award
from ledger.operations.apply import Ready
from ledger.operations.apply import ready
from ledger.operations.register import plan_deduction
from ledger.operations.register import plan_evidence
from ledger.operations.register import plan_funding
from ledger.operations.register import plan_income
from ledger.operations.register import plan_milestone
from ledger.operations.revise import BudgetChange
from ledger.operations.revise import ItemChange
from ledger.operations.revise import PersonChange
from ledger.operations.revise import Revision
from ledger.operations.revise import plan_revise
from ledger.operations.revise import revision_of
from ledger.schemes.categories import category_name
from ledger.util.i18n import _

BUDGET = "budget:"  # begins the name of a budget's field: budget:CATEGORY:PARTY:fund


def plan_revise_act(asked: ActRequest) -> Ready:
    """The award revised: by the form of the field `what` (budget, item, person, end, account), or a filled-in file.

    Raises FieldError where the case has no award, or no file was chosen.
    """
    form, case = asked.form, asked.context.case
    if case.award is None:
        raise FieldError(_("案件沒有可用的核定資料"))
    approval = needed_text(form, "approval", _("核定變更的文號"))
    date = needed_date(form, "date", _("生效日"))
    makers = {"budget": _budgets, "item": _item, "person": _person, "end": _end, "account": _account}
    if upload := asked.upload("file"):
        is_form = upload.path.suffix.lower() in {".xlsx", ".ods"}
        file = (
            parse_award(read_award_form(upload.path), upload.name)
            if is_form
            else read_award_file(upload.path)
        )
        revision = revision_of(file, case.award)
    elif make := makers.get(form.text("what")):
        revision = make(form, case.award)
    else:
        raise FieldError(_("請選擇改好的核定資料表"))
    return ready(plan_revise(asked.context, revision, approval, date), by=asked.by)


def _budgets(form: Query, award: Award) -> Revision:
    """The categories whose sums differ from what is in force."""
    now = award.budget_on()
    changes = []
    for name in form.named(BUDGET):
        category, party, fund = name.split(":")
        if fund != "government":
            continue
        label = category_name(category)
        told = Approved(
            needed_amount(form, f"{BUDGET}{name}", _("{category}的政府補助款").format(category=label)),
            needed_amount(
                form, f"{BUDGET}{category}:{party}:self", _("{category}的業者自籌款").format(category=label)
            ),
        )
        if told != now.get((party, category), Approved(0, 0)):
            own = "" if party == award.ubn else party
            changes.append(BudgetChange(category, told.government, told.self_funded, own))
    return Revision(budgets=changes)


def _item(form: Query, award: Award) -> Revision:
    """One item: another one's sums, or a new one."""
    category = needed_text(form, "category", _("會計科目"))
    change = ItemChange(
        category,
        needed_text(form, "name", _("品名")),
        needed_amount(form, "government", _("政府補助款")),
        needed_amount(form, "self_funded", _("業者自籌款")),
        number_of(form, "quantity", _("數量")),
        form.text("unit"),
        form.text("supplier"),
        _party(form, award),
    )
    return Revision(items=[change])


def _person(form: Query, award: Award) -> Revision:
    change = PersonChange(
        needed_text(form, "name", _("姓名")),
        form.text("role"),
        {"yes": True, "no": False}.get(form.text("insured")),
        number_of(form, "months", _("人月")),
        date_of(form, "until", _("最後一天")),
        _party(form, award),
        date_of(form, "since", _("第一天")),
        amount_of(form, "salary", _("月薪")),
    )
    return Revision(persons=[change])


def _end(form: Query, _award: Award) -> Revision:
    return Revision(end=needed_date(form, "end", _("新的結束日")))


def _account(form: Query, _award: Award) -> Revision:
    number = needed_text(form, "number", _("專戶帳號"))
    return Revision(account=(number, needed_text(form, "bank", _("銀行"))))


def _party(form: Query, award: Award) -> str:
    party = form.text("party")
    return "" if party == award.ubn else party


def plan_milestone_act(asked: ActRequest) -> Ready:
    """A moment of the case, with what a guarantee has more."""
    form = asked.form
    return plan_milestone(
        asked.context,
        form.text("kind"),
        needed_date(form, "date", _("日期")),
        number=form.text("number"),
        amount=amount_of(form, "amount", _("履約保證金額")),
        until=date_of(form, "until", _("到期日")),
        rate=number_of(form, "rate", _("年利率")),
        by=asked.by,
    )


def plan_evidence_act(asked: ActRequest) -> Ready:
    """A paper of the checklist, or of another kind, that was uploaded. Raises FieldError where none was."""
    form, upload = asked.form, asked.upload("file")
    if upload is None:
        raise FieldError(_("請選擇要登記的檔案"))
    return plan_evidence(
        asked.context,
        asked.folder,
        form.text("kind"),
        upload.path,
        date_of(form, "date", _("文件日期")) or asked.today,
        voucher=form.text("voucher"),
        name=form.text("name"),
        by=asked.by,
    )


def plan_deduction_act(asked: ActRequest) -> Ready:
    """A performance deduction that the authority decided, NT$. Raises FieldError where it is not above 0."""
    form = asked.form
    amount = needed_amount(form, "amount", _("扣款金額"))
    if not amount:
        raise FieldError(_("扣款金額要大於 0"))
    return plan_deduction(
        asked.context,
        amount,
        needed_text(form, "reason", _("扣款理由")),
        date_of(form, "date", _("日期")) or asked.today,
        asked.by,
    )


def plan_income_act(asked: ActRequest) -> Ready:
    """Income of the project: it lowers a category's cost, or is the treasury's."""
    form = asked.form
    planned = plan_income(
        asked.context,
        form.text("kind"),
        needed_amount(form, "amount", _("收入金額")),
        needed_text(form, "reason", _("來源與文件")),
        date_of(form, "date", _("日期")) or asked.today,
        form.text("category"),
    )
    return ready(planned, by=asked.by)


def plan_claim_act(asked: ActRequest) -> Ready:
    """The claim that a finding was let pass; the auditor decides on it."""
    form = asked.form
    return plan_claim(
        asked.context.case,
        form.text("check"),
        form.text("voucher"),
        reason=needed_text(form, "reason", _("理由")),
        approval=needed_text(form, "approval", _("核准文號")),
        day=asked.today,
        by=asked.by,
    )


def plan_funding_act(asked: ActRequest) -> Ready:
    """What another agency, or anybody else, pays for the same project."""
    form = asked.form
    return plan_funding(
        asked.context,
        needed_text(form, "agency", _("機關或單位")),
        needed_amount(form, "amount", _("金額")),
        form.text("kind"),
        needed_date(form, "date", _("核定日")),
        asked.by,
    )
