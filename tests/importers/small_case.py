"""A small case with its inbox: statements and vouchers as files, imported in any order and in any number of runs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from importers.ingest import import_files
from importers.report import Report
from ledger.case.case import Case
from ledger.case.settlement import settle_case
from ledger.files.award_file import parse_award
from ledger.loading.loader import load_case
from ledger.model.directives import whole
from ledger.operations.new_case import new_case
from tests.importers.makers import DEDICATED
from tests.importers.makers import OWN
from tests.importers.makers import tables

_MARK = re.compile(r":[^:]*$")
Line = tuple[str, int, str]  # day, amount, what the bank says
Files = Mapping[str, str]

_SHEET = (
    *("日期", "憑證種類", "憑證號碼", "賣方統編", "對象", "品名", "數量"),
    *("單位", "未稅金額", "稅額", "會計科目", "付款日期", "付款方式", "附件"),
)


def statement(account: str, *lines: Line, opening: int = 0, name: str = "", balances: bool = True) -> Files:
    """A bank's csv export of one account: {file name: text}."""
    rows: list[list[Any]] = [["帳號", account], ["交易日期", "摘要", "支出金額", "存入金額", "餘額", "備註"]]
    rows[1] = [cell for cell in rows[1] if balances or cell != "餘額"]
    balance = opening
    for day, amount, said in lines:
        balance += amount
        text, _blank, memo = said.partition(" ")
        row: list[Any] = [
            day.replace("-", "/"),
            text,
            -amount if amount < 0 else "",
            amount if amount > 0 else "",
        ]
        rows.append([*row, *([balance] if balances else []), memo])
    return {name or f"{account}_{lines[0][0]}.csv": _text(rows)}


def dedicated(*lines: Line, **more: Any) -> Files:
    """A statement of the dedicated account."""
    return statement(DEDICATED, *lines, **more)


def own(*lines: Line, **more: Any) -> Files:
    """A statement of the company's own account, which has always something in it."""
    return statement(OWN, *lines, **({"opening": 5_000_000} | more))


def invoice(
    number: str, day: str, net: int, item: str = "高效率軸承", seller: str = "晟鑫科技企業有限公司"
) -> Files:
    """One invoice with 5 % tax, as a row of the register."""
    row = [day, "統一發票", number, "", seller, item, 1, "個", net, net * 5 // 100, "", "", "", ""]
    return {f"{number}.csv": _text([_SHEET, row])}


def credit_note(of: str, day: str, net: int) -> Files:
    """A credit note of an invoice of the first supplier, as a row of the register."""
    (text,) = invoice(of, day, -net).values()
    return {f"credit_{of}.csv": text.replace("統一發票", "折讓單")}


def register(name: str, *rows: tuple[str, str, str, str, int, int, str]) -> Files:
    """Rows of the register for the first approved item: day, kind, number, supplier, net, tax, 付款日期."""
    cells = [
        [day, kind, number, "", supplier, "高效率軸承", 1, "個", net, tax, "", paid, "", ""]
        for day, kind, number, supplier, net, tax, paid in rows
    ]
    return {name: _text([_SHEET, *cells])}


def _text(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


class SmallCase:
    """A case of the small award in a folder of its own."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.folder = folder
        new_case(folder, parse_award(tables(**changes), "award.toml"))

    def take(self, *files: Files) -> Report:
        """Import some files in one run."""
        for name, text in [(name, text) for each in files for name, text in each.items()]:
            assert not (self.folder / "inbox" / name).exists(), name
            (self.folder / "inbox" / name).write_text(text, encoding="utf-8")
        return import_files(self.folder)

    @property
    def case(self) -> Case:
        """The case as its books are."""
        loaded = load_case(self.folder)
        assert loaded.errors == []
        return loaded.case

    @property
    def settled(self) -> dict[str, Any]:
        """What `grant settle --json` says."""
        return settle_case(self.case).as_json()

    def balance(self, account: str) -> int:
        """What an account and those below it come to."""
        return sum(
            whole(posting.units)
            for entry in self.case.transactions
            for posting in entry.postings
            if posting.account == account or posting.account.startswith(f"{account}:")
        )

    def books(self) -> list[str]:
        """Every transaction as it moves money: day, flag, accounts and sums, links; not where it was read.

        A line may be known by its balance or by its place, as the first export shows it.
        """
        return sorted(
            json.dumps(
                [
                    entry.date.isoformat(),
                    entry.flag,
                    sorted((posting.account, whole(posting.units)) for posting in entry.postings),
                    sorted(entry.links),
                    entry.narration,
                    str(entry.meta.get("kind", "")),
                    _MARK.sub("", str(entry.meta.get("takes-back", ""))),
                ],
                ensure_ascii=False,
            )
            for entry in self.case.transactions
        )
