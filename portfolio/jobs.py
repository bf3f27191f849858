"""Reading many cases on all cores, or on a Dask cluster; what comes back is plain values, in the order it is done."""

from __future__ import annotations

import concurrent.futures
import itertools
import multiprocessing
import os
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ledger.errors import GrantError
from ledger.util.i18n import N_
from ledger.util.i18n import _
from portfolio.facts import CaseFacts
from portfolio.facts import program
from portfolio.facts import read_facts

if TYPE_CHECKING:
    import distributed

Job = tuple[str, str, str, str]  # the arguments of `read_facts`

_ENDED = N_("讀取這個案件時程式中斷(可能是記憶體不足)")
_AT_ONCE = 1_000  # jobs that a cluster has in hand: some fifty kilobytes each, once read
_CONNECT_SECONDS = 10
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
            yield CaseFacts(job[1], _(_ENDED), {})


def _on_cluster(jobs_to_do: Sequence[Job], scheduler: str) -> Iterator[CaseFacts]:
    """On a Dask cluster whose workers see the cases under the same paths; what a lost worker had is done again.

    No more is handed out than what the cluster may keep: what was read and not yet taken costs its memory.
    """
    try:
        import distributed  # noqa: PLC0415 -- an extra
    except ImportError:
        raise GrantError(_('請先安裝:pip install "grantledger[cluster]"')) from None
    try:
        client = distributed.Client(scheduler, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise GrantError(
            _("連不上 Dask 叢集 {address}:{reason}").format(address=scheduler, reason=error)
        ) from error
    with client:
        killed: list[Job] = []
        for job, facts in _handed_out(client, jobs_to_do, _AT_ONCE):
            if facts is None:
                killed.append(job)
            else:
                yield facts
        for job, facts in _handed_out(client, killed, 1):  # alone: another case may have ended the worker
            yield facts or CaseFacts(job[1], _(_ENDED), {})


def _handed_out(
    client: distributed.Client, jobs_to_do: Iterable[Job], at_once: int
) -> Iterator[tuple[Job, CaseFacts | None]]:
    """Each job with its facts, as they are done; with none where too many workers died of it."""
    import distributed  # noqa: PLC0415 -- an extra

    version = program()
    left = iter(jobs_to_do)
    waiting: dict[distributed.Future, Job] = {}
    done = distributed.as_completed(with_results=True, raise_errors=False)

    def hand_out(count: int) -> None:
        for job in itertools.islice(left, count):
            future = client.submit(_facts_of_job, job, version, pure=False)
            waiting[future] = job
            done.add(future)

    hand_out(at_once)
    for future, result in done:  # whatever has become of the future since
        job = waiting.pop(future)  # with which the cluster forgets what was read
        hand_out(1)
        if isinstance(result, CaseFacts):
            yield job, result
            continue
        error = result[1] if isinstance(result, tuple) else result
        if not isinstance(error, distributed.KilledWorker):
            raise GrantError(
                _("Dask 叢集沒有讀完:{reason};已讀的都存了,再執行一次會接著讀").format(reason=error)
            )
        yield job, None


def _facts_of_job(job: Job, version: str) -> CaseFacts:
    """The facts of a case on a worker, whose program has to be that of who keeps them."""
    if program() != version:
        raise GrantError(
            _("Dask 工作機的程式是 {theirs},這裡是 {ours};請裝同一版").format(theirs=program(), ours=version)
        )
    return read_facts(*job)
