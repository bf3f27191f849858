"""The points and thresholds of a portfolio: the program's own, or those in a `rules.toml` beside the index."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledger.errors import GrantError
from ledger.util.i18n import _

FILE = "rules.toml"
Rules = dict[str, dict[str, Decimal]]


def read_rules(folder: Path | None = None) -> Rules:
    """{table: {key: number}}. Raises GrantError for a file that is none, an unknown key or what is no number."""
    shipped = _numbers(
        tomllib.loads((Path(__file__).parent / FILE).read_text(encoding="utf-8"), parse_float=Decimal)
    )
    own = folder / FILE if folder is not None else None
    if own is None or not own.is_file():
        return shipped
    try:
        given = tomllib.loads(own.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (OSError, ValueError, RecursionError) as error:
        raise GrantError(f"{own.name}: {error}") from error
    for table, values in given.items():
        for key, value in values.items() if isinstance(values, dict) else (("", None),):
            if key not in shipped.get(table, {}):
                raise GrantError(
                    _("{file}:沒有 {table}.{key} 這個設定").format(file=own.name, table=table, key=key)
                )
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                raise GrantError(
                    _("{file}:{table}.{key} 要填數字").format(file=own.name, table=table, key=key)
                )
            shipped[table][key] = Decimal(value)
    return shipped


def _numbers(tables: dict[str, Any]) -> Rules:
    return {table: {key: Decimal(value) for key, value in values.items()} for table, values in tables.items()}
