"""A process of its own for the libraries that a damaged file can bring down: workbooks and PDFs.

It is started by the first such file, serves all that follow, has limits of memory and time, and when it dies the file
in hand is refused and the next one gets a new process. It is started outside of any case and imports nothing of one.
"""

from __future__ import annotations

import atexit
import contextlib
import marshal
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from typing import Any
from typing import Literal

from importers.records import ReadError
from importers.sources import child_main
from importers.sources.limits import CHILD_MEMORY
from importers.sources.limits import CHILD_PATIENCE
from importers.sources.limits import CHILD_SECONDS
from importers.sources.limits import MEGABYTE
from ledger.util.i18n import _

Job = Literal["workbook", "formulas", "pdf", "pictures"]

_ROOT = Path(__file__).parent.parent.parent
_FRAME = struct.Struct(child_main.FRAME)


class ChildProblem(Exception):  # noqa: N818 -- what the library met, for the caller to put in words
    """The child's library refused the file; `code` and `detail` say why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class _Child:
    """One running process and the one that started it (a fork must not share its pipes)."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._process = subprocess.Popen(  # noqa: S603 -- our own module, by its path
            [sys.executable, "-I", child_main.__file__, str(_ROOT), str(CHILD_MEMORY), str(CHILD_SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT.anchor,
        )

    def answers(self, job: Job, data: bytes) -> Iterator[Any]:
        """What the child says to a job, part by part. Raises ChildProblem, or EOFError where the child died."""
        timer = threading.Timer(CHILD_PATIENCE, self._process.kill)
        timer.start()
        try:
            writer, reader = self._process.stdin, self._process.stdout
            assert writer is not None  # noqa: S101 -- both are pipes
            assert reader is not None  # noqa: S101 -- as above
            with contextlib.suppress(BrokenPipeError):  # it died: the answer says so
                writer.write(_FRAME.pack(job.encode(), len(data)))
                writer.write(data)
                writer.flush()
            while True:
                kind, length = _FRAME.unpack(_exactly(reader, _FRAME.size))
                part = marshal.loads(_exactly(reader, length))  # noqa: S302 -- of our own process
                if kind.rstrip(b"\0") == b"end":
                    return
                if kind.rstrip(b"\0") == b"problem":
                    raise ChildProblem(*part)
                yield part
        finally:
            timer.cancel()

    def end(self) -> None:
        """Stop the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


_lock = threading.Lock()
_running: list[_Child] = []


def run(job: Job, data: bytes) -> list[Any]:
    """What a job makes of a file's bytes, part by part.

    Raises ChildProblem where the library refuses the file, ReadError where it died or took more than it may.
    """
    with _lock:
        child = _current()
        try:
            return list(child.answers(job, data))
        except (EOFError, ValueError, OSError) as error:
            _stop()
            raise ReadError(
                _("檔案毀損或太大:讀取時用掉 {seconds} 秒或 {memory} MB 以上,或使程式庫中止,拒絕讀取").format(
                    seconds=CHILD_SECONDS, memory=CHILD_MEMORY // MEGABYTE
                )
            ) from error


def stop() -> None:
    """End the process, if one is running; the next file starts another."""
    with _lock:
        _stop()


def _current() -> _Child:
    if _running and _running[0].owner != os.getpid():
        _running.clear()  # it is the parent's
    if not _running:
        _running.append(_Child())
    return _running[0]


def _stop() -> None:
    while _running:
        child = _running.pop()
        if child.owner == os.getpid():
            child.end()


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    """The next `length` bytes. Raises EOFError where the pipe ends before."""
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content


atexit.register(stop)
