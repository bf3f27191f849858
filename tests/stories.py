"""The clean cases that seeds make: schemes, guarantees, ways of paying and banks in turn."""

from __future__ import annotations

from tests.casemaker import Story
from tests.casepapers import LAYOUTS

GUARANTEES = ("none", "partial", "full")
SCHEMES = ("small-manufacturer-112", "managed-factory-112")


def story(seed: int) -> Story:
    """The clean case of a seed: by it go scheme, guarantee, months, way of paying and the bank's layout."""
    guarantee = GUARANTEES[seed % 3]
    layout, months, big = LAYOUTS[seed % 4], 2 + seed % 3, seed % 2 == 1
    if seed % 7 == 6:
        scheme = ("supply-chain-smart-112", "supply-chain-carbon-112")[seed % 2]
        return Story(
            seed, scheme=scheme, months=months, guarantee=guarantee, partners=2, layout=layout
        ).money()
    return Story(
        seed,
        scheme=SCHEMES[seed // 3 % 2],
        months=months,
        guarantee=guarantee,
        direct=guarantee != "none" and seed // 6 % 2 == 1,
        big_interest=big,
        layout=layout,
    ).money()
