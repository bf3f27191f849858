"""The portfolio side of `person-months-exceeded`: one person's months over the cases of the company."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from checks.analysis import wording
from checks.analysis.payroll_vouchers import months_text
from checks.engine.portfolio_registry import PortfolioFound
from checks.engine.portfolio_registry import portfolio_side
from checks.portfolio.snapshot import CaseSnapshot
from checks.portfolio.snapshot import Plan
from checks.portfolio.snapshot import Portfolio
from checks.portfolio.snapshot import Work
from ledger.util.i18n import _

Person = tuple[str, str]  # (company number, folded name)


class _Planned(NamedTuple):
    plan: Plan
    case: CaseSnapshot


class _Done(NamedTuple):
    work: Work
    case: CaseSnapshot


@portfolio_side("person-months-exceeded")
def person_months_exceeded(portfolio: Portfolio) -> Iterator[PortfolioFound]:
    """What the cases of one company have together of a person, where they run at the same time.

    `checks.payroll` explains it. People of the same name in different companies may be different people.
    """
    yield from _plans_exceeded(portfolio)
    work: dict[Person, list[_Done]] = defaultdict(list)
    for case in portfolio.cases:
        for each in case.work:
            work[each.company, each.person].append(_Done(each, case))
    for done in work.values():
        if len({part.case.order for part in done}) > 1:
            done.sort(key=lambda part: (part.work.at.date, part.case.order, part.work.at.line))
            yield from _months_overfull(done)
            yield from _work_exceeded(done)


def _plans_exceeded(portfolio: Portfolio) -> Iterator[PortfolioFound]:
    plans: dict[Person, list[_Planned]] = defaultdict(list)
    for case in portfolio.cases:
        for plan in case.plans:
            plans[plan.company, plan.person].append(_Planned(plan, case))
    for planned in plans.values():
        planned.sort(key=lambda each: (each.case.start, each.case.order))
        for place, later in enumerate(planned):
            before = [each for each in planned[:place] if _together(each.case, later.case)]
            limit = later.case.scheme.person_months
            own, months = later.plan.months, sum(each.plan.months for each in before) + later.plan.months
            if not before or not own or months <= limit.value or own + later.plan.other_months > limit.value:
                continue  # nothing, or found already in the case on its own
            message = _(
                "{name}在本案規劃 {own} 人月,加上同一業者的案件 {cases},合計 {months} 人月,超過 {limit} 人月"
            ).format(
                name=later.plan.name,
                own=wording.count(own),
                cases=wording.several([_planned(each) for each in before]),
                months=wording.count(months),
                limit=limit.value,
            )
            yield PortfolioFound(
                later.case,
                later.plan.at,
                message + wording.assumed(limit),
                others=tuple(each.case for each in before),
                subject=later.plan.person,
            )


def _planned(each: _Planned) -> str:
    return _("{id}({months} 人月,{place})").format(
        id=each.case.id, months=wording.count(each.plan.months), place=each.case.shown(each.plan.at)
    )


def _together(one: CaseSnapshot, other: CaseSnapshot) -> bool:
    """Whether the months of two cases count as one sum."""
    return one is not other and one.overlaps(other)


def _months_overfull(done: list[_Done]) -> Iterator[PortfolioFound]:
    """Of each month that the cases claim more than once: the voucher with which it is overfull."""
    by_month: dict[str, list[_Done]] = defaultdict(list)
    for part in done:
        by_month[part.work.month].append(part)
    for parts in by_month.values():
        total = Fraction(0)
        for place, (work, case) in enumerate(parts):
            total += work.effort
            others = [each for each in parts[:place] if each.case is not case]
            if total > 1 and others:
                message = _(
                    "{name}於 {month} 在本案投入 {own} 人月({number}),加上案件 {case} 的 {other}({place}),"
                    "合計 {total} 人月,超過 1 人月;請核對工時紀錄"
                ).format(month=work.month, total=months_text(total), **_said(work, others[0]))
                yield PortfolioFound(
                    case,
                    work.at,
                    message + wording.assumption(),
                    work.cost,
                    work.number,
                    others=tuple(each.case for each in others),
                    subject=work.month,
                )
                break


def _work_exceeded(done: list[_Done]) -> Iterator[PortfolioFound]:
    """Of each case: the voucher with which the work on it and the cases beside it goes beyond the limit."""
    for judged in {part.case.order: part.case for part in done}.values():
        limit = judged.scheme.person_months
        if _own_months(judged, done) > limit.value:
            continue  # found already in the case on its own
        beside = [part for part in done if part.case is judged or judged.overlaps(part.case)]
        total = Fraction(0)
        for place, (work, case) in enumerate(beside):
            total += work.effort
            others = [each for each in beside[:place] if each.case is not judged]
            if total > limit.value and case is judged and others:
                message = _(
                    "{name}至 {number} 在同一業者的各案合計投入 {total} 人月,超過 {limit} 人月;"
                    "另在案件 {case} 的 {other}({place})等"
                ).format(total=months_text(total), limit=limit.value, **_said(work, others[0]))
                yield PortfolioFound(
                    case,
                    work.at,
                    message + wording.assumed(limit),
                    work.cost,
                    work.number,
                    others=tuple(each.case for each in others),
                    subject=work.person,
                )
            if total > limit.value:
                break


def _own_months(case: CaseSnapshot, done: list[_Done]) -> Fraction:
    """What a case has of a person by itself: the hours as person-months, and the months it says are elsewhere."""
    worked = [part.work for part in done if part.case is case]
    person = (worked[0].company, worked[0].person)
    plans = [plan for plan in case.plans if (plan.company, plan.person) == person]
    elsewhere = sum((Fraction(plan.other_months) for plan in plans), Fraction(0))
    return sum((work.effort for work in worked), elsewhere)


def _said(work: Work, other: _Done) -> dict[str, str]:
    return {
        "name": work.name,
        "number": work.number,
        "own": months_text(work.effort),
        "case": other.case.id,
        "other": other.work.number,
        "place": other.case.shown(other.work.at),
    }
