"""On the server a folder whose name is a pattern elsewhere is a folder like any other, and what is shown was judged."""

from __future__ import annotations

import contextlib
import datetime
from pathlib import Path

import pytest

from ledger.errors import GrantError
from ledger.loading.loader import prepared
from ledger.loading.safe_folder import Sources
from ledger.operations.new_case import new_case
from server import case_ledger
from server.case_ledger import CaseLedger
from tests.audit.house import make_case
from tests.ledger.ledgers import award_file
from tests.server.house import client_of
from tests.server.house import make_server

TELLING = '2023-06-05 event "sibling" "{name}"\n'


def made(folder: Path) -> Path:
    """A new case whose book of a month says whose it is."""
    new_case(folder, award_file({"equipment": (600_000, 600_000)}))
    (folder / "books" / "2023-06.beancount").write_text(TELLING.format(name=folder.name), encoding="utf-8")
    return folder


@pytest.mark.parametrize("odd", ["[12]案", "a*b", "a?b", "**", "[!x]"])
def test_a_case_shows_its_own_books_alone(tmp_path: Path, odd: str) -> None:
    place = tmp_path / "cases"
    for name in (odd, "1案", "2案", "ab", "axb", "b"):
        made(place / name)
    server = make_server(place)
    client = client_of(server, "")
    assert client.get("/").status_code == 200
    (case,) = [each for each in server.settings.cases.listed().values() if each.name == odd]
    shown = client.get(f"/{case.key}/api/events").get_json()["data"]
    assert [each["description"] for each in shown] == [odd]
    assert client.get(f"/{case.key}/extension/Audit/").status_code == 200
    assert client.get(f"/{case.key}/extension/Desk/").status_code == 200


def test_the_served_folder_itself_may_have_such_a_name(tmp_path: Path) -> None:
    place = tmp_path / "[ab]*?"
    made(place / "案")
    client = client_of(make_server(place), "")
    assert client.get("/grant/new").status_code == 200
    assert client.get("/案/api/events").get_json()["data"][0]["description"] == "案"


# --- what is read is what was judged -------------------------------------------------------------------


def test_books_that_change_after_they_were_judged_are_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(tmp_path / "case")
    (tmp_path / "evil.py").write_text(
        f"__plugins__ = ('f',)\ndef f(entries, options):\n    open({str(tmp_path / 'RAN')!r}, 'w')\n"
        "    return entries, []\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))

    def judged_then_changed(main: Path) -> Sources:
        sources = prepared(main)
        with main.open("a", encoding="utf-8") as file:
            file.write('\nplugin "evil"\n2023-06-05 event "x" "later"\n')
        return sources

    monkeypatch.setattr(case_ledger, "prepared", judged_then_changed)
    ledger = CaseLedger(case / "main.beancount")
    assert not ledger.all_entries_by_type.Event
    assert not (tmp_path / "RAN").exists()
    monkeypatch.undo()
    with contextlib.suppress(GrantError):
        ledger.changed()
    assert not (tmp_path / "RAN").exists()
    with pytest.raises(GrantError, match="evil"):
        CaseLedger(case / "main.beancount")


def test_a_card_of_the_home_page_is_of_what_was_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A division by zero that comes in between would end the server."""
    from server.home import cards as home  # noqa: PLC0415 -- its reading is exchanged

    folder = made(tmp_path / "案").resolve()

    def judged_then_changed(main: Path) -> Sources:
        sources = prepared(main)
        with (main.parent / "award.beancount").open("a", encoding="utf-8") as file:
            file.write("\n2023-06-05 price TWD 1/0 USD\n")
        return sources

    monkeypatch.setattr(home, "prepared", judged_then_changed)
    assert home._read(folder, 0, datetime.date(2024, 1, 1)).problem == ""
