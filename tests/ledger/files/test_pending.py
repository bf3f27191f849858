"""What waits in a case: kept, read again, and never lost."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.files import PENDING
from ledger.files.pending import KINDS
from ledger.files.pending import Pending
from ledger.files.pending import PendingStore
from ledger.files.pending import pending_id
from ledger.files.pending import read_pending
from ledger.files.writer import CaseWriter

DAY = datetime.date(2023, 8, 1)


def waiting(number: str = "AB10000007", **changes: object) -> Pending:
    said: dict[str, object] = {
        "id": pending_id("set-aside", number),
        "kind": "set-aside",
        "file": "下載.xlsx",
        "reason": "賣方不是本案的廠商",
        "record": {"number": number},
        "date": DAY,
        "amount": 0,
        "choices": ("take", "leave"),
        "data": {"net": 10_000},
    }
    return Pending(**(said | changes))  # type: ignore[arg-type]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
RECORDS = st.builds(
    Pending,
    id=st.integers(0, 6).map(lambda number: pending_id("any", number)),
    kind=st.sampled_from(sorted(KINDS)),
    file=TEXT,
    reason=TEXT,
    record=st.dictionaries(TEXT, TEXT, max_size=2),
    date=st.none() | st.dates(),
    amount=st.none() | st.integers(-(10**9), 10**9),
    choices=st.lists(TEXT, max_size=2).map(tuple),
    asks=st.booleans(),
    answer=TEXT,
    data=st.dictionaries(TEXT, st.integers(), max_size=2),
)


@given(st.lists(RECORDS, unique_by=lambda record: record.id), st.randoms())
def test_what_is_written_is_read_again_whatever_the_order(records: list[Pending], chance: object) -> None:
    text = PendingStore(records).text()
    read = PendingStore.parse(text)
    assert list(read) == list(PendingStore(records))
    chance.shuffle(records)  # type: ignore[attr-defined]
    assert PendingStore(records).text() == read.text() == text


def test_one_line_a_record_with_sorted_keys() -> None:
    text = PendingStore([waiting(reason="一行\n兩行")]).text()
    assert text.count("\n") == 1
    keys = [part.partition(":")[0] for part in text[1:].split(',"')]
    assert keys[0] == '"amount"'
    assert [
        key.strip('"') for key in keys if key.strip('"') in {"amount", "choices", "data", "date", "file"}
    ] == [
        "amount",
        "choices",
        "data",
        "date",
        "file",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "<<<<<<< HEAD",
        "[]",
        "{}",
        '{"id":"1","kind":"no-such-kind"}',
        '{"id":"1","kind":"removed","date":"2023-02-30"}',
        '{"id":"1","kind":"removed","amount":"5"}',
        '{"id":"1","kind":"removed","amount":true}',
        '{"id":5,"kind":"removed"}',
        '{"id":"1","kind":"removed","data":[]}',
        '{"id":"1","kind":"removed","choices":[1]}',
        "null",
        "[" * 100_000,
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_kept(line: str) -> None:
    text = PendingStore([waiting()]).text() + line + "\n"
    store = PendingStore.parse(text)
    assert len(store) == 1
    assert [broken.lineno for broken in store.broken] == [2]
    assert f"{PENDING} 第 2 行" in str(store.broken[0])
    assert PendingStore.parse(store.text()).text() == text


def test_an_answer_stays_when_the_record_comes_again() -> None:
    store = PendingStore([waiting(asks=True)])
    assert store.get(waiting().id).is_open  # type: ignore[union-attr]
    store.answer(waiting().id, "leave", by="會計")
    again = store.add(waiting(asks=True, file="又一次.xlsx"))
    assert (again.answer, again.is_open, again.file) == ("leave", False, "又一次.xlsx")
    merged = PendingStore.parse(store.text() + PendingStore([waiting(asks=True)]).text())
    assert [record.answer for record in merged] == ["leave"]


def test_ids_are_made_of_what_is_said() -> None:
    assert pending_id("removed", "a", 5) == pending_id("removed", "a", "5")
    assert (
        len({pending_id("removed", "a", "b"), pending_id("removed", "ab"), pending_id("document", "a", "b")})
        == 3
    )


def test_it_is_written_only_by_the_writer_and_only_where_it_changes(tmp_path: Path) -> None:
    assert len(read_pending(tmp_path)) == 0
    for store in (PendingStore(), PendingStore([waiting()])):
        with CaseWriter(tmp_path) as writer:
            store.stage(writer)
            writer.commit()
    assert list(read_pending(tmp_path)) == [waiting()]
    before = (tmp_path / PENDING).stat().st_mtime_ns
    with CaseWriter(tmp_path) as writer:
        PendingStore([waiting()]).stage(writer)
        writer.commit()
    assert (tmp_path / PENDING).stat().st_mtime_ns == before
    with CaseWriter(tmp_path) as writer:
        PendingStore().stage(writer)
        writer.commit()
    assert (tmp_path / PENDING).read_text(encoding="utf-8") == ""


def test_a_file_that_is_no_utf_8_is_told_by_its_lines(tmp_path: Path) -> None:
    (tmp_path / PENDING).write_bytes(b"\xa4\xa4\xa4\xe5\n")
    assert [broken.lineno for broken in read_pending(tmp_path).broken] == [1]
