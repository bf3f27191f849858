"""The calendar's address: it opens the deadlines of one case to whoever holds it, and ends with the password or the role."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import urlsplit

import icalendar

from server.access.users import User
from server.access.users import UsersFile
from server.access.users import write_users
from server.app import Server
from tests.server.house import client_of
from tests.server.house import make_server
from tests.server.house import users_file
from tests.server.routes_table import CASE

PAGE = f"/{CASE}/extension/Desk/?tab=approvals"
_ADDRESS = re.compile(r'id="calendar-address" readonly value="([^"]+)"')


def address_for(server: Server, name: str) -> str:
    found = _ADDRESS.findall(client_of(server, name).get(PAGE).get_data(as_text=True))
    return html.unescape(found[0]) if found else ""


def local_part(address: str) -> str:
    return f"{urlsplit(address).path}?{urlsplit(address).query}"


def fetched(server: Server, address: str) -> int:
    return int(client_of(server).get(local_part(address)).status_code)


def test_the_address_on_the_page_is_answered_without_a_log_in(shared: Server, tmp_path: Path) -> None:
    address = address_for(shared, "viewer")
    assert address.startswith("http://localhost/grant/calendar/viewer/")
    answer = client_of(shared).get(local_part(address))
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert icalendar.Calendar.from_ical(answer.get_data()).walk("VEVENT")
    assert "Set-Cookie" not in answer.headers
    mark = address.rpartition("mark=")[2]
    assert mark not in "".join(path.read_text("utf-8") for path in (tmp_path / "logs").iterdir())


def test_it_opens_nothing_else(shared: Server) -> None:
    address = address_for(shared, "viewer")
    mark = address.rpartition("mark=")[2]
    other = next(key for key in shared.settings.cases.listed() if key != CASE)
    for wrong in (
        address.replace("mark=", "mark=0"),
        address[:-1] + ("0" if address[-1] != "0" else "1"),
        address.partition("?")[0],
        address.replace("/viewer/", "/accountant/"),
        address.replace("/viewer/", "/nobody/"),
        f"/grant/calendar/viewer/{other}.ics?mark={mark}",
        f"/grant/calendar/other/{CASE}.ics?mark={mark}",
        f"/grant/calendar/viewer/{CASE}.ics?mark=é",
    ):
        assert fetched(shared, wrong) == 404, wrong


def test_it_outlives_the_server_and_ends_with_the_password_or_the_role(folder: Path, tmp_path: Path) -> None:
    users = users_file(tmp_path)
    address = address_for(make_server(folder, users=users), "viewer")
    again = make_server(folder, users=users_file(tmp_path))
    assert fetched(again, address) == 200
    known = again.settings.users
    assert known is not None
    viewer = known.get("viewer")
    assert isinstance(viewer, User)

    def told(**changed: object) -> int:
        write_users(tmp_path / "users.toml", [viewer.model_copy(update=changed)])
        return fetched(make_server(folder, users=UsersFile(tmp_path / "users.toml")), address)

    assert told(password_hash="$argon2id$other") == 404  # noqa: S106
    assert told(password_hash="") == 404
    assert told(access=[]) == 404
    assert told() == 200


def test_on_ones_own_machine_there_is_a_file_and_no_address(local: Server) -> None:
    assert address_for(local, "") == ""
    assert "what=calendar" in client_of(local, "").get(PAGE).get_data(as_text=True)
