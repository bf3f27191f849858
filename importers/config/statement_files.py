"""What the files of bank statements do not say themselves: the `[[statement]]` tables of `import.toml`.

    [[statement]]
    file = "對帳單*.csv"         # the file's name; * and ? stand for what differs
    account = "223706683363"    # whose statement it is, where neither the file nor its name holds a number
    bank = "玉山"               # whose layout it is, where its columns do not tell: a name or a code
    side = "company"            # whose 借方 and 貸方 these are: bank or company

    [[statement]]
    number = "00200155667788"   # an account as the bank prints it …
    account = "667788"          # … and as the award has it

    [[statement]]
    sha256 = "9f86d0…"          # one file, by its bytes
    opening = 175008            # the balance before its first line

A table names a file, a number or a digest, and says at least one thing of it. Where several fit, the first that says
it counts.
"""

from __future__ import annotations

import fnmatch
import functools
import glob
import hashlib
import itertools
import re
import unicodedata
from collections.abc import Callable
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from typing import Literal
from typing import NamedTuple

from importers.bank.profile import bank_named
from importers.bank.profile import profiles
from importers.config.rules import RulesError
from importers.config.rules import read_tables
from importers.config.rules import refuse_unknown_keys
from importers.sources.source import NOTHING_TOLD
from importers.sources.source import Told
from ledger.files import RULES
from ledger.files.pending import PendingStore
from ledger.files.pending import read_pending
from ledger.util.i18n import _

_KEYS = ("file", "number", "sha256", "account", "bank", "side", "opening")
_SIDES: tuple[Literal["bank", "company"], ...] = ("bank", "company")
QUESTION = "statement"  # the kind of what waits
_FILED = re.compile(r"^\d{4}-\d{2}-\d{2}\.")


class Hint(NamedTuple):
    """What is said of the files whose names fit a pattern, of one file, or of an account as a bank prints it."""

    file: str = ""
    account: str = ""
    bank: str = ""  # the profile's name of the bank
    number: str = ""
    sha256: str = ""
    side: Literal["", "bank", "company"] = ""
    opening: int | None = None  # NT$

    def fits(self, name: str, digest: Callable[[], str]) -> bool:
        """Whether it speaks of a file, also under the name by which that is filed."""
        if self.sha256:
            return self.sha256 == digest()
        pattern = _folded(self.file)
        return bool(pattern) and any(
            fnmatch.fnmatchcase(_folded(said), pattern) for said in (name, _FILED.sub("", name))
        )


class Hints(NamedTuple):
    """The hints of a case in the order of the file."""

    hints: tuple[Hint, ...] = ()

    def account_of(self, names: Iterable[str], number: str = "") -> str:
        """The account of a statement that goes by these names, or prints this number; empty where nothing is said."""
        digits = _digits(number)
        by_number = (hint.account for hint in self.hints if digits and _digits(hint.number) == digits)
        by_name = (
            hint.account for name in names for hint in self.hints if not hint.number and hint.fits(name, str)
        )
        return next(filter(None, itertools.chain(by_number, by_name)), "")

    def told(self, name: str, content: bytes) -> Told:
        """What is said of the layout, the sides and the opening balance of a file."""
        if not self.hints:
            return NOTHING_TOLD
        digest = functools.cache(lambda: hashlib.sha256(content).hexdigest())
        fitting = [hint for hint in self.hints if hint.fits(name, digest)]
        return Told(
            next((hint.bank for hint in fitting if hint.bank), ""),
            next((hint.side for hint in fitting if hint.side), ""),
            next((hint.opening for hint in fitting if hint.opening is not None), None),
        )


def read_hints(folder: Path) -> Hints:
    """The hints of the case in `folder`, and the answers that were given to questions about statements.

    None where there is neither. Raises RulesError.
    """
    tables = read_tables(folder, "statement")
    written = (_hint(table, number) for number, table in enumerate(tables, 1))
    return Hints((*written, *hints_of_answers(read_pending(folder))))


def with_account(text: str, file: str, account: str) -> str:
    """The text of `import.toml` with the account of the files of this name after all that stands in it."""
    import tomlkit  # noqa: PLC0415 -- only here something is written

    table = tomlkit.table()
    table["file"], table["account"] = glob.escape(file), account
    tables = tomlkit.aot()
    tables.append(table)
    end = "\r\n" if "\r\n" in text else "\n"
    return text + (end if text else "") + tomlkit.dumps({"statement": tables}).replace("\n", end)


def hints_of_answers(pending: PendingStore) -> list[Hint]:
    """What the answers to questions about statements say."""
    hints = []
    for record in pending.of_kind(QUESTION):
        digest, amount = str(record.data.get("sha256", "")), record.data.get("amount")
        number, account = str(record.data.get("number", "")), str(record.data.get("account", ""))
        if record.answer == "opening-balance" and isinstance(amount, int) and digest:
            hints.append(Hint(sha256=digest, opening=amount))
        elif record.answer in {"bank-side", "company-side"} and digest:
            hints.append(Hint(sha256=digest, side="bank" if record.answer == "bank-side" else "company"))
        elif record.answer == "account" and number and account:
            hints.append(Hint(number=number, account=account))
    return hints


def _hint(table: dict[str, Any], number: int) -> Hint:
    refuse_unknown_keys(f"[[statement]] {number}", table, _KEYS)
    where = f"[[statement]] {number}"
    said = {name: table.get(name, "") for name in _KEYS if name != "opening"}
    opening = table.get("opening")
    wrong = next((name for name, value in said.items() if not isinstance(value, str)), None)
    if wrong is not None:
        raise RulesError(
            _("{file} 的 {where}:{key} 要寫成有引號的文字").format(file=RULES, where=where, key=wrong)
        )
    if opening is not None and (type(opening) is not int or not said["sha256"]):
        raise RulesError(
            _("{file} 的 {where}:opening 是整數元,而且要有 sha256 指明是哪一個檔案").format(
                file=RULES, where=where
            )
        )
    if sum(bool(said[name]) for name in ("file", "number", "sha256")) != 1 or not (
        said["account"] or said["bank"] or said["side"] or opening is not None
    ):
        raise RulesError(
            _(
                "{file} 的 {where} 要有 file、number 或 sha256 其中之一,以及 account、bank、side 或 opening"
            ).format(file=RULES, where=where)
        )
    side = next((name for name in _SIDES if name == said["side"]), None)
    if said["side"] and side is None:
        raise RulesError(_("{file} 的 {where}:side 只能寫 bank 或 company").format(file=RULES, where=where))
    profile = bank_named(said["bank"]) if said["bank"] else None
    if said["bank"] and profile is None:
        raise RulesError(
            _("{file} 的 [[statement]] {number}:沒有銀行「{bank}」的設定;可以寫的有 {banks}").format(
                file=RULES,
                number=number,
                bank=said["bank"],
                banks=_("、").join(profile.bank for profile in profiles()),
            )
        )
    return Hint(
        file=said["file"],
        account=said["account"],
        bank=profile.bank if profile else "",
        number=said["number"],
        sha256=said["sha256"].lower(),
        side=side or "",
        opening=opening,
    )


def _digits(number: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFKC", number) if mark.isdigit() or mark == "*")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
