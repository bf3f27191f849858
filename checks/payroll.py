"""Checks on payroll: planned and insured persons, their months, and the arithmetic of the claim."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import Basis
from checks.analysis.basis import spending_basis
from checks.analysis.payroll_vouchers import PayrollVoucher
from checks.analysis.payroll_vouchers import effort
from checks.analysis.payroll_vouchers import figure
from checks.analysis.payroll_vouchers import months_text
from checks.analysis.payroll_vouchers import payroll_vouchers
from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.arithmetic.cost_share import payroll_cost
from ledger.case.case import Case
from ledger.case.payroll import person_of
from ledger.model.award import Person
from ledger.util.dates import month_last_day
from ledger.util.i18n import _
from ledger.util.text import fold

__plugins__ = ("plugin",)


def plugin(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """The checks of this family."""
    return run_plugin(entries, options, config, family="payroll")


@check("person-not-planned")
def person_not_planned(case: Case) -> Iterator[Found]:
    """領薪的人不在投入人力規劃。

    說明:薪資憑證上的姓名不是核定的計畫人員(grant-person),或在其列入規劃(計畫開始後的 grant-person 日期)以前。

    規定與出處:編列人事費須提供投入人力規劃(納管工廠簡報「申請書怎麼填」;可信度:簡報原文)。

    如何改正:姓名打錯就以更正後的薪資清冊重新匯入;人員異動須先報准,再以 grant revise --person 登錄。

    不合的例子:

        person: "陳小華"   ; 沒有 custom "grant-person" "陳小華"

    合格的例子:

        2023-06-01 custom "grant-person" "王大明"
        person: "王大明"
    """
    terms = spending_basis(case)
    if terms is None:
        return
    since: dict[str, datetime.date] = {}  # whom the award named at its start, from the first day of all
    for person in terms.award.persons:
        name, named = fold(person.name), person.entry.date
        day = named if named > terms.award.start else datetime.date.min
        since[name] = min(day, since.get(name, day))
    for name, voucher, cost, month in payroll_vouchers(case):
        if name not in since:
            message = _("{name}不在投入人力規劃,薪資 {cost}({number})不得核銷;人員異動請先報准")
        elif month_last_day(month) < since[name]:
            message = _(
                "{name}自 {since} 起才列入投入人力規劃,薪資 {cost}({number})不得核銷;人員異動請先報准"
            )
        else:
            continue
        text = message.format(
            name=person_of(voucher),
            since=since.get(name),
            cost=wording.money(cost),
            number=wording.label(voucher),
        )
        yield Found(voucher.entry, text, cost, voucher.number)


@check("person-not-insured")
def person_not_insured(case: Case) -> Iterator[Found]:
    """計畫人員沒有在公司投保勞保。

    說明:grant-person 寫明 insured: FALSE 的人,其薪資不得核銷。

    規定與出處:計畫參與人員須為申請業者正式員工,即具有該業者勞工保險身分者(納管工廠簡報「申請還需要注意什麼」;
    可信度:簡報原文)。

    如何改正:確已投保者更正 insured 並備妥投保資料;否則薪資改記「9不予認列」。

    不合的例子:

        2023-06-01 custom "grant-person" "王大明"
          insured: FALSE

    合格的例子:

        2023-06-01 custom "grant-person" "王大明"
          insured: TRUE
    """
    terms = spending_basis(case)
    if terms is None:
        return
    uninsured = {
        fold(person.name): person
        for person in terms.award.persons
        if person.entry.meta.get("insured") is False
    }
    if not uninsured:
        return
    for name, voucher, cost, _month in payroll_vouchers(case):
        if name in uninsured:
            message = _("{name}未在公司投保勞保,薪資 {cost}({number})不得核銷").format(
                name=person_of(voucher), cost=wording.money(cost), number=wording.label(voucher)
            )
            yield Found(voucher.entry, message, cost, voucher.number)
    paid = {fold(person_of(voucher)) for voucher in case.vouchers if voucher.kind == "payroll"}
    for name, person in uninsured.items():
        if name not in paid:
            message = _("計畫人員{name}未在公司投保勞保;計畫人員須為投保的正式員工")
            yield Found(person.entry, message.format(name=person.name))


@check("person-months-exceeded")
def person_months_exceeded(case: Case) -> Iterator[Found]:
    """人月超過規劃,或超過政府計畫總人月上限。

    說明:每一筆薪資的人月是專案工時除以當月總工時(最多 1),不是領薪的月數。規劃人月(可寫小數,例如 3.6)加上其他政府計畫的人月
    超過 12;或投入人月合計超過規劃(沒有寫工時的薪資以整月計);或投入人月合計加上其他計畫超過 12(沒有寫工時的不計)。
    幾個案件一起檢查時,同一家業者的同一人在執行期間重疊的各案合計,規劃或投入超過 12 人月,或同一個月超過 1 人月的,
    也列在較晚的案件;不同業者的同名人員無法確認是同一人,不判斷。

    規定與出處:執行政府計畫總人月不得超過 12 人月(納管工廠簡報「申請還需要注意什麼」;可信度:簡報原文);
    人月不得超過計畫(海洋委員會 會計科目編列與執行原則;可信度:姊妹計畫);投入比率不得大於 1(海洋委員會人事薪資補助明細表;
    可信度:姊妹計畫)。只合計執行期間重疊的案件為推定(可信度:推定)。

    如何改正:超過的部分改記「9不予認列」;需增加投入者先辦理變更。

    不合的例子:

        2023-06-01 custom "grant-person" "王大明"
          months: 10
          other-months: 3

    合格的例子:

        2023-06-01 custom "grant-person" "王大明"
          months: 9
          other-months: 3
    """
    terms = spending_basis(case)
    if terms is None:
        return
    paid_to: dict[tuple[str, str], list[PayrollVoucher]] = defaultdict(list)
    for roll in payroll_vouchers(case):
        paid_to[roll.voucher.party, roll.name].append(roll)
    planned_by: dict[str, list[str]] = defaultdict(list)
    for party, name in terms.award.staff:
        planned_by[name].append(party)
    for (party, name), person in terms.award.staff.items():
        paid = paid_to[party, name]
        if planned_by[name] == [
            party
        ]:  # nobody else's: all pay under the name, whosever cost it is booked as
            paid = [roll for (_party, of), some in paid_to.items() if of == name for roll in some]
        paid = sorted(paid, key=lambda roll: roll.month)
        yield from _plan_exceeded(terms, person)
        over_all = list(_effort_exceeded(terms, person, paid))
        said = {id(found.entry) for found in over_all}
        yield from (found for found in _months_exceeded(person, paid) if id(found.entry) not in said)
        yield from over_all


def _plan_exceeded(terms: Basis, person: Person) -> Iterator[Found]:
    limit = terms.scheme.person_months
    if person.months + person.other_months > limit.value:
        message = _("{name}規劃 {months} 人月,加上其他政府計畫 {other} 人月,超過 {limit} 人月").format(
            name=person.name,
            months=wording.count(person.months),
            other=wording.count(person.other_months),
            limit=limit.value,
        )
        yield Found(person.entry, message + wording.assumed(limit))


def _months_exceeded(person: Person, paid: list[PayrollVoucher]) -> Iterator[Found]:
    """Person-months beyond the planned ones: each voucher that has some, and what its pay for them is."""
    if not person.months:
        return  # no plan to hold against
    planned, worked, untold = Fraction(person.months), Fraction(0), False
    of_month: dict[str, Fraction] = defaultdict(Fraction)
    for _name, voucher, cost, month in paid:
        told = effort(voucher)
        part = max(Fraction(0), 1 - of_month[month]) if told is None else told
        untold |= told is None
        if not part:
            continue
        of_month[month] += part
        worked += part
        beyond = min(part, worked - planned)
        if beyond > 0:
            stake = math.ceil(cost * beyond / part)
            message = _(
                "{name}規劃 {months} 人月,至 {number} 已投入 {worked} 人月,{cost}超出規劃;請先辦理變更"
            ).format(
                name=person.name,
                months=wording.count(person.months),
                number=wording.label(voucher),
                worked=months_text(worked),
                cost=wording.money(stake),
            )
            note = _("(沒有寫工時的薪資以整月計)") if untold else ""
            yield Found(voucher.entry, message + note, stake, voucher.number)


def _effort_exceeded(terms: Basis, person: Person, paid: list[PayrollVoucher]) -> Iterator[Found]:
    """The voucher with which hours, counted as person-months, go beyond the limit over all projects."""
    limit = terms.scheme.person_months
    worked = Fraction(0)
    for _name, voucher, cost, _month in paid:
        part = effort(voucher)
        if part is None:
            continue
        worked += part
        if worked + Fraction(person.other_months) > limit.value:
            message = _(
                "{name}至 {number} 已投入 {effort} 人月,加上其他政府計畫 {other} 人月,超過 {limit} 人月"
            ).format(
                name=person.name,
                number=wording.label(voucher),
                effort=months_text(worked),
                other=wording.count(person.other_months),
                limit=limit.value,
            )
            yield Found(voucher.entry, message + wording.assumed(limit), cost, voucher.number)
            return


@check("payroll-arithmetic")
def payroll_arithmetic(case: Case) -> Iterator[Found]:
    """應計薪資不等於月薪乘以投入比例。

    說明:薪資成本不等於月薪 x 專案工時 / 總工時(捨去小數),或專案工時大於總工時。缺月薪或工時的不檢查。

    規定與出處:海洋委員會人事薪資補助明細表 ROUNDDOWN(薪資x投入比率, 0),投入比率不得大於 1(可信度:姊妹計畫)。

    如何改正:依工時紀錄與薪資清冊更正應計薪資。

    不合的例子(月薪 44000,工時 80/160):

        net: 24000 TWD

    合格的例子:

        net: 22000 TWD
    """
    if spending_basis(case) is None:
        return
    for _name, voucher, cost, _month in payroll_vouchers(case):
        salary, hours = figure(voucher, "salary"), figure(voucher, "hours")
        total = figure(voucher, "total-hours")
        if hours is None or total is None or total <= 0:
            continue
        taken_back = voucher.cost - cost
        claimed = (voucher.booked_cost if voucher.net is None else voucher.net) - taken_back
        if hours > total:
            message = _("{number} 的專案工時 {hours} 多於總工時 {total};請依工時紀錄更正").format(
                number=wording.label(voucher), hours=wording.count(hours), total=wording.count(total)
            )
            yield Found(voucher.entry, message, claimed, voucher.number)
            continue
        if salary is None:
            continue
        right = payroll_cost(salary, hours, total)
        if claimed > right or (claimed < right and not taken_back):
            message = _(
                "{number} 應計薪資 {claimed},依月薪 {salary} 與工時 {hours}/{total} 應為 {right};請更正"
            ).format(
                number=wording.label(voucher),
                claimed=wording.money(claimed),
                salary=f"{salary:,}",
                hours=wording.count(hours),
                total=wording.count(total),
                right=wording.money(right),
            )
            yield Found(voucher.entry, message + wording.assumption(), abs(claimed - right), voucher.number)
