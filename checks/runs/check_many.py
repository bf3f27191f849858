"""Judging many case folders, on all cores: each in the order given, whichever is done first.

A worker is handed paths and choices and gives back what the command shows: findings, what is to come, and what the other
cases need of this one. What crosses between the processes is made by this program on both sides; nothing of it is read
from a case.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

from checks.runs.check_case import Judged
from checks.runs.check_case import load_and_judge
from checks.runs.check_case import refused
from ledger.errors import GrantError
from ledger.loading.safe_folder import UnsafeCaseError
from ledger.loading.safe_folder import is_trusted
from ledger.util.i18n import _
from ledger.util.i18n import current_language

if TYPE_CHECKING:
    from checks.runs.check_portfolio import Member
    from checks.runs.forecast import Upcoming

_WORTH_IT = 4  # cases: for fewer a process takes longer to start than it saves


class CheckOptions(NamedTuple):
    """What a command asks of every case."""

    as_of: datetime.date | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    horizon: int | None = None
    cached: bool = False  # whether closed months may be taken from the user's cache
    together: bool = False  # whether the cases are held against each other afterwards


class Looked(NamedTuple):
    """What stands against a case. `refused` says why it was not opened, `failed` why nothing could be done at all."""

    judged: Judged | None
    upcoming: Sequence[Upcoming] | None = None
    member: Member | None = None
    refused: str = ""
    failed: str = ""


def look(folder: Path, choice: CheckOptions) -> Looked:
    """What stands against the case in a folder. Whatever a command would stop at is in `failed`."""
    try:
        judged, loaded = load_and_judge(
            folder,
            as_of=choice.as_of,
            select=choice.select,
            ignore=choice.ignore,
            cached=choice.cached,
        )
    except UnsafeCaseError as error:
        return Looked(
            refused(error)._replace(folder=folder), None if choice.horizon is None else (), None, str(error)
        )
    except GrantError as error:
        return Looked(None, failed=str(error))
    coming, member = None, None
    if choice.horizon is not None:
        from checks.runs.forecast import upcoming  # noqa: PLC0415 -- only who asks pays for it

        coming = upcoming(loaded.case, loaded.entries, choice.horizon, judged.settings, judged.findings)
    if choice.together:
        from checks.runs.check_portfolio import member as member_of  # noqa: PLC0415 -- as above

        member = member_of(loaded.case, judged.settings)
    return Looked(judged, coming, member)


def look_at_all(folders: Sequence[Path], choice: CheckOptions) -> Iterator[Looked]:
    """What stands against each case, in the order given, on as many processes as this one may use."""
    workers = min(_cores(), len(folders))
    if workers == 1 or len(folders) < _WORTH_IT:
        yield from (look(folder, choice) for folder in folders)
        return
    import concurrent.futures  # noqa: PLC0415 -- as above
    import multiprocessing  # noqa: PLC0415 -- as above
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 -- as above

    said = (current_language(), is_trusted())
    with concurrent.futures.ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin, initargs=said
    ) as pool:
        waiting = [pool.submit(_look_elsewhere, folder, choice) for folder in folders]
        for folder, future in zip(folders, waiting, strict=True):
            try:
                yield future.result()
            except BrokenProcessPool:
                reason = _("{case}:檢查時程式中斷(可能是記憶體不足);請單獨檢查這個案件").format(case=folder)
                yield Looked(None, failed=reason)


def _look_elsewhere(folder: Path, choice: CheckOptions) -> Looked:
    """The same in a worker: the settings as what can be sent."""
    looked = look(folder, choice)
    if looked.judged is None:
        return looked
    settings = looked.judged.settings._replace(severity=dict(looked.judged.settings.severity))
    member = looked.member._replace(settings=settings) if looked.member else None
    return looked._replace(judged=looked.judged._replace(settings=settings), member=member)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(language: str, trusted: bool) -> None:
    """A worker begins: it speaks the command's language and trusts what the user said to trust."""
    import gc  # noqa: PLC0415 -- here alone

    from ledger.loading.safe_folder import trusting  # noqa: PLC0415 -- as above
    from ledger.util.i18n import use_language  # noqa: PLC0415 -- as above

    gc.set_threshold(100_000)  # as the command line has it
    use_language(language)
    if trusted:
        trusting().__enter__()  # for as long as the worker lives
