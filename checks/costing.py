"""Checks on a voucher's arithmetic: net of tax, split by the approved share, paid from the right money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import original_vouchers
from checks.analysis.basis import spending_basis
from checks.engine.case_cache import per_case
from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.arithmetic.cost_share import net_of_gross
from ledger.arithmetic.cost_share import value_added_tax
from ledger.case.case import Case
from ledger.case.case import Payment
from ledger.case.case import Voucher
from ledger.model.identifiers import is_consumer
from ledger.model.identifiers import voucher_link
from ledger.model.records import INCOME
from ledger.util.i18n import _

__plugins__ = ("plugin",)

# MIG's TaxType of invoices whose tax is not 5 % of the whole: zero-rated, exempt, special, mixed
_TAXABLE = "1"
OTHER_TAX_TYPES = frozenset({"2", "3", "4", "9", "zero", "free", "exempt", "special", "mixed"})


def plugin(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """The checks of this family."""
    return run_plugin(entries, options, config, family="costing")


@per_case
def _unlike_net(case: Case) -> list[Voucher]:
    """The vouchers whose cost, as claimed or as booked, is not their net."""
    return [
        voucher
        for voucher in case.vouchers
        if voucher.net is not None and not voucher.net == voucher.cost == voucher.booked_cost
    ]


def _tax_in_cost(voucher: Voucher) -> int:
    """How much of the voucher's tax is in the cost it claims, in NT$; nothing where that cannot be told."""
    if voucher.net is None or not voucher.tax:
        return 0
    sign = -1 if voucher.net < 0 else 1
    excess = sign * (voucher.cost - voucher.net)
    return excess if 0 < excess <= abs(voucher.tax) else 0


@check("tax-in-cost")
def tax_in_cost(case: Case) -> Iterator[Found]:
    """營業稅算進了核銷的成本。

    說明:憑證記入補助款與自籌款的成本大於未稅金額,多出的數額不超過營業稅額。

    規定與出處:各會計科目之支出,核銷費用採未稅基礎,不含營業稅(納管工廠簡報「會計作業要注意哪些」;
    可信度:簡報原文)。

    如何改正:以 grant correct 把 net 改為未稅金額、tax 改為稅額,營業稅會記到「2進項稅額」。

    不合的例子:

        net: 10000 TWD
        tax: 500 TWD
        Expenses:2業者自籌款:08基礎工程施工費   10500 TWD

    合格的例子:

        Expenses:2業者自籌款:08基礎工程施工費   10000 TWD
        Assets:2進項稅額                          500 TWD
    """
    if spending_basis(case) is None:
        return
    for voucher in _unlike_net(case):
        if excess := _tax_in_cost(voucher):
            message = _(
                "憑證 {number} 的成本 {cost}比未稅金額 {net}多 {excess},含了營業稅;核銷採未稅基礎,稅額請改記進項稅額"
            ).format(
                number=wording.label(voucher),
                cost=wording.money(voucher.cost),
                net=wording.money(voucher.net or 0),
                excess=wording.money(excess),
            )
            yield Found(voucher.entry, message, excess, voucher.number)


@check("cost-mismatch")
def cost_mismatch(case: Case) -> Iterator[Found]:
    """入帳成本與憑證未稅金額不符。

    說明:補助款、自籌款與不予認列的合計不等於憑證的未稅金額。多出的剛好是稅額時由 tax-in-cost 提出。

    規定與出處:核銷費用採未稅基礎;經費支用資料應與現況、事實相符(納管工廠簡報;可信度:簡報原文)。

    如何改正:依憑證以 grant correct 更正成本;只核銷一部分時把 claimed 改為核銷的金額,其餘記到「9不予認列」。

    不合的例子:

        net: 100000 TWD
        Expenses:2業者自籌款:03既有設備之改善費   120000 TWD

    合格的例子:

        net: 100000 TWD
        Expenses:2業者自籌款:03既有設備之改善費   80000 TWD
        Expenses:9不予認列:03既有設備之改善費     20000 TWD
    """
    if spending_basis(case) is None:
        return
    for voucher in _unlike_net(case):
        if voucher.net is None or voucher.booked_cost == voucher.net or _tax_in_cost(voucher):
            continue
        sign = -1 if voucher.net < 0 else 1
        difference = sign * (voucher.booked_cost - voucher.net)
        # tax that the company keeps in view among cost not claimed does no harm
        claimed_no_more = sign * (voucher.cost - voucher.net) <= 0
        if claimed_no_more and 0 < difference <= abs(voucher.tax or 0):
            continue
        message = _("憑證 {number} 入帳成本 {cost},與未稅金額 {net}差 {difference};請依憑證更正").format(
            number=wording.label(voucher),
            cost=wording.money(voucher.booked_cost),
            net=wording.money(voucher.net),
            difference=wording.money(abs(difference)),
        )
        yield Found(voucher.entry, message, abs(difference), voucher.number)


@check("tax-arithmetic")
def tax_arithmetic(case: Case) -> Iterator[Found]:
    """發票稅額不是未稅金額的 5%。

    說明:應稅發票的稅額與未稅金額乘以 5% 四捨五入的差,大於 1 元與品項數中較大者。零稅率、免稅、特種與混合稅率的發票
    (tax-type)不檢查。

    規定與出處:營業稅徵收率 5%(加值型及非加值型營業稅法第 10 條;可信度:法規)。

    如何改正:核對發票的未稅金額與稅額,以 grant correct 更正;混合稅率的發票請匯入電子發票檔。

    不合的例子:

        net: 100000 TWD
        tax: 10000 TWD

    合格的例子:

        net: 100000 TWD
        tax: 5000 TWD
    """
    if spending_basis(case) is None:
        return
    for voucher in case.vouchers:
        net, tax = voucher.net, voucher.tax
        if voucher.kind != "invoice" or net is None or tax is None or tax <= 0:
            continue
        if abs(20 * tax - net) <= 10:
            continue  # within half a dollar before anything is rounded
        if str(voucher.meta("tax-type") or "").strip().lower() in OTHER_TAX_TYPES:
            continue
        expected = value_added_tax(net)
        if abs(tax - expected) > max(1, len(voucher.lines)):
            message = _("發票 {number} 未稅 {net},稅額 {tax}不是 5% 的 {expected};請核對發票").format(
                number=wording.label(voucher),
                net=wording.money(net),
                tax=wording.money(tax),
                expected=wording.money(expected),
            )
            yield Found(voucher.entry, message, abs(tax - expected), voucher.number)


@check("invoice-without-tax", severity="warning")
def invoice_without_tax(case: Case) -> Iterator[Found]:
    """統一發票沒有稅額,也沒有註明零稅率或免稅。

    說明:統一發票的稅額是 0 或空白,課稅別(tax-type)沒有註明零稅率、免稅、特種或混合稅率。很可能是把含稅金額當成未稅
    金額,營業稅因此列入了成本。載具與雲端發票的檔案不寫稅額,匯入時已註明,不檢查。

    規定與出處:營業稅徵收率 5%(加值型及非加值型營業稅法第 10 條;可信度:法規);營業稅不得列入計畫經費(各計畫簡報;
    可信度:簡報原文)。

    如何改正:核對發票;含稅的以 grant correct 更正未稅金額與稅額,零稅率或免稅的請匯入電子發票檔,或以 grant waive 說明。

    不合的例子:

        voucher: "invoice"
        net: 10500 TWD

    合格的例子:

        voucher: "invoice"
        net: 10000 TWD
        tax: 500 TWD
    """
    if spending_basis(case) is None:
        return
    for voucher in case.vouchers:
        gross = (voucher.net or 0) + (voucher.tax or 0)
        if voucher.kind != "invoice" or voucher.tax or voucher.input_tax or gross <= 0 or voucher.is_voided:
            continue
        if str(voucher.meta("tax-type") or _TAXABLE).strip() != _TAXABLE:
            continue
        if voucher.buyer and is_consumer(voucher.buyer):
            continue  # a consumer's invoice prints the tax in the price
        net = net_of_gross(gross)
        message = _(
            "發票 {number} 的 {gross} 沒有稅額,也沒有註明零稅率或免稅;含稅的話是未稅 {net}、稅額 {tax},請核對發票"
        ).format(
            number=wording.label(voucher),
            gross=wording.money(gross),
            net=wording.money(net),
            tax=wording.money(gross - net),
        )
        yield Found(voucher.entry, message, gross - net, voucher.number)


@check("voucher-negative")
def voucher_negative(case: Case) -> Iterator[Found]:
    """金額是負數的憑證,不是折讓也不是作廢。

    說明:發票、收據、薪資等憑證的未稅金額或入帳成本是負數,而憑證種類不是折讓、作廢、註銷、更正或計畫的其他收入,也沒有指明沖回哪一張。
    負的成本會沖抵別的憑證,讓認列數變小或掩蓋超支。

    規定與出處:退貨或折讓應由銷貨退回、進貨退出或折讓證明單為憑(統一發票使用辦法第 20 條;可信度:法規);
    經費支用資料應與事實相符(納管工廠簡報;可信度:簡報原文)。

    如何改正:是折讓的,以 grant remove 移除後用折讓單重新匯入;金額寫反的,以 grant correct 更正 net 與 tax。

    不合的例子:

        2023-08-01 * "精密機械股份有限公司" "冷卻模組" ^AB12345678
          voucher: "invoice"
          net: -10000 TWD

    合格的例子:

        2023-08-01 * "精密機械股份有限公司" "折讓 AB12345678" ^AB12345678
          voucher: "allowance"
          reverses: "AB12345678"
          net: -10000 TWD
    """
    if spending_basis(case) is None:
        return
    for voucher in original_vouchers(case):
        if voucher.kind == INCOME:  # what was earned by selling material lowers the cost
            continue
        amount = min(voucher.net or 0, voucher.booked_cost)
        if amount < 0:
            message = _(
                "憑證 {number} 的金額是負數({amount}),但不是折讓或作廢;是折讓請附折讓單重新匯入,否則請更正金額"
            ).format(number=wording.label(voucher), amount=wording.money(amount))
            yield Found(voucher.entry, message, -amount, voucher.number)


@check("split-mismatch")
def split_mismatch(case: Case) -> Iterator[Found]:
    """補助款與自籌款的分攤不符核定比率。

    說明:憑證的政府補助款,應等於該科目累計補助數因這張憑證而增加的數額。累計補助數 = 累計成本 x 核定補助款 / 核定總額,
    捨去小數,以核定補助款為上限。同一日的憑證依憑證日期與號碼,或依帳上的順序累計。

    規定與出處:海洋委員會海洋科技專案(業者)經費支用明細表 ROUNDDOWN(實支x補助/總額, 0)(可信度:姊妹計畫);
    補助款不得超過核定數。

    如何改正:以 grant correct 更正該憑證的任一欄位,分攤會自動重算;以 grant import 入帳者會自動計算。

    不合的例子(該科目核定補助款與自籌款各半):

        Expenses:1政府補助款:03既有設備之改善費   60000 TWD
        Expenses:2業者自籌款:03既有設備之改善費   40000 TWD

    合格的例子:

        Expenses:1政府補助款:03既有設備之改善費   50000 TWD
        Expenses:2業者自籌款:03既有設備之改善費   50000 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    expected = case.fitting_splits
    for voucher in case.vouchers:
        for line, share in zip(voucher.lines, expected[id(voucher.entry)], strict=True):
            if line.government == share:
                continue
            judged = (voucher.party, line.category) in terms.award.original
            if not judged or not terms.scheme.may_carry_grant(line.category):
                continue  # a category without budget or without grant money is another check's
            message = _(
                "憑證 {number} 的{category}應分攤補助款 {expected},帳上為 {booked},差 {apart};請更正"
            ).format(
                number=wording.label(voucher),
                category=wording.category(terms.award, (voucher.party, line.category)),
                expected=wording.money(share),
                booked=wording.money(line.government),
                apart=wording.money(abs(line.government - share)),
            )
            note = wording.assumed(terms.scheme.share_rounding)
            yield Found(voucher.entry, message + note, abs(line.government - share), voucher.number)


@check("tax-paid-by-grant")
def tax_paid_by_grant(case: Case) -> Iterator[Found]:
    """用補助款付了營業稅或自籌款的部分。

    說明:自專戶的政府補助款付給某張憑證的錢,超過該憑證的補助款部分;付款前已有折讓或作廢者,以扣除後的部分計。

    規定與出處:核銷費用採未稅基礎,不含營業稅;專戶專款專用(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文)。

    如何改正:超付的部分由業者自有資金補回專戶,並洽承辦人;付款時補助款只付補助款部分,其餘由自籌款支付。

    不合的例子(憑證補助款 50000、自籌款 50000、稅 5000):

        Liabilities:1應付帳款       105000 TWD
        Assets:1專戶:1政府補助款    -55000 TWD
        Assets:1專戶:2業者自籌款    -50000 TWD

    合格的例子:

        Assets:1專戶:1政府補助款    -50000 TWD
        Assets:1專戶:2業者自籌款    -55000 TWD
    """
    if spending_basis(case) is None:
        return
    paid: dict[str, list[Payment]] = defaultdict(list)
    for payment in case.payments:
        if payment.from_grant:
            paid[payment.link].append(payment)
    papers: dict[str, list[Voucher]] = defaultdict(list)
    for voucher in case.vouchers if paid else ():
        papers[voucher_link(voucher.reverses) if voucher.reverses else voucher.link].append(voucher)
    for link, payments in paid.items():
        last = payments[-1]
        proper = [voucher for voucher in papers[link] if not voucher.is_reversal]
        if not proper:
            continue
        # a credit note that comes after the last payment makes that payment no wrong one
        granted = sum(
            voucher.government
            for voucher in papers[link]
            if not voucher.is_reversal or voucher.booked <= last.date
        )
        excess = sum(payment.from_grant for payment in payments) - granted
        if excess > 0:
            message = _(
                "憑證 {number} 自專戶補助款付了 {paid},超過其補助款部分 {granted};多付的 {excess}應由業者自籌款負擔"
            ).format(
                number=wording.label(proper[0]),
                paid=wording.money(excess + granted),
                granted=wording.money(granted),
                excess=wording.money(excess),
            )
            yield Found(last.entry, message, excess, proper[0].number)
