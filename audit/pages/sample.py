"""抽樣: a draw to look at before it is recorded, the draws recorded, and whether a sample is worth it at all."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from audit import risk
from audit.case_view import View
from audit.risk import Risk
from audit.sampling import METHODS
from audit.sampling import Draw
from audit.sampling import chance_of_finding
from audit.sampling import draw
from audit.sampling import look_at_all
from audit.sampling import population_digest
from audit.sampling import size_for
from audit.web.query import Query
from ledger.model.directives import Sample

_TOLERABLE, _CONFIDENCE = 10, 90


class Recorded(NamedTuple):
    """A draw on record, and whether drawing again from the same population gives the same vouchers.

    None where the population is no longer the one drawn from, so that it cannot be drawn again.
    """

    sample: Sample
    is_same: bool | None


@dataclasses.dataclass(frozen=True, slots=True)
class SamplePage:
    """All that the page shows; amounts in NT$."""

    method: str
    size: int
    seed: str
    drawn: list[Risk]
    certain: frozenset[str]
    drawn_amount: int
    population: int
    population_amount: int
    digest: str
    chances: list[tuple[int, int]]
    is_all_better: bool
    recorded: list[Recorded]


def sample_page(view: View, query: Query) -> SamplePage:
    """The draw that the query asks for; by risk, of the size that no expected error asks for, to begin with."""
    units, risks = risk.population(view), risk.risks(view)
    method = next((known for known in METHODS if known == query.text("method")), METHODS[0])
    size = query.number("size") or min(len(units), size_for(_TOLERABLE, _CONFIDENCE))
    seed = query.text("seed")
    drawn = draw(units, method, size, seed) if seed or method == "risk" else Draw((), frozenset(), "")
    rows = [risks[name] for name in drawn.names]
    return SamplePage(
        method=method,
        size=size,
        seed=seed,
        drawn=sorted(rows, key=lambda each: (-each.points, -each.row.declared)),
        certain=frozenset(risks[name].row.keyed.key for name in drawn.certain),
        drawn_amount=sum(each.row.declared for each in rows),
        population=len(units),
        population_amount=sum(unit.amount for unit in units),
        digest=population_digest(units),
        chances=[(bad, chance_of_finding(len(units), size, bad)) for bad in (1, 2, 3, 5)],
        is_all_better=look_at_all(len(units), size),
        recorded=[Recorded(sample, _again(view, sample)) for sample in view.case.samples],
    )


def _again(view: View, sample: Sample) -> bool | None:
    units = risk.population(view)
    if population_digest(units) != sample.population:
        return None
    method = next((known for known in METHODS if known == sample.method), None)
    return method is not None and draw(units, method, sample.size, sample.seed).names == sample.vouchers
