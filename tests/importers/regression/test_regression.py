"""Every format through its beangulp importer, against the entries that stand in `expected/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.bank.profile import profiles
from importers.read import read_file
from importers.records import BANK_FORMATS
from importers.vouchers.mig.messages import MESSAGES
from tests.importers.regression.documents import KINDS
from tests.importers.regression.documents import Document
from tests.importers.regression.documents import documents
from tests.importers.regression.documents import make_case
from tests.importers.regression.runner import EXPECTED
from tests.importers.regression.runner import put
from tests.importers.regression.runner import run

DOCUMENTS = documents()


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_case(tmp_path_factory.mktemp("regression") / "case")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_a_document_gives_the_entries_that_are_expected(
    case: Path, document: Document, tmp_path: Path
) -> None:
    result = run("test", case, document.kind, [put(tmp_path, document)])
    assert "PASSED" in result.output, result.output
    assert result.exit_code == 0


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_no_other_importer_takes_it(case: Path, document: Document, tmp_path: Path) -> None:
    path = put(tmp_path, document)
    for kind in KINDS:
        if kind != document.kind:
            assert "DocumentNotIdentified" in run("test", case, kind, [path]).output


def test_every_expected_file_is_of_a_document() -> None:
    assert sorted(path.name for path in EXPECTED.iterdir()) == sorted(
        f"{document.name}.beancount" for document in DOCUMENTS
    )


def test_an_entry_that_is_not_expected_is_found(case: Path, tmp_path: Path) -> None:
    document = next(document for document in DOCUMENTS if document.name == "F0401.xml")
    changed = Document(document.name, "vouchers", document.content.replace(b">105000<", b">105001<"))
    result = run("test", case, "vouchers", [put(tmp_path, changed)])
    assert result.exit_code == 1
    assert "105001" in result.output


def test_every_format_and_message_and_bank_is_among_them(tmp_path: Path) -> None:
    readings = [reading for document in DOCUMENTS for reading in read_file(put(tmp_path, document)).readings]
    vouchers = {
        "mig-xml", "platform-xlsx", "vat-media", "carrier-csv", "cloud-invoice-csv", "invoice-qr", "voucher-sheet",
        "payroll-sheet",
    }  # fmt: skip
    assert {reading.format for reading in readings} == vouchers | BANK_FORMATS
    roots = b"".join(document.content for document in DOCUMENTS if document.name.endswith(".xml"))
    lacking = {root for root in MESSAGES if f"<{root} ".encode() not in roots}
    assert lacking <= {"VoidReceipt"}
    assert {found.code for found in profiles()} <= {document.name[:3] for document in DOCUMENTS}
