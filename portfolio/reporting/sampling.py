"""Vouchers drawn over a whole portfolio: stratified by case, or by monetary unit, with a recorded seed.

The draws are those of `audit.sampling`, so that whoever has the record draws the same again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from typing import Literal
from typing import NamedTuple

import duckdb

from audit.sampling import Unit
from audit.sampling import draw
from audit.sampling import population_digest
from ledger.errors import GrantError
from ledger.util.i18n import _

Method = Literal["monetary", "random", "stratified"]
METHODS: tuple[Method, ...] = ("monetary", "random", "stratified")


class Drawn(NamedTuple):
    """A voucher that was drawn."""

    path: str
    voucher: str
    amount: int
    certain: bool  # so large that it was taken for sure


class PortfolioDraw(NamedTuple):
    """A draw over a portfolio and all that is needed to draw it again; amounts in NT$."""

    method: Method
    seed: str
    size: int
    population: str
    vouchers: int
    value: int
    drawn: tuple[Drawn, ...]

    def as_json(self) -> dict[str, Any]:
        """As `grant portfolio sample --json` shows it."""
        return {**self._asdict(), "drawn": [each._asdict() for each in self.drawn]}


def draw_portfolio(
    connection: duckdb.DuckDBPyConnection, method: Method, size: int, seed: str
) -> PortfolioDraw:
    """Draw `size` vouchers among all that the indexed cases claim. Raises GrantError for an empty seed or size.

    `stratified` gives each case its part of the size by its share of the cost, at least one, and draws at random in it.
    """
    if not seed.strip() or size < 1:
        raise GrantError(_("抽樣要有種子(--seed)與大於 0 的件數(--size)"))
    rows = connection.execute(
        "SELECT path, label, cost, row_number() OVER (PARTITION BY path, label ORDER BY line) FROM claims "
        "WHERE cost > 0 ORDER BY path, booked, line"
    ).fetchall()
    named = {
        f"{path}\t{label}" + (f"#{turn}" if turn > 1 else ""): (path, label, cost)
        for path, label, cost, turn in rows
    }
    units = [Unit(name, int(cost)) for name, (_path, _label, cost) in named.items()]
    if method == "stratified":
        chosen, certain = _stratified(units, size, seed)
    else:
        found = draw(units, method, size, seed)
        chosen, certain = set(found.names), found.certain
    drawn = tuple(
        Drawn(*named[unit.name], certain=unit.name in certain) for unit in units if unit.name in chosen
    )
    return PortfolioDraw(
        method, seed, size, population_digest(units), len(units), sum(unit.amount for unit in units), drawn
    )


def _stratified(units: Sequence[Unit], size: int, seed: str) -> tuple[set[str], frozenset[str]]:
    strata: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        strata[unit.name.partition("\t")[0]].append(unit)
    whole = sum(unit.amount for unit in units)
    chosen: set[str] = set()
    for case, members in strata.items():
        part = max(1, size * sum(unit.amount for unit in members) // max(1, whole))
        chosen.update(draw(members, "random", part, f"{seed} {case}").names)
    return chosen, frozenset()
