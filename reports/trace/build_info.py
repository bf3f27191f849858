"""How a report was made, kept in the report: what has to be known to make it again and compare."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from ledger.case.settlement import Stage
from ledger.errors import GrantError
from ledger.util.i18n import _
from ledger.util.i18n import current_language
from reports.data.report import SettlementReport
from reports.data.stamp import Stamp

_FORMAT = "1"


class NoBuildInfoError(GrantError):
    """The report does not say how it was made."""

    def __str__(self) -> str:
        return _("這份報表沒有記載產製資料,不是本程式產生的結算報表")


class BuildInfo(NamedTuple):
    """What a settlement report was made with."""

    stage: Stage
    as_of: datetime.date
    interim: datetime.date | None
    language: str
    stamp: Stamp


def build_info_of(report: SettlementReport) -> dict[str, str]:
    """As the hidden sheet keeps it."""
    tables, stamp = report.tables, report.stamp
    return {
        "format": _FORMAT,
        "kind": "settlement",
        "stage": tables.settled.stage,
        "as-of": tables.case.as_of.isoformat(),
        "interim-date": tables.interim.isoformat() if tables.interim else "",
        "language": current_language(),
        "ledger": stamp.ledger,
        "scheme-id": stamp.scheme_id,
        "scheme": stamp.scheme,
        "version": stamp.version,
    }


def read_build_info(said: Mapping[str, str]) -> BuildInfo:
    """What the hidden sheet says. Raises NoBuildInfoError where it lacks something or is of another format."""
    try:
        if said["format"] != _FORMAT or said["kind"] != "settlement":
            raise NoBuildInfoError
        interim = said["interim-date"]
        return BuildInfo(
            stage="interim" if said["stage"] == "interim" else "final",
            as_of=datetime.date.fromisoformat(said["as-of"]),
            interim=datetime.date.fromisoformat(interim) if interim else None,
            language=said["language"],
            stamp=Stamp(said["ledger"], said["scheme-id"], said["scheme"], said["version"]),
        )
    except (KeyError, ValueError) as error:
        raise NoBuildInfoError from error
