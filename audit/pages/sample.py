"""抽樣: a draw to look at before it is recorded, the draws recorded, and whether a sample is worth it at all."""

from __future__ import annotations

import dataclasses
import datetime
from typing import NamedTuple

from audit import risk
from audit.case_view import View
from audit.evaluation import Projection
from audit.evaluation import project_monetary
from audit.evaluation import project_random
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
_PROJECTED = 95  # percent of confidence of an upper limit


class Recorded(NamedTuple):
    """A draw on record, and whether drawing again from the same population gives the same vouchers.

    None where the population is no longer the one drawn from, so that it cannot be drawn again. `sealed` is the day on
    which its population was fixed, `judged` how many of its vouchers are judged, `projection` what they say of all.
    """

    sample: Sample
    is_same: bool | None
    sealed: datetime.date | None
    judged: int
    projection: Projection | None


class Sealed(NamedTuple):
    """A population that was fixed and not drawn from yet, and whether it is still the same."""

    sample: Sample
    is_same: bool


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
    sealed: list[Sealed]


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
        recorded=[_recorded(view, sample) for sample in view.case.samples if not sample.is_sealed],
        sealed=sealed_populations(view),
    )


def sealed_populations(view: View) -> list[Sealed]:
    """The populations that wait for their seed."""
    drawn = {sample.id for sample in view.case.samples if not sample.is_sealed}
    digest = population_digest(risk.population(view))
    return [
        Sealed(sample, sample.population == digest)
        for sample in view.case.samples
        if sample.is_sealed and sample.id not in drawn
    ]


def _recorded(view: View, sample: Sample) -> Recorded:
    sealed = [each.date for each in view.case.samples if each.is_sealed and each.id == sample.id]
    known = risk.risks(view)
    rows = [known[name].row for name in sample.vouchers if name in known]
    is_same = _again(view, sample)
    judged = sum(bool(row.threads) for row in rows)
    is_done = is_same and rows and judged == len(sample.vouchers)
    return Recorded(
        sample,
        is_same,
        sealed[0] if sealed else None,
        judged,
        _projection(view, sample) if is_done else None,
    )


def _projection(view: View, sample: Sample) -> Projection | None:
    """What a sample says once all of it is judged; nothing of one that was picked by risk."""
    units, known = risk.population(view), risk.risks(view)
    errors = {name: known[name].row.disallowed for name in sample.vouchers}
    if sample.method == "monetary":
        return project_monetary(units, sample.vouchers, sample.size, errors, _PROJECTED)
    if sample.method == "random":
        return project_random(units, sample.vouchers, errors, _PROJECTED)
    return None


def _again(view: View, sample: Sample) -> bool | None:
    units = risk.population(view)
    if population_digest(units) != sample.population:
        return None
    method = next((known for known in METHODS if known == sample.method), None)
    return method is not None and draw(units, method, sample.size, sample.seed).names == sample.vouchers
