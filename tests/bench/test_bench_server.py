"""What the server may add to a page of Fava's: five hundredths of it."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

import pytest
from fava.application import create_app

from ledger.util.gc_pause import collector_at_rest
from tests.bench import books
from tests.server.house import client_of
from tests.server.house import make_server

pytestmark = pytest.mark.bench
VOUCHERS = 1000
TURNS = 20
MOST = 1.05
# pages as they open: the frame, and what it asks for at once
PAGES = {
    "journal": ("journal/", "api/journal_page?page=1&order=desc"),
    "errors, statistics, income statement, journal": (
        "errors/",
        "api/errors",
        "statistics/",
        "api/statistics",
        "income_statement/",
        "api/income_statement",
        "journal/",
        "api/journal_page?page=1&order=desc",
    ),
}


def _seconds(client: Any, case: str, addresses: tuple[str, ...]) -> float:
    began = time.process_time()
    for address in addresses:
        assert client.get(f"/{case}/{address}", buffered=True).status_code == 200
    return time.process_time() - began


@pytest.mark.parametrize("name", PAGES)
def test_the_server_adds_at_most_five_hundredths_to_a_page_of_fava(name: str, tmp_path: Path) -> None:
    books.make_case(tmp_path / "case", VOUCHERS)
    plain = create_app([str(tmp_path / "case" / "main.beancount")], load=True).test_client()
    slug = plain.get("/").headers["Location"].split("/")[1]
    served = client_of(make_server(tmp_path / "case"), "")
    both = [("plain", plain, slug), ("served", served, "case")]
    for _key, client, case in both:  # the first one loads
        _seconds(client, case, PAGES[name])
    taken: dict[str, list[float]] = {"plain": [], "served": []}
    with collector_at_rest():  # a page of Fava's makes so much that it runs in every other one, by chance
        for _turn in range(TURNS):
            for key, client, case in both:
                taken[key].append(_seconds(client, case, PAGES[name]))
            both.reverse()
    ratio = statistics.median(taken["served"]) / statistics.median(taken["plain"])
    print(f"{name}: {statistics.median(taken['plain']) * 1000:.1f} ms, {ratio:.3f} of it on the server")  # noqa: T201
    assert ratio <= MOST
