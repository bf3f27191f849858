"""Checks on time: cost inside the period, payments not late."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import spending_basis
from checks.analysis.net_vouchers import net_originals
from checks.analysis.net_vouchers import taken_back_wholly
from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.model.award import Award
from ledger.model.records import month_paid
from ledger.util.dates import add_months
from ledger.util.dates import month_end
from ledger.util.dates import month_of
from ledger.util.i18n import _

__plugins__ = ("plugin",)

UNPAID_GRACE = datetime.timedelta(days=90)


def plugin(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """The checks of this family."""
    return run_plugin(entries, options, config, family="period")


def _is_inside(award: Award) -> Callable[[Voucher], bool]:
    """What tells whether a voucher belongs to the period: by its date, payroll by its month overlapping it."""
    start, end = award.start, award.end
    first, last = month_of(start), month_of(end)

    def is_inside(voucher: Voucher) -> bool:
        if voucher.kind == "payroll":
            return first <= month_paid(voucher) <= last
        return start <= voucher.date <= end

    return is_inside


@check("voucher-outside-period")
def voucher_outside_period(case: Case) -> Iterator[Found]:
    """憑證日期不在計畫執行期間。

    說明:憑證上的日期(不是入帳日)早於計畫開始日或晚於結束日;薪資以其月份與期間有無重疊認定。折讓與作廢不檢查。

    規定與出處:僅限獲補助個案計畫所需支出,計畫期間最早可追溯至收件日(納管工廠簡報;可信度:簡報原文);
    發票日期須在執行期間內(海洋委員會 會計科目編列與執行原則;可信度:姊妹計畫)。

    如何改正:不在期間的成本不得核銷,以 grant correct 把 claimed 改為 0;日期打錯就以 grant correct 更正 date。

    不合的例子(計畫 2023-06-01 至 2024-05-31):

        voucher-date: 2024-06-03

    合格的例子:

        voucher-date: 2024-05-30
    """
    terms = spending_basis(case)
    if terms is None:
        return
    award = terms.award
    is_inside = _is_inside(award)
    for voucher, cost in net_originals(case):
        if not cost or is_inside(voucher):
            continue
        message = _("憑證 {number} 的日期 {date} 不在執行期間 {start} 至 {end};{cost}不得核銷").format(
            number=wording.label(voucher),
            date=voucher.date,
            start=award.start,
            end=award.end,
            cost=wording.money(cost),
        )
        yield Found(voucher.entry, message, cost, voucher.number)


def _last_payment_day(end: datetime.date, months: int) -> datetime.date:
    """The last day to pay: `months` after the end; a period that ends with a month ends with one again."""
    day = add_months(end, months)
    return month_end(day) if end == month_end(end) else day


@check("payment-late", severity="warning")
def payment_late(case: Case) -> Iterator[Found]:
    """計畫結束後才付款,且逾付款期限。

    說明:期間內的憑證,在計畫結束日後超過寬限(預設一個月)才付款。

    規定與出處:計畫結束日後一個月內完成付款(海洋委員會 會計科目編列與執行原則;可信度:姊妹計畫);本計畫的期限未見公開規定。

    如何改正:向承辦人確認是否接受;不接受者以 grant correct 把 claimed 改為 0。

    不合的例子(計畫至 2024-05-31):

        2024-07-05 * "精密機械股份有限公司" "付款" ^AB12345678

    合格的例子:

        2024-06-28 * "精密機械股份有限公司" "付款" ^AB12345678
    """
    terms = spending_basis(case)
    if terms is None:
        return
    grace = terms.scheme.payment_grace_months
    latest = _last_payment_day(terms.award.end, grace.value)
    late = [payment for payment in case.payments if payment.date > latest and payment.amount > 0]
    is_inside = _is_inside(terms.award)
    inside = {
        voucher.link: voucher
        for voucher, cost in (net_originals(case) if late else ())
        if voucher.number and cost and is_inside(voucher)
    }
    for payment in late:
        voucher = inside.get(payment.link)
        if voucher is None:
            continue
        message = _(
            "憑證 {number} 於 {date} 才付款 {amount},已過付款期限 {latest};請洽承辦人確認是否認列"
        ).format(
            number=voucher.number,
            date=payment.date,
            amount=wording.money(payment.amount),
            latest=latest,
        )
        yield Found(payment.entry, message + wording.assumed(grace), payment.amount, voucher.number)


@check("withholding-unremitted", severity="warning")
def withholding_unremitted(case: Case) -> Iterator[Found]:
    """付款時代扣的稅款與補充保費逾期未繳。

    說明:專家費等勞務報酬以扣除扣繳稅款、補充保費後的淨額付款,代扣的部分逾期仍沒有繳納的紀錄:稅款到付款次月十日,
    補充保費到付款次月底。

    規定與出處:所得稅法第 92 條(每月十日前繳清上月所扣稅款)、全民健康保險法第 31 條(給付日之次月底前繳納補充保費)
    (可信度:法規)。

    如何改正:匯入繳款的銀行明細;與其他人的扣繳款合併繳納者,匯入後以 grant answer 的 payment 指明憑證。

    不合的例子(今天 2023-09-01):

        2023-07-20 * "王小明" "專家費" ^LR-1
          Liabilities:1應付帳款            30000 TWD
          Liabilities:4代扣款:1扣繳稅款     -3000 TWD
          Liabilities:4代扣款:2補充保費      -633 TWD
          Equity:1業者投入                -26367 TWD

    合格的例子:

        2023-08-08 * "" "代扣稅款與補充保費" ^LR-1
          Liabilities:4代扣款:1扣繳稅款      3000 TWD
          Liabilities:4代扣款:2補充保費       633 TWD
          Equity:1業者投入                 -3633 TWD
    """
    if spending_basis(case) is None or not case.withheld:
        return
    from ledger.arithmetic import withholding  # noqa: PLC0415 -- few cases have paid a person

    for move in case.withheld:
        left = withholding.overdue(
            case.unremitted.get(move.link, withholding.Withheld()), move.date, case.as_of
        )
        if move.tax + move.premium <= 0 or not left.total:
            continue
        day = withholding.tax_by(move.date) if left.tax else withholding.premium_by(move.date)
        message = _(
            "憑證 {number} 於 {date} 付款時代扣的 {total}(扣繳稅款 {tax}、補充保費 {premium})應於 {day} 前繳納,未見繳納;請匯入繳款明細"
        ).format(
            number=move.number,
            date=move.date,
            total=wording.money(left.total),
            tax=wording.money(left.tax),
            premium=wording.money(left.premium),
            day=day,
        )
        yield Found(move.entry, message, left.total, move.number)


@check("voucher-unpaid", severity="warning")
def voucher_unpaid(case: Case) -> Iterator[Found]:
    """憑證尚未付清。

    說明:計畫已結束,或憑證日期至今超過 90 天,仍有應付款未付。計畫結束時不應再有應付帳款。

    規定與出處:應於計畫結束後期限內付款並有支付證明(海洋委員會 會計科目編列與執行原則;可信度:姊妹計畫);
    90 天是本程式的提醒期限(可信度:推定)。

    如何改正:付款後匯入銀行明細;已用現金支付者,在憑證登記表填付款日期;不付的部分請附折讓單。

    不合的例子(今天 2024-06-10,計畫已於 2024-05-31 結束):

        Liabilities:1應付帳款  -105000 TWD  ; 沒有付款分錄

    合格的例子:

        2024-05-20 * "精密機械股份有限公司" "付款" ^AB12345678
          Liabilities:1應付帳款  105000 TWD
          Equity:1業者投入      -105000 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    unpaid = {link: left for link, left in case.unpaid.items() if left > 0}
    ended = case.as_of > terms.award.end
    gone = taken_back_wholly(case) if unpaid else frozenset()
    # of a number that was taken again the paper that stands is the one that is owed
    for voucher in sorted(case.vouchers, key=lambda one: id(one.entry) in gone) if unpaid else ():
        if not voucher.number or voucher.reverses:
            continue
        left = unpaid.pop(voucher.link, 0)
        if left and (ended or case.as_of > voucher.date + UNPAID_GRACE):
            message = _("憑證 {number}({date})尚有 {left}未付;請付款或補記付款").format(
                number=voucher.number, date=voucher.date, left=wording.money(left)
            )
            yield Found(voucher.entry, message, left, voucher.number)
