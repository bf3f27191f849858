"""What the checks say, in the words for who receives the report: no check's name, no file, no command, dates as on forms."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from ledger.util.dates import roc
from ledger.util.dates import roc_month

_FILE = r"[^\s「」『』\"'/\\,;:。()]+\.(?:beancount|pdf|xml|csv|txt|xlsx|xls|ods|json|jsonl|toml|zip|jpe?g|png|tiff?|heic)"
_PATH = re.compile(rf"(?:[\w.-]+/)*{_FILE}\b", re.IGNORECASE)
_QUOTED_FILE = re.compile(rf"\s?[「『\"'](?:[\w.-]+/)*{_FILE}[」』\"']", re.IGNORECASE)
_LINE = re.compile(r"\s?第 \d+ 行|\s?(?:on )?line \d+")
_FOR_THE_COMPANY = re.compile(
    r"\bgrant [a-z]|\binbox\b|\bbooks\b|\bdigest\b|--[a-z]|\baudit\.beancount\b|import-id"
)
_CLAUSES = re.compile(r"(?<=[;;。])|(?<=\.) (?=[A-Z])|(?<=;) ")
_DAY = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\w-])")
_MONTH = re.compile(r"(?<![\w-])((?:19|20)\d{2}-(?:0[1-9]|1[0-2]))(?![\w-])")
_ENDS = ";;。,、::. "


def title_of(check: str, titles: Mapping[str, str]) -> str:
    """What a check is called in plain words; what an auditor typed in its place stays, an unknown id says nothing."""
    if check in titles:
        return titles[check].rstrip("。.")
    return "" if check.isascii() else check


def for_authority(message: str, titles: Mapping[str, str]) -> str:
    """A check's message without what only the company's accountant can use: files, commands, names of checks."""
    kept = [clause for clause in _CLAUSES.split(message) if clause and not _FOR_THE_COMPANY.search(clause)]
    text = "".join(kept) if kept else ""
    for check in sorted(titles, key=len, reverse=True):
        if check in text:
            text = re.sub(rf"(?<![\w-]){re.escape(check)}(?![\w-])", title_of(check, titles), text)
    text = _PATH.sub("", _QUOTED_FILE.sub("", text))
    text = _LINE.sub("", text).replace("`!`", "").replace("!", "")
    return in_roc(text).strip().rstrip(_ENDS)


def in_roc(text: str) -> str:
    """Days and months within a text, in years of the Republic."""
    return _MONTH.sub(lambda match: roc_month(match[1]), _DAY.sub(_roc_day, text))


def _roc_day(match: re.Match[str]) -> str:
    try:
        return roc(datetime.date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:
        return match[0]
