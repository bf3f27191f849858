"""Checks of several cases together about who was paid: one supplier behind many, one account under several names.

The thresholds are the program's own (assumed): what they find is a question for the auditor, never a verdict.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

from checks.analysis import wording
from checks.engine.portfolio_registry import PortfolioFound
from checks.engine.portfolio_registry import portfolio_check
from checks.portfolio.snapshot import CaseSnapshot
from checks.portfolio.snapshot import Claim
from checks.portfolio.snapshot import Portfolio
from ledger.model.identifiers import invoice_number_valid
from ledger.util.i18n import _

SHARE_PERCENT = 20  # of all that the cases claim
SHARE_CASES = 3  # in which one supplier is found
SHARE_LEAST = 5  # cases below which a share says nothing
RUN = 3  # invoice numbers that follow each other
RUN_DAYS = 2  # between the first and the last, where all are of one case


class _Bought(NamedTuple):
    """A claim and the case that makes it."""

    claim: Claim
    case: CaseSnapshot


@portfolio_check("supplier-share-high", severity="warning")
def supplier_share_high(portfolio: Portfolio) -> Iterator[PortfolioFound]:
    """一家供應商占全部案件報支的比重過高。

    說明:至少五個案件一起比對時,同一家供應商(依統一編號,沒有統編依名稱)出現在三個以上案件,且合計占全部案件報支
    20% 以上者提醒。門檻為本程式推定。意見列在最後報支的案件。

    規定與出處:採購應以實際交易為準(採購集中於少數供應商為各機關查核補助案件的風險徵候;可信度:推定)。

    如何改正:查核詢價、比價與交貨紀錄;確為合理採購者,以 grant portfolio dismiss 寫明理由排除。

    不合的例子:

        五個案件合計報支 500 萬元,同一家供應商在其中三案合計 120 萬元

    合格的例子:

        五個案件合計報支 500 萬元,同一家供應商在其中三案合計 60 萬元
    """
    bought: dict[str, list[_Bought]] = defaultdict(list)
    whole, cases = 0, 0
    for case in portfolio.cases:
        cases += bool(case.claims)
        for claim in case.claims:
            whole += claim.cost
            if supplier := claim.seller or claim.seller_name:
                bought[supplier].append(_Bought(claim, case))
    if cases < SHARE_LEAST:
        return
    for each in bought.values():
        cost = sum(one.claim.cost for one in each)
        among = _cases(each)
        if len(among) < SHARE_CASES or 100 * cost < SHARE_PERCENT * whole:
            continue
        message = _("供應商 {name} 出現在 {cases} 個案件,合計 {cost},占全部案件報支的 {percent}%").format(
            name=each[0].claim.seller_name,
            cases=len(among),
            cost=wording.money(cost),
            percent=100 * cost // whole,
        )
        yield _found(each, message, cost)


@portfolio_check("invoice-numbers-consecutive", severity="warning")
def invoice_numbers_consecutive(portfolio: Portfolio) -> Iterator[PortfolioFound]:
    """同一家供應商開立的發票號碼連續。

    說明:同一賣方的統一發票,字軌相同且號碼連續三張以上,跨兩個以上案件,或在同一案件而日期相隔兩天以上者提醒:
    除了受補助的業者,這家供應商可能沒有別的客戶。門檻為本程式推定。

    規定與出處:發票應按號碼順序開立(統一發票使用辦法;可信度:法規);連號是虛偽交易的查核徵候(可信度:推定)。

    如何改正:查核交貨、驗收與付款紀錄;確為實際交易者,以 grant portfolio dismiss 寫明理由排除。

    不合的例子:

        案件甲  AB10000001(06-01)   案件乙  AB10000002(06-20)   案件丙  AB10000003(07-05)

    合格的例子:

        案件甲  AB10000001(06-01)   案件甲  AB10000002(06-01)
    """
    by_seller: dict[str, dict[str, _Bought]] = defaultdict(dict)
    for case in portfolio.cases:
        for claim in case.claims:
            if claim.seller and invoice_number_valid(claim.number):
                by_seller[claim.seller].setdefault(claim.number, _Bought(claim, case))
    for bought in by_seller.values():
        for run in _runs([bought[number] for number in sorted(bought)]):
            days = [one.claim.date for one in run]
            if len(_cases(run)) == 1 and (max(days) - min(days)).days < RUN_DAYS:
                continue
            message = _(
                "{name} 開立的 {count} 張發票號碼連續({first} 至 {last}),跨 {cases} 個案件;"
                "這家供應商可能只賣給受補助的業者"
            ).format(
                name=run[0].claim.seller_name,
                count=len(run),
                first=run[0].claim.number,
                last=run[-1].claim.number,
                cases=len(_cases(run)),
            )
            yield _found(run, message, sum(one.claim.cost for one in run), run[0].claim.label)


def _runs(bought: Sequence[_Bought]) -> Iterator[list[_Bought]]:
    """Stretches of at least RUN numbers without a gap, of claims in the order of their numbers."""
    run: list[_Bought] = []
    for one in bought:
        number = one.claim.number
        before = run[-1].claim.number if run else ""
        if not run or number[:2] != before[:2] or int(number[2:]) != int(before[2:]) + 1:
            if len(run) >= RUN:
                yield run
            run = []
        run.append(one)
    if len(run) >= RUN:
        yield run


@portfolio_check("payee-account-shared")
def payee_account_shared(portfolio: Portfolio) -> Iterator[PortfolioFound]:
    """一個收款帳號以兩個以上的名稱收款。

    說明:銀行交易明細所記的對方帳號相同,而所付憑證的供應商名稱不同。名稱以全形半形與空白不計比對。沒有對方帳號的付款
    無法比對。

    規定與出處:支出應付與實際交易對象(付款證明須可核對受款人;可信度:推定)。

    如何改正:查核各供應商的收款帳戶;付款誤植者更正,委託代收者附委託書,並以 grant portfolio dismiss 寫明理由排除。

    不合的例子:

        案件甲  付 虛構感測有限公司   帳號 0012345678
        案件乙  付 試作閥件有限公司   帳號 0012345678

    合格的例子:

        案件甲  付 虛構感測有限公司   帳號 0012345678
        案件乙  付 虛構感測有限公司   帳號 0012345678
    """
    paid: dict[str, list[tuple[str, CaseSnapshot, datetime.date, int, str]]] = defaultdict(list)
    for case in portfolio.cases:
        for payee in case.payees:
            if payee.account and payee.name and payee.amount > 0:
                paid[payee.account].append((payee.name, case, payee.date, payee.amount, payee.number))
    for account, payments in paid.items():
        names = sorted({name for name, *_rest in payments})
        if len(names) < 2:
            continue
        message = _("帳號 {account} 以 {count} 個名稱收款:{names}").format(
            account="*" * max(0, len(account) - 4) + account[-4:], count=len(names), names=_("、").join(names)
        )
        last = max(payments, key=lambda payment: (payment[2], payment[1].order))
        others = tuple({id(case): case for _name, case, *_rest in payments}.values())
        amount = sum(payment[3] for payment in payments if payment[0] == last[0])
        yield PortfolioFound(last[1], last[1].at, message, amount, last[4], others=others)


@portfolio_check("round-trip", severity="warning")
def round_trip(portfolio: Portfolio) -> Iterator[PortfolioFound]:
    """業者互為供應商,或供應商把錢匯回。

    說明:兩個案件的業者互為對方案件的供應商;或案件的供應商另有款項匯入業者的專戶。只是徵候,可能是正常的往來或退款。

    規定與出處:補助款應支付實際支出,不得以虛偽交易領取(可信度:推定)。

    如何改正:查核交貨、驗收與資金流向;確為實際交易或退款者,以 grant portfolio dismiss 寫明理由排除。

    不合的例子:

        案件甲(業者甲)  供應商:業者乙
        案件乙(業者乙)  供應商:業者甲

    合格的例子:

        案件甲(業者甲)  供應商:業者乙
    """
    sold: dict[tuple[str, str], list[_Bought]] = defaultdict(list)
    for case in portfolio.cases:
        for claim in case.claims:
            if claim.seller and claim.seller != claim.company:
                sold[claim.company, claim.seller].append(_Bought(claim, case))
    for (company, seller), bought in sold.items():
        back = sold.get((seller, company), [])
        if back and company < seller:
            message = _("{one} 與 {other} 互為對方案件的供應商,請查是否有實際交易").format(
                one=back[0].claim.seller_name, other=bought[0].claim.seller_name
            )
            both = [*bought, *back]
            yield _found(both, message, sum(one.claim.cost for one in both), bought[0].claim.label)
    for case in portfolio.cases:
        suppliers = {claim.seller_name: claim for claim in case.claims if claim.seller_name}
        for payee in case.payees:
            sold_by = suppliers.get(payee.name) if payee.amount < 0 else None
            if sold_by is not None:
                message = _("供應商 {name} 另有 {amount} 匯回專戶,請查是退款或資金回流").format(
                    name=payee.name, amount=wording.money(-payee.amount)
                )
                yield PortfolioFound(case, sold_by.at, message, -payee.amount, sold_by.label)


def _cases(bought: Sequence[_Bought]) -> list[CaseSnapshot]:
    return list({id(one.case): one.case for one in bought}.values())


def _found(bought: Sequence[_Bought], message: str, amount: int, voucher: str = "") -> PortfolioFound:
    """What stands in the case that claimed last, about all the cases."""
    last = max(bought, key=lambda one: (one.claim.at.date, one.case.order, one.claim.at.line))
    return PortfolioFound(last.case, last.claim.at, message, amount, voucher, others=tuple(_cases(bought)))
