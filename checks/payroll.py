"""Checks on payroll: planned and insured persons, their months, and the arithmetic of the claim."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import Basis
from checks.analysis.basis import spending_basis
from checks.analysis.part_month import ExpectedPay
from checks.analysis.part_month import expected_pay
from checks.analysis.part_month import part_of_month
from checks.analysis.part_month import whole_salary
from checks.analysis.payroll_vouchers import PayrollVoucher
from checks.analysis.payroll_vouchers import claim_of
from checks.analysis.payroll_vouchers import claimable_salary
from checks.analysis.payroll_vouchers import effort
from checks.analysis.payroll_vouchers import figure
from checks.analysis.payroll_vouchers import is_claimable
from checks.analysis.payroll_vouchers import months_text
from checks.analysis.payroll_vouchers import most_effort
from checks.analysis.payroll_vouchers import pay_parts_of
from checks.analysis.payroll_vouchers import payroll_vouchers
from checks.analysis.payroll_vouchers import salary_of
from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.arithmetic.cost_share import payroll_cost
from ledger.case.case import Case
from ledger.model.award import Person
from ledger.model.records import person_of
from ledger.schemes.model import PAY_PARTS
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
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

    說明:薪資憑證上的姓名不是核定的計畫人員(grant-person),或薪資的月份在其列入規劃(計畫開始後的 grant-person 日期)或參與第一天
    (since)以前、參與最後一天(until)以後。

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
    staff = [(name, person) for (_party, name), person in terms.award.staff.items()]
    joins = dict.fromkeys(since, datetime.date.max)
    until = dict.fromkeys(since, datetime.date.min)
    for name, person in staff:  # of several parties' plans the widest holds
        joins[name] = min(joins[name], person.since or datetime.date.min)
        until[name] = max(until[name], person.until or datetime.date.max)
    leaves = {name: month_of(day) for name, day in until.items()}
    for name, voucher, cost, month in payroll_vouchers(case):
        if name not in since:
            message = _("{name}不在投入人力規劃,薪資 {cost}({number})不得核銷;人員異動請先報准")
        elif month_last_day(month) < max(since[name], joins[name]):
            message = _(
                "{name}自 {since} 起才列入投入人力規劃,薪資 {cost}({number})不得核銷;人員異動請先報准"
            )
        elif month > leaves[name]:
            message = _(
                "{name}參與到 {until} 為止,薪資 {cost}({number})不得核銷;還在計畫內的請以 grant revise --person 登錄新的最後一天"
            )
        else:
            continue
        text = message.format(
            name=person_of(voucher),
            since=max(since.get(name, datetime.date.min), joins.get(name, datetime.date.min)),
            until=until.get(name),
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
        worked = [(roll, effort(roll.voucher)) for roll in paid]
        most = most_effort(told for _roll, told in worked if told is not None)
        over_all = list(_effort_exceeded(terms, person, worked, most))
        said = {id(found.entry) for found in over_all}
        yield from (found for found in _months_exceeded(person, worked, most) if id(found.entry) not in said)
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


_Worked = list[tuple[PayrollVoucher, Fraction | None]]  # each with its effort


def _months_exceeded(person: Person, paid: _Worked, most: Fraction) -> Iterator[Found]:
    """Person-months beyond the planned ones: each voucher that has some, and what its pay for them is.

    `most` is what all that is told can come to.
    """
    if not person.months:
        return  # no plan to hold against
    planned, worked, untold = Fraction(person.months), Fraction(0), False
    if most <= planned and all(told is not None for _roll, told in paid):
        return
    of_month: dict[str, Fraction] = defaultdict(Fraction)
    for (_name, voucher, cost, month), told in paid:
        part = told if told is not None else max(Fraction(0), 1 - of_month[month])
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


def _effort_exceeded(terms: Basis, person: Person, paid: _Worked, most: Fraction) -> Iterator[Found]:
    """The voucher with which hours, counted as person-months, go beyond the limit over all projects.

    `most` is what all that is told can come to.
    """
    limit = terms.scheme.person_months
    left = limit.value - Fraction(person.other_months)
    worked = Fraction(0)
    for (_name, voucher, cost, _month), part in paid if most > left else ():
        if part is None:
            continue
        worked += part
        if worked > left:
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

    說明:薪資成本不等於月薪 x 專案工時 / 總工時(捨去小數),或專案工時大於總工時;月薪與本薪、津貼、獎金的合計不合。
    月中到職或離職者以在職天數比例計的、扣除不得核銷的獎金後計的也對。缺月薪或工時的不檢查。

    規定與出處:海洋委員會人事薪資補助明細表 ROUNDDOWN(薪資x投入比率, 0),投入比率不得大於 1(可信度:姊妹計畫)。

    如何改正:依工時紀錄與薪資清冊更正應計薪資。

    不合的例子(月薪 44000,工時 80/160):

        net: 24000 TWD

    合格的例子:

        net: 22000 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    for roll in payroll_vouchers(case):
        voucher = roll.voucher
        salary, parts = salary_of(voucher), pay_parts_of(voucher)
        if parts and salary is not None and salary not in parts.sums:
            message = _(
                "{number} 的月薪 {salary} 與本薪、津貼、獎金的合計 {sum} 不合,相差 {amount};請依薪資清冊更正"
            )
            apart = abs(int(salary - parts.whole))
            text = message.format(
                number=wording.label(voucher),
                salary=f"{salary:,}",
                sum=f"{parts.whole:,}",
                amount=wording.money(apart),
            )
            yield Found(voucher.entry, text, apart, voucher.number)
            continue
        hours, total = figure(voucher, "hours"), figure(voucher, "total-hours")
        if hours is None or total is None or total <= 0:
            continue
        taken_back = voucher.cost - roll.cost
        claimed = claim_of(roll)
        if hours > total:
            message = _("{number} 的專案工時 {hours} 多於總工時 {total};請依工時紀錄更正").format(
                number=wording.label(voucher), hours=wording.count(hours), total=wording.count(total)
            )
            yield Found(voucher.entry, message, claimed, voucher.number)
            continue
        if salary is None:
            continue
        right = payroll_cost(salary, hours, total)
        if claimed > right or (
            claimed < right and not taken_back and claimed not in _less(terms, case, roll)
        ):
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


def _less(terms: Basis, case: Case, roll: PayrollVoucher) -> frozenset[int]:
    """The lower amounts that are right too: by the days of part of a month, and without what may not be claimed."""
    found: set[int] = set()
    hours, total = figure(roll.voucher, "hours"), figure(roll.voucher, "total-hours")
    salaries = {salary_of(roll.voucher), claimable_salary(terms.scheme, roll.voucher)} - {None}
    for salary in salaries:
        assert salary is not None  # noqa: S101 -- taken out above
        if hours is not None and total:
            found.add(payroll_cost(salary, hours, total))
        expected = _expected(terms, case, roll, salary)
        found |= expected.others if expected else set()
    return frozenset(found)


def _expected(terms: Basis, case: Case, roll: PayrollVoucher, salary: Decimal) -> ExpectedPay | None:
    """What part of a month comes to; None for a whole month, and where the salary is cut by the days already."""
    person = terms.award.staff.get((roll.voucher.party, roll.name))
    part = part_of_month(roll, person)
    if part is None:
        return None
    others = [one for one in payroll_vouchers(case) if one.name == roll.name and one.month != roll.month]
    return expected_pay(roll.voucher, salary, part, whole_salary(person, others))


@check("payroll-part-month", severity="warning")
def payroll_part_month(case: Case) -> Iterator[Found]:
    """月中到職或離職,薪資沒有按在職天數計。

    說明:人員在當月中途加入或離開(核定資料的參與第一天、最後一天,或薪資清冊的到職日、離職日),應計薪資多於按在職天數的比例
    (當月天數或 30 天,取多者)計出的數。總工時多於在職期間的工作時數(每個工作日 8 小時)時,視為全月的工時,依工時的比例已按在職
    期間計。月薪已按天數計的不再按比例計:與規劃月薪或其他月份的月薪相比而知。

    規定與出處:應計薪資 = 每月固定薪資 x 投入比率,投入比率 = 專案工時 / 當月正常工時(海洋委員會人事薪資補助明細表;可信度:姊妹計畫);
    月中到職離職按在職天數的比例計,未見公開規定(可信度:推定)。

    如何改正:依薪資清冊與工時紀錄更正薪資清冊後再匯入,或以 grant correct --set net= 更正;已按實際支給額計者請備妥計算說明。

    不合的例子(月薪 60000,6 月 16 日到職,工時 80/80):

        joined: 2023-06-16
        net: 60000 TWD

    合格的例子:

        joined: 2023-06-16
        net: 30000 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    for roll in payroll_vouchers(case):
        voucher = roll.voucher
        part = part_of_month(roll, terms.award.staff.get((voucher.party, roll.name)))
        if part is None:
            continue
        salary = salary_of(voucher)
        expected = _expected(terms, case, roll, salary) if salary is not None else None
        if expected is None or roll.cost <= expected.amount:
            continue
        beyond = roll.cost - expected.amount
        message = _(
            "{name} {month} 只有 {first} 至 {last} 在職({days} 天),薪資 {claimed}({number})多於按天數計的 {expected},超出 {beyond};請核對"
        ).format(
            name=person_of(voucher),
            month=roll.month,
            first=part.first,
            last=part.last,
            days=part.days,
            claimed=wording.money(roll.cost),
            number=wording.label(voucher),
            expected=wording.money(expected.amount),
            beyond=wording.money(beyond),
        )
        yield Found(voucher.entry, message + wording.assumption(), beyond, voucher.number)


@check("pay-part-not-claimable", severity="warning")
def pay_part_not_claimable(case: Case) -> Iterator[Found]:
    """薪資含有不得核銷的部分(例如獎金)。

    說明:薪資清冊分列本薪、津貼、獎金,而應計薪資多於可以核銷的各部分依工時計出的數。哪些部分可以核銷,由補助計畫別的 pay_parts 決定。
    沒有分列的不檢查。

    規定與出處:可列本薪、主管加給、職務加給、專業津貼等每月固定給付,不列獎金、非固定給付(海洋委員會海洋科技專案 會計科目編列與執行
    原則;可信度:姊妹計畫);同會的人事薪資補助明細表則得提列年終獎金,兩者不一,請洽承辦人。

    如何改正:應計薪資扣除不得核銷的部分後更正薪資清冊再匯入,或以 grant correct --set claimed= 更正認列金額。

    不合的例子(工時 80/160):

        base: 40000
        bonus: 4000
        net: 22000 TWD

    合格的例子:

        base: 40000
        bonus: 4000
        net: 20000 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    rules = terms.scheme.pay_parts
    for roll in payroll_vouchers(case):
        voucher, parts = roll.voucher, pay_parts_of(roll.voucher)
        if parts is None:
            continue
        left_out = [part for part in PAY_PARTS if parts.of(part) and not is_claimable(terms.scheme, part)]
        salary = claimable_salary(terms.scheme, voucher)
        if not left_out or salary is None:
            continue
        hours, total = figure(voucher, "hours"), figure(voucher, "total-hours")
        counted = hours is not None and total is not None and total > 0
        right = payroll_cost(salary, hours, total) if hours is not None and total and counted else int(salary)
        beyond = roll.cost - right
        if beyond <= 0:
            continue
        names = {"base": _("本薪"), "allowance": _("津貼"), "bonus": _("獎金")}
        message = _("{number} 的{parts}不得核銷,可核銷的薪資為 {right},多列 {beyond};請更正").format(
            number=wording.label(voucher),
            parts=wording.several([names[part] for part in left_out]),
            right=wording.money(right),
            beyond=wording.money(beyond),
        )
        sure = wording.assumed(*(rules[part] for part in left_out))
        yield Found(voucher.entry, message + sure, beyond, voucher.number)
