"""What the files of bank statements do not say themselves: the `[[statement]]` tables of `import.toml`.

    [[statement]]
    file = "對帳單*.csv"         # the file's name; * and ? stand for what differs
    account = "223706683363"    # whose statement it is, where neither the file nor its name holds a number
    bank = "玉山"               # whose layout it is, where its columns do not tell: a name or a code

A table has `account`, `bank` or both. Where several fit a file, the first that says it counts.
"""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from typing import NamedTuple

from importers.bank.profile import bank_named
from importers.bank.profile import profiles
from importers.config.rules import FILE
from importers.config.rules import RulesError
from importers.config.rules import read_tables
from importers.config.rules import refuse_unknown_keys
from ledger.util.i18n import _

_KEYS = ("file", "account", "bank")
_FILED = re.compile(r"^\d{4}-\d{2}-\d{2}\.")


class Hint(NamedTuple):
    """What is said of the files whose names fit a pattern."""

    file: str
    account: str = ""
    bank: str = ""  # the profile's name of the bank

    def fits(self, name: str) -> bool:
        """Whether it speaks of a file, also under the name by which that is filed."""
        pattern = _folded(self.file)
        return any(fnmatch.fnmatchcase(_folded(said), pattern) for said in (name, _FILED.sub("", name)))


class Hints(NamedTuple):
    """The hints of a case in the order of the file."""

    hints: tuple[Hint, ...] = ()

    def account_of(self, names: Iterable[str]) -> str:
        """The account of a statement that goes by these names; empty where nothing is said."""
        return self._first("account", names)

    def bank_of(self, name: str) -> str:
        """The bank of a statement; empty where nothing is said."""
        return self._first("bank", [name])

    def _first(self, what: str, names: Iterable[str]) -> str:
        told = (getattr(hint, what) for name in names for hint in self.hints if hint.fits(name))
        return next(filter(None, told), "")


def read_hints(folder: Path) -> Hints:
    """The hints of the case in `folder`; none where there is no `import.toml`. Raises RulesError."""
    tables = read_tables(folder, "statement")
    return Hints(tuple(_hint(table, number) for number, table in enumerate(tables, 1)))


def _hint(table: dict[str, Any], number: int) -> Hint:
    refuse_unknown_keys(f"[[statement]] {number}", table, _KEYS)
    said = {name: table.get(name, "") for name in _KEYS}
    wrong = next((name for name, value in said.items() if not isinstance(value, str)), None)
    if wrong is not None:
        raise RulesError(
            _("{file} 的 [[statement]] {number}:{key} 要寫成有引號的文字").format(
                file=FILE, number=number, key=wrong
            )
        )
    if not said["file"] or not (said["account"] or said["bank"]):
        raise RulesError(
            _("{file} 的 [[statement]] {number} 要有 file,以及 account 或 bank").format(
                file=FILE, number=number
            )
        )
    profile = bank_named(said["bank"]) if said["bank"] else None
    if said["bank"] and profile is None:
        raise RulesError(
            _("{file} 的 [[statement]] {number}:沒有銀行「{bank}」的設定;可以寫的有 {banks}").format(
                file=FILE,
                number=number,
                bank=said["bank"],
                banks=_("、").join(profile.bank for profile in profiles()),
            )
        )
    return Hint(said["file"], said["account"], profile.bank if profile else "")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
