"""Error rates of what auditors decided, by programme and category, with the limit that the true rate is under."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

import duckdb

from audit.evaluation import rate_limit

CONFIDENCE = 95  # percent


class ErrorRate(NamedTuple):
    """Of one programme and category (all of them where it is empty): vouchers and NT$ claimed, decided on, wrong.

    `limit` is the rate of wrong vouchers in percent that the population is under with 95% confidence, binomial; it says
    something of all vouchers only where those decided on were drawn by chance. None where none was decided on.
    """

    scheme: str
    category: str
    cases: int
    vouchers: int
    claimed: int
    decided: int
    decided_cost: int
    wrong: int
    disallowed: int
    limit: Decimal | None


def error_rates(
    connection: duckdb.DuckDBPyConnection, paths: Collection[str] | None = None
) -> list[ErrorRate]:
    """The rates by programme, each followed by its categories; of these cases alone where `paths` are given."""
    rows = connection.execute(
        "SELECT path, scheme, c.category, c.vouchers, c.claimed, c.decided, c.decided_cost, c.wrong, c.disallowed"
        " FROM categories c JOIN cases USING (path)"
    ).fetchall()
    cases: dict[tuple[str, str], set[str]] = defaultdict(set)
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 6)
    for path, scheme, category, *values in rows:
        if paths is not None and path not in paths:
            continue
        for key in ((scheme, ""), (scheme, category)):
            cases[key].add(path)
            sums[key] = [one + (other or 0) for one, other in zip(sums[key], values, strict=True)]
    return [_rate(*key, len(cases[key]), values) for key, values in sorted(sums.items())]


def _rate(scheme: str, category: str, cases: int, values: list[int]) -> ErrorRate:
    vouchers, claimed, decided, cost, wrong, disallowed = values
    limit = rate_limit(decided, wrong, CONFIDENCE) if decided else None
    return ErrorRate(scheme, category, cases, vouchers, claimed, decided, cost, wrong, disallowed, limit)
