"""The exact versions that the tests were run with: `python -m tests.lock` writes requirements-test.lock.

What is installed is written down, with all that it needs in turn. The file is for tests and is read by nothing at run
time: `pip install --constraint requirements-test.lock --editable . --group dev` gives the same versions again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution
from importlib.metadata import PackageNotFoundError
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements-test.lock"
_HEAD = "# The versions that the tests were run with; made by: python -m tests.lock\n"
_NOT_LOCKED = frozenset({"docs", "mutants"})  # installed by make docs and make mutants alone


def plain_name(name: str) -> str:
    """A package's name as all spellings of it are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def direct() -> dict[str, list[Requirement]]:
    """What pyproject.toml asks for, by where: `dependencies`, an extra, or a group."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "dependencies": project["project"]["dependencies"],
        **project["project"]["optional-dependencies"],
    }
    for name, group in project["dependency-groups"].items():
        if name not in _NOT_LOCKED:
            asked[name] = [each for each in group if isinstance(each, str)]
    return {place: [Requirement(text) for text in texts] for place, texts in asked.items()}


def installed(wanted: Iterable[Requirement]) -> dict[str, Distribution]:
    """The installed packages that these need, themselves included. One that is not installed is left out."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(wanted)
    while waiting:
        asked = waiting.pop()
        key = plain_name(asked.name), frozenset(asked.extras)
        if key in seen:
            continue
        seen.add(key)
        try:
            found[key[0]] = distribution(asked.name)
        except PackageNotFoundError:
            continue
        for text in found[key[0]].requires or []:
            inner = Requirement(text)
            extras = asked.extras or {""}
            if inner.marker is None or any(inner.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(inner)
    return found


def lock_text() -> str:
    """The lock file of what is installed here."""
    found = installed(each for place in direct().values() for each in place)
    return _HEAD + "".join(f"{name}=={found[name].version}\n" for name in sorted(found))


if __name__ == "__main__":
    LOCK.write_text(lock_text(), encoding="utf-8")
