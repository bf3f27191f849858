"""The award form, filled in."""

from __future__ import annotations

import functools
import io
import tempfile
from pathlib import Path
from typing import Any

import openpyxl

from importers.templates.award_form import HEAD
from importers.templates.award_form import LISTS
from importers.templates.forms import write_form

AWARD = """
[award]
id = "112-納管-0456"
scheme = "managed-factory-112"
title = "轉型計畫"
filed = 2023-05-14
start = 2023-06-01
end = 2024-05-31
guarantee = "none"
[company]
name = "精密機械股份有限公司"
ubn = "04595257"
representative = "王大明"
[account]
bank = "第一銀行"
number = "012345678901"
opened = 2023-06-06
[[budget]]
category = "improvement"
government = 600000
self = 500000
[[budget]]
category = "personnel"
government = 0
self = 400000
party = "12345675"
[[item]]
category = "improvement"
name = "冷卻模組"
government = 600000
self = 500000
quantity = 1
unit = "組"
supplier = "某公司"
domestic = false
[[person]]
name = "王大明"
role = "計畫主持人"
insured = true
months = 12
other_months = 0
[[payment_account]]
bank = "玉山銀行"
number = "0941011469157"
[[partner]]
name = "協力公司"
ubn = "12345675"
representative = "林小華"
account = { bank = "第一銀行", number = "012345678902", opened = 2023-06-07 }
[[funding]]
agency = "某縣政府"
amount = 30000
kind = "other"
[[evidence]]
kind = "acceptance-photo"
when = "interim"
name = "驗收照片"
category = "improvement"
"""


WORDS: dict[object, str] = {
    "none": "無",
    "improvement": "03既有設備之改善費",
    "personnel": "人事費",
    True: "是",
    False: "否",
    "other": "民間或其他",
    "interim": "期中",
}


def lookup(tables: dict[str, Any], path: str) -> Any:
    section, dot, key = path.rpartition(".")
    return (tables.get(section, {}) if dot else tables).get(key)


def written(value: Any) -> Any:
    """The value as a company would write it into the cell."""
    return WORDS.get(value, value) if isinstance(value, (str, bool)) else value


_FILLED: dict[str, bytes] = {}  # many tests begin with the same form, which takes a second


def fill_award(path: Path, award: dict[str, Any]) -> None:
    """Write the award's form to `path` as a company fills it in."""
    said = repr(award)
    if said not in _FILLED:
        _fill(path, award)
        _FILLED[said] = path.read_bytes()
    path.write_bytes(_FILLED[said])


@functools.cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as place:
        write_form("award", Path(place) / "award.xlsx")
        return (Path(place) / "award.xlsx").read_bytes()


def _fill(path: Path, award: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(_empty()))
    for row, field in enumerate(HEAD, 2):
        book["核定"].cell(row, 2, written(lookup(award, field.path)))
    for form in LISTS:
        for row, table in enumerate(award.get(form.key, []), 3):
            for column, field in enumerate(form.fields, 1):
                book[form.sheet].cell(row, column, written(lookup(table, field.path)))
    book.save(path)
