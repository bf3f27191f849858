"""What an allowance takes from each invoice adds up to its header."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from importers.records import Reference
from importers.vouchers.references import with_header

AMOUNTS = st.integers(0, 10**9)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=8), AMOUNTS, AMOUNTS)
def test_the_parts_are_the_header_s(parts: list[tuple[int, int]], net: int, tax: int) -> None:
    named = [Reference(f"AB{place:08}", None, part, its_tax) for place, (part, its_tax) in enumerate(parts)]
    told: list[str] = []
    references = with_header(named, net, tax, told)
    assert sum(one.net for one in references) == net
    assert sum(one.tax for one in references) == tax
    assert [one.number for one in references] == [one.number for one in named]
    gaps = (abs(net - sum(part for part, _tax in parts)), abs(tax - sum(its for _net, its in parts)))
    assert bool(told) == (max(gaps) > len(parts))


def test_lines_with_tax_are_shared_in_proportion() -> None:
    named = [Reference("AB00000001", None, 2100, 0), Reference("AB00000002", None, 1050, 0)]
    references = with_header(named, 3000, 150, [])
    assert [(one.net, one.tax) for one in references] == [(2000, 100), (1000, 50)]
