"""TOML that somebody else wrote: award.toml, import.toml, schemes/*.toml. Whatever is wrong with it is said in words.

Read in any encoding that Notepad saves in. What could only be there to hang or break the program (nesting of
thousands, numbers of thousands of digits, megabytes) is refused.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledger.util.decoding import decode
from ledger.util.i18n import N_
from ledger.util.i18n import _

_MOST_BYTES = 1024 * 1024
_DEEPEST = 12  # tables within tables; ours have four
_MOST_DIGITS = 18
_PLACE = re.compile(
    r"^(?P<reason>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$"
)
_REASONS = {
    "Cannot overwrite a value": N_("同一個項目寫了兩次"),
    "Cannot declare": N_("同一個表格寫了兩次"),
    "Expected '=' after a key": N_("項目名稱後面少了「=」"),
    "Invalid value": N_("「=」後面的值寫法不對;文字要加引號,日期寫成 2023-06-01"),
    "Unclosed array": N_("中括號沒有收尾"),
    "Unterminated string": N_("引號沒有收尾"),
    "Illegal character": N_("有不能用的字元,或引號沒有收尾"),
    "Expected newline or end of document": N_("一行只能寫一個項目"),
    "Invalid statement": N_("這一行不是「項目 = 值」,也不是 [表格]"),
    "Invalid date or datetime": N_("沒有這個日期"),
}


class TomlError(ValueError):
    """A file that is no sound TOML; the message says why in one line, without the file's name."""


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of the TOML file at `path`; numbers with a point are Decimals. Raises TomlError and OSError."""
    if not path.is_file():
        raise TomlError(_("找不到檔案"))
    if path.stat().st_size > _MOST_BYTES:
        raise TomlError(_("檔案超過 1 MB"))
    try:
        text, _encoding = decode(path.read_bytes())
    except ValueError as error:
        raise TomlError(_("文字編碼無法辨認;請用記事本另存新檔,編碼選 UTF-8")) from error
    return parse_toml(text)


def parse_toml(text: str) -> dict[str, Any]:
    """The tables in the text of a TOML file. Raises TomlError."""
    if len(text) > _MOST_BYTES:
        raise TomlError(_("檔案超過 1 MB"))
    try:
        tables = tomllib.loads(text.replace("\r\n", "\n"), parse_float=_number)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(_worded(str(error))) from error
    except RecursionError as error:
        raise TomlError(_("一層包一層太深,不是正常的設定檔")) from error
    except (ValueError, ArithmeticError) as error:  # digits without end
        raise TomlError(_("有太長或太大的數字")) from error
    _refuse_traps(tables)
    return tables


def _number(text: str) -> Decimal:
    number = Decimal(text.replace("_", ""))
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError(text)
    return number


def _refuse_traps(tables: dict[str, Any]) -> None:
    """Raise TomlError for nesting and numbers that no file of ours has."""
    waiting: list[tuple[Any, int]] = [(tables, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _DEEPEST:
            raise TomlError(_("一層包一層太深,不是正常的設定檔"))
        if isinstance(value, int) and abs(value) >= 10**_MOST_DIGITS:
            raise TomlError(_("有太長或太大的數字"))
        if isinstance(value, dict):
            waiting += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, list):
            waiting += [(inner, depth + 1) for inner in value]


def _worded(message: str) -> str:
    """What the parser says, in words."""
    match = _PLACE.match(message)
    reason = match["reason"] if match else message
    said = next((_(words) for begin, words in _REASONS.items() if reason.startswith(begin)), reason)
    if match and match["line"]:
        return _("第 {line} 行第 {column} 字:{reason}").format(
            line=match["line"], column=match["column"], reason=said
        )
    return _("檔案結尾:{reason}").format(reason=said) if match else said
