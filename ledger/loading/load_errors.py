"""What Beancount says of books that it cannot read, in the words of an accountant.

Beancount's own sentences are kept where none of ours fits. A file in another encoding than UTF-8 gives an error for
almost every line of it, so it is told once.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from typing import NamedTuple

from ledger.util.i18n import N_
from ledger.util.i18n import _


class LoadError(NamedTuple):
    """Something Beancount could not read: the place and its message."""

    filename: str
    lineno: int
    message: str


_SENTENCES = (
    (r"Transaction does not balance: \((?P<rest>.*)\)", N_("分錄借貸不平,差 {rest}")),
    (r"Invalid reference to unknown account '(?P<name>.*)'", N_("帳戶「{name}」沒有開立(open)")),
    (r"Invalid reference to inactive account '(?P<name>.*)'", N_("帳戶「{name}」在這一天還沒開立或已關閉")),
    (r"Duplicate open directive for (?P<name>.*)", N_("帳戶「{name}」開立(open)了兩次")),
    (r"Invalid currency (?P<currency>\S+) for account '(?P<name>.*)'", N_("帳戶「{name}」不能記 {currency}")),
    (r"Invalid account name: (?P<name>.*)", N_("帳戶名稱「{name}」不合格式")),
    (
        r"Balance failed for '(?P<name>.*)': expected (?P<due>.*) != accumulated (?P<booked>.*) \((?P<rest>.*)\)",
        N_("帳戶「{name}」的餘額應為 {due},帳上為 {booked}({rest})"),
    ),
    (r"Invalid token: '(?P<text>.*)'", N_("看不懂這裡的文字「{text}」;可能少了引號,或用了全形符號")),
    (
        r"syntax error, unexpected (?P<found>[^,]*)(, expecting (?P<wanted>.*))?",
        N_("寫法不合 Beancount 的格式(這裡不應出現 {found})"),
    ),
    (r"ValueError: (month|day|year) .*", N_("沒有這個日期")),
    (r'File glob "(?P<name>.*)" does not match any files', N_("找不到 include 的檔案「{name}」")),
    (r'File "(?P<name>.*)" does not exist', N_("找不到檔案「{name}」")),
    (r'Duplicate filename parsed: "(?P<name>.*)"', N_("檔案「{name}」被 include 了兩次")),
    (r"Document root '(?P<name>.*)' does not exist", N_('option "documents" 所指的資料夾「{name}」不存在')),
    (r"Invalid option: '(?P<name>.*)'", N_("沒有「{name}」這個 option")),
    (r'Error importing "(?P<name>[^"]*)".*', N_('plugin "{name}" 無法載入;請核對名稱')),
    (r'Error applying plugin "(?P<name>[^"]*)".*\n\s*(?P<reason>\S[^\n]*)\s*', N_('plugin "{name}" 失敗:{reason}')),
    (r"DivisionByZero: .*", N_("除以零")),
    (r'Metadata "filename" and "lineno" are reserved', N_("filename 與 lineno 是程式自己用的,不能寫在分錄裡")),
)  # fmt: skip


def in_our_words(message: str) -> str:
    """A sentence of Beancount's in the language in use, or as it is, on one line."""
    for pattern, ours in _SENTENCES:
        if found := re.fullmatch(pattern, message.strip(), re.DOTALL):
            parts = {name: " ".join((text or "").split()) for name, text in found.groupdict().items()}
            return _(ours).format(**parts)
    return " ".join(message.split())


def load_errors(errors: Iterable[Any], main: Path) -> list[LoadError]:
    """The errors of a load, each with a place; those of a file that is not plain UTF-8 are one."""
    told: list[LoadError] = []
    files: dict[str, LoadError | None] = {}
    for error in errors:
        source = error.source or {}
        filename = str(source.get("filename") or "<")
        lineno = int(source.get("lineno") or 0)
        if filename.startswith("<"):  # it comes from no file, such as `<load>`
            filename, lineno = str(main), 0
        if filename not in files:
            files[filename] = _of_encoding(filename)
            told += [found for found in [files[filename]] if found is not None]
        if files[filename] is None:
            message = str(error.message)
            lineno = lineno or _line_naming(Path(filename), message)
            told.append(LoadError(filename, lineno, in_our_words(message)))
    return told


def _line_naming(path: Path, message: str) -> int:
    """The line of a file that names, in quotes, what a message names so; the first where none does."""
    named = re.search(r"""["']([^"']+)["']""", message)
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 1
    wanted = {f'"{name}"' for name in (named[1], Path(named[1]).name)} if named else set()
    return next((n for n, line in enumerate(lines, 1) if any(name in line for name in wanted)), 1)


def _of_encoding(filename: str) -> LoadError | None:
    """What is wrong with the encoding of a file; nothing where it is UTF-8 or cannot be looked at."""
    try:
        content = Path(filename).read_bytes()
    except (OSError, ValueError):
        return None
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return LoadError(filename, 1, _("檔案開頭有 BOM(位元組順序記號);請另存為沒有 BOM 的 UTF-8"))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return LoadError(filename, line, _("檔案不是 UTF-8 編碼(可能是 Big5);請另存為 UTF-8"))
    return None
