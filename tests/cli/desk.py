"""An accountant at the desk: an award, files put into the inbox, commands given; no text of the books is touched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cli.main import grant

HEAD = "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件\n"
DEDICATED = "100200300400"
COMPANY = "900800700600"


def award_text(
    number: str,
    items: Mapping[str, str],
    *,
    self_funded: int = 120_000,
    end: str = "2023-11-30",
    guarantee: str = "none",
    more: str = "",
) -> str:
    """An award: each category with NT$100,000 of the government and one item, which `items` names by category."""
    text = f"""[award]
id = "{number}"
scheme = "small-manufacturer-112"
title = "試作計畫"
filed = 2023-05-10
start = 2023-06-01
end = {end}
guarantee = "{guarantee}"

[company]
name = "試作精密股份有限公司"
ubn = "12345675"
representative = "試作代表"

[account]
bank = "試作銀行"
number = "{DEDICATED}"

[[payment_account]]
bank = "試作銀行"
number = "{COMPANY}"
"""
    for category, item in items.items():
        money = f"government = 100000\nself = {self_funded}\n"
        text += f'\n[[budget]]\ncategory = "{category}"\n{money}'
        text += f'\n[[item]]\ncategory = "{category}"\nname = "{item}"\n{money}'
    return text + more


def row(
    day: str,
    number: str,
    item: str,
    net: int | str,
    tax: int,
    paid: str = "",
    *,
    kind: str = "統一發票",
    seller: str = "試作五金行",
    ubn: str = "04595257",
) -> str:
    """A row of the voucher sheet, paid in cash or to be paid by the bank."""
    way = "現金" if paid else "匯款"
    return f"{day},{kind},{number},{ubn},{seller},{item},1,個,{net},{tax},,{paid},{way},\n"


class Desk:
    """A case, and what is done at it; everything by commands."""

    def __init__(self, folder: Path, award: str) -> None:
        """The case of an award's text; where there is none, one that was made already."""
        self.case = folder / "case"
        if not award:
            return
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "award.toml"
        file.write_text(award, encoding="utf-8")
        self.do("new", self.case, "--award", file)

    def do(self, *words: object, code: int = 0) -> str:
        """Give a command, which has to end with this code; gives what it said."""
        result = CliRunner().invoke(grant, [str(word) for word in words])
        assert result.exit_code == code, f"{words}\n{result.output}"
        return result.output

    def said(self, *words: object) -> Any:
        """What a command says with --json."""
        return json.loads(self.do(*words, "--json"))

    def put(self, name: str, text: str) -> dict[str, Any]:
        """Put a file into the inbox and import it."""
        (self.case / "inbox" / name).write_text(text, encoding="utf-8")
        return self.said("import", self.case)  # type: ignore[no-any-return]

    def questions(self, kind: str = "") -> list[dict[str, Any]]:
        """The open questions, of one kind or all."""
        found = self.said("questions", self.case)["questions"]
        return [question for question in found if kind in ("", question["kind"])]

    def answer(self, kind: str, word: str, *more: str, amount: int | None = None) -> Any:
        """Answer the one question of a kind, or of a kind and an amount."""
        (question,) = [each for each in self.questions(kind) if amount in (None, each["amount"])]
        return self.said("answer", self.case, question["id"], word, *more)

    def correct(self, voucher: str, reason: str, **fields: object) -> Any:
        """Correct fields of a voucher."""
        told = [part for name, value in fields.items() for part in ("--set", f"{name}={value}")]
        return self.said("correct", self.case, voucher, *told, "--reason", reason)

    def settle(self, *words: str) -> Any:
        """The final settlement."""
        return self.said("settle", self.case, "--as-of", "2024-01-31", *words)

    def found(self, check: str = "", as_of: str = "2024-01-31") -> list[tuple[str, str]]:
        """(check, voucher) of what is found."""
        result = CliRunner().invoke(grant, ["check", str(self.case), "--json", "--as-of", as_of])
        findings: Sequence[dict[str, Any]] = json.loads(result.output)["findings"]
        return [(each["check"], each["voucher"] or "") for each in findings if check in ("", each["check"])]


def statement(account: str, *lines: tuple[str, str, int], opening: int = 0, balance: bool = True) -> str:
    """A bank's statement: (day, words, amount; money out negative) each, in the order of the bank."""
    head = "交易日期,摘要,支出,存入,餘額,對方戶名" if balance else "交易日期,摘要,支出,存入,對方戶名"
    rows = []
    for day, words, amount in lines:
        opening += amount
        text, _mark, other = words.partition("|")
        out, put_in = (-amount, "") if amount < 0 else ("", amount)
        rows.append(f"{day},{text},{out},{put_in}," + (f"{opening},{other}" if balance else other))
    return f"帳號:{account}\n{head}\n" + "\n".join(rows) + "\n"
