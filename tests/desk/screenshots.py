"""Pictures of the accountant's pages for the documentation: `python -m tests.desk.screenshots CASE OUT YYYY-MM-DD`."""

from __future__ import annotations

import datetime
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import desk.fava
from desk.pages.vouchers import name_of
from desk.web.registry import PAGES
from ledger.files.history import History
from ledger.loading.loader import load_case
from tests.audit.browser import chromium
from tests.server.browser import opened

WIDE, NARROW = (1400, 1000), (700, 1000)


def take(case: Path, out: Path, day: datetime.date) -> None:
    """Write one picture a page as of a day, and the first page on a narrow screen."""

    class Day(datetime.date):
        @classmethod
        def today(cls) -> Any:
            return day

    extension: Any = desk.fava
    extension.datetime = SimpleNamespace(date=Day)
    out.mkdir(parents=True, exist_ok=True)
    vouchers = load_case(case, day).case.vouchers
    about = {
        "voucher": name_of(next(each for each in vouchers if each.documents)),
        "operation": History(case).operations()[-1].id,
    }
    with (
        tempfile.TemporaryDirectory() as profile,
        chromium(Path(profile)) as driver,
        opened(driver, case, read_only=False) as base,
    ):
        for page in PAGES:
            driver.set_window_size(*WIDE)
            driver.get(f"{base}/{case.name}/extension/Desk/?tab={page.tab}&about={about.get(page.tab, '')}")
            driver.find_element("css selector", ".desk")
            driver.save_screenshot(str(out / f"desk-{page.tab}.png"))
        driver.set_window_size(*NARROW)
        driver.get(f"{base}/{case.name}/extension/Desk/")
        driver.save_screenshot(str(out / "desk-narrow.png"))


if __name__ == "__main__":
    take(Path(sys.argv[1]).resolve(), Path(sys.argv[2]), datetime.date.fromisoformat(sys.argv[3]))
