"""What a report was made from: the ledger's digest, the scheme's, and the program's version."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from importlib import metadata
from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger.case.case import Case
from ledger.entries.digest import entry_hash
from ledger.schemes.model import Scheme
from ledger.util.i18n import _

_LENGTH = 16
_DISTRIBUTION = "grantledger"


class Stamp(NamedTuple):
    """The marks by which a report can be made again and compared."""

    ledger: str
    scheme_id: str
    scheme: str
    version: str

    def __str__(self) -> str:
        return _("帳本 {ledger}・計畫別 {scheme_id} {scheme}・程式 {version}").format(**self._asdict())


def stamp_of(case: Case, scheme: Scheme) -> Stamp:
    """The stamp of a case under a scheme."""
    return Stamp(ledger_digest(case), scheme.id, scheme_digest(scheme), version())


def ledger_digest(case: Case) -> str:
    """A digest of all that the report stands on: every transaction and every directive, whatever their order."""
    lines = sorted(entry_hash(entry) for entry in case.transactions)
    lines += sorted(_directive_text(entry) for entry in _directives(case))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_LENGTH]


def scheme_digest(scheme: Scheme) -> str:
    """A digest of a scheme's values, their sources included; what our classes are called does not count."""
    text = json.dumps(dataclasses.asdict(scheme), default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def version() -> str:
    """The program's version; "0" where it runs from its source."""
    try:
        return metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "0"


def _directives(case: Case) -> list[data.Custom]:
    award = case.award
    parts: list[Any] = [
        *case.timesheets,
        *case.closes,
        *case.waivers,
        *case.findings,
        *case.evidence,
        *case.deductions,
    ]
    if award is not None:
        parts += [award, *award.budgets, *award.items, *award.persons]
    return [part.entry for part in parts]


def _directive_text(entry: data.Custom) -> str:
    values: list[Any] = [value.value for value in entry.values]
    meta = sorted(
        f"{key}={value}"
        for key, value in entry.meta.items()
        if not key.startswith("__") and key not in {"filename", "lineno"}
    )
    return "\x1f".join([entry.date.isoformat(), entry.type, *map(str, values), *meta])
