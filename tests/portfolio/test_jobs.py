"""Cases read by processes and by a Dask cluster: the same index, also where a worker dies."""

from __future__ import annotations

import datetime
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest
from distributed import Client
from distributed import LocalCluster

from ledger.errors import GrantError
from portfolio import FILE
from portfolio.facts import CaseFacts
from portfolio.facts import read_facts
from portfolio.index import reading
from portfolio.index import update_index
from portfolio.jobs import Job
from portfolio.jobs import run_jobs
from portfolio.synthetic import make_portfolio
from portfolio.tables import TABLES

DAY = datetime.date(2024, 7, 1)
_STAMP = 3  # the column of `index_state` that is empty while files are new
CASES = 24

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers, each a process of its own that is started again when it ends."""
    with (
        dask.config.set(
            {"distributed.scheduler.allowed-failures": 1}
        ),  # as a worker takes seconds to come back
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clustered")
    make_portfolio(folder, cases=CASES, vouchers=6, seed=11)
    (folder / "case-00003" / "award.beancount").write_text("這不是帳本\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def by_processes(cases: Path) -> dict[str, list[str]]:
    update_index(cases, day=DAY, jobs=2)
    return rows_of(cases)


def rows_of(folder: Path) -> dict[str, list[str]]:
    """Every row of the index, by table, whatever order they were put in; the index is gone then."""
    with reading(folder) as connection:
        rows = {table: connection.table(table).fetchall() for table in TABLES}
    (folder / FILE).unlink()
    rows["index_state"] = [(*row[:_STAMP], *row[_STAMP + 1 :]) for row in rows["index_state"]]
    return {table: sorted(map(str, each)) for table, each in rows.items()}


def test_a_cluster_gives_the_same_index_as_processes(
    cluster: LocalCluster, cases: Path, by_processes: dict[str, list[str]]
) -> None:
    indexed = update_index(cases, day=DAY, scheduler=cluster.scheduler_address)
    assert (indexed.read, [each.case for each in indexed.broken]) == (CASES, ["case-00003"])
    assert rows_of(cases) == by_processes


def test_a_worker_killed_half_way_changes_nothing(
    cluster: LocalCluster,
    cases: Path,
    by_processes: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portfolio.index._BATCH", 1)
    killed: list[int] = []

    def kill(done: int, _total: int) -> None:
        if done == CASES // 3:
            with Client(cluster.scheduler_address, set_as_default=False) as client:
                (pid, *_rest) = client.run(os.getpid).values()
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    indexed = update_index(cases, day=DAY, scheduler=cluster.scheduler_address, progress=kill)
    assert (indexed.read, len(killed)) == (CASES, 1)
    assert rows_of(cases) == by_processes


def test_workers_with_another_program_are_refused(
    cluster: LocalCluster, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portfolio.jobs.program", lambda: "another")
    jobs = [(str(cases / "case-00001"), "case-00001", DAY.isoformat(), "zh_TW")]
    with pytest.raises(GrantError, match="同一版"):
        list(run_jobs(jobs, scheduler=cluster.scheduler_address))


def test_no_cluster_is_told(cases: Path) -> None:
    with pytest.raises(GrantError, match="連不上"):
        update_index(cases, day=DAY, scheduler="tcp://127.0.0.1:1")


def deadly(job: Job, _version: str) -> CaseFacts:
    """Reads a case, but for one that ends the process that reads it."""
    if job[1] == "case-00002":
        os.kill(os.getpid(), signal.SIGKILL)
    return read_facts(*job)


def test_a_case_that_kills_every_worker_is_told_and_the_others_are_read(
    cluster: LocalCluster, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portfolio.jobs._facts_of_job", deadly)
    jobs = [(str(cases / name), name, DAY.isoformat(), "zh_TW") for name in ("case-00001", "case-00002")]
    read = {facts.path: facts for facts in run_jobs(jobs, scheduler=cluster.scheduler_address)}
    assert read["case-00001"].broken == ""
    assert "中斷" in read["case-00002"].broken
