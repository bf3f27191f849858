"""Comparing names the way the contract does, and reading amounts as they are printed."""

from __future__ import annotations

import functools
import re
import unicodedata
from decimal import Decimal

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc", "-"))
_AMOUNT = r"""(?P<before>[+-]?)\ ?(?:NT\$|NTD|TWD|NT|新?[臺台]幣:?|\$)?\ ?\$?\ ?(?P<inside>[+-]?)\ ?
        (?P<number>(?:\d{1,3}(?:[,\ ]\ ?\d{3})+|\d{1,18})(?:\.\d{0,30})?|\.\d{1,30})\ ?
        (?P<closed>(?<=\.)[-=]|\.\ [-=]|/-)?\ ?
        (?:NTD|TWD|[元圓])?\ ?[整正]?\ ?(?P<after>-?)"""
_NOTHING = {"", "-", "--", "---"}
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_BRANCH = re.compile(r"(?<=公司).*分公司$")
_CHINESE = r"[\u3400-\u9fff\uf900-\ufaff]"
_CODE = re.compile(r"[A-Z0-9][A-Z0-9\-_/.#]*", re.IGNORECASE)


@functools.lru_cache(maxsize=1 << 14)  # the same few names over and over
def fold(name: str) -> str:
    """`name` after NFKC with all white space taken out: equal names are equal folds."""
    folded = "".join(unicodedata.normalize("NFKC", name).split())
    return unicodedata.normalize("NFKC", folded)  # marks may meet a letter only now


def person_key(name: str) -> str:
    """What spellings of one person's name have in common: no case, width, white space or mark that cannot be seen."""
    seen = (letter for letter in fold(name).casefold() if unicodedata.category(letter)[0] != "C")
    return fold("".join(seen))


@functools.lru_cache(maxsize=1 << 12)  # as above
def item_key(name: str) -> str:
    """What names of one item have in common: `英文(中文)` is its Chinese part, anything else is its fold."""
    folded = fold(name)
    if not folded.endswith(")"):
        return folded
    match = re.fullmatch(rf"(?P<foreign>[^()]+)\((?P<chinese>{_CHINESE}[^()]*)\)", folded)
    return match["chinese"] if match and not re.search(_CHINESE, match["foreign"]) else folded


@functools.lru_cache(maxsize=1 << 12)  # as above
def head_office(name: str) -> str:
    """The folded name of the company whose branch `name` is, else its own.

    A branch (分公司) has a number of its own and is the same company.
    """
    return _BRANCH.sub("", fold(name))


def whole_dollars(text: str) -> int | None:
    """The whole NT$ that a person typed, read as `parse_amount` does; None where it is nothing, or no whole amount."""
    try:
        amount = parse_amount(text)
    except ValueError:
        return None
    return None if amount is None or amount != amount.to_integral_value() else int(amount)


def whole_number(text: str) -> int | None:
    """The whole number that `text` is in plain figures, a minus before it or none; None where it is anything else.

    More than 15 figures are no number that anybody means, and of some thousands Python makes none.
    """
    return int(text) if _WHOLE.fullmatch(text) else None


def one_line(text: str) -> str:
    """`text` as one line that a ledger can hold: whatever ends a line, controls or is no character is a blank."""
    return (text if text.isprintable() else _UNWRITABLE.sub(" ", text)).strip()


def is_code(name: str) -> bool:
    """Whether an item's name is only a code such as `SMD-200A`, which the programme refuses."""
    return _CODE.fullmatch(fold(name)) is not None


@functools.cache  # long to compile, and most commands read no printed amount
def _amount() -> re.Pattern[str]:
    return re.compile(_AMOUNT, re.ASCII | re.IGNORECASE | re.VERBOSE)


def parse_amount(text: str) -> Decimal | None:
    """The number that a bank or a sheet printed; None where the cell holds no amount.

    Knows thousands separators, `(1,234)`, a minus before or after, U+2212 as minus or as "nothing", `NT$`,
    `="1234"`, `'9975'`, full-width digits, and what closes an amount of whole dollars: `8,054.-`, `8054元整`.
    Raises ValueError where the text is no amount: separators that do not part thousands, two signs.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
    text = text.removeprefix("=").strip("'\" ")
    if text in _NOTHING:
        return None
    in_brackets = text.startswith("(") and text.endswith(")")
    match = _amount().fullmatch(text[1:-1].strip() if in_brackets else text)
    if match is None:  # no `4.9E+11`, which is what Excel leaves of a longer number
        raise ValueError(text)
    signs = [sign for sign in (match["before"], match["inside"], match["after"]) if sign]
    if len(signs) + in_brackets > 1 or (match["closed"] and match["after"]):
        raise ValueError(text)
    number = Decimal(match["number"].replace(",", "").replace(" ", ""))
    return -number if in_brackets or "-" in signs else number
