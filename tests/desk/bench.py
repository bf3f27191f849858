"""How long the desk's pages take on a case of 1,000 vouchers, beside Fava's own journal: `python -m tests.desk.bench [N]`.

Of each page the first opening after a load is measured, in a ledger of its own, and the next ones.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from fava.application import create_app

from desk.web.registry import PAGES
from tests.audit.bench import EXTENSION
from tests.audit.bench import best
from tests.audit.bench import books
from tests.audit.house import make_case

ABOUT = {"voucher": "AB10000500"}


def main(count: int) -> None:
    """Print the times."""
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as place:
        folder = make_case(Path(place) / "case", books(count))
        top = folder / "main.beancount"
        text = top.read_text(encoding="utf-8")
        top.write_text(
            text.replace(EXTENSION, EXTENSION.replace("audit.fava", "desk.fava")), encoding="utf-8"
        )
        client = create_app([str(top)], load=True).test_client()

        def journal() -> None:
            client.get("/case/journal/")
            client.get("/case/api/journal_page?page=1&order=desc")

        journal()  # what is imported late is paid once
        client.get("/case/extension/Desk/?tab=log")
        stock = best(journal)
        say(f"Fava's journal: {stock:.3f} s\n")
        for page in PAGES:
            address = f"/case/extension/Desk/?tab={page.tab}&about={ABOUT.get(page.tab, '')}"
            fresh = create_app([str(top)], load=True).test_client()
            begun = time.perf_counter()
            fresh.get(address)
            first = time.perf_counter() - begun
            again = best(lambda fresh=fresh, address=address: fresh.get(address))  # type: ignore[misc]
            say(
                f"{page.tab}: first {first:.3f} s ({first / stock:.2f}), then {again:.3f} s ({again / stock:.2f})\n"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
