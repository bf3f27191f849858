"""Checks on what a voucher says beside its amounts, and on what an award leaves unsaid so that nobody can judge it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from decimal import ROUND_HALF_UP
from decimal import Decimal
from fractions import Fraction

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import budget_entry
from checks.analysis.basis import original_vouchers
from checks.analysis.basis import spending_basis
from checks.analysis.net_vouchers import net_originals
from checks.analysis.payroll_vouchers import figure
from checks.analysis.payroll_vouchers import payroll_vouchers
from checks.engine.finding import Found
from checks.engine.finding import Severity
from checks.engine.finding import check
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.model.award import Award
from ledger.model.award import Key
from ledger.schemes.categories import kind_of
from ledger.util.i18n import _

_NO_ITEMS = frozenset({"personnel", "travel"})  # kinds: persons and journeys are planned, not items
_PAID_UP = datetime.timedelta(days=31)  # after the last payment nothing more is taken to come
_HUNDRED = 100


@check("items-not-listed", severity="warning", family="budget")
def items_not_listed(case: Case) -> Iterator[Found]:
    """科目有預算、有支出,核定卻沒有列項目,品名無法核對。

    說明:科目有核定預算,也已有憑證,但核定資料沒有這個科目的任何品項,item-not-in-budget 因此不能判斷品名。人事費與國內差旅費
    (及補助計畫別列為這兩種的科目)不在此列。金額為該科目的支出。

    規定與出處:各項經費支出之憑證、發票等,其品名之填寫應完整,並與計畫經費表上所列一致(納管工廠簡報「會計作業要注意哪些」;
    可信度:簡報原文)。

    如何改正:依核定的計畫經費表以 grant revise 補登品項;核定確實沒有逐項列出者,洽承辦人確認核對的依據。

    不合的例子:

        2023-06-01 custom "grant-budget" "consumables" 100000 TWD 110000 TWD   ; 沒有 consumables 的 grant-item
        Expenses:2業者自籌款:01消耗性器材及原材料費   50000 TWD

    合格的例子:

        2023-06-01 custom "grant-budget" "consumables" 100000 TWD 110000 TWD
        2023-06-01 custom "grant-item" "consumables" "高效率軸承" 100000 TWD 110000 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    listed = {item.category for item in terms.award.items}
    for key, approved in terms.budget.items():
        cost = case.cost().get(key, (0, 0))[0]
        if key[1] in listed or kind_of(key[1]) in _NO_ITEMS or not approved.total or cost <= 0:
            continue
        message = _("{category}核定沒有列項目,{cost} 的品名無法與計畫經費表核對;請補登核定的品項").format(
            category=wording.category(terms.award, key), cost=wording.money(cost)
        )
        yield Found(_budget(case, terms.award, key), message, cost, subject="/".join(key))


@check("persons-not-listed", severity="warning", family="payroll")
def persons_not_listed(case: Case) -> Iterator[Found]:
    """編列人事費,卻沒有投入人力規劃。

    說明:核定預算有人事費,但核定資料沒有任何計畫人員(grant-person),人員、投保與人月都無法判斷。金額為核定的人事費。

    規定與出處:如於經費預算表編列人事費,須提供填寫投入人力規劃,以利查核(納管工廠簡報「申請書怎麼填(計畫內容)」;
    可信度:簡報原文)。

    如何改正:以 grant revise --person 登錄核定的計畫人員與人月。

    不合的例子:

        2023-06-01 custom "grant-budget" "personnel" 0 TWD 600000 TWD   ; 沒有 grant-person

    合格的例子:

        2023-06-01 custom "grant-budget" "personnel" 0 TWD 600000 TWD
        2023-06-01 custom "grant-person" "王大明"
          insured: TRUE
          months: 9
    """
    terms = spending_basis(case)
    if terms is None or terms.award.persons:
        return
    for key, approved in terms.budget.items():
        if approved.total and kind_of(key[1]) == "personnel":
            message = _("{category}核定 {amount},沒有投入人力規劃;請登錄計畫人員與人月").format(
                category=wording.category(terms.award, key), amount=wording.money(approved.total)
            )
            yield Found(_budget(case, terms.award, key), message, approved.total, subject="/".join(key))


@check("dedicated-account-missing", severity="warning", family="account")
def dedicated_account_missing(case: Case) -> Iterator[Found]:
    """核定資料沒有政府補助款專戶。

    說明:核定有政府補助款,但核定資料沒有登錄受補助業者的專戶(grant-account,role 為 dedicated),專戶的收支無法核對。
    金額為核定的補助款。

    規定與出處:簽約前應在銀行開立以申請業者為戶名之乙存帳戶作為政府補助款專戶(納管工廠簡報「會計作業要注意哪些」;
    可信度:簡報原文)。

    如何改正:開立專戶後,以 grant revise --account 帳號 --bank 銀行登錄。

    不合的例子:

        2023-06-01 custom "grant-award" "112-納管-0456"   ; 沒有 role: "dedicated" 的 grant-account

    合格的例子:

        2023-06-01 custom "grant-account" "223706683363"
          role: "dedicated"
          bank: "第一商業銀行大里分行"
    """
    terms = spending_basis(case)
    if terms is None or terms.award.dedicated_account is not None:
        return
    granted = sum(approved.government for approved in terms.budget.values())
    if granted:
        message = _(
            "沒有登錄政府補助款專戶,核定補助款 {amount} 的撥入與提領無法核對;簽約前應開立專戶"
        ).format(amount=wording.money(granted))
        yield Found(terms.award.entry, message, granted)


def _budget(case: Case, award: Award, key: Key) -> data.Custom:
    return budget_entry(case, award, key).entry


@check("foreign-exceeds-debit", family="costing")
def foreign_exceeds_debit(case: Case) -> Iterator[Found]:
    """外幣採購列的成本超過銀行實際扣款,或超過外幣金額乘以匯率。

    說明:憑證載明外幣金額或幣別,或為國外發票。載明匯率者,成本多於外幣金額 × 匯率(四捨五入);已付款且計畫已結束,或最後一次付款
    已逾 31 天者,成本(未稅)多於付款合計。金額為超過的部分,兩者都超過時取大者。尚未付款的不判斷。

    規定與出處:應附匯率表,以水單、結匯單據佐證,外幣總額不得超過合約的外幣價格(海洋委員會 會計科目編列與執行原則、
    經費支用明細表;可信度:姊妹計畫);新臺幣金額以銀行實際扣款為準、31 天為本程式的作法(可信度:推定)。

    如何改正:依水單以 grant correct 更正未稅金額(net)、外幣金額(foreign)或匯率(rate)。

    不合的例子:

        net: 40000 TWD
        currency: "USD"
        foreign: 1200
        rate: 31.25

    合格的例子:

        net: 37500 TWD
        currency: "USD"
        foreign: 1200
        rate: 31.25
    """
    terms = spending_basis(case)
    if terms is None:
        return
    bought = [voucher for voucher in original_vouchers(case) if _is_foreign(voucher)]
    left = {id(voucher.entry): cost for voucher, cost in net_originals(case)} if bought else {}
    for voucher in bought:
        cost = left.get(id(voucher.entry), 0)
        worth, debit = _worth(voucher), _debit(case, voucher, terms.award)
        by_rate = cost - worth if worth is not None else 0
        by_bank = cost - debit if debit is not None else 0
        if max(by_rate, by_bank) <= 0:
            continue
        if by_rate >= by_bank:
            message = _("憑證 {number} 列 {cost},超過外幣金額 × 匯率的 {worth};請依水單更正").format(
                number=wording.label(voucher), cost=wording.money(cost), worth=wording.money(worth or 0)
            )
        else:
            message = _("憑證 {number} 列 {cost},銀行實際扣款只有 {debit};請依扣款更正").format(
                number=wording.label(voucher), cost=wording.money(cost), debit=wording.money(debit or 0)
            )
        yield Found(voucher.entry, message + wording.assumption(), max(by_rate, by_bank), voucher.number)


def _is_foreign(voucher: Voucher) -> bool:
    told = voucher.entry.meta
    if voucher.kind == "foreign-invoice" or told.get("currency"):
        return True
    return "foreign" in told and figure(voucher, "foreign") is not None


def _worth(voucher: Voucher) -> int | None:
    """What the foreign amount comes to at the rate it tells; None where it tells not both."""
    foreign, rate = figure(voucher, "foreign"), figure(voucher, "rate")
    return None if foreign is None or rate is None else _rounded(foreign * rate)


def _debit(case: Case, voucher: Voucher, award: Award) -> int | None:
    """What was paid for a voucher, once nothing more is to come; None before, and where nothing was paid."""
    payments = [payment for payment in case.payments if payment.link == voucher.link and voucher.number]
    if not payments:
        return None
    last = max(payment.date for payment in payments)
    over = case.as_of > award.end or case.as_of > last + _PAID_UP
    return sum(payment.amount for payment in payments) if over else None


@check("shared-cost-exceeded", family="costing")
def shared_cost_exceeded(case: Case) -> Iterator[Found]:
    """分攤的憑證,列的成本超過本案應分攤的部分。

    說明:憑證載明分攤前未稅金額與本案分攤比率,列的成本多於兩者相乘(四捨五入)。金額為超過的部分。

    規定與出處:同一張憑證由數個計畫分攤者須附費用分攤表,以免重複報支(A+ 企業創新研發淬鍊 常見問答;可信度:姊妹計畫)。

    如何改正:依分攤表以 grant correct 更正未稅金額(net)、分攤前未稅金額(shared-total)或比率(share)。

    不合的例子:

        net: 40000 TWD
        shared-total: 100000
        share: 30

    合格的例子:

        net: 30000 TWD
        shared-total: 100000
        share: 30
    """
    if spending_basis(case) is None:
        return
    for voucher, cost in net_originals(case):
        whole = figure(voucher, "shared-total")
        share = None if whole is None else figure(voucher, "share")
        if whole is None or share is None:
            continue
        part = _rounded(whole * share / _HUNDRED)
        if cost > part:
            message = _(
                "憑證 {number} 列 {cost},超過本案應分攤的 {part}({whole} 的 {share}%);請依分攤表更正"
            ).format(
                number=wording.label(voucher),
                cost=wording.money(cost),
                part=wording.money(part),
                whole=wording.money(_rounded(whole)),
                share=wording.count(share),
            )
            yield Found(voucher.entry, message + wording.assumption(), cost - part, voucher.number)


@check("timesheet-mismatch", family="payroll")
def timesheet_mismatch(case: Case) -> Iterator[Found]:
    """薪資清冊的專案工時與工時紀錄不同。

    說明:同一人同一月有工時紀錄(grant-timesheet),薪資憑證的專案工時多於紀錄的合計,或總工時少於紀錄的合計(每日都載明總工時時)。
    金額為依工時紀錄應減列的薪資。工時少於紀錄、少報薪資者僅提醒。沒有工時紀錄的月份不判斷。

    規定與出處:薪資依工時紀錄的投入比率計算,比率須與工時記錄表相符(海洋委員會人事薪資補助明細表、工時記錄表;
    可信度:姊妹計畫)。

    如何改正:依工時紀錄更正薪資清冊後重新匯入;紀錄有誤者,匯入更正後的工時紀錄。

    不合的例子:

        2023-07-31 custom "grant-timesheet" "王大明" "2023-07"
          days: "3=8 4=8"   ; 合計 16 小時
        hours: 80

    合格的例子:

        2023-07-31 custom "grant-timesheet" "王大明" "2023-07"
          days: "3=8 4=8"   ; 合計 16 小時
        hours: 16
    """
    if not case.timesheets or spending_basis(case) is None:
        return
    from ledger.model.timesheets import in_force  # noqa: PLC0415 -- most cases have none

    sheets = in_force(case.timesheets)
    for name, voucher, cost, month in payroll_vouchers(case):
        sheet = sheets.get((name, month))
        hours, total = figure(voucher, "hours"), figure(voucher, "total-hours")
        if sheet is None or hours is None or not total or hours <= 0:
            continue
        all_hours = max(total, sheet.total or total)
        if sheet.project == hours and all_hours == total:
            continue
        claimed, shown = Fraction(hours) / Fraction(total), Fraction(sheet.project) / Fraction(all_hours)
        stake = max(0, math.ceil(cost * (1 - shown / claimed)))
        message = _(
            "{number} 的專案工時 {hours}/{total},工時紀錄合計為 {sheet}/{all_hours};請依工時紀錄更正"
        ).format(
            number=wording.label(voucher),
            hours=wording.count(hours),
            total=wording.count(total),
            sheet=wording.count(sheet.project),
            all_hours=wording.count(all_hours),
        )
        level: Severity = "error" if stake else "warning"
        yield Found(voucher.entry, message + wording.assumption(), stake, voucher.number, level)


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
