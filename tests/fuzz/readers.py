"""What the damaged files are read with, and what came of each."""

from __future__ import annotations

import dataclasses
import os
import random
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

from importers import read as front_door
from importers.config.rules import read_rules
from importers.config.statement_files import read_hints
from importers.records import ReadError
from importers.sources import child
from importers.templates.award_draft import read_award_form
from ledger.errors import GrantError
from ledger.files.award_file import read_award_file
from ledger.loading.parser_crash import fatal_of
from ledger.schemes.loader import read_scheme
from tests.fuzz.mutator import damaged
from tests.fuzz.originals import originals
from tests.ledger.loading.agreement import assert_listed

_SOME = 5  # of what was unexpected is kept, by part


@dataclasses.dataclass
class Tally:
    """What came of some inputs of one reader."""

    inputs: int = 0
    taken: int = 0
    refused: int = 0
    broken: int = 0  # inputs that met what no reader foresaw
    unexpected: list[str] = dataclasses.field(
        default_factory=list
    )  # the first of those, with what damages them again
    slowest: float = 0.0  # seconds of the processor, children included
    megabytes: int = 0  # the most memory that the process and one child took together

    def add(self, other: Tally) -> None:
        """Count what came of more inputs in."""
        for name in ("inputs", "taken", "refused", "broken", "unexpected"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.slowest = max(self.slowest, other.slowest)
        self.megabytes = max(self.megabytes, other.megabytes)


def tally_of(
    reader: str, seed: int, numbers: range, note: Callable[[str], None] = lambda _label: None
) -> Tally:
    """Damage and read the files of these numbers; `note` is told of each before it is read, by its label."""
    tally, files = Tally(), originals()[reader]()
    read = _OWN_READERS.get(reader, _front_door)
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            label = f"{seed} {reader} {number}"
            note(label)
            chance = random.Random(label)  # noqa: S311 -- chance that repeats
            name = chance.choice(sorted(files))
            path = Path(folder) / name
            path.write_bytes(damaged(files[name], chance))
            _try(read, path, tally, label)
    child.stop()
    tally.megabytes = _megabytes()
    return tally


def _try(read: Callable[[Path], object], path: Path, tally: Tally, label: str) -> None:
    started = _seconds()
    tally.inputs += 1
    try:
        read(path)
        tally.taken += 1
    except (GrantError, front_door._MemberError) as error:
        tally.refused += 1
        if "\n" in str(error) and read is _front_door:  # a form tells all that is wrong with it
            _unexpected(tally, f"{label}: more than a line")
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is counted
        _unexpected(tally, f"{label}: {type(error).__name__} {error}"[:200])
    tally.slowest = max(tally.slowest, _seconds() - started)


def _unexpected(tally: Tally, what: str) -> None:
    tally.broken += 1
    tally.unexpected += [what] if len(tally.unexpected) < _SOME else []


def _front_door(path: Path) -> None:
    """As an import reads a file. What the net around each file would catch is to be seen here."""
    read = front_door._read(path, front_door.nothing_told, None)
    front_door._with_statements(read, lambda _name: False, front_door.nothing_told)


def _import_toml(path: Path) -> None:
    read_rules(path.parent)
    read_hints(path.parent)


def _books(path: Path) -> None:
    """A file of the books before Beancount sees it: what kills its parser is refused, what decides what is loaded listed."""
    content = path.read_bytes()
    fatal = fatal_of(content)
    if fatal is not None:
        raise ReadError(str(fatal.line))
    assert_listed(content)


_OWN_READERS: dict[str, Callable[[Path], object]] = {
    "award.xlsx": read_award_form,
    "award.toml": read_award_file,
    "import.toml": _import_toml,
    "scheme.toml": read_scheme,
    "books": _books,
}


def _seconds() -> float:
    """Of the processor: this process, the child at work, and children that ended."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime
    for each in child._running:
        try:
            stat = Path(f"/proc/{each._process.pid}/stat").read_text(encoding="ascii")
        except OSError:
            continue  # not Linux: told once it ended
        used = stat.rpartition(")")[2].split()[11:13]
        seconds += sum(map(int, used)) / os.sysconf("SC_CLK_TCK")
    return seconds


def _megabytes() -> int:
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return (mine.ru_maxrss + theirs.ru_maxrss) // 1024
