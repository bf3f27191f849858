"""How far an import is, as server-sent events: one whenever something changed, the last one when it has ended."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from pathlib import Path

from desk.inbox.jobs import job_of
from ledger.util.i18n import speaking

MOST_LISTENERS = 4
"""At once, of all cases: each holds a thread of the server. Who comes after is answered with nothing, and asks instead."""
_EVERY = 0.1  # seconds between two looks
_QUIET = 15.0  # seconds after which a word is sent all the same: a browser that has gone is noticed by it
_listeners = threading.BoundedSemaphore(MOST_LISTENERS)


def progress_of(folder: Path, language: str | None) -> Generator[str, None, None]:
    """The events of the import that runs in the case, or that ran last, in the language of its pages."""
    if not _listeners.acquire(blocking=False):
        return
    try:
        said, quiet = "", 0.0
        while True:
            job = job_of(folder)
            is_running = job is not None and not job.ended.wait(_EVERY if said else 0)
            with speaking(language):  # not over a `yield`: the thread says other things meanwhile
                now = json.dumps(job.as_json() if job is not None else {}, ensure_ascii=False)
            quiet += _EVERY
            if now != said:
                said, quiet = now, 0.0
                yield f"data: {now}\n\n"
            elif quiet > _QUIET:
                quiet = 0.0
                yield ": \n\n"
            if not is_running:
                return
    finally:
        _listeners.release()
