"""No page of a large case is heavy, what Fava says of the ledger on each of its pages included."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from server.app import Server
from tests.audit.bench import TABS
from tests.audit.bench import books
from tests.audit.house import make_case
from tests.server.house import HOST
from tests.server.house import client_of
from tests.server.house import make_server

VOUCHERS, MOST_BYTES = 1_000, 400_000
DESK = ("next", "inbox", "questions", "vouchers", "close", "approvals", "reports", "log")


def _get(client: Any, address: str) -> Any:
    return client.get(address, base_url=f"http://{HOST}")


@pytest.mark.slow
def test_a_thousand_vouchers_of_which_every_one_has_its_doubt(tmp_path: Path) -> None:
    make_case(tmp_path / "cases" / "case", books(VOUCHERS))
    client = client_of(make_server(tmp_path / "cases"), "")
    addresses = [f"/case/extension/Audit/?tab={tab}" for tab in TABS]
    addresses += [f"/case/extension/Desk/?tab={tab}" for tab in DESK]
    heavy = {}
    for address in addresses:
        answer = _get(client, address)
        assert answer.status_code == 200
        if len(answer.data) > MOST_BYTES:
            heavy[address] = len(answer.data)
    assert not heavy
    errors = _get(client, "/case/api/errors").get_json()["data"]
    told = [each["message"] for each in errors if each["message"].startswith("[document-missing]")]
    assert len(told) == 101
    assert "還有 900 件" in told[-1]


def test_what_fava_says_of_the_ledger_is_not_escaped(tmp_path: Path) -> None:
    make_case(tmp_path / "cases" / "case", books(3))
    text = _get(client_of(make_server(tmp_path / "cases"), ""), "/case/journal/").data.decode()
    data = re.search(r'id="ledger-data">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert "沒有附件" in data[1]
    assert r"\u6c92" not in data[1]
    assert "<" not in data[1]


def test_a_name_that_is_no_text_is_escaped_as_before(local: Server) -> None:
    assert local.fava.json.dumps(["\udcff"]) == r'["\udcff"]'
    assert local.fava.json.dumps(["甲"]) == '["甲"]'
