"""Comparing claims between agencies without showing books: keyed fingerprints (HMAC) of invoices.

Two agencies that share a secret key exchange files of fingerprints. Equal ones mean an invoice claimed at both; nothing
else can be read from them, and without the key nobody can try numbers out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import NamedTuple

import duckdb

from ledger.errors import GrantError
from ledger.util.i18n import _

_LEAST_KEY = 16  # bytes
_FORMAT = "grantledger fingerprints 1"


class Hit(NamedTuple):
    """A claim of ours whose fingerprint the other side has too."""

    path: str
    voucher: str
    cost: int


def read_key(path: Path) -> bytes:
    """The secret key in a file. Raises GrantError where it is too short to be one."""
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise GrantError(f"{path}: {error.strerror}") from error
    if len(key) < _LEAST_KEY:
        raise GrantError(_("金鑰至少要 {count} 個字元").format(count=_LEAST_KEY))
    return key


def fingerprint(key: bytes, number: str, seller: str, net: int) -> str:
    """The fingerprint of an invoice: HMAC-SHA-256 over its number, its seller and its net in NT$."""
    return hmac.new(key, f"{number}\0{seller}\0{net}".encode(), hashlib.sha256).hexdigest()


def _claims(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str, int, int]]:
    return connection.execute(
        "SELECT path, number, label, coalesce(seller, ''), net, cost FROM claims WHERE number <> '' ORDER BY path, number"
    ).fetchall()


def write_fingerprints(connection: duckdb.DuckDBPyConnection, key: bytes, path: Path) -> int:
    """Write the fingerprints of all claims, sorted so that their order tells nothing; gives their number."""
    prints = sorted(
        {fingerprint(key, number, seller, net) for _p, number, _l, seller, net, _c in _claims(connection)}
    )
    path.write_text(
        json.dumps({"format": _FORMAT, "fingerprints": prints}, indent=0) + "\n", encoding="ascii"
    )
    return len(prints)


def compare(connection: duckdb.DuckDBPyConnection, key: bytes, path: Path) -> list[Hit]:
    """Our claims that the other side's file has too. Raises GrantError for a file that is none."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        theirs = set(said["fingerprints"]) if said["format"] == _FORMAT else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise GrantError(_("{file} 不是指紋檔:{reason}").format(file=path, reason=error)) from error
    if theirs is None:
        raise GrantError(_("{file} 不是指紋檔:{reason}").format(file=path, reason=said["format"]))
    return [
        Hit(case, label, cost)
        for case, number, label, seller, net, cost in _claims(connection)
        if fingerprint(key, number, seller, net) in theirs
    ]
