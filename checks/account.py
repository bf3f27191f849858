"""Checks on the dedicated account: only grant money in, only what closed months have earned out."""

from __future__ import annotations

import datetime
from collections import Counter
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import settled
from checks.analysis.basis import settlement
from checks.analysis.basis import spending_basis
from checks.analysis.rule_confidence import rounding_rules
from checks.analysis.rule_confidence import settlement_rules
from checks.analysis.withdrawals import judge_withdrawals
from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.case.case import Case
from ledger.case.dedicated_account import Money
from ledger.case.instalments import Expected
from ledger.case.instalments import schedules
from ledger.model.accounts import COMPANY
from ledger.model.accounts import GRANT_MONEY
from ledger.model.accounts import OWN_MONEY
from ledger.model.award import Award
from ledger.model.bank_line_id import BankLineId
from ledger.model.bank_line_id import is_older
from ledger.model.bank_line_id import read_bank_line_id
from ledger.model.directives import Close
from ledger.model.directives import whole
from ledger.model.records import place_of
from ledger.util.dates import month_last_day
from ledger.util.i18n import _

__plugins__ = ("plugin",)

OUTSTANDING_GRACE = datetime.timedelta(days=31)


def plugin(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """The checks of this family."""
    return run_plugin(entries, options, config, family="account")


@check("withdrawal-before-close")
def withdrawal_before_close(case: Case) -> Iterator[Found]:
    """月結前就自專戶提領。

    說明:提領的備註指名某月,而該月在提領日尚未月結;或沒有指名,但已月結月份的可提領數不夠,是靠未月結月份至當日的支用才夠。
    提領當日的月結視為在提領之前;兩者都不夠的部分由 withdrawal-exceeds-entitlement 提出。

    規定與出處:專戶金額提款,應於每月月底結帳後(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文);
    月結後次月方可提領當月支用數(專戶作業簡報;可信度:姊妹計畫)。

    如何改正:先 grant close 再提領;已提領者洽承辦人,並自次月起依月結數提領。

    不合的例子(2023-07 於 2023-07-31 月結):

        2023-07-20 * "" "提領112/07支用數"
          months: "2023-07"

    合格的例子:

        2023-08-04 * "" "提領112/07支用數"
          months: "2023-07"
    """
    for judged in judge_withdrawals(case):
        if judged.early:
            message = _("{date} 自專戶提領 {amount},其中 {early}屬尚未月結的 {months};應於月結後提領").format(
                date=judged.movement.date,
                amount=wording.money(-judged.movement.grant),
                early=wording.money(judged.early_amount),
                months=wording.several(list(judged.early)),
            )
            yield Found(judged.movement.entry, message, judged.early_amount)


@check("withdrawal-exceeds-entitlement")
def withdrawal_exceeds_entitlement(case: Case) -> Iterator[Found]:
    """提領超過可提領的金額。

    說明:累計提領超過當日已月結月份的累計補助數,或超過已撥入的補助款(孳息不是本金)。金額為這一筆新增的溢領數。
    由專戶直接付款者,以付款日為止已入帳的補助數計算。

    規定與出處:應於每月月底結帳後,其金額由專戶內提領(納管工廠簡報;可信度:簡報原文);可於專戶提領之總金額為累計實支補助款
    (海洋委員會經費支用明細表;可信度:姊妹計畫)。

    如何改正:溢領的部分由業者補回專戶,並洽承辦人;之後依 grant close 的可提領數提領。

    不合的例子(7 月月結累計補助數 50,000 元):

        2023-08-04 * "" "提領112/07支用數"
          Assets:1專戶:1政府補助款   -60000 TWD
          Equity:1業者投入            60000 TWD

    合格的例子:

        2023-08-04 * "" "提領112/07支用數"
          Assets:1專戶:1政府補助款   -50000 TWD
          Equity:1業者投入            50000 TWD
    """
    for judged in judge_withdrawals(case):
        if judged.excess > 0 and case.scheme is not None:
            message = _(
                "{date} 自專戶支出 {amount}後累計提領 {withdrawn},超過當時可提領的 {limit},溢領 {excess};"
                "請補回專戶並洽承辦人"
            ).format(
                date=judged.movement.date,
                amount=wording.money(-judged.movement.grant),
                withdrawn=wording.money(judged.withdrawn),
                limit=wording.money(judged.limit),
                excess=wording.money(judged.excess),
            )
            note = wording.assumed(*rounding_rules(case.scheme, judged.excess))
            yield Found(judged.movement.entry, message + note, judged.excess)


@check("withdrawal-outstanding", severity="warning")
def withdrawal_outstanding(case: Case) -> Iterator[Found]:
    """月結後逾 31 天仍未提領。

    說明:已月結月份的累計補助數尚未提領完,專戶仍有補助款本金,且該月月結至今已逾 31 天。專戶沒有本金時不提醒;
    參與廠商另有專戶者,各戶分別計算。

    規定與出處:專戶金額提款,應於每月月底結帳後(納管工廠簡報;可信度:簡報原文);31 天是本程式的提醒期限(可信度:推定)。

    如何改正:依訊息的金額自專戶提領,備註寫明月份。

    不合的例子:

        2023-07-31 月結,累計補助數 50,000 元,至 2023-09-05 仍未提領

    合格的例子:

        2023-08-04 * "" "提領112/07支用數"
    """
    terms = spending_basis(case)
    close = _last_close(case)
    if terms is None or close is None:
        return
    ended = case.as_of > terms.award.end
    for account in case.dedicated_accounts:
        recognised = settlement(case).of(account.holder).answerable if ended else None
        amount = account.undrawn(month_last_day(close.month), recognised)
        if amount <= 0:
            continue
        message = _("至 {month} 月結的補助數還有 {amount}未自專戶提領;請提領並在備註寫明月份").format(
            month=close.month, amount=wording.money(amount)
        )
        if len(case.dedicated_accounts) > 1:
            name = terms.award.party_name(account.holder)
            message = _("{party}:{message}").format(party=name, message=message)
        scheme = terms.scheme
        rules = settlement_rules(scheme, settled(case), amount) if ended else rounding_rules(scheme, amount)
        yield Found(close.entry, message + wording.assumed(*rules), amount)


@check("withdrawal-unexplained")
def withdrawal_unexplained(case: Case) -> Iterator[Found]:
    """專戶支出用途不明。

    說明:專戶的支出對不上提領、付款、繳庫或手續費,匯入時以 `!` 入帳。

    規定與出處:專戶係屬專款專用(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文);
    未經同意不得挪移(海洋委員會補助契約書第 6 條;可信度:姊妹計畫)。

    如何改正:查明用途後以 grant answer 回答;誤轉者補回專戶並洽承辦人。

    不合的例子:

        2023-08-15 ! "" "轉帳"
          kind: "unexplained"
          Assets:1專戶:1政府補助款   -30000 TWD
          Equity:1業者投入            30000 TWD

    合格的例子:

        2023-08-15 * "" "提領112/07支用數"
          Assets:1專戶:1政府補助款   -30000 TWD
          Equity:1業者投入            30000 TWD
    """
    if spending_basis(case) is None:
        return
    for movement in case.movements:
        if movement.kind == "unexplained":
            amount = -(movement.grant + movement.own)
            message = _("{date} 自專戶支出 {amount}「{narration}」,用途不明;專戶專款專用,請查明").format(
                date=movement.date, amount=wording.money(amount), narration=movement.entry.narration
            )
            yield Found(movement.entry, message, amount)


@check("deposit-not-grant")
def deposit_not_grant(case: Case) -> Iterator[Found]:
    """專戶存入補助款以外的錢。

    說明:專戶的存入不是撥款,也不是利息、退回的提領或業者自籌款。答為誤存(return)並已原數退回的不提出。

    規定與出處:專戶係屬專款專用(納管工廠簡報;可信度:簡報原文);專戶不得存入補助款以外之款項
    (海洋委員會補助契約書第 6 條;可信度:姊妹計畫)。

    如何改正:查明來源後以 grant answer 回答(own-money 或 return);誤存者洽承辦人後轉出。

    不合的例子:

        2023-08-20 ! "" "現金存入"
          kind: "deposit"
          Assets:1專戶:2業者自籌款    80000 TWD
          Equity:1業者投入           -80000 TWD

    合格的例子:

        2023-08-20 * "" "自籌款存入"
          Assets:1專戶:2業者自籌款    80000 TWD
          Equity:1業者投入           -80000 TWD
    """
    if spending_basis(case) is None:
        return
    given_back = Counter(
        (move.party, -move.own) for move in case.movements if move.kind == "own-money" and move.own < 0
    )
    for movement in case.movements:
        if movement.kind == "deposit":
            back = (movement.party, movement.own)
            if movement.entry.flag != "!" and given_back[back] > 0:
                given_back[back] -= 1
                continue
            amount = movement.grant + movement.own
            message = _("{date} 專戶存入 {amount}「{narration}」,不是補助款;專戶專款專用,請查明來源").format(
                date=movement.date, amount=wording.money(amount), narration=movement.entry.narration
            )
            yield Found(movement.entry, message, amount)


@check("instalment-unexpected")
def instalment_unexpected(case: Case) -> Iterator[Found]:
    """撥款的次數或金額與撥款期程不符。

    說明:依履約保證方式的撥款期程,逐期核對補助款撥入的次數與金額;一期可以分幾筆撥入,合計到期程的金額才算下一期,
    未到齊而下一期已撥入或執行期間已結束時提出。最後一期可以是核定的餘額,或結算認列數減已撥數。

    規定與出處:未附保證者期中、期末各 50%;附 20% 保證者簽約、期末各 50%;全額保證者簽約時一次撥付;以大帶小另有期程
    (各計畫簡報;可信度:簡報原文)。

    如何改正:核對撥款函與核定的履約保證方式;撥錯的請洽承辦人。

    不合的例子(核定補助款 1,000,000 元,guarantee 為 none):

        Assets:1專戶:1政府補助款    600000 TWD
        Liabilities:3預收補助款    -600000 TWD

    合格的例子:

        Assets:1專戶:1政府補助款    500000 TWD
        Liabilities:3預收補助款    -500000 TWD
    """
    if spending_basis(case) is None:
        return
    yield from _unexpected_instalments(case)


@check("account-overdrawn")
def account_overdrawn(case: Case) -> Iterator[Found]:
    """專戶的補助款或自籌款餘額為負。

    說明:專戶兩個子科目之一在某日終了時餘額小於零;連續為負的期間只指出第一筆。參與廠商另有專戶者,各戶分別計算。

    規定與出處:專戶係屬專款專用(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文);活期存款不能透支,餘額為負表示
    漏記、錯記,或一筆錢代墊了另一筆(可信度:推定)。

    如何改正:補記漏列的撥款或存入;付款時補助款與自籌款各付各的部分。

    不合的例子(專戶補助款餘額 40000):

        Assets:1專戶:1政府補助款   -50000 TWD

    合格的例子:

        Assets:1專戶:1政府補助款   -40000 TWD
    """
    terms = spending_basis(case)
    if terms is not None:
        yield from _overdrafts(case, terms.award)


@check("bank-fee-charged-to-grant")
def bank_fee_charged_to_grant(case: Case) -> Iterator[Found]:
    """手續費由專戶的補助款支付。

    說明:銀行手續費或匯費自專戶的政府補助款扣除。

    規定與出處:專戶專款專用,僅限計畫所需支出(納管工廠簡報;可信度:簡報原文);手續費不在可編列的科目
    (可信度:推定)。

    如何改正:由業者自有資金補回專戶;之後約定手續費由其他帳戶扣款。

    不合的例子:

        2023-08-04 * "" "匯費"
          kind: "fee"
          Assets:1專戶:1政府補助款   -30 TWD
          Equity:1業者投入            30 TWD

    合格的例子:

        手續費由公司自己的帳戶扣款,專戶沒有這筆支出
    """
    if spending_basis(case) is None:
        return
    for movement in case.movements:
        if movement.kind == "fee" and movement.grant < 0:
            message = _("{date} 手續費 {amount}自專戶補助款扣除;手續費應由業者負擔,請補回專戶").format(
                date=movement.date, amount=wording.money(-movement.grant)
            )
            yield Found(movement.entry, message + wording.assumption(), -movement.grant)


@check("bank-line-twice")
def bank_line_twice(case: Case) -> Iterator[Found]:
    """銀行明細的同一筆在帳上有兩筆。

    說明:兩筆分錄來自同一帳戶、同一天、同一金額的同一筆銀行明細:識別碼(import-id)相同,或一筆記有銀行餘額、另一筆
    是舊版程式以摘要辨認的同一筆,或另一筆沒有識別碼而日期、摘要與金額全同。多半是同步軟體留下月份檔的複本,或合併時兩邊都留下。每多一筆提出一次,金額為該筆金額。

    規定與出處:商業會計法第 14 條,會計事項之發生均應取得、給予或自行編製會計憑證(可信度:法規);一筆銀行明細只證明一項
    交易,以識別碼判斷是本程式的作法(可信度:推定)。

    如何改正:books 裡有月份檔的複本時,將複本移出 books 資料夾;否則以 grant remove 移除多出的一筆。

    不合的例子:

        books/2023-08.beancount 與 books/2023-08 複本.beancount 各有一筆
        import-id: "bank:490264681158:2023-08-20:500000:500000"

    合格的例子:

        同一天同金額的兩筆,銀行餘額不同,識別碼也不同
    """
    for first, again in _booked_twice(case):
        message = _(
            "{date} 銀行明細 {amount} 元「{narration}」重複入帳:{file} 第 {line} 行是同一筆;月份檔有複本時請將複本移出"
            " books 資料夾,否則以 grant remove 移除多出的一筆"
        ).format(
            date=again.date,
            amount=f"{_at_bank(again):+,}",
            narration=again.narration,
            file=Path(place_of(first).file).name.strip("<>"),
            line=place_of(first).line,
        )
        yield Found(again, message, abs(_at_bank(again)))


_Said = tuple[datetime.date, str, str, tuple[tuple[str, int], ...]]


def _booked_twice(case: Case) -> Iterator[tuple[data.Transaction, data.Transaction]]:
    """An entry of each bank line and every further one of the same; a month's own file comes before its copies."""
    if not _each_proven_once(case):  # in most books all are, and none has to be read
        yield from _of_one_line(case)
    yield from _copied_by_hand(case)


def _each_proven_once(case: Case) -> bool:
    """Whether every id of a bank line holds what proves it, and no two entries bear the same."""
    seen: set[str] = set()
    for entry in case.transactions:
        import_id = entry.meta.get("import-id")
        if not isinstance(import_id, str) or not import_id.startswith("bank:"):
            continue
        if import_id in seen or is_older(import_id, entry.narration or ""):
            return False
        seen.add(import_id)
    return True


def _of_one_line(case: Case) -> Iterator[tuple[data.Transaction, data.Transaction]]:
    """What `_booked_twice` gives of the entries that have an id."""
    by_id: dict[BankLineId, list[data.Transaction]] = defaultdict(list)
    for entry in case.transactions:
        told = read_bank_line_id(str(entry.meta.get("import-id") or ""), entry.narration or "")
        if told is not None:
            by_id[told].append(entry)
    proved: dict[tuple[str, datetime.date, int], list[data.Transaction]] = defaultdict(list)
    for told, same in by_id.items():
        if len(same) > 1:
            same.sort(key=lambda entry: (not _is_month_s_own(entry), place_of(entry)))
            yield from ((same[0], again) for again in same[1:])
        if told.balance is not None:
            proved[told.account, told.day, told.amount].append(same[0])
    for told, same in by_id.items():
        others = proved[told.account, told.day, told.amount] if told.is_older else []
        if others:
            yield others.pop(0), same[0]


def _copied_by_hand(case: Case) -> Iterator[tuple[data.Transaction, data.Transaction]]:
    """An imported line of the dedicated account, and an entry without an id that says and moves the very same."""
    bare = [
        entry
        for entry in case.transactions
        if "import-id" not in entry.meta and "voucher" not in entry.meta and _moves_dedicated(entry)
    ]
    if not bare:
        return
    days, words = {entry.date for entry in bare}, {(entry.date, entry.narration) for entry in bare}
    imported: dict[_Said, list[data.Transaction]] = defaultdict(list)
    for entry in case.transactions:
        if entry.date not in days or (entry.date, entry.narration) not in words:
            continue
        if read_bank_line_id(str(entry.meta.get("import-id") or "")) is not None:
            imported[_said(entry)].append(entry)
    for entry in bare:
        if same := imported[_said(entry)]:
            yield same.pop(0), entry


def _moves_dedicated(entry: data.Transaction) -> bool:
    return any(posting.account in {GRANT_MONEY, OWN_MONEY} for posting in entry.postings)


def _said(entry: data.Transaction) -> _Said:
    """What an entry says and moves."""
    moved = sorted((posting.account, whole(posting.units)) for posting in entry.postings)
    return entry.date, entry.payee or "", entry.narration or "", tuple(moved)


def _at_bank(entry: data.Transaction) -> int:
    """What moved at the bank by an entry, of the dedicated account or of the company's own; out is negative."""
    sums = {GRANT_MONEY: 0, OWN_MONEY: 0, COMPANY: 0}
    for posting in entry.postings:
        if posting.account in sums:
            sums[posting.account] += whole(posting.units)
    return sums[GRANT_MONEY] + sums[OWN_MONEY] or sums[COMPANY]


def _is_month_s_own(entry: data.Transaction) -> bool:
    """Whether an entry stands in the file that the books keep for its month."""
    return Path(place_of(entry).file).name == f"{entry.date:%Y-%m}.beancount"


def _last_close(case: Case) -> Close | None:
    """The close of the last month that was closed longer ago than the grace."""
    closes = case.closed_months
    months = [month for month, close in closes.items() if case.as_of > close.date + OUTSTANDING_GRACE]
    return closes[max(months)] if months else None


def _overdrafts(case: Case, award: Award) -> Iterator[Found]:
    """A finding a stretch of days on which a sub-account is below zero, on the movement that took it there."""
    several = len(case.dedicated_accounts) > 1
    for account in case.dedicated_accounts:
        names: dict[Money, str] = {"grant": _("政府補助款"), "own": _("業者自籌款")}
        for money, name in names.items():
            named = _money_name(name, award, account.holder, several=several)
            for overdraft in account.overdrafts(money):
                message = _("{date} 終了時專戶的{money}餘額為 {balance};請補記漏列的存入或更正付款").format(
                    date=overdraft.day, money=named, balance=wording.money(-overdraft.amount)
                )
                yield Found(overdraft.movement.entry, message, overdraft.amount)


def _money_name(money: str, award: Award, holder: str, *, several: bool) -> str:
    """What the money is called; with its holder where there are several accounts."""
    return (
        _("{party}的{category}").format(party=award.party_name(holder), category=money) if several else money
    )


def _unexpected_instalments(case: Case) -> Iterator[Found]:
    """Instalments whose number or amount the schedule does not know, on every dedicated account."""
    for schedule in schedules(case):
        note = wording.assumed(schedule)
        planned = sum(expected.when is not None for expected in schedule.instalments)
        for expected in schedule.instalments:
            entry = expected.came[-1].entry if expected.came else None
            if entry is not None and not expected.is_as_expected:
                message, amount = _instalment_message(expected, planned)
                yield Found(entry, message + note, amount)


def _instalment_message(expected: Expected, planned: int) -> tuple[str, int]:
    """What is wrong with an instalment, and the amount at stake in NT$; on the day of its last part."""
    received, parts = expected.received, len(expected.came)
    came = wording.money(received)
    if parts > 1:
        came = _("分 {count} 筆共 {amount}").format(count=parts, amount=came)
    shown = {"date": expected.came[-1].date, "number": expected.number, "amount": came}
    if received > expected.at_most:
        message = _("{date} 第 {number} 期撥款 {amount}超過核定補助款的餘額 {rest};請核對撥款函")
        return message.format(**shown, rest=wording.money(expected.at_most)), received - expected.at_most
    if expected.when is None:
        message = _("{date} 第 {number} 期撥款 {amount},但撥款期程只有 {planned} 期;請核對撥款函")
        return message.format(**shown, planned=planned), received
    due = expected.amount or 0
    message = _("{date} 第 {number} 期撥款 {amount},依期程應為 {expected};請核對撥款函")
    return message.format(**shown, expected=wording.money(due)), abs(received - due)
