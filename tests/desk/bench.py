"""How long the desk's pages take on a case of 1,000 vouchers, beside Fava's journal: `python -m tests.desk.bench [N]`.

Both on the server as it is run: the first opening, which loads the case, and the next ones.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from desk.web.registry import PAGES
from tests.audit.bench import best
from tests.audit.bench import books
from tests.audit.house import make_case
from tests.server.house import client_of
from tests.server.house import make_server

ABOUT = {"voucher": "AB10000500"}


def _journal(client: Any) -> None:
    assert client.get("/case/journal/").status_code == 200
    assert client.get("/case/api/journal_page?page=1&order=desc").status_code == 200


def main(count: int) -> None:
    """Print the times."""
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as place:
        folder = make_case(Path(place) / "case", books(count))
        warm = client_of(make_server(folder), "")
        _journal(warm)  # what is imported late is paid once
        warm.get("/case/extension/Desk/?tab=log")
        client = client_of(make_server(folder), "")
        begun = time.perf_counter()
        _journal(client)
        first_journal = time.perf_counter() - begun
        journal = best(lambda: _journal(client))
        say(f"Fava's journal: first {first_journal:.3f} s, then {journal:.3f} s\n")
        for page in PAGES:
            address = f"/case/extension/Desk/?tab={page.tab}&about={ABOUT.get(page.tab, '')}"
            fresh = client_of(make_server(folder), "")
            begun = time.perf_counter()
            assert fresh.get(address).status_code == 200
            first = time.perf_counter() - begun
            again = best(lambda fresh=fresh, address=address: fresh.get(address))  # type: ignore[misc]
            told = f"first {first:.3f} s ({first / first_journal:.2f}), then {again:.3f} s ({again / journal:.2f})"
            say(f"{page.tab}: {told}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
