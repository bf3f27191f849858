"""How long the desk's pages take on a case of 1,000 vouchers, beside Fava's journal: `python -m tests.desk.bench [N]`.

Both on the server as it is run, by turns, in processor time: the first opening, which loads the case, and the next ones.
"""

from __future__ import annotations

import gc
import math
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desk.web.registry import PAGES
from tests.audit.bench import books
from tests.audit.house import make_case
from tests.bench.timing import Held
from tests.server.house import client_of
from tests.server.house import make_server

ABOUT = {"voucher": "AB10000500", "operation": "1"}
FIRST, FIRST_OF_MANY = (
    1.0,
    1.2,
)  # a page when it is first opened, of Fava's journal: at 1,000 vouchers, and at more
AGAIN = 1.0  # when it is opened anew
TURNS, TURNS_OF_MANY = 3, 1


def _journal(client: Any) -> None:
    assert client.get("/case/journal/").status_code == 200
    assert client.get("/case/api/journal_page?page=1&order=desc").status_code == 200


def _least(kept: float, call: Callable[[], object]) -> float:
    """The processor time of a call where it is less than what was kept, the collector standing still."""
    gc.collect()
    gc.disable()
    begun = time.process_time()
    call()
    taken = time.process_time() - begun
    gc.enable()
    return min(kept, taken)


def main(count: int) -> None:
    """Print the times and whether each limit is held; ends with 1 where one is not."""
    held = Held()
    limit, turns = (FIRST, TURNS) if count <= 1000 else (FIRST_OF_MANY, TURNS_OF_MANY)
    with tempfile.TemporaryDirectory() as place:
        folder = make_case(Path(place) / "case", books(count))
        small = make_case(Path(place) / "small")
        addresses = {
            page.tab: f"extension/Desk/?tab={page.tab}&about={ABOUT.get(page.tab, '')}" for page in PAGES
        }
        warm = client_of(make_server(small), "")  # what is imported late is paid once
        warm.get("/small/journal/")
        for address in addresses.values():
            assert warm.get(f"/small/{address}").status_code == 200
        first = dict.fromkeys(["", *addresses], math.inf)
        again = dict(first)
        for _turn in range(turns):
            for tab in first:
                client = client_of(make_server(folder), "")

                def call(client: Any = client, tab: str = tab) -> None:
                    if tab:
                        assert client.get(f"/case/{addresses[tab]}").status_code == 200
                    else:
                        _journal(client)

                first[tab] = _least(first[tab], call)
                for _time in range(3):
                    again[tab] = _least(again[tab], call)
    for tab in addresses:
        name = f"desk page {tab} at {count:,}"
        held.told(f"{name}, first / Fava's journal", first[tab] / first[""], limit, f"{first[tab]:.3f} s")
        held.told(f"{name}, again / Fava's journal", again[tab] / again[""], AGAIN, f"{again[tab]:.3f} s")
    sys.exit(held.end())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
