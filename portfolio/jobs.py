"""Reading many cases on all cores, or on a Dask cluster; what comes back is plain values, in the order it is done."""

from __future__ import annotations

import concurrent.futures
import itertools
import multiprocessing
import os
from collections.abc import Iterator
from collections.abc import Sequence

from ledger.errors import GrantError
from ledger.util.i18n import _
from portfolio.facts import CaseFacts
from portfolio.facts import read_facts

Job = tuple[str, str, str, str]  # the arguments of `read_facts`

_AHEAD = 4  # jobs handed out beyond what is being worked on, for each process: what waits costs memory


def run_jobs(
    jobs_to_do: Sequence[Job], *, jobs: int | None = None, scheduler: str = ""
) -> Iterator[CaseFacts]:
    """The facts of each case, as they are done. A process that dies costs its case a second try, then its reason."""
    if scheduler:
        yield from _on_cluster(jobs_to_do, scheduler)
        return
    workers = max(1, min(jobs or os.cpu_count() or 1, len(jobs_to_do)))
    if workers == 1:
        yield from itertools.starmap(read_facts, jobs_to_do)
        return
    yield from _on_processes(jobs_to_do, workers)


def _on_processes(jobs_to_do: Sequence[Job], workers: int) -> Iterator[CaseFacts]:
    left = list(reversed(jobs_to_do))
    context = multiprocessing.get_context("spawn")
    while left:
        waiting: dict[concurrent.futures.Future[CaseFacts], Job] = {}
        try:
            with concurrent.futures.ProcessPoolExecutor(workers, mp_context=context) as pool:
                while left or waiting:
                    while left and len(waiting) < workers * _AHEAD:
                        job = left.pop()
                        waiting[pool.submit(read_facts, *job)] = job
                    done, _rest = concurrent.futures.wait(
                        waiting, return_when=concurrent.futures.FIRST_COMPLETED
                    )
                    for future in done:
                        facts = future.result()
                        del waiting[future]
                        yield facts
        except concurrent.futures.process.BrokenProcessPool:
            yield from _one_by_one(list(waiting.values()))


def _one_by_one(jobs_to_do: Sequence[Job]) -> Iterator[CaseFacts]:
    """Cases among which one ended its process: each in a process of its own, so that the others are read."""
    context = multiprocessing.get_context("spawn")
    for job in jobs_to_do:
        try:
            with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
                yield pool.submit(read_facts, *job).result()
        except concurrent.futures.process.BrokenProcessPool:
            reason = _("讀取這個案件時程式中斷(可能是記憶體不足)")
            yield CaseFacts(job[1], reason, {})


def _on_cluster(jobs_to_do: Sequence[Job], scheduler: str) -> Iterator[CaseFacts]:
    """On a Dask cluster whose workers see the cases under the same paths; a lost worker's jobs are done again."""
    try:
        import distributed  # noqa: PLC0415 -- an extra
    except ImportError:
        raise GrantError(_('請先安裝:pip install "grantledger[cluster]"')) from None
    with distributed.Client(scheduler) as client:
        futures = client.map(_facts_of_job, list(jobs_to_do), pure=False, retries=2)
        for _future, facts in distributed.as_completed(futures, with_results=True):
            yield facts


def _facts_of_job(job: Job) -> CaseFacts:
    return read_facts(*job)
