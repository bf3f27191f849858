"""Fava's query page reads the case and nothing else."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from server.app import Server
from tests.server.house import client_of

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
