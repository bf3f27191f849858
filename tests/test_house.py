"""The house in order: who may import whom, what starting a command loads, what is shipped, how tests share."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.files.award_file import parse_award
from ledger.operations.new_case import new_case
from tests.bench.papers import papers
from tests.importers.makers import tables
from tests.ledger.ledgers import award_file

ROOT = Path(__file__).parents[1]

# A floor imports from floors below it; what stands on one line knows nothing of its neighbours.
FLOORS = (
    ("ledger",),
    ("checks", "importers", "reports"),
    ("audit",),
    ("portfolio",),
    ("desk",),
    ("server",),
    ("cli",),
)
ROOMS = [room for floor in FLOORS for room in floor if (ROOT / room).is_dir()]
MOST_FOR_HELP, MOST_FOR_A_CHECK = 75, 124  # modules beside those of click and Beancount; --as-of loads three
READERS_AND_BOOKS = (
    *("importers.read", "importers.bank", "importers.vouchers", "importers.planning", "importers.pipeline"),
    *("ledger.loading.loader", "ledger.case.case", "lxml"),
)  # what an import of no files does without
CHECK_DOES_WITHOUT = frozenset(
    {
        "audit",
        "desk",
        "fava",
        "flask",
        "importers",
        "lxml",
        "networkx",
        "openpyxl",
        "pandas",
        "pyarrow",
        "python_calamine",
        "rapidfuzz",
        "reports",
        "server",
        "sklearn",
    }
)


def sources(room: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / room).rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", ROOMS)
def test_a_floor_imports_from_floors_below_alone(room: str) -> None:
    height = next(place for place, floor in enumerate(FLOORS) if room in floor)
    allowed = {room, *(other for floor in FLOORS[:height] for other in floor)}
    for path, tree in sources(room):
        rooms = {name.partition(".")[0] for name in imported(tree)} & set(ROOMS)
        assert rooms <= allowed, path


def test_a_test_module_imports_no_other() -> None:
    for path, tree in sources("tests"):
        taken = [name for name in imported(tree) if name.startswith("tests.") and ".test_" in name]
        assert taken == [], path


def test_every_room_is_typed_and_shipped() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert sorted(settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == sorted(ROOMS)
    for room in ROOMS:
        assert (ROOT / room / "py.typed").is_file(), room


def modules_of(statement: str, folder: Path) -> set[str]:
    """The modules that are imported once a statement has run in a new process."""
    script = (
        f"import sys\ntry:\n {statement}\nexcept SystemExit: pass\nprint('\\nloaded', *sorted(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
    )
    return set(ran.stdout.rpartition("\nloaded ")[2].split())


def command_modules(*arguments: str, folder: Path) -> set[str]:
    """The modules that a command has imported when it is done."""
    return modules_of(
        f"from cli.main import grant; grant({list(arguments)!r}, standalone_mode=False)", folder
    )


def loaded_by(*arguments: str, folder: Path) -> set[str]:
    """The top-level modules among them."""
    return {name.partition(".")[0] for name in command_modules(*arguments, folder=folder)}


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "cli"])
def test_what_a_public_function_raises_is_told(room: str) -> None:
    """By name or as what it refuses. What a function of its own inside raises is that one's."""
    silent = []
    for path, tree in sources(room):
        for node in [
            *tree.body,
            *(each for top in tree.body if isinstance(top, ast.ClassDef) for each in top.body),
        ]:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            told = (ast.get_docstring(node) or "").casefold()
            if not ("raise" in told or "refuse" in told) and any(_raised(node)):
                silent.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert silent == []


def _raised(function: ast.FunctionDef) -> Iterator[ast.Raise]:
    """The errors of ours that it raises itself, by name."""
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Raise)
            and isinstance(node.exc, ast.Call)
            and isinstance(node.exc.func, ast.Name)
        ):
            inner = [
                each
                for each in ast.walk(function)
                if isinstance(each, ast.FunctionDef) and each is not function
            ]
            if node.exc.func.id.endswith("Error") and not any(node in ast.walk(each) for each in inner):
                yield node


def test_help_loads_no_library_of_weight(tmp_path: Path) -> None:
    loaded = loaded_by("--help", folder=tmp_path)
    assert "click" in loaded
    assert not loaded & (
        CHECK_DOES_WITHOUT - {"audit"} | {"pydantic", "rich", "checks"}
    )  # of audit the roles alone


def test_help_and_a_check_load_no_more_modules_than_they_did(tmp_path: Path) -> None:
    """Counted without those of click and Beancount, which differ by version: so many were loaded before the folders."""
    new_case(tmp_path / "case", award_file({"consumables": (400_000, 600_000)}))
    bare = modules_of("import click", tmp_path)
    assert len(command_modules("--help", folder=tmp_path) - bare) <= MOST_FOR_HELP
    beancount = modules_of("import click, beancount.loader", tmp_path)
    assert (
        len(command_modules("check", "case", "--as-of", "2023-06-01", folder=tmp_path) - beancount)
        <= MOST_FOR_A_CHECK
    )


def test_an_import_of_nothing_loads_no_readers_and_no_books(tmp_path: Path) -> None:
    """Neither in a new case nor after an import; one file loads them."""
    case = tmp_path / "case"
    new_case(case, parse_award(tables(), "award.toml"))
    for count in range(2):
        loaded = command_modules("import", "case", folder=tmp_path)
        assert "importers.ingest" in loaded
        assert not [name for name in loaded if name.startswith(READERS_AND_BOOKS)]
        name, text = list(papers().items())[count]
        (case / "inbox" / name).write_text(text, encoding="utf-8")
        assert set(READERS_AND_BOOKS) <= command_modules("import", "case", folder=tmp_path)


def test_a_check_does_not_pay_for_reports_imports_and_pages(tmp_path: Path) -> None:
    (tmp_path / "main.beancount").write_text(
        'plugin "checks"\n2023-06-01 custom "grant-award" "112-甲-1"\n', encoding="utf-8"
    )
    loaded = loaded_by("check", ".", folder=tmp_path)
    assert {"beancount", "checks"} <= loaded
    assert not loaded & CHECK_DOES_WITHOUT
