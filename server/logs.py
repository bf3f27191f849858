"""The access log and the log of changes: one line of text a request, beside each other in one folder."""

from __future__ import annotations

import datetime
import logging
import logging.handlers
from pathlib import Path

ACCESS, CHANGES = "access.log", "changes.log"


class Logs:
    """Both logs; without a folder nothing is written."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` is made where it is missing."""
        self._access = _logger(folder, ACCESS)
        self._changes = _logger(folder, CHANGES)

    def access(self, *words: object) -> None:
        """A request, or a log-in."""
        _write(self._access, words)

    def change(self, *words: object) -> None:
        """Something that was written."""
        _write(self._changes, words)

    def close(self) -> None:
        """Let the files go."""
        for logger in (self._access, self._changes):
            for handler in logger.handlers if logger else ():
                handler.close()


def _logger(folder: Path | None, name: str) -> logging.Logger | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).touch(mode=0o600)  # who did what is not for everybody on the machine
    logger = logging.Logger(name, logging.INFO)  # noqa: LOG001 -- one a server, not one for the whole process
    handler = logging.handlers.WatchedFileHandler(folder / name, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    return logger


def _write(logger: logging.Logger | None, words: tuple[object, ...]) -> None:
    if logger is not None:
        now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
        logger.info("%s", " ".join([now, *map(_word, words)]))


def _word(value: object) -> str:
    """A value as one word of a line: nothing in it ends the line or looks like another word."""
    text = str(value) or "-"
    return "".join(
        letter
        if letter.isprintable() and letter not in ' "\\'
        else letter.encode("unicode_escape").decode()
        if not letter.isprintable()
        else f"\\x{ord(letter):02x}"
        for letter in text
    )
