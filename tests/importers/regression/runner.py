"""beangulp's own regression commands over every document: `test` compares, `generate` writes what is expected.

python -m tests.importers.regression.runner    # writes the expected files anew, to be read in review
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from beangulp import testing
from click.testing import CliRunner
from click.testing import Result

from importers.beangulp_importer import importers_for
from tests.importers.regression.documents import Document
from tests.importers.regression.documents import documents
from tests.importers.regression.documents import make_case

EXPECTED = Path(__file__).parent / "expected"


def run(command: str, case: Path, kind: str, paths: list[Path], *options: str) -> Result:
    """beangulp's `test` or `generate` for one importer of the case."""
    importer = next(found for found in importers_for(case) if found.name == f"grantledger.{kind}")
    words = [command, "--expected", str(EXPECTED), *options, *map(str, paths)]
    return CliRunner().invoke(testing.wrap(importer), words)


def put(folder: Path, document: Document) -> Path:
    """The document as a file."""
    path = folder / document.name
    path.write_bytes(document.content)
    return path


def main() -> None:
    """Write every expected file anew, and take away those of no document."""
    for old in EXPECTED.glob("*.beancount"):
        old.unlink()
    with tempfile.TemporaryDirectory() as name:
        case = make_case(Path(name) / "case")
        for document in documents():
            result = run("generate", case, document.kind, [put(Path(name), document)], "--force")
            if result.exit_code:
                raise SystemExit(f"{document.name}: {result.output}")


if __name__ == "__main__":
    main()
