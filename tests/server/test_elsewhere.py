"""A voucher's page tells what auditors said of like vouchers in other cases: of those that one may see."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

from ledger.util.i18n import speaking
from portfolio.index import update_index
from tests.server.house import client_of
from tests.server.house import make_server
from tests.server.house import served_folder
from tests.server.house import users_file

FINDING = """
2023-11-01 custom "grant-finding" "F-001"
  voucher: "EF10000001"
  state: "disallowed"
  deducted: 7000 TWD
  comment: "單價高於市價"
"""


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """Two served cases of one seller, the one a year below judged, and their index."""
    folder = served_folder(tmp_path / "cases")
    (folder / "112" / "乙案" / "audit.beancount").write_text(FINDING, encoding="utf-8")
    update_index(folder, day=datetime.date(2023, 11, 20), jobs=1)
    return folder


def voucher_page(client: Any, key: str) -> str:
    listed = client.get(f"/{key}/extension/Audit/?tab=vouchers").get_data(as_text=True)
    found = re.search(r'voucher=([0-9a-f-]+)[^"]*">EF10000001<', listed)
    assert found
    answer = client.get(f"/{key}/extension/Audit/?tab=vouchers&voucher={found[1]}")
    return str(answer.get_data(as_text=True))


def key_of(server: Any, name: str) -> str:
    return next(str(key) for key, case in server.settings.cases.listed().items() if case.name == name)


def test_what_was_said_elsewhere_is_on_the_page(judged: Path) -> None:
    server = make_server(judged)
    shown = voucher_page(client_of(server, ""), key_of(server, "甲案"))
    assert "其他案件對相似憑證的意見" in shown
    assert "單價高於市價" in shown


def test_who_may_not_see_the_other_case_is_not_told(judged: Path, tmp_path: Path) -> None:
    server = make_server(judged, users=users_file(tmp_path))
    shown = voucher_page(client_of(server, "auditor"), key_of(server, "甲案"))
    assert "單價高於市價" not in shown


def test_without_an_index_nothing_is_compared(judged: Path) -> None:
    (judged / "portfolio.duckdb").unlink()
    server = make_server(judged)
    shown = voucher_page(client_of(server, ""), key_of(server, "甲案"))
    assert "其他案件對相似憑證的意見" not in shown


def test_the_servers_english_is_the_pages_english_too(judged: Path) -> None:
    with speaking("en"):
        server = make_server(judged)
    shown = client_of(server, "").get(f"/{key_of(server, '甲案')}/extension/Audit/?tab=trial")
    assert "What-if settlement" in shown.get_data(as_text=True)
