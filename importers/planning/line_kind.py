"""What a line of the dedicated account is, by its words, its other side and its amount."""

from __future__ import annotations

import datetime
import itertools
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from importers.records import BankLine
from ledger.entries.builder import BankKind
from ledger.model.award import Award
from ledger.util.dates import gregorian_year
from ledger.util.dates import month_of
from ledger.util.dates import months_between
from ledger.util.i18n import _
from ledger.util.text import fold

_INTEREST = re.compile(r"利息|存款息|存息|孳息|結息|活存息")
_INTEREST_WORD = re.compile(r"\b(?:interest|n?int)\b", re.IGNORECASE)  # NINT: the code of MT940
_WITHHOLDING = re.compile(
    r"代扣|扣繳|所得稅|扣取|扣稅|利息稅|withh(?:olding|eld)|(?<![a-z])wht(?![a-z])"
    r"|interest(?:income)?tax|incometax|taxoninterest",
    re.IGNORECASE,
)
_PREMIUM = re.compile(r"補充保費|補充保險費|健保費|nhi(?:supplementary)?premium", re.IGNORECASE)
_TAX_BACK = re.compile(r"免扣繳|退稅|(稅|稅款|補充保費).{0,4}退|退.{0,4}(稅|補充保費)")
_TOLD_TAX = re.compile(
    r"(?:代扣|扣繳|扣取|所得)[^\d,]{0,8}?稅[^\d,前後]{0,6}?([\d,]+)"
    r"|(?:(?<!免)稅|tax)[^\d,前後]{0,6}?([\d,]+)|(?:扣繳|扣)[^\d,補健]{0,6}?([\d,]+)",
    re.IGNORECASE,
)
_TOLD_PREMIUM = re.compile(r"補充(?:保費|保險費)[^\d,]{0,6}?([\d,]+)")
_TOLD_GROSS = re.compile(r"(?:利息|毛額|應付|給付|稅前|總額)[^\d,稅扣補]{0,6}?([\d,]+)")
_SHARE = re.compile(r"\d+(?:\.\d+)?%")  # a rate beside an amount
_PREMIUM_RATE = Decimal("0.0211")  # 全民健康保險 supplementary premium, 2021 on
_TAX_RATE = Decimal("0.1")  # 各類所得扣繳率標準 §2: interest of a company
_GIVEN_BACK = re.compile(r"誤存|誤匯|誤轉|轉回|退還|返還|領回|取回|退回")
_TREASURY = re.compile(r"國庫|繳庫")
_FEE = re.compile(
    r"手續費|跨行手續|匯費|工本費|郵資|跨行費|帳戶管理費|函證費|掛失|證明費|(?:service|bank|remittance)(?:fee|charge)",
    re.IGNORECASE,
)
_GRANT = re.compile(r"補助|執行單位")  # who pays is the scheme's to say (`payers`)
_WITHDRAWAL = re.compile(r"提領|月結|支用|核銷|請領")
_WITHHOLDING_OF_INTEREST = re.compile(r"代扣|扣繳|扣取|扣稅|利息|存款息|補充保")
_CASH = re.compile(r"提款|現金")
_OWN_MONEY = re.compile(r"自籌|配合款|自備款")
_RETURN = re.compile(r"溢提|溢領|誤提|多提|回存|繳回")
_SURPLUS = re.compile(r"結餘|餘款|賸餘|剩餘")
_MAX_FEE = 500

_INVOICE_NUMBER = re.compile(r"(?<![A-Z])[A-Z]{2}\d{8}(?!\d)")

_DATE = re.compile(
    r"(?<!\d)\d{2,4}(?:([/\-.])\d{1,2}\1\d{1,2}|年\d{1,2}月\d{1,2}日)(?!\d)|(?<!\d)\d{1,2}月\d{1,2}日"
)
_PACKED = re.compile(r"(?<!\d)(\d{3,4})(0[1-9]|1[0-2])(?!\d)")
_MONTH = re.compile(r"(?<!\d)(?:(\d{3,4})\s*(?:[/\-.]|年度?)\s*)?(\d{1,2})(?!\d)\s*(月份?)?")
_RANGE = re.compile(r"\s*[~\-至到]\s*")
_LIST = re.compile(r"\s*[、,及和與&]\s*")
_NUMERALS = ("十二", "十一", "十", "九", "八", "七", "六", "五", "四", "三", "二", "一")


class Recognised(NamedTuple):
    """What a line is; `unclear` says why it has to be looked at, empty where it need not."""

    kind: BankKind | None  # None: no word tells; it may pay a voucher
    months: tuple[str, ...] = ()
    unclear: str = ""
    bare: bool = False  # a transfer to the company's own account, or cash, without a word of what for
    matched: str = ""  # what in the books proves it, where its words do not tell
    withheld: tuple[int, int] = (0, 0)  # (income tax, health premium) that interest was credited less of, NT$


def words(line: BankLine) -> str:
    """Everything a line says, folded."""
    return fold(f"{line.text} {line.memo} {line.counterparty}")


def invoice_numbers(line: BankLine) -> set[str]:
    """The invoice numbers that a line's words hold; the figures of the other account may follow them."""
    return set(_INVOICE_NUMBER.findall(unicodedata.normalize("NFKC", f"{line.text} {line.memo}").upper()))


def recognise_in(line: BankLine, payers: Sequence[str] = ()) -> Recognised:
    """Money in: interest, a grant instalment, the company's own part, money put back, or what nobody knows.

    `payers` are the words by which the scheme's authority is known.
    """
    said = words(line)
    if _TAX_BACK.search(said) and (_WITHHOLDING.search(said) or _PREMIUM.search(said)):
        return Recognised("premium" if _PREMIUM.search(said) else "withholding")
    if _TREASURY.search(said) is None and (_INTEREST.search(said) or _names_interest(line)):
        return Recognised("interest", withheld=_told_withheld(line))
    if _RETURN.search(said):
        return Recognised("return")
    if _OWN_MONEY.search(said):
        return Recognised("own-money")
    if _is_of_authority(said, payers):
        return Recognised("instalment")
    return Recognised("deposit", unclear=_("不是補助款、利息,也沒有註明是業者自籌款的存入"))


def _names_interest(line: BankLine) -> bool:
    """Whether a line says so in English, where only a whole word counts."""
    return bool(_INTEREST_WORD.search(unicodedata.normalize("NFKC", f"{line.text} {line.memo}")))


def _is_of_authority(said: str, payers: Sequence[str]) -> bool:
    return bool(_GRANT.search(said)) or any(fold(word) in said for word in payers)


def recognise_out(line: BankLine, award: Award) -> Recognised:
    """Money out: tax on interest, remittance, fee, withdrawal; None where it may be a supplier's payment."""
    said = words(line)
    if _TREASURY.search(said):
        return Recognised("remit-surplus" if _SURPLUS.search(said) else "remit-interest")
    if _PREMIUM.search(said) and _WITHHOLDING_OF_INTEREST.search(said):
        return Recognised("premium")
    if _WITHHOLDING.search(said):
        return Recognised("withholding")
    if is_fee(line):
        return Recognised("fee")
    to_self = is_own_account(line.counterparty, award)
    if _WITHDRAWAL.search(said) and (to_self or not invoice_numbers(line)):
        return Recognised("withdrawal", months_named(f"{line.text} {line.memo}", line.date))
    if to_self or _CASH.search(said):
        return unexplained() if line.memo.strip() else Recognised("withdrawal", bare=True)
    return Recognised(None)


def _told_withheld(line: BankLine) -> tuple[int, int]:
    """(tax, premium) that the remark of credited interest tells of, where the sum is what was left of it.

    Where the remark tells gross and tax they have to come out; else the tax, told or left between the gross and the
    sum, has to be a tenth of the whole, and a premium alone its own share of it.
    """
    said = _SHARE.sub("", fold(f"{line.text} {line.memo}"))
    tax, premium, gross = _told(_TOLD_TAX, said), _told(_TOLD_PREMIUM, said), _told(_TOLD_GROSS, said)
    if tax and gross - tax - premium == line.amount:
        return tax, premium
    if gross > line.amount and not tax:
        tax = gross - line.amount - premium
    whole = line.amount + tax + premium
    if tax and _is_share(tax, whole, _TAX_RATE):
        return tax, premium
    return (0, premium) if premium and not tax and _is_share(premium, whole, _PREMIUM_RATE) else (0, 0)


def _is_share(part: int, whole: int, rate: Decimal) -> bool:
    return abs(part - whole * rate) <= 1


def _told(pattern: re.Pattern[str], said: str) -> int:
    """The amount that a remark tells; 0 where it tells none."""
    found = pattern.search(said)
    digits = next((group for group in found.groups() if group), "").replace(",", "") if found else ""
    return int(digits) if digits else 0


def gives_back(line: BankLine) -> bool:
    """Whether a line out of the dedicated account says that it gives back what was put in by mistake."""
    return bool(_GIVEN_BACK.search(words(line)))


def is_grant_money(line: BankLine, payers: Sequence[str] = ()) -> bool:
    """Whether money that came to the company's own account is said to be grant money."""
    said = words(line)
    return line.amount > 0 and _is_of_authority(said, payers) and not _RETURN.search(said)


def is_fee(line: BankLine) -> bool:
    """Whether a line is a fee that the bank took."""
    return bool(_FEE.search(words(line))) and 0 < -line.amount <= _MAX_FEE


def treasury_kind(line: BankLine) -> BankKind | None:
    """The remittance that a line of the company's own account makes for the case; None for any other line.

    The treasury gets other money of a company too, so the line has to say that it is the case's.
    """
    said = words(line)
    if not _TREASURY.search(said) or not re.search(r"孳息|結餘|補助|專戶", said):
        return None
    return "remit-surplus" if _SURPLUS.search(said) else "remit-interest"


def unexplained() -> Recognised:
    """Money out that no word explains and that pays no voucher."""
    return Recognised("unexplained", unclear=_("看不出用途的支出:不是月結提領、繳庫、扣稅,也對不到憑證"))


def not_found() -> str:
    """What to ask about a line that takes back another which nobody has seen."""
    return _("看似沖回先前的一筆,但找不到同額反向的那一筆")


def is_own_account(counterparty: str, award: Award) -> bool:
    """Whether the other side is one of the company's own accounts in the award."""
    return any(same_account(counterparty, account.number) for account in award.accounts)


def same_account(written: str, number: str) -> bool:
    """Whether an account as a bank prints it is `number`: masked, cut or zero-padded forms included."""
    digits = re.sub(r"[^0-9*xX]", "", unicodedata.normalize("NFKC", written)).lower().replace("x", "*")
    if not digits or not number:
        return False
    if "*" in digits:
        tail = digits.rpartition("*")[2]
        return len(tail) >= 4 and number.endswith(tail)
    digits, number = digits.lstrip("0"), number.lstrip("0")
    shorter, longer = sorted((digits, number), key=len)
    return len(shorter) >= 7 and longer.endswith(shorter)


def months_named(text: str, day: datetime.date) -> tuple[str, ...]:
    """The months that a memo names, as YYYY-MM: `112年10月`, `11210`, `112/09~112/11`, `9、10月份`, `十月`.

    A month without a year is of the year named before it, else the last such month not after `day`. A whole
    date names no month.
    """
    named: list[str] = []
    end, before = 0, None
    text = _DATE.sub("/", _plain_months(unicodedata.normalize("NFKC", text)))
    marks = list(_MONTH.finditer(text))
    for place, mark in enumerate(marks):
        between = text[end : mark.start()]
        joins = before is not None and (_RANGE.fullmatch(between) or _LIST.fullmatch(between))
        if not (mark[1] or mark[3] or joins or _leads_on(marks, place, text)):
            before = None
            continue
        year = gregorian_year(int(mark[1])) if mark[1] else before.year if joins and before else None
        month = _month(year, int(mark[2]), day)
        if month is None:
            continue
        if joins and before is not None and month < before and not mark[1]:
            month = month.replace(year=month.year + 1)
        is_range = joins and before is not None and _RANGE.fullmatch(between)
        named += months_between(before, month) if is_range and before else [month_of(month)]
        end, before = mark.end(), month
    return tuple(dict.fromkeys(named))


def _plain_months(text: str) -> str:
    """Months in Chinese numerals and in five or six figures written as the others are."""
    for place, numeral in enumerate(_NUMERALS):
        text = text.replace(numeral + "月", f"{12 - place}月")
    return _PACKED.sub(r"\1/\2", text)


def _leads_on(marks: list[re.Match[str]], place: int, text: str) -> bool:
    """Whether a bare number is joined to a month that follows, as the 9 in `9-11月`."""
    for mark, following in itertools.pairwise(marks[place:]):
        between = text[mark.end() : following.start()]
        if following[1] or not (_RANGE.fullmatch(between) or _LIST.fullmatch(between)):
            return False
        if following[3]:
            return True
    return False


def _month(year: int | None, month: int, day: datetime.date) -> datetime.date | None:
    """The first day of a month; without a year of the last such month not after `day`."""
    if not 1 <= month <= 12:
        return None
    if year is None:
        year = day.year if month <= day.month else day.year - 1
    return datetime.date(year, month, 1) if datetime.MINYEAR <= year <= datetime.MAXYEAR else None
