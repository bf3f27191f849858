"""An import that runs in a thread of its own: how far it is, calling it off, and what came of it. One at a time a case."""

from __future__ import annotations

import contextvars
import dataclasses
import logging
import threading
from pathlib import Path
from typing import Any
from typing import Literal

from importers.context import ImportCancelledError
from importers.context import Step
from importers.ingest import import_files
from importers.report import Report
from ledger.errors import GrantError
from ledger.util.i18n import _

log = logging.getLogger(__name__)

State = Literal["running", "done", "cancelled", "failed"]


class JobError(GrantError):
    """An import that cannot be started now."""


@dataclasses.dataclass(slots=True)
class Job:
    """One import. `done` of `total` of its step; `error` why it failed; `report` what it did."""

    number: int
    state: State = "running"
    step: Step = "read"
    done: int = 0
    total: int = 0
    error: str = ""
    report: Report | None = None
    called_off: threading.Event = dataclasses.field(default_factory=threading.Event)
    ended: threading.Event = dataclasses.field(default_factory=threading.Event)

    def tell(self, step: Step, done: int, total: int) -> None:
        """What the import says of how far it is; raises ImportCancelledError once it was called off."""
        self.step, self.done, self.total = step, done, total
        if self.called_off.is_set():
            raise ImportCancelledError(_("已取消,沒有寫入任何東西"))

    @property
    def percent(self) -> int:
        """How far it is in all: reading is most of it."""
        share = self.done / self.total if self.total else 0
        begin, length = {"read": (0, 60), "plan": (60, 25), "write": (85, 14)}[self.step]
        return 100 if self.state == "done" else begin + int(length * share)

    @property
    def words(self) -> str:
        """What it is doing."""
        if self.state == "failed":
            return self.error
        if self.state == "cancelled":
            return _("已取消,沒有寫入任何東西")
        if self.state == "done":
            return _("匯入完成")
        if self.step == "read":
            return _("讀取檔案 {done}/{total}").format(done=self.done, total=self.total)
        if self.step == "plan":
            return _("歸類、對帳")
        return _("寫入各月的帳 {done}/{total}").format(done=self.done, total=self.total)

    def as_json(self) -> dict[str, Any]:
        """As the page's script asks for it."""
        return {
            "number": self.number,
            "state": self.state,
            "percent": self.percent,
            "words": self.words,
            "operation": self.report.operation if self.report else "",
        }


_jobs: dict[Path, Job] = {}
_lock = threading.Lock()


def job_of(folder: Path) -> Job | None:
    """The last import of a case that was started from its page."""
    return _jobs.get(folder.resolve())


def start(folder: Path, by: str) -> Job:
    """Import everything in the inbox, in a thread. Raises JobError where an import of the case is running."""
    place = folder.resolve()
    with _lock:
        last = _jobs.get(place)
        if last is not None and last.state == "running":
            raise JobError(_("這個案件正在匯入,請等它完成"))
        job = _jobs[place] = Job(last.number + 1 if last else 1)
    context = contextvars.copy_context()  # the language, and whether the case is trusted
    threading.Thread(target=context.run, args=(_run, folder, job, by), daemon=True).start()
    return job


def forget(folder: Path) -> None:
    """Forget an import that has ended: what came of it was seen."""
    with _lock:
        last = _jobs.get(folder.resolve())
        if last is not None and last.state != "running":
            del _jobs[folder.resolve()]


def _run(folder: Path, job: Job, by: str) -> None:
    try:
        job.report = import_files(folder, progress=job.tell, by=by)
        job.state = "done"
    except ImportCancelledError:
        job.state = "cancelled"
    except GrantError as error:
        job.error, job.state = str(error), "failed"
    except Exception as error:
        log.exception("import of %s", folder.name)
        job.error, job.state = f"{type(error).__name__}: {error}", "failed"
    finally:
        job.ended.set()
