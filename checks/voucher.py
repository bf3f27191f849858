"""Checks on the vouchers themselves: the paper is there, its numbers hold, it counts once."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import original_vouchers
from checks.analysis.basis import spending_basis
from checks.analysis.document_identity import OWN_DOCUMENTS
from checks.analysis.document_identity import plain
from checks.analysis.document_identity import same_document
from checks.analysis.filed_papers import placed
from checks.analysis.filed_papers import unbooked_originals
from checks.analysis.net_vouchers import net_originals
from checks.analysis.net_vouchers import net_vouchers
from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.papers.documents import CaseDocuments
from ledger.files import SUMS
from ledger.model.identifiers import invoice_number_valid
from ledger.model.identifiers import is_consumer
from ledger.model.identifiers import ubn_valid
from ledger.model.identifiers import voucher_link
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.text import head_office

__plugins__ = ("plugin",)

_VOID_ID = "void:"  # before the import-id of what an imported reversal takes back
_VOIDS = frozenset({"void", "cancel"})


def plugin(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """The checks of this family."""
    return run_plugin(entries, options, config, family="voucher")


@check("document-missing", severity="warning")
def document_missing(case: Case) -> Iterator[Found]:
    """憑證沒有附件檔,或附件不在案件資料夾。

    說明:憑證沒有 document,或所列檔案都不在 documents/。薪資清冊、折讓與作廢有來源檔(source)者不另要求。

    規定與出處:查核時須備妥原始憑證(海洋委員會 會計科目編列與執行原則;可信度:姊妹計畫);保存 10 年為推定。

    如何改正:把檔名含憑證號碼的掃描檔放進 inbox/ 再執行 grant import,或用 grant correct 案件 憑證 --set document=檔名。

    不合的例子:

        2023-07-12 * "精密機械股份有限公司" "冷卻模組" ^AB12345678

    合格的例子:

        2023-07-12 * "精密機械股份有限公司" "冷卻模組" ^AB12345678
          document: "2023-07-12.AB12345678.pdf"
    """
    if spending_basis(case) is None:
        return
    papers = CaseDocuments(case.folder)
    filed = papers.names
    for voucher, cost in net_vouchers(case):
        if voucher.document in filed:
            continue
        has_source = bool(voucher.meta("source"))
        if has_source and (voucher.kind == "payroll" or voucher.is_reversal):
            continue
        if voucher.kind == "correction":  # takes back an entry of a closed month, and has no paper of its own
            continue
        if not voucher.documents:
            message = _("憑證 {number} 沒有附件;請把檔名含憑證號碼的掃描檔放進 inbox/ 再執行 grant import")
        elif not any(papers.has(name) for name in voucher.documents):
            message = _("憑證 {number} 的附件「{document}」不在案件資料夾;請補檔")
        else:
            continue
        text = message.format(
            number=wording.label(voucher), document=wording.several(list(voucher.documents))
        )
        yield Found(voucher.entry, text, cost, voucher.number)


@check("invoice-number-invalid")
def invoice_number_invalid(case: Case) -> Iterator[Found]:
    """統一發票號碼不合格式。

    說明:憑證種類為統一發票,但號碼不是兩個大寫英文字母加八個數字。

    規定與出處:統一發票字軌號碼的格式(財政部電子發票 MIG;統一發票使用辦法;可信度:法規)。

    如何改正:照發票以 grant correct 更正號碼;不是統一發票的,以 grant remove 移除後,用憑證登記表的正確種類匯入。

    不合的例子:

        voucher: "invoice"
        number: "AB1234567"

    合格的例子:

        voucher: "invoice"
        number: "AB12345678"
    """
    if spending_basis(case) is None:
        return
    for voucher, cost in net_originals(case):
        if voucher.kind == "invoice" and not invoice_number_valid(voucher.number):
            message = _("發票號碼「{number}」不是兩個英文大寫字母加八個數字;請照發票更正")
            number = voucher.number or _("(空白)")
            yield Found(voucher.entry, message.format(number=number), cost, voucher.number)


@check("seller-id-invalid", severity="warning")
def seller_id_invalid(case: Case) -> Iterator[Found]:
    """賣方統一編號的檢查碼不符。

    說明:發票或收據的賣方統編不是八個數字,或檢查碼不符。

    規定與出處:財政部營利事業統一編號檢查碼規則(112 年 4 月 1 日起放寬為可被 5 整除;可信度:法規)。
    檢查碼較寬鬆,僅提醒。

    如何改正:照發票以 grant correct 更正賣方統編(seller)。

    不合的例子:

        seller: "12345678"

    合格的例子:

        seller: "12345675"
    """
    if spending_basis(case) is None:
        return
    for voucher, _cost in net_originals(case):
        if voucher.kind in {"invoice", "receipt"} and voucher.seller and not ubn_valid(voucher.seller):
            message = _("憑證 {number} 的賣方統編「{seller}」檢查碼不符;請照憑證核對")
            text = message.format(number=wording.label(voucher), seller=voucher.seller)
            yield Found(voucher.entry, text, None, voucher.number)


@check("buyer-mismatch")
def buyer_mismatch(case: Case) -> Iterator[Found]:
    """發票買受人不是受補助業者。

    說明:統一發票的買方統編不是受補助業者,也不是參與廠商;開給個人(無統編)的發票亦同。

    規定與出處:三聯式統一發票應載明買受人名稱及統一編號(統一發票使用辦法第 9 條;可信度:法規);憑證須為受補助業者所有
    (納管工廠簡報「公司名稱請填全銜」;可信度:簡報原文)。

    如何改正:請賣方作廢重開,買受人填受補助業者的統編;不能重開的,以 grant correct 把 claimed 改為 0。

    不合的例子(受補助業者 53212539):

        buyer: "22099131"

    合格的例子:

        buyer: "53212539"
    """
    terms = spending_basis(case)
    if terms is None:
        return
    for voucher, cost in net_originals(case):
        if voucher.kind != "invoice" or not voucher.buyer or voucher.buyer in terms.award.parties:
            continue
        buyer = _("個人(無統編)") if is_consumer(voucher.buyer) else voucher.buyer
        message = _("發票 {number} 的買受人是 {buyer},不是受補助業者 {ubn};{cost}不得核銷,請賣方重開").format(
            number=wording.label(voucher),
            buyer=buyer,
            ubn=terms.award.ubn,
            cost=wording.money(cost),
        )
        yield Found(voucher.entry, message, cost, voucher.number)


@check("voucher-duplicate")
def voucher_duplicate(case: Case) -> Iterator[Found]:
    """同一張憑證入帳兩次。

    說明:同一發票號碼在同一期(兩個月)內出現兩次,或跨期而賣方與金額相同;其他憑證以同一賣方與同一號碼認定。
    已全數沖回後重記的不算,已不予認列的亦同。

    規定與出處:經費支用資料應與事實相符(納管工廠簡報;可信度:簡報原文);多案共用的憑證須附分攤表,以免重複報支
    (A+ 企業創新研發淬鍊 常見問答;可信度:姊妹計畫)。同一字軌號碼一期只用一次,跨期可能重用(可信度:推定)。

    如何改正:以 grant remove 移除重複的一筆;已月結者會在未月結的月份沖回。

    不合的例子:

        2023-07-12 * "精密機械股份有限公司" "冷卻模組" ^AB12345678
        2023-08-02 * "精密機械股份有限公司" "冷卻模組" ^AB12345678

    合格的例子:

        2023-07-12 * "精密機械股份有限公司" "冷卻模組" ^AB12345678
        2023-08-02 * "精密機械股份有限公司" "冷卻模組" ^CD12345678
    """
    if spending_basis(case) is None:
        return
    taken_back: dict[str, int] = defaultdict(int)
    for voucher in case.vouchers:
        if voucher.reverses:
            taken_back[voucher_link(voucher.reverses)] += voucher.booked_cost
    for vouchers in _of_one_identity(case):
        if len(vouchers) == 1 or _is_rebooked(vouchers, taken_back[vouchers[0].link]):
            continue
        first = vouchers[0]
        for voucher in vouchers[1:]:
            message = _(
                "憑證 {number} 已於 {date} 入帳,又於 {booked} 再列 {cost};同一憑證只能核銷一次"
            ).format(
                number=wording.label(voucher),
                date=first.booked,
                booked=voucher.booked,
                cost=wording.money(voucher.cost),
            )
            yield Found(voucher.entry, message, voucher.cost, voucher.number)


def _of_one_identity(case: Case) -> Iterable[list[Voucher]]:
    """The vouchers that are booked more than once, each with all its entries."""
    counting = [
        voucher
        for voucher in original_vouchers(case)
        if voucher.number and (voucher.cost or voucher.entry.flag == "!")
    ]
    times = Counter([plain(voucher.number) for voucher in counting])
    if len(times) == len(counting):
        return
    named: dict[str, list[Voucher]] = defaultdict(list)
    for voucher in counting:
        if times[plain(voucher.number)] > 1:
            named[plain(voucher.number)].append(voucher)
    for vouchers in named.values():
        yield from _papers(vouchers)


def _papers(vouchers: list[Voucher]) -> list[list[Voucher]]:
    """Vouchers of one number, told apart by the paper that they are."""
    papers: list[list[Voucher]] = []
    for voucher in vouchers:
        known = next((paper for paper in papers if same_document(paper[0], voucher)), None)
        if known is None:
            papers.append([voucher])
        else:
            known.append(voucher)
    return papers


def _is_rebooked(vouchers: list[Voucher], taken_back: int) -> bool:
    """Whether entries were wholly reversed so that at most one of them still counts."""
    left = sum(voucher.booked_cost for voucher in vouchers) + taken_back
    return taken_back != 0 and left in {0, *(voucher.booked_cost for voucher in vouchers)}


@check("voucher-voided")
def voucher_voided(case: Case) -> Iterator[Found]:
    """憑證已作廢或註銷。

    說明:發票已作廢或註銷,但成本尚未全數沖回,或付款尚未收回;都已歸零時僅提醒。

    規定與出處:經費支用資料應與事實相符(納管工廠簡報;可信度:簡報原文);作廢或註銷的發票不能再作憑證
    (可信度:推定,未見計畫的公開規定)。

    如何改正:匯入作廢資料,或以 grant remove 移除;已付的款項應收回,或改附賣方重開的發票。

    不合的例子:

        2023-08-01 * "精密機械股份有限公司" "作廢" ^AB12345678
          voucher: "void"
          reverses: "AB12345678"
          ; 只沖回一半成本

    合格的例子:

        沖回分錄與原憑證金額相同,且付款已收回
    """
    if spending_basis(case) is None:
        return
    voids = [v for v in case.vouchers if (v.reverses and v.kind in _VOIDS) or v.is_voided]
    freed = _freed(case) if voids else set()
    voided = {_subject(voucher) for voucher in voids if id(voucher.entry) not in freed}
    originals: dict[str, list[Voucher]] = defaultdict(list)
    cost: dict[str, int] = defaultdict(int)
    for voucher in case.vouchers if voided else ():
        link = _subject(voucher)
        if id(voucher.entry) in freed:
            continue
        cost[link] += voucher.booked_cost
        if link in voided and not voucher.reverses:
            originals[link].append(voucher)
    for link, vouchers in originals.items():
        paid = sum(payment.amount for payment in case.payments if payment.link == link)
        yield _voided(vouchers[-1], cost[link], paid)


def _subject(voucher: Voucher) -> str:
    """The link of the voucher that an entry is about: of the one it takes back, or its own."""
    return voucher_link(voucher.reverses) if voucher.reverses else voucher.link


def _freed(case: Case) -> set[int]:
    """The entries, by id(), of vouchers whose number was freed and taken again, and of what voided them.

    註銷 takes one voucher back wholly, after which the number may be used again: the voucher that has it now is no
    voided one.
    """
    by_id = {str(v.meta("import-id")): v for v in case.vouchers if v.meta("import-id")}
    pairs = []
    for import_id, voucher in by_id.items():
        original = by_id.get(import_id.removeprefix(_VOID_ID)) if import_id.startswith(_VOID_ID) else None
        if original is None or original.booked_cost + voucher.booked_cost or not _frees(voucher):
            continue
        pairs.append((original, voucher))
    gone = {id(voucher.entry) for pair in pairs for voucher in pair}
    taken = {v.link for v in case.vouchers if not v.reverses and id(v.entry) not in gone}
    return {id(voucher.entry) for pair in pairs if pair[0].link in taken for voucher in pair}


def _frees(voucher: Voucher) -> bool:
    """Whether a reversal is of a 註銷, as the import writes it."""
    said = voucher.meta("event")
    return said == "void" if said else (voucher.entry.narration or "").startswith("註銷")


def _voided(voucher: Voucher, cost: int, paid: int) -> Found:
    number = wording.label(voucher)
    if cost:
        message = _("憑證 {number} 已作廢,仍有成本 {cost}未沖回;請沖回,或改附賣方重開的發票")
        text = message.format(number=number, cost=wording.money(cost))
        return Found(voucher.entry, text, cost, voucher.number)
    if paid:
        message = _("憑證 {number} 已作廢且已沖回,但已付的 {paid}尚未收回")
        text = message.format(number=number, paid=wording.money(paid))
        return Found(voucher.entry, text, paid, voucher.number)
    message = _("憑證 {number} 已作廢,成本與付款均已歸零,僅供留意")
    return Found(voucher.entry, message.format(number=number), 0, voucher.number, "warning")


@check("voucher-overpaid")
def voucher_overpaid(case: Case) -> Iterator[Found]:
    """付款多於應付,或付了帳上沒有的憑證。

    說明:一張憑證連同它的折讓,付款合計多於應付;折讓找不到原憑證,或付款找不到憑證,也算。已作廢的憑證由 voucher-voided
    提出。金額為應收回的數額。

    規定與出處:經費支用資料應與事實相符(納管工廠簡報;可信度:簡報原文);溢付的款項不是計畫的支出(可信度:推定)。

    如何改正:向廠商收回後匯入退款的銀行明細;付款認錯憑證時,以 grant answer 或 grant correct 改指正確的憑證。

    不合的例子(應付 105,000 元):

        2023-08-31 * "精密機械股份有限公司" "付款" ^AB12345678
          Liabilities:1應付帳款  110000 TWD
          Equity:1業者投入      -110000 TWD

    合格的例子:

        2023-08-31 * "精密機械股份有限公司" "付款" ^AB12345678
          Liabilities:1應付帳款  105000 TWD
          Equity:1業者投入      -105000 TWD
    """
    if spending_basis(case) is None:
        return
    over = {link: -left for link, left in case.unpaid.items() if link and left < 0}
    for voucher in case.vouchers if over else ():
        if (voucher.reverses and voucher.kind in _VOIDS) or voucher.is_voided:
            over.pop(_subject(voucher), None)
    for voucher in case.vouchers if over else ():
        amount = 0 if voucher.reverses else over.pop(voucher.link, 0)
        if amount:
            message = _("憑證 {number} 付款多於應付 {amount};請向廠商收回,或改正付款所指的憑證")
            text = message.format(number=wording.label(voucher), amount=wording.money(amount))
            yield Found(voucher.entry, text, amount, voucher.number)
    yield from _without_voucher(case, over)


def _without_voucher(case: Case, over: dict[str, int]) -> Iterator[Found]:
    """Credit notes whose invoice, and payments whose voucher, is not in the books."""
    for voucher in case.vouchers if over else ():
        amount = over.pop(_subject(voucher), 0)
        if amount:
            message = _("{number} 折讓的憑證 {original} 不在帳上,應付款成為負 {amount};請匯入原憑證")
            text = message.format(
                number=wording.label(voucher), original=voucher.reverses, amount=wording.money(amount)
            )
            yield Found(voucher.entry, text, amount, voucher.number)
    for payment in case.payments if over else ():
        amount = over.pop(payment.link, 0)
        if amount:
            message = _("{date} 付款 {amount}所付的憑證 {number} 不在帳上;請匯入憑證,或改正付款所指的憑證")
            text = message.format(date=payment.date, amount=wording.money(amount), number=payment.number)
            yield Found(payment.entry, text, amount, payment.number)


@check("original-unbooked")
def original_unbooked(case: Case) -> Iterator[Found]:
    """歸檔的憑證原始檔,帳上沒有分錄。

    說明:匯入時歸檔的電子發票檔或憑證掃描檔(列在 documents/SHA256SUMS),其號碼帳上找不到,也不在待處理的事項裡:
    分錄可能被編輯器的舊內容蓋掉。整批下載檔、登記表與銀行明細可能全數與本案無關或早已入帳,不在此列。

    規定與出處:經費支用資料應與事實相符(納管工廠簡報;可信度:簡報原文);原始檔與帳互相核對是本程式的作法(可信度:推定)。

    如何改正:以 grant log、grant show 查明分錄何時不見;把該檔複製到 inbox/ 再匯入即重新入帳。不屬本案的憑證,
    匯入後以 grant remove 移除並寫明理由。

    不合的例子:

        documents/Liabilities/1應付帳款/2023-07-12.A0401_AB12345678.xml 已歸檔,books/ 裡沒有 AB12345678

    合格的例子:

        2023-07-12 * "精密機械股份有限公司" "冷卻模組" ^AB12345678
          document: "2023-07-12.A0401_AB12345678.xml"
    """
    if case.folder is None or case.left_out or spending_basis(case) is None:
        return
    for original in unbooked_originals(case, case.folder):
        message = _("原始檔「{name}」已歸檔,帳上卻沒有憑證 {number};分錄可能被蓋掉,請把該檔再匯入一次")
        entry = placed(case, str(case.folder / SUMS), original.line)
        text = message.format(name=original.name, number=original.number)
        yield Found(entry, text, None, original.number, subject=original.name)


@check("self-dealing")
def self_dealing(case: Case) -> Iterator[Found]:
    """向自己(受補助業者或參與廠商)採購。

    說明:憑證的賣方統編或名稱就是受補助業者(含其分公司),或同案的參與廠商。薪資、領料單與出差報告單是公司自製的憑證,不檢查。

    規定與出處:款項應直接付給核定的對象,不得經關係企業或以債權債務抵銷(海洋委員會 會計科目編列與執行原則;
    可信度:姊妹計畫)。

    如何改正:改附實際供應商的憑證;自製自用的材料以領料單列材料成本,其餘以 grant correct 調整 claimed。

    不合的例子(受補助業者 53212539):

        seller: "53212539"

    合格的例子:

        seller: "12345675"
    """
    terms = spending_basis(case)
    if terms is None:
        return
    award = terms.award
    names = {fold(award.party_name(party)) for party in award.parties} - {""}
    for voucher, cost in net_originals(case):
        if voucher.kind in OWN_DOCUMENTS:
            continue
        if voucher.seller in award.parties or head_office(voucher.seller_name) in names:
            message = _("憑證 {number} 的賣方「{seller}」就是受補助業者或參與廠商;{cost}不得核銷").format(
                number=wording.label(voucher),
                seller=voucher.seller_name or voucher.seller,
                cost=wording.money(cost),
            )
            yield Found(voucher.entry, message + wording.assumption(), cost, voucher.number)
