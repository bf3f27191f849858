"""Two servers on one case: what one writes the other sees, an old page is stale, and the chain of acts stays whole."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import pytest

from checks.engine.runner import run_checks
from ledger.case.case import Case
from ledger.loading.loader import load_case
from server.app import Server
from tests.audit.house import SEEN
from tests.audit.house import TOKEN
from tests.server.house import client_of
from tests.server.house import make_server

AUDIT = "/甲案/extension/Audit/"


def _page(client: Any) -> str:
    return str(client.get(f"{AUDIT}?tab=vouchers&voucher=AB12345678").get_data(as_text=True))


def _secrets(client: Any) -> dict[str, str]:
    page = _page(client)
    return {"token": TOKEN.findall(page)[0], "seen": SEEN.findall(page)[0]}


def _judged(client: Any, comment: str) -> dict[str, str]:
    listed = str(client.get(f"{AUDIT}?tab=vouchers").get_data(as_text=True))
    found = re.search(r'voucher=([0-9a-f-]+)[^"]*">AB12345678<', listed)
    assert found
    return {"do": "judge", "voucher": found[1], "state": "open", "comment": comment, "by": "甲"}


def _case(folder: Path) -> Case:
    return load_case(folder / "甲案").case


@pytest.fixture
def servers(folder: Path) -> tuple[Server, Server]:
    return make_server(folder), make_server(folder)


def test_a_page_of_one_is_stale_once_the_other_has_written(
    servers: tuple[Server, Server], folder: Path
) -> None:
    first, second = (client_of(server, "") for server in servers)
    old = _secrets(first)
    assert second.post(f"{AUDIT}write", data=_secrets(second) | _judged(second, "乙的")).status_code == 303
    assert first.post(f"{AUDIT}write", data=old | _judged(first, "甲的")).status_code == 409
    assert "乙的" in _page(first)
    assert first.post(f"{AUDIT}write", data=_secrets(first) | _judged(first, "甲的")).status_code == 303
    assert "甲的" in _page(second)
    text = (folder / "甲案" / "audit.beancount").read_text(encoding="utf-8")
    assert re.findall(r'custom "grant-finding" "(F-\d+)"', text) == ["F-001", "F-002"]


def test_both_writing_at_once_lose_nothing_and_keep_the_chain(
    servers: tuple[Server, Server], folder: Path
) -> None:
    problems: list[object] = []

    def file_three(server: Server, name: str) -> None:
        client = client_of(server, "")
        for number in range(3):
            for _try in range(50):
                answer = client.post(
                    f"{AUDIT}write", data=_secrets(client) | _judged(client, f"{name}{number}")
                )
                if answer.status_code == 303:
                    break
                if answer.status_code != 409:
                    problems.append(answer.get_data(as_text=True))
                    return
            else:
                problems.append(f"{name}{number} was never let in")

    threads = [
        threading.Thread(target=file_three, args=(server, name))
        for server, name in zip(servers, ("甲", "乙"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    text = (folder / "甲案" / "audit.beancount").read_text(encoding="utf-8")
    assert re.findall(r'custom "grant-finding" "(F-\d+)"', text) == [f"F-{n:03}" for n in range(1, 7)]
    assert sorted(re.findall(r'comment: "([甲乙]\d)"', text)) == sorted(
        f"{who}{n}" for who in "甲乙" for n in range(3)
    )
    assert not [found for found in run_checks(_case(folder)) if found.check == "audit-chain-broken"]
