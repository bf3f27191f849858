"""Fava's query page reads the case and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from beancount.core import data

from ledger.loading.loader import load_case
from ledger.operations.commit import UNPAID
from server.app import Server
from tests.cli.desk import COMPANY
from tests.cli.desk import HEAD
from tests.cli.desk import Desk
from tests.cli.desk import award_text
from tests.cli.desk import row
from tests.cli.desk import statement
from tests.server.house import client_of
from tests.server.house import make_server

READING = (
    "SELECT account, sum(position) GROUP BY account",
    "balances",
    "journal 'Assets'",
    "print",
    ".help",
    "  select account",
)


@pytest.mark.parametrize("query", READING)
def test_what_reads_is_answered(local: Server, query: str) -> None:
    assert client_of(local, "").get(f"/甲案/api/query?query_string={quote(query)}").status_code == 200


@pytest.mark.parametrize(
    "address", ["api/query?query_string=", "download-query/query_result.csv?query_string="]
)
def test_what_writes_or_opens_a_file_is_closed(
    local: Server, folder: Path, tmp_path: Path, address: str
) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("keep", encoding="utf-8")
    book = folder / "甲案" / "books.beancount"
    text = book.read_text(encoding="utf-8")
    stored = f"CREATE TABLE t (a str) USING 'csv://{victim}'"
    book.write_text(f'{text}2023-06-01 query "own" "{stored}"\n', encoding="utf-8")
    client = client_of(local, "")
    for query in (
        f".output {victim}",
        f"  .output {victim}",
        f".OUTPUT {victim}",
        f"\t.output {victim}",
        stored,
        "create table t (a str)",
        "INSERT INTO t VALUES ('x')",
        ".run own",
        "set format csv",
        ".reload",
        ".history",
        ".parse select account",
        "exit",
    ):
        answer = client.get(f"/甲案/{address}{quote(query)}")
        assert answer.status_code >= 400, query
        assert victim.read_text(encoding="utf-8") == "keep", query
    assert client.get("/甲案/api/query?query_string=select+account").status_code == 200


OLD = "SELECT links, sum(position) WHERE account = 'Liabilities:1應付帳款' GROUP BY links"


def rows(server: Server, query: str) -> list[list[Any]]:
    """What the query page shows."""
    answer = client_of(server, "").get(f"/case/api/query?query_string={quote(query)}")
    assert answer.status_code == 200, query
    return list(answer.get_json()["data"]["rows"])


def test_the_queries_of_a_new_case_give_what_they_are_called(tmp_path: Path) -> None:
    """One debit pays two vouchers, each named at its own posting; a receipt is paid, an invoice is not."""
    desk = Desk(tmp_path, award_text("112-試作-0400", {"consumables": "試作軸承"}))
    told = (
        row("112/06/10", "QZ10000001", "試作軸承", 6_000, 300)
        + row("112/06/11", "QZ10000002", "試作軸承", 2_000, 100)
        + row("112/06/12", "試收01", "試作軸承", 900, 0, "112/06/12", kind="收據")
        + row("112/06/13", "QZ10000003", "試作軸承", 4_000, 200)
    )
    desk.put("憑證.csv", HEAD + told)
    desk.put("活期.csv", statement(COMPANY, ("2023/06/20", "轉帳支出|試作五金行", -8_400), opening=50_000))
    server = make_server(tmp_path)
    stored = load_case(desk.case).entries
    queries = {each.name: each.query_string for each in stored if isinstance(each, data.Query)}
    assert {name: len(rows(server, query)) for name, query in queries.items()} == {
        "科目別支出": 2,
        "專戶收支": 0,
        "未付憑證": 1,
        "待認定分錄": 0,
    }
    assert rows(server, queries["未付憑證"]) == [["QZ10000003", {"TWD": -4200}]]


def test_an_older_case_has_its_query_mended_by_the_next_operation(tmp_path: Path) -> None:
    desk = Desk(tmp_path, award_text("112-試作-0401", {"consumables": "試作軸承"}))
    main = desk.case / "main.beancount"
    fresh = main.read_text(encoding="utf-8")
    main.write_text(fresh.replace(UNPAID, OLD), encoding="utf-8")
    assert main.read_text(encoding="utf-8") != fresh
    desk.put("憑證.csv", HEAD + row("112/06/10", "QZ10000001", "試作軸承", 6_000, 300))
    assert main.read_text(encoding="utf-8") == fresh
