"""Checks on the books themselves: readable, closed month by month, and not changed since."""

from __future__ import annotations

import datetime
from collections import Counter
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from beancount.core import data

from checks.analysis.basis import spending_basis
from checks.analysis.filed_papers import papers_named
from checks.analysis.filed_papers import placed
from checks.analysis.net_vouchers import taken_back_wholly
from checks.engine.finding import Found
from checks.engine.finding import Severity
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from checks.engine.runner import unused_waivers
from ledger.case.case import Case
from ledger.case.closes import closed_months as closing
from ledger.files import MAIN
from ledger.files import SUMS
from ledger.files.document_sums import digest_on_disk
from ledger.files.document_sums import read_sums
from ledger.loading.safe_folder import is_trusted
from ledger.loading.safe_folder import read_sources
from ledger.model import directives
from ledger.model.identifiers import voucher_link
from ledger.util.dates import month_last_day
from ledger.util.dates import months_between
from ledger.util.i18n import _

__plugins__ = ("plugin",)

CLOSE_GRACE = datetime.timedelta(days=31)


def plugin(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """The checks of this family."""
    return run_plugin(entries, options, config, family="books")


@check("books-unreadable")
def books_unreadable(case: Case) -> Iterator[Found]:
    """帳冊有讀不懂的指令或金額。

    說明:指令(grant-award、grant-budget、grant-close…)的寫法不合格式、補助計畫別不存在、金額不是新臺幣整數元、
    日期不是日期。讀不懂的部分不會計入,此時任何結果都不算數。

    規定與出處:本程式的帳冊格式;專帳管理須可供查核(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文)。

    如何改正:以 grant log 找出造成問題的操作並 grant undo;手動改過的檔案請從備份或 grant show 的內容還原。

    不合的例子:

        2023-06-01 custom "grant-budget" "equipment" 600000.50 TWD 600000 TWD

    合格的例子:

        2023-06-01 custom "grant-budget" "equipment" 600000 TWD 600000 TWD
    """
    for problem in case.problems:
        yield Found(problem.entry, problem.message)


@check("books-unsafe")
def books_unsafe(case: Case) -> Iterator[Found]:
    """案件資料夾裡有會執行程式、或會連到資料夾外的東西。

    說明:開啟案件以前先把帳冊當文字讀過、把資料夾看過一遍:別的 plugin 或 Fava 擴充、insert_pythonpath、import-config、
    資料夾外的 include 或 documents、連結(symbolic link)、inbox/ 與 documents/ 以外的程式檔、與程式套件同名的資料夾。
    各指令都不開啟(結束碼 2);Beancount 的快取檔(.picklecache)不讀,只提醒。

    規定與出處:本程式的安全規則:查核單位開啟的是別人送來的資料夾(可信度:推定,未見計畫的公開規定)。

    如何改正:刪去所指的檔案,或向提供案件的人查明;確定來源可信時,在指令加 --trust 開啟這一次,仍會列為提醒。

    不合的例子:

        plugin "company_plugin"

    合格的例子:

        plugin "checks"
    """
    if case.folder is None:
        return
    places = case.unsafe if case.unsafe is not None else read_sources(case.folder / MAIN).unsafe
    trusted = is_trusted()
    for place in places:
        severity: Severity | None = "warning" if place.is_warning or trusted else None
        entry = placed(case, place.file, place.line)
        yield Found(entry, place.message, severity=severity, subject=place.message)


@check("document-changed")
def document_changed(case: Case) -> Iterator[Found]:
    """歸檔的原始檔被換過或不見了。

    說明:匯入時每個原始檔的 SHA-256 記在 documents/SHA256SUMS;現在的檔案內容不同,或檔案已不在原處。

    規定與出處:原始憑證須保存備查(海洋委員會 會計科目編列與執行原則;可信度:姊妹計畫);以摘要防止抽換是本程式的作法
    (可信度:推定)。

    如何改正:自備份還原原來的檔案;要換成別的版本時,把新檔放進 inbox/ 重新匯入,舊檔留著。

    不合的例子:

        匯入後以另一個檔案蓋掉 documents/Liabilities/1應付帳款/2023-07-12.AB12345678.pdf

    合格的例子:

        檔案與匯入時相同;另補的新版本是另一個檔案
    """
    if case.folder is None:
        return
    sums = case.folder / SUMS
    filed: dict[str, set[str]] = defaultdict(set)
    lines: dict[str, int] = {}
    for line, digest, name in read_sums(case.folder):
        if not name:
            message = _(
                "SHA256SUMS 第 {line} 行不是「摘要  檔名」的格式,無法核對;請自備份還原 documents/SHA256SUMS"
            )
            yield Found(placed(case, str(sums), line), message.format(line=line), subject=str(line))
            continue
        filed[name].add(digest)
        lines.setdefault(name, line)
    papers = papers_named(case) if filed else {}
    for name, digests in filed.items():
        now = digest_on_disk(sums.parent / name)
        if now in digests:
            continue
        message = (
            _("原始檔「{name}」不見了;請自備份還原")
            if now is None
            else _("原始檔「{name}」的內容與匯入時不同;請自備份還原,或查明是誰換的")
        )
        voucher = papers.get(name.rpartition("/")[2])
        entry = voucher.entry if voucher else placed(case, str(sums), lines[name])
        number, cost = (voucher.number, voucher.cost) if voucher else ("", None)
        yield Found(entry, message.format(name=name), cost, number, subject=name)


@check("month-not-closed", severity="warning")
def month_not_closed(case: Case) -> Iterator[Found]:
    """月份結束已逾 31 天仍未月結。

    說明:計畫期間的每個月,到該月最後一天後 31 天還沒有月結。未月結的月份不能自專戶提領。

    規定與出處:「專戶金額提款,應於每月月底結帳後」(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文)。
    31 天是本程式的提醒期限(可信度:推定)。

    如何改正:核對該月憑證後執行 grant close;月份須依序月結。

    不合的例子:

        計畫 2023-06-01 起,今天 2023-09-05,帳上沒有 2023-06 的 grant-close

    合格的例子:

        2023-06-30 custom "grant-close" "2023-06"
    """
    terms = spending_basis(case)
    if terms is None:
        return
    closed = case.closed_months
    for month in months_between(terms.award.start, terms.award.end):
        if month not in closed and case.as_of > month_last_day(month) + CLOSE_GRACE:
            message = _("{month} 尚未月結,月底至今已 {days} 天;月結後才可自專戶提領,請執行 grant close")
            days = (case.as_of - month_last_day(month)).days
            yield Found(terms.award.entry, message.format(month=month, days=days), subject=month)


@check("closed-month-changed")
def closed_month_changed(case: Case) -> Iterator[Found]:
    """已月結的月份被改動。

    說明:月結時記下該月每筆分錄的摘要(digest);之後新增、修改或刪除分錄,或改動月結本身,摘要就不符。
    月結後才匯入的銀行明細由匯入留下紀錄(grant-late)、下一次月結封存,不算改動;手工加入的分錄不論寫什麼 import-id 都算。
    補掛的附件不算改動。

    規定與出處:月結後方可提領,提領金額以月結數為準(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文);
    以摘要防止事後更動是本程式的作法(可信度:推定)。

    如何改正:以 grant log 與 grant undo 還原該月內容,用 grant correct 更正(會記在仍開放的月份);
    確有必要時以 grant reopen 重開並寫明理由,再重新月結。

    不合的例子:

        2023-07 月結後,把 2023-07-12 的憑證金額由 100000 改為 120000

    合格的例子:

        2023-08-05 custom "grant-reopen" "2023-07"
          reason: "漏列 AB12345678"
    """
    for close in case.closed_months.values():
        if close.digest:
            yield from _changes(case, close)
        else:
            message = _("{month} 的月結沒有內容摘要(digest),無法確認月結後是否被改動;請以 grant close 重做")
            yield Found(close.entry, message.format(month=close.month), severity="warning")
    for close in closing.chain_breaks(case):
        if close.digest:
            message = _("{month} 的月結紀錄本身被改過,或與前一次月結銜接不上;請還原或重新月結")
            yield Found(close.entry, message.format(month=close.month))


def _changes(case: Case, close: directives.Close) -> Iterator[Found]:
    """What differs in one closed month. An altered entry counts as one, not as one added and one gone."""
    changes = closing.changes(case, close)
    present = [change.entry for change in changes if change.entry is not None]
    numbers = Counter(voucher_link(str(entry.meta.get("number") or "")) for entry in present)
    for entry in present:
        message = _("{month} 已月結,這筆分錄是月結後新增或修改的;請還原,把更正記在仍開放的月份")
        yield Found(entry, message.format(month=close.month), voucher=str(entry.meta.get("number") or ""))
    for change in changes:
        named = Counter(change.numbers)
        for number in (named - numbers).elements():
            message = _("{month} 已月結,月結後少了憑證 {number};請自版本紀錄還原")
            yield Found(close.entry, message.format(month=close.month, number=number), voucher=number)
        gone = change.gone - named.total() - numbers[""]
        if gone > 0:
            message = _("{month} 已月結,月結後少了 {gone} 筆沒有憑證號碼的分錄;請自版本紀錄還原")
            yield Found(close.entry, message.format(month=close.month, gone=gone))


@check("entry-unclassified", severity="warning")
def entry_unclassified(case: Case) -> Iterator[Found]:
    """分錄帶 `!`,尚待人工歸類。

    說明:匯入時無法確定用途或科目的銀行明細與憑證以 `!` 入帳,不猜科目;處理前請逐筆確認。已作廢並沖回的憑證不列。

    規定與出處:專款專用、專帳管理(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文);不猜科目是本程式的原則。

    如何改正:查明用途後以 grant questions 列出問題,用 grant answer 回答。

    不合的例子:

        2023-08-02 ! "" "轉帳"
          unclear: "查無對應的憑證"

    合格的例子:

        2023-08-02 * "" "提領112/07支用數"
    """
    gone = taken_back_wholly(case) if case.unclassified else ()
    for entry in case.unclassified:
        if id(entry) in gone:
            continue
        reason = str(entry.meta.get("unclear") or "").strip()
        if reason:
            message = _("{date}「{narration}」尚待確認:{reason}。查明後請以 grant answer 回答").format(
                date=entry.date, narration=entry.narration, reason=reason
            )
        else:
            message = _("{date}「{narration}」尚待確認用途與科目;查明後請以 grant answer 回答").format(
                date=entry.date, narration=entry.narration
            )
        yield Found(entry, message, voucher=str(entry.meta.get("number") or ""))


@check("waiver-unused", severity="warning")
def waiver_unused(case: Case) -> Iterator[Found]:
    """放行(grant-waiver)沒有對應的查核意見。

    說明:放行所指的檢查或憑證沒有任何意見:可能是號碼或檢查名稱寫錯,也可能問題已不存在。

    規定與出處:例外須經同意並留下紀錄是本程式的原則,未見公開規定(可信度:推定)。

    如何改正:核對檢查名稱(grant explain)與憑證號碼;問題已不存在的放行以 grant undo 復原。

    不合的例子:

        2023-07-31 custom "grant-waiver" "voucher-outside-period" "AB00000000"

    合格的例子:

        2023-07-31 custom "grant-waiver" "voucher-outside-period" "AB12345678"
          reason: "契約簽訂前經核准先行採購"
          approval: "經授產字第11200000000號"
    """
    for waiver in unused_waivers(case):
        message = _(
            "放行 {check}「{subject}」沒有對應的查核意見;請核對名稱與號碼,或以 grant undo 復原這筆放行"
        ).format(check=waiver.check, subject=waiver.subject)
        yield Found(waiver.entry, message)
