"""What a voucher has otherwise than the approved item that it is for: the unit it counts in, who did the research."""

from __future__ import annotations

from ledger.model.award import Item
from ledger.schemes.categories import kind_of
from ledger.util.text import fold
from ledger.util.text import head_office

_SAME_UNITS = str.maketrans({"臺": "台", "個": "个", "箇": "个", "組": "组"})


def is_other_unit(written: str, item: Item) -> bool:
    """Whether a paper counts in a unit that is another than the approved one; where either is not told it is none."""
    return bool(written and item.unit) and _unit(written) != _unit(item.unit)


def is_other_contractor(seller_name: str, item: Item) -> bool:
    """Whether a research item was bought from another than the approved contractor; its branches are that one."""
    return (
        kind_of(item.category) == "research"
        and bool(item.supplier and seller_name)
        and head_office(item.supplier) != head_office(seller_name)
    )


def _unit(unit: str) -> str:
    return fold(unit).casefold().translate(_SAME_UNITS)
