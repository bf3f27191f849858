"""Awards to plant faults in: another one in place of the ground's, and the case on the day it begins."""

from __future__ import annotations

from tests.recall.ground import Ground
from tests.recall.planting import Found
from tests.recall.planting import Planted


def as_signed(ground: Ground, amount: int | None = None, *, clean: bool = False) -> Planted:
    """The case on the day it begins, when there is nothing but the award, which is found at its first entry."""
    ground.today = ground.start
    return Planted(ground.books(), () if clean else (at(ground, amount),))


def at(ground: Ground, amount: int | None = None) -> Found:
    """A finding at the award."""
    return str(ground.start), amount


def awarded(ground: Ground, party: str = "", **approved: tuple[int, int]) -> None:
    """Another award in place of a party's: (government, own) a category, each of one item; nothing bought."""
    for kind in ("budget", "item"):
        ground.tables[kind] = [line for line in ground.tables[kind] if line.get("party", "") != party]
    for category, (government, own) in approved.items():
        line = {"category": category, "government": government, "self": own, "party": party}
        ground.tables["budget"].append(line)
        ground.tables["item"].append(line | {"name": f"{category}改善案"})
    ground.papers = [paper for paper in ground.papers if ground.party(paper) != party]


def partner(ground: Ground, place: int = 0) -> str:
    """The company number of a partner."""
    return str(ground.tables["partner"][place]["ubn"])
