"""The lowest versions that pyproject.toml allows, as constraints for pip: `python -m tests.lowest > FILE`.

`make test-lowest` installs with them and runs tests, so that a floor is a version that was tried and not a guess.
Only what runs the product has a floor that matters; linters and types are left as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from packaging.requirements import Requirement

from tests.lock import direct

_NOT_RUN = frozenset({"lint", "messages", "dev"})


def floors() -> dict[str, str]:
    """Each package that is asked for, and the lowest version of it. Raises ValueError for one without a floor."""
    return dict(sorted(_floors()))


def _floors() -> Iterator[tuple[str, str]]:
    for place, asked in direct().items():
        if place not in _NOT_RUN:
            for requirement in asked:
                yield requirement.name, _floor(requirement)


def _floor(requirement: Requirement) -> str:
    lowest = [each.version for each in requirement.specifier if each.operator == ">="]
    if len(lowest) != 1:
        raise ValueError(f"{requirement}: one >= is needed")
    return lowest[0]


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}=={version}\n" for name, version in floors().items()))
