"""Checks on interest and on what goes back to the treasury: gross interest, and the surplus."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import ended_basis
from checks.analysis.basis import settled
from checks.analysis.basis import spending_basis
from checks.analysis.rule_confidence import settlement_rules
from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.arithmetic.cost_share import interest_tax
from ledger.case.case import Case
from ledger.case.case import Movement
from ledger.model import directives
from ledger.model.accounts import DUE_INTEREST
from ledger.schemes.model import Scheme
from ledger.util.i18n import _

__plugins__ = ("plugin",)

_NEIGHBOURING = datetime.timedelta(days=3)  # a bank's tax line may come on the next working day


def plugin(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """The checks of this family."""
    return run_plugin(entries, options, config, family="interest")


def _credited(movement: Movement) -> int:
    """What the movement's entry credits to the treasury's interest, in NT$."""
    return -sum(
        directives.whole(posting.units)
        for posting in movement.entry.postings
        if posting.account == DUE_INTEREST
    )


def _events(case: Case) -> Iterator[tuple[datetime.date, list[Movement]]]:
    """The interest of a day with the tax withheld from it, which the bank may post on a neighbouring day.

    What has no interest on its own day goes to the last before it, or else to the next. Each account by itself.
    """
    for account in case.dedicated_accounts:
        days: dict[datetime.date, list[Movement]] = defaultdict(list)
        for move in account.movements:
            if move.kind in {"interest", "withholding", "remittance"}:
                days[move.date].append(move)
        with_interest = [day for day, moves in days.items() if any(move.kind == "interest" for move in moves)]
        for day, moves in days.items():
            near = [other for other in with_interest if abs(other - day) <= _NEIGHBOURING]
            if day not in with_interest and near:
                days[min(near, key=lambda other: (other > day, abs(other - day)))] += moves
        yield from ((day, days[day]) for day in with_interest)


def _tax_amounts(gross: int, rate: Decimal) -> set[int]:
    """The tax on one payment of interest, rounded down and rounded half up."""
    return {int(gross * rate), int((gross * rate).to_integral_value(ROUND_HALF_UP))}


@check("interest-booked-net")
def interest_booked_net(case: Case) -> Iterator[Found]:
    """孳息以扣稅後淨額入帳。

    說明:有扣繳稅款的利息,記到「應繳國庫:1孳息」的金額少於銀行入帳數加扣繳稅額;或扣繳稅款直接沖減了應繳的孳息。

    規定與出處:專戶之結餘及扣稅前孳息毛額,須全部繳交國庫(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文)。

    如何改正:重新匯入銀行明細,或以 grant remove 移除該筆後再匯入;應繳國庫為毛額,扣繳稅額由公司自有資金補足。

    不合的例子(毛額 24310,扣繳 2431):

        Assets:1專戶:1政府補助款     21879 TWD
        Liabilities:2應繳國庫:1孳息 -21879 TWD

    合格的例子:

        Assets:1專戶:1政府補助款     21879 TWD
        Assets:3扣繳稅款              2431 TWD
        Liabilities:2應繳國庫:1孳息 -24310 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    note = wording.assumed(terms.scheme.withholding_rate, terms.scheme.withholding_threshold)
    message = _("{date} 的孳息只記 {booked},扣稅前毛額為 {gross},少 {short};扣稅前毛額須全部繳交國庫")
    for _date, movements in _events(case):
        for movement in movements:
            gross = movement.grant + movement.own + movement.tax
            if movement.kind == "interest" and movement.tax > 0 and _credited(movement) < gross:
                short = gross - _credited(movement)
                text = message.format(
                    date=movement.date,
                    booked=wording.money(gross - short),
                    gross=wording.money(gross),
                    short=wording.money(short),
                )
                yield Found(movement.entry, text, short)
            elif movement.kind == "remittance" and _is_withholding(movement, movements, terms.scheme):
                text = _(
                    "{date} 的扣繳稅款 {tax}沖減了應繳國庫的孳息;應記到扣繳稅款,毛額仍須全部繳交國庫"
                ).format(date=movement.date, tax=wording.money(movement.remitted_interest))
                yield Found(movement.entry, text + note, movement.remitted_interest)


def _is_withholding(movement: Movement, movements: list[Movement], scheme: Scheme) -> bool:
    """Whether a "remittance" is sure to be tax withheld: from the account, on the day, at the rate of interest."""
    tax = movement.remitted_interest
    return movement.grant == -tax < -scheme.withholding_threshold.value and any(
        other.kind == "interest"
        and other.tax == 0
        and tax in _tax_amounts(other.interest, scheme.withholding_rate.value)
        for other in movements
    )


@check("withholding-arithmetic", severity="warning")
def withholding_arithmetic(case: Case) -> Iterator[Found]:
    """利息扣繳稅額不符規定。

    說明:扣繳稅額不是利息毛額的 10%;或稅額在 2,000 元以下卻扣繳;或超過 2,000 元卻沒有扣繳(多半是以淨額入帳)。
    同日或前後三日內的扣繳分錄視為同一筆。

    規定與出處:各類所得扣繳率標準第 2 條(10%)、第 13 條(每次應扣繳稅額不超過 2,000 元免予扣繳)(可信度:法規)。

    如何改正:依銀行利息清單補記毛額與扣繳稅額。

    不合的例子:

        2023-12-20 * "" "存款息"   ; 毛額 30000,未記扣繳稅款 3000

    合格的例子:

        Assets:3扣繳稅款              3000 TWD
        Liabilities:2應繳國庫:1孳息 -30000 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    rate, threshold = terms.scheme.withholding_rate.value, terms.scheme.withholding_threshold.value
    for date, movements in _events(case):
        interest = [move for move in movements if move.kind == "interest"]
        gross = sum(move.interest for move in interest)
        withheld = sum(
            move.remitted_interest if _is_withholding(move, movements, terms.scheme) else move.tax
            for move in movements
        )
        expected = sum(interest_tax(move.interest, rate, threshold) for move in interest)
        rounded = sum(max(_tax_amounts(move.interest, rate)) for move in interest)
        if withheld == expected or (expected and expected <= withheld <= rounded):
            continue
        message = _(
            "{date} 孳息毛額 {gross},扣繳稅額 {withheld},依規定應為 {expected};請核對銀行利息清單"
        ).format(
            date=date,
            gross=wording.money(gross),
            withheld=wording.money(withheld),
            expected=wording.money(expected),
        )
        note = wording.assumed(terms.scheme.withholding_rate, terms.scheme.withholding_threshold)
        yield Found(interest[0].entry, message + note, abs(withheld - expected))


def _left(case: Case) -> tuple[int, int]:
    """(interest, surplus) still owed to the treasury, in NT$.

    What was remitted too much under the one name counts for the other: it did reach the treasury. What is due
    back because a paper is missing is `evidence-missing`'s to say.
    """
    interest = sum(move.interest - move.remitted_interest for move in case.movements)
    whole = settled(case)._replace(forfeited=False)
    owed = whole.surplus + whole.flows.recall_interest + whole.flows.other_income
    surplus = owed - sum(move.remitted_surplus for move in case.movements)
    if interest < 0:
        return 0, max(0, surplus + interest)
    return max(0, interest + min(0, surplus)), max(0, surplus)


@check("interest-unremitted")
def interest_unremitted(case: Case) -> Iterator[Found]:
    """計畫結束後孳息尚未全數繳庫。

    說明:計畫已結束,扣稅前孳息毛額減已繳庫數仍有餘額;常見的是只繳了扣稅後的淨額。

    規定與出處:專戶之結餘及扣稅前孳息毛額,須全部繳交國庫(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文)。

    如何改正:補繳差額,扣繳稅額的部分由公司自有資金支付,並匯入繳庫的銀行明細。

    不合的例子:

        孳息毛額 24,310 元,只繳 21,879 元

    合格的例子:

        2024-06-15 * "國庫" "專戶孳息繳庫"
          Liabilities:2應繳國庫:1孳息   24310 TWD
          Assets:1專戶:1政府補助款     -21879 TWD
          Equity:1業者投入              -2431 TWD
    """
    terms = ended_basis(case)
    if terms is None:
        return
    left, _surplus = _left(case)
    if left > 0:
        gross = sum(move.interest for move in case.movements)
        latest = [move for move in case.movements if move.interest > 0][-1]
        message = _("扣稅前孳息毛額 {gross},尚有 {left}未繳交國庫;扣繳稅額由公司自有資金補足").format(
            gross=wording.money(gross), left=wording.money(left)
        )
        yield Found(latest.entry, message, left)


@check("surplus-unremitted")
def surplus_unremitted(case: Case) -> Iterator[Found]:
    """計畫結束後結餘款尚未繳庫。

    說明:計畫已結束,已撥入的補助款多於結算認列數(加扣款),差額尚未繳交國庫。主管機關解除契約或撤銷補助者,已撥入的全數
    與利息都是;屬於補助而歸國庫的收入(例如違約金)也在內。

    規定與出處:專戶之結餘須全部繳交國庫(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文)。解除契約者返還全部補助款
    並加計利息、其他收入歸委員會(海洋科技業界科專計畫補助契約書第 17 條、第 6 條;可信度:姊妹計畫)。

    如何改正:將結餘款繳交國庫,並匯入繳庫的銀行明細。

    不合的例子:

        撥入 3,856,000 元,認列 3,700,380 元,未繳庫

    合格的例子:

        2024-03-15 * "國庫" "結餘款繳庫"
          Liabilities:2應繳國庫:2結餘款   155620 TWD
          Assets:1專戶:1政府補助款       -155620 TWD
    """
    terms = ended_basis(case)
    if terms is None:
        return
    _interest, left = _left(case)
    if left > 0:
        whole = settled(case)
        message = _("已撥入 {received},認列補助款 {recognised},結餘款尚有 {left}未繳交國庫")
        if whole.recalled:
            message = _("主管機關已解除契約或撤銷補助,已撥入的 {received}應全數繳回,連同利息尚有 {left}未繳")
        elif whole.flows.other_income:
            message = _(
                "已撥入 {received},認列補助款 {recognised},結餘款與其他應繳國庫的收入尚有 {left}未繳交國庫"
            )
        message = message.format(
            received=wording.money(whole.flows.received),
            recognised=wording.money(whole.recognised_government),
            left=wording.money(left),
        )
        back = terms.scheme.recovery["rescinded"]
        rules = (
            (back.returns, back.interest) if whole.recalled else settlement_rules(terms.scheme, whole, left)
        )
        note = wording.assumed(*rules)
        yield Found(_last_instalment(case) or terms.award.entry, message + note, left)


def _last_instalment(case: Case) -> data.Directive | None:
    """The entry of the last instalment."""
    entries = [move.entry for move in case.movements if move.kind == "instalment"]
    return entries[-1] if entries else None
