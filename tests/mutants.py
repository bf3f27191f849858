"""Mutation testing of what judges: the checks and the ledger's arithmetic (`make mutants`, docs/mutants.md).

mutmut changes one thing at a time in every function and runs the tests that reach it. Two of its habits are
changed here, by the names that its own modules give them, because they would leave out what matters most:

- it passes over every function with a decorator, which here is every check and every property. The decorators
  are left on the switch between the mutants, so the functions below it can be changed like any other;
- it changes the texts of messages, and whether `zip()` is strict. What stands in `_()` is a translator's
  business and tested as such (tests/ledger/util/test_messages.py), and which names `.format()` is given is told by
  that test too. The values given are changed. `strict=True` is an assertion: it holds wherever the tests pass.

It cannot reach what runs while a module is imported, before a mutant is switched on: our own decorators, which
are left as they are.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import libcst as cst
import libcst.matchers as m
from mutmut.__main__ import cli
from mutmut.mutation import file_mutation
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.runners.harness import PytestRunner
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

LEAST = 90  # per cent that have to be killed
REPORT = Path("mutants") / "report.txt"

_FIGURES = ("mutants", "not run", "killed", "timed out", "survived")  # those that timed out are killed, too

_MESSAGE = m.Call(func=m.Name("_"))
_FORMAT = m.Call(func=m.Attribute(attr=m.Name("format")))
_DECORATORS = frozenset({"check", "portfolio_check", "once"})
_STRICT = m.Arg(keyword=m.Name("strict"), value=m.Name("True"))
_STRICT_ZIP = m.Call(func=m.Name("zip"), args=[m.ZeroOrMore(), _STRICT])
_CACHING = m.Attribute(value=m.Name("functools"), attr=m.Name("cache") | m.Name("lru_cache"))
_CACHE = m.Decorator(decorator=_CACHING | m.Call(func=_CACHING))

_passed_over = file_mutation.MutationVisitor._skip_node_and_children
_run_tests = PytestRunner.run_tests
_arranged = file_mutation.function_trampoline_arrangement


def _skip(visitor: file_mutation.MutationVisitor, node: cst.CSTNode) -> bool:
    """Whether a node is left as it is: a message, and what mutmut leaves but for decorated functions."""
    if m.matches(node, _MESSAGE | _STRICT):
        return True
    if isinstance(node, cst.FunctionDef) and node.name.value in _DECORATORS:
        return True
    if isinstance(node, cst.FunctionDef) and node.decorators:
        node = node.with_changes(decorators=())
    return bool(_passed_over(visitor, node))


def _arrange(function: cst.FunctionDef, mutants: Iterable[Any], class_name: str | None) -> Any:
    """A function's mutants without its decorators, and the switch between them with them.

    A cache is taken out: what it kept from the tests before would hide the mutant.
    """
    arranged: Any = _arranged(function, mutants, class_name)
    declared, (switch, *versions), assigned, names = arranged
    kept = [decorator for decorator in switch.decorators if not m.matches(decorator, _CACHE)]
    bare = [version.with_changes(decorators=()) for version in versions]
    return declared, [switch.with_changes(decorators=kept), *bare], assigned, names


def _but_for_noise(
    operator: Callable[[Any], Iterable[cst.CSTNode]],
) -> Callable[[Any], Iterator[cst.CSTNode]]:
    """An operator on calls that lets `.format()` have its arguments, and `zip()` its `strict=True`."""

    def changed(node: cst.Call) -> Iterator[cst.CSTNode]:
        if m.matches(node, _FORMAT):
            return
        for mutant in operator(node):
            if not m.matches(node, _STRICT_ZIP) or m.matches(mutant, _STRICT_ZIP):
                yield mutant

    return changed


def _own_first(mutant: str | None, tests: Iterable[str]) -> list[str]:
    """The tests of the mutant's own module before the others: they are the likeliest to kill it."""
    own = f"/test_{mutant.split('.')[1]}" if mutant else ""
    return sorted(tests, key=lambda test: own not in test)


def prepare() -> None:
    """Teach mutmut what is told above."""
    mutmut: Any = file_mutation
    mutmut.MutationVisitor._skip_node_and_children = _skip
    mutmut.function_trampoline_arrangement = _arrange
    runner: Any = PytestRunner
    runner.run_tests = lambda self, *, mutant_name, tests: _run_tests(
        self, mutant_name=mutant_name, tests=_own_first(mutant_name, tests)
    )
    operators = mutmut.mutation_operators
    operators[:] = [
        (node, _but_for_noise(operator) if node is cst.Call else operator) for node, operator in operators
    ]


def report() -> int:
    """Print each module's figures, write down what survived; 1 where fewer are killed than have to be.

    A mutant that runs on and on is killed; one that no test reaches survives. The rate is of those that were run.
    """
    total: Counter[str] = Counter()
    survivors: list[str] = []
    click.echo(f"{'module':28}" + "".join(f"{name:>10}" for name in _FIGURES) + f"{'rate':>9}")
    for path in sorted(walk_mutatable_files()):
        module = SourceFileMutationData(path=path)
        module.load()
        states = {name: status_by_exit_code[code] for name, code in module.exit_code_by_key.items()}
        counted = Counter(states.values())
        figures = Counter(
            {
                "mutants": len(states),
                "not run": counted["not checked"],
                "killed": counted["killed"] + counted["timeout"],
                "timed out": counted["timeout"],
            }
        )
        figures["survived"] = figures["mutants"] - figures["not run"] - figures["killed"]
        alive = [name for name, state in states.items() if state not in {"killed", "timeout", "not checked"}]
        survivors += [f"{states[name]}: {get_diff_for_mutant(name, path=path)}" for name in alive]
        total += figures
        _line(str(path), figures)
    _line("together", total)
    REPORT.write_text("\n".join(survivors), encoding="utf-8")
    click.echo(f"survivors: {REPORT}")
    return int(100 * total["killed"] < LEAST * total["mutants"])


def _line(name: str, figures: Counter[str]) -> None:
    run = figures["mutants"] - figures["not run"]
    rate = f"{100 * figures['killed'] / run:8.1f}%" if run else f"{'-':>9}"
    click.echo(f"{name:28}" + "".join(f"{figures[key]:10}" for key in _FIGURES) + rate)


def main(arguments: Sequence[str]) -> int:
    """Run the mutants whose names are given, or all, as `mutmut run` does; then tell the figures."""
    os.environ["CI"] = "1"  # the same examples each time
    prepare()
    if arguments[:1] != ("report",):
        cli(["run", *arguments], standalone_mode=False)
    return report()


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
