"""What is particular to one bank, as data: `profiles/*.toml`, one file a bank.

A profile refines the reader and is never needed by it: what the bank's column names mean, the values of a flag,
places of columns where an export has no header, how its plain text is laid out, how to clean a remark.
"""

from __future__ import annotations

import functools
import itertools
import tomllib
from collections.abc import Mapping
from collections.abc import Sequence
from importlib import resources
from typing import Literal

import pydantic

from importers.bank.parsing.columns import HEADER_WITHIN
from importers.bank.parsing.columns import SYNONYMS
from importers.bank.parsing.columns import Columns
from importers.bank.parsing.columns import Role
from importers.bank.parsing.columns import columns_of
from importers.bank.parsing.columns import fold_name
from importers.sources.delimited import Row


class Profile(pydantic.BaseModel):
    """One bank's peculiarities."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    bank: str
    code: str = pydantic.Field(pattern=r"^\d{3}$")
    words: tuple[str, ...]  # any of these in the heading or the file's name means this bank
    source: str  # where the layout was learnt, and how sure it is
    header: tuple[str, ...] = ()  # column names that together are this bank's alone
    columns: dict[
        Role, tuple[str, ...]
    ] = {}  # what this bank's column names mean, before the generic synonyms
    flags: dict[str, Literal["out", "in"]] = {}  # values of the 借貸別 column
    positions: dict[Role, int | tuple[int, ...]] = {}  # where columns stand in an export without a header
    text_layout: Literal["columns", "words"] = (
        "columns"  # a text without delimiters: by width, or word by word
    )
    memo_begins_with_serial: bool = False  # the remark begins with the transaction's serial number
    memo_ends_with_account: bool = False  # the remark's cell ends with the other side's bank code and account

    @pydantic.field_validator("columns")
    @classmethod
    def _day_of_transaction(cls, columns: dict[Role, tuple[str, ...]]) -> dict[Role, tuple[str, ...]]:
        """No name of a posting day may stand for the day: a line's day is the transaction's."""
        posting = {fold_name(name) for name in SYNONYMS["post"]}
        if wrong := [name for name in columns.get("date", ()) if fold_name(name) in posting]:
            raise ValueError(f"columns.date: {wrong[0]} is the posting day")
        return columns

    @functools.cached_property
    def extra(self) -> Mapping[str, Role]:
        """The additional column names, the way names are compared."""
        return {fold_name(name): role for role, names in self.columns.items() for name in names}

    def columns_by_position(self) -> Columns | None:
        """The columns of an export that has no header; None where this bank's has one."""
        if "date" not in self.positions:
            return None

        def at(role: Role) -> int | None:
            place = self.positions.get(role)
            return place if isinstance(place, int) else None

        def several(role: Role) -> tuple[int, ...]:
            place = self.positions.get(role, ())
            return (place,) if isinstance(place, int) else place

        return Columns(
            date=at("date") or 0,
            out=at("out"),
            into=at("in"),
            balance=at("balance"),
            text=at("text"),
            memo=several("memo"),
            counterparty=several("counterparty"),
        )


GENERIC = Profile(bank="", code="000", words=(), source="")


@functools.cache
def profiles() -> tuple[Profile, ...]:
    """Every profile in the package, by bank code."""
    folder = resources.files("importers.bank") / "profiles"
    found = [
        Profile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda profile: profile.code))


def bank_named(name: str) -> Profile | None:
    """The profile of the one bank that is meant by its name, a part of it, or its code."""
    said = fold_name(name).replace("台灣", "臺灣")
    found = [
        profile
        for profile in profiles()
        if said == profile.code or any(said in fold_name(word) for word in (profile.bank, *profile.words))
    ]
    return found[0] if said and len(found) == 1 else None


def recognise(rows: Sequence[Row], name: str, bank: str = "") -> Profile:
    """The bank whose export these rows are; GENERIC where nothing tells. `bank` is what the user says it is.

    What the user says counts most, then a bank's name in the heading, then in the file's name; column names last,
    since other banks' exports may have the same ones.
    """
    top = rows[:HEADER_WITHIN]
    named = [{fold_name(cell) for cell in row} for row in top]
    titles = itertools.takewhile(
        lambda row: columns_of(row, {}) is None, top[:12]
    )  # lines may name other banks
    heading = "".join(cell for row in titles for cell in row if len(cell) < 200).replace("台灣", "臺灣")

    def score(profile: Profile) -> tuple[bool, int, int, int]:
        header = {fold_name(cell) for cell in profile.header}
        by_header = len(header) if header and any(header <= cells for cells in named) else 0
        by_heading = max((len(word) for word in profile.words if word in heading), default=0)
        by_name = max((len(word) for word in profile.words if word in name), default=0)
        return profile.bank == bank, by_heading, by_name, by_header

    best = max(profiles(), key=score, default=GENERIC)
    return best if any(score(best)) else GENERIC
