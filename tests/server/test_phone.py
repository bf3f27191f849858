"""Papers photographed with a phone: through the same pages, on the local network only after a log-in."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest

from server.app import Server
from server.app import Settings
from server.cases import Cases
from tests.server.house import PASSWORD
from tests.server.house import client_of
from tests.server.house import users_file
from tests.server.routes_table import CASE

NETWORK = "http://192.0.2.7:8443"
PHOTO = b"\xff\xd8\xff\xe0 a photograph"
DESK = f"/{CASE}/extension/Desk/"
VOUCHER = f"{DESK}?tab=voucher&about=AB12345678"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def open_to_network(folder: Path, tmp_path: Path) -> Server:
    return Server(Settings(Cases([folder]), ("192.0.2.7",), users=users_file(tmp_path)))


def hidden(page: str, act: str) -> dict[str, str]:
    """The hidden fields of the form that asks for an act."""
    form = next(each for each in page.split("<form")[1:] if f'value="{act}"' in each)
    return dict(_HIDDEN.findall(form.partition("</form")[0]))


def send(client: Any, endpoint: str, form: dict[str, Any]) -> Any:
    return client.post(f"{DESK}{endpoint}", data=form, base_url=NETWORK, headers={"Origin": NETWORK})


def test_a_phone_that_logged_in_puts_a_photograph_on_its_voucher(
    open_to_network: Server, folder: Path
) -> None:
    phone = open_to_network.app.test_client()
    entered = phone.post(
        "/login",
        data={"name": "accountant", "password": PASSWORD},
        base_url=NETWORK,
        headers={"Origin": NETWORK},
    )
    assert entered.status_code == 303
    page = phone.get(VOUCHER, base_url=NETWORK).get_data(as_text=True)
    camera = re.findall(r'<input type="file" name="paper" accept="image/\*" capture="environment">', page)
    assert len(camera) == 1
    asked = send(phone, "confirm", {**hidden(page, "attach"), "paper": (io.BytesIO(PHOTO), "IMG_0001.jpg")})
    assert asked.status_code == 200
    fields = hidden(asked.get_data(as_text=True), "attach")
    written = send(phone, "write", fields)
    assert written.status_code == 303, written.get_data(as_text=True)
    kept = [path for path in (folder / CASE / "documents").rglob("*.jpg") if path.read_bytes() == PHOTO]
    assert len(kept) == 1
    shown = phone.get(VOUCHER, base_url=NETWORK).get_data(as_text=True)
    assert kept[0].name in shown
    inbox = phone.get(f"{DESK}?tab=inbox", base_url=NETWORK).get_data(as_text=True)
    assert 'name="files" accept="image/*" capture="environment"' in inbox


def test_without_a_log_in_the_network_gets_nothing(open_to_network: Server) -> None:
    stranger = open_to_network.app.test_client()
    answer = stranger.get(VOUCHER, base_url=NETWORK)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login")
    for endpoint in ("confirm", "write", "upload"):
        assert send(stranger, endpoint, {"do": "attach"}).status_code == 401


def test_the_server_of_one_machine_does_not_answer_to_the_network(local: Server) -> None:
    holder = client_of(local, "")
    assert holder.get(VOUCHER, base_url="http://localhost").status_code == 200
    assert holder.get(VOUCHER, base_url=NETWORK).status_code == 400
