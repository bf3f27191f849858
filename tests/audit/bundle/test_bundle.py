"""A bundle is the same bytes each time, names what changed of it, and a hostile one is refused unread."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from audit.bundle.pack import MANIFEST
from audit.bundle.verify import read_bundle
from tests.audit.house import PAPERS
from tests.audit.house import call
from tests.audit.house import make_case

DAY = ("--as-of", "2023-11-20")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = make_case(tmp_path / "case")
    (folder / ".grant").mkdir(exist_ok=True)
    (folder / ".grant/secret").write_text("x", encoding="utf-8")
    (folder / "inbox").mkdir()
    (folder / "inbox/later.pdf").write_bytes(b"%PDF-1.4\n")
    with zipfile.ZipFile(folder / "結算報表.xlsx", "w", zipfile.ZIP_DEFLATED) as report:
        report.writestr("sheet.xml", "王大明 44000")
    (folder / "documents/2023-07-31.scan.pdf").write_bytes(b"%PDF-1.6\xff\xfe\x00")
    (folder / "documents/2023-06-30.pay.csv").write_text("姓名,月薪\n王大明,44000\n", encoding="utf-8")
    return folder


@pytest.fixture
def bundle(case: Path, tmp_path: Path) -> Path:
    path = tmp_path / "案件.zip"
    call("bundle", case, "-o", path, *DAY)
    return path


def names(path: Path) -> set[str]:
    return set(zipfile.ZipFile(path).namelist())


def test_a_bundle_holds_the_case_and_its_reports_and_verifies(
    case: Path, bundle: Path, tmp_path: Path
) -> None:
    held = names(bundle)
    assert {MANIFEST, "case/main.beancount", "case/audit.beancount", "reports/settlement.xlsx"} <= held
    assert f"case/{PAPERS}/2023-06-12.AB12345678.pdf" in held
    assert not [name for name in held if ".grant" in name or "inbox" in name]
    told = call("verify", bundle, "--json")
    assert (told["same"], told["changed"]) == (True, [])
    assert call("verify", bundle, case, "--json")["changed"] == []
    again = tmp_path / "again.zip"
    call("bundle", case, "-o", again, *DAY)
    assert again.read_bytes() == bundle.read_bytes()
    said = json.loads(read_bundle(bundle)[MANIFEST])
    assert said["scheme"]["id"] == "managed-factory-112"
    assert said["scheme"]["digest"]


def test_a_file_that_changed_in_the_case_is_named(case: Path, bundle: Path) -> None:
    (case / PAPERS / "2023-06-12.AB12345678.pdf").write_bytes(b"%PDF-1.5\n")
    (case / "books.beancount").unlink()
    (case / "new.txt").write_text("x", encoding="utf-8")
    assert call("verify", bundle, case, "--json", code=1)["changed"] == [
        {"file": "case/books.beancount", "what": "missing"},
        {"file": f"case/{PAPERS}/2023-06-12.AB12345678.pdf", "what": "changed"},
        {"file": "case/new.txt", "what": "added"},
    ]


def test_every_byte_of_a_bundle_counts(bundle: Path, tmp_path: Path) -> None:
    whole = bundle.read_bytes()
    broken = tmp_path / "broken.zip"
    for place in [*range(0, len(whole), max(1, len(whole) // 150)), len(whole) - 1]:
        broken.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert call("verify", broken, code=None).exit_code in {1, 2}, place
    for other in (whole + b"x", b"x" + whole):
        broken.write_bytes(other)
        assert call("verify", broken, code=None).exit_code in {1, 2}


def test_a_changed_byte_of_a_paper_names_the_paper(bundle: Path) -> None:
    whole = bundle.read_bytes()
    bundle.write_bytes(whole.replace(b"%PDF-1.4\n", b"%PDF-1.9\n", 1))
    assert call("verify", bundle, "--json", code=1)["changed"] == [
        {"file": f"case/{PAPERS}/2023-06-12.AB12345678.pdf", "what": "changed"}
    ]


def repacked(bundle: Path, name: str, content: bytes = b"x", **told: Any) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.infolist():
            new.writestr(member, old.read(member))
        info = zipfile.ZipInfo(name)
        for key, value in told.items():
            setattr(info, key, value)
        new.writestr(info, content)
    bundle.write_bytes(buffer.getvalue())
    return bundle


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "case/../../x", "a\\..\\x", "C:/x", "case/main.beancount", "d/"]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_leads_out_or_stands_twice_is_refused(bundle: Path, name: str) -> None:
    assert call("verify", repacked(bundle, name), code=2).exit_code == 2


def test_a_link_and_a_bomb_are_refused(bundle: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.zip"
    copy.write_bytes(bundle.read_bytes())
    call("verify", repacked(bundle, "case/link", external_attr=(stat.S_IFLNK | 0o777) << 16), code=2)
    bomb = {"compress_type": zipfile.ZIP_DEFLATED}
    call("verify", repacked(copy, "case/bomb", b"\0" * 5_000_000, **bomb), code=2)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip"])
def test_what_is_no_bundle_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    assert "打不開" in call("verify", path, code=2).output


def test_names_and_pay_are_left_out_of_a_masked_bundle_and_it_verifies(case: Path, tmp_path: Path) -> None:
    path = tmp_path / "masked.zip"
    call("bundle", case, "-o", path, "--mask", *DAY)
    members = read_bundle(path)
    assert json.loads(members[MANIFEST])["masked"] is True
    for name, content in members.items():
        assert "王大明" not in name
        assert "王大明".encode() not in content
        assert b"44000" not in content
        assert b'voucher: "payroll"' not in content
    assert "人員01".encode() in members["case/award.beancount"]
    assert "case/documents/2023-06-30.pay.csv" not in members
    assert "case/documents/2023-07-31.scan.pdf" not in members  # nobody can see what stands in it
    assert "case/結算報表.xlsx" not in members
    assert f"case/{PAPERS}/2023-06-12.AB12345678.pdf" in members
    assert call("verify", path, "--json")["changed"] == []


# --- a case by itself ------------------------------------------------------------------------------------


def test_a_case_names_its_papers_that_changed(case: Path) -> None:
    import hashlib  # noqa: PLC0415 -- as the import does

    paper = "Liabilities/1應付帳款/2023-06-12.AB12345678.pdf"
    digest = hashlib.sha256((case / "documents" / paper).read_bytes()).hexdigest()
    (case / "documents/SHA256SUMS").write_text(f"{digest}  {paper}\n{'0' * 64}  gone.pdf\n", encoding="utf-8")
    assert call("verify", case, "--json", code=1)["changed"] == [
        {"file": "documents/gone.pdf", "what": "missing"}
    ]
    (case / "documents" / paper).write_bytes(b"other")
    changed = call("verify", case, "--json", code=1)["changed"]
    assert {"file": f"documents/{paper}", "what": "changed"} in changed


def test_acts_made_on_a_bundle_come_back(case: Path, tmp_path: Path) -> None:
    from tests.checks.pieces.audit import act  # noqa: PLC0415
    from tests.checks.pieces.audit import chained  # noqa: PLC0415

    returned = tmp_path / "audit.beancount"
    returned.write_text(chained(act(day="2023-11-01")), encoding="utf-8")
    assert call("merge", case, returned, "--json") == {"acts": 1, "conflicts": []}
    assert call("merge", case, returned, "--json") == {"acts": 0, "conflicts": []}
