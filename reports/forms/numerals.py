"""Amounts in the capital numerals of receipts: 新臺幣壹佰貳拾萬元整."""

from __future__ import annotations

_DIGITS = "零壹貳參肆伍陸柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "萬", "億", "兆")


def in_words(amount: int) -> str:
    """A whole amount of NT$, from 0 to less than ten thousand 兆, as it is written on a receipt.

    Raises ValueError for anything else.
    """
    if not 0 <= amount < 10_000 ** len(_GROUPS):
        raise ValueError(amount)
    words = ""
    gap = False  # a nought stands between what is written and what follows
    for group in reversed(range(len(_GROUPS))):
        part = amount // 10_000**group % 10_000
        if part == 0:
            gap = bool(words)
            continue
        if words and (gap or part < 1000):
            words += _DIGITS[0]
        words += _below_ten_thousand(part) + _GROUPS[group]
        gap = False
    return f"新臺幣{words or _DIGITS[0]}元整"


def _below_ten_thousand(number: int) -> str:
    words = ""
    gap = False
    for place in reversed(range(len(_PLACES))):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words
