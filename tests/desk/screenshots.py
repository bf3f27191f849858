"""Pictures of the accountant's pages: `python -m tests.desk.screenshots CASE OUT YYYY-MM-DD [LOOK]`.

OUT gets those of the documentation, one a page. LOOK, where it is given, gets every page whole, on a wide and on a
narrow screen, to be looked at.
"""

from __future__ import annotations

import datetime
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from typing import NamedTuple

import desk.fava
from cli.commands.books.demo import FILES
from desk.pages.vouchers import name_of
from desk.web.registry import PAGES
from ledger.files.history import History
from ledger.loading.loader import load_case
from tests.audit.browser import chromium
from tests.audit.screenshots import save_picture
from tests.desk.house import HEAD
from tests.server.browser import opened

WIDE, NARROW, HEIGHT, TALLEST = 1400, 700, 1000, 6000
ROW = "113/02/{day:02},統一發票,QZ1000000{number},04595257,試作五金行,主軸軸承,{number},個,{net},{tax},既有設備之改善費,,匯款,\n"
WHOLE = (
    "const a = document.querySelector('article') ?? document.scrollingElement; return a.scrollHeight + 120"
)


class Shot(NamedTuple):
    """A picture: its name, the address below the server, and what is there once the page stands."""

    name: str
    address: str
    stands: str = ".desk"


def _dropped(case: Path) -> None:
    """What lies in the inbox of the picture: one file that can be imported, one that nobody can read."""
    rows = [ROW.format(day=2 + n, number=n, net=4000 * n, tax=200 * n) for n in range(1, 5)]
    (case / "inbox" / "二月憑證.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    (case / "inbox" / "給會計的話.txt").write_text("這是一封信,不是憑證。\n", encoding="utf-8")


def shots(case: Path, day: datetime.date) -> Iterator[Shot]:
    """Every page of the desk, and those of the server before it."""
    vouchers = load_case(case, day).case.vouchers
    last = History(case).operations()[-1].id
    about = {"voucher": name_of(next(each for each in vouchers if each.documents)), "operation": last}
    for page in PAGES:
        more = "&since=3" if page.tab == "compare" else f"&about={about.get(page.tab, '')}"
        yield Shot(f"desk-{page.tab}", f"{case.name}/extension/Desk/?tab={page.tab}{more}")
    yield Shot("desk-tour", f"{case.name}/extension/Desk/?tab=next&tour=1")
    yield Shot("home", "", ".cards")
    yield Shot("new-case", "grant/new", "#award")
    yield Shot("manual", "grant/manual/accountant", ".manual")


def take(case: Path, out: Path, day: datetime.date, look: Path | None) -> None:
    """Write the pictures as of a day."""

    class Day(datetime.date):
        @classmethod
        def today(cls) -> Any:
            return day

    extension: Any = desk.fava
    extension.datetime = SimpleNamespace(date=Day)
    for folder in (out, look):
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, chromium(Path(place) / "profile") as driver:
        copy = Path(place) / "cases" / case.name
        shutil.copytree(case, copy)
        _dropped(copy)
        with opened(driver, copy.parent, read_only=False) as base:
            for shot in shots(copy, day):
                driver.set_window_size(WIDE, HEIGHT)
                driver.get(f"{base}/{shot.address}")
                driver.find_element("css selector", shot.stands)
                if shot.name == "new-case":
                    _filled(driver)
                save_picture(driver, out / f"{shot.name}.png")
                if look is not None:
                    for width in (WIDE, NARROW):
                        driver.set_window_size(width, HEIGHT)
                        driver.set_window_size(width, min(TALLEST, driver.execute_script(WHOLE)))
                        driver.save_screenshot(str(look / f"{shot.name}-{width}.png"))


def _filled(driver: Any) -> None:
    """The sample award uploaded, with a cell of it that is wrong."""
    driver.find_element("id", "form").send_keys(str(FILES / "award.toml"))
    driver.find_element("css selector", "button[value=upload]").click()
    field = driver.find_element("id", "award.end")
    field.clear()
    field.send_keys("明年")
    driver.find_element("css selector", "aside button[value=try]").click()
    driver.find_element("id", "faults")


if __name__ == "__main__":
    take(
        Path(sys.argv[1]).resolve(),
        Path(sys.argv[2]),
        datetime.date.fromisoformat(sys.argv[3]),
        Path(sys.argv[4]) if len(sys.argv) > 4 else None,
    )
