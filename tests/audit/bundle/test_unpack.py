"""A bundle is opened as the case it holds: unpacked beside it once, never over what is there, never what is unsafe."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit.bundle.pack import BundleError
from audit.bundle.pack import case_files
from audit.bundle.unpack import unpack_bundle
from cli.main import grant
from ledger.loading.safe_folder import UnsafeCaseError
from tests.audit.house import call
from tests.audit.house import make_case


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return make_case(tmp_path / "case")


def packed(case: Path, path: Path) -> Path:
    call("bundle", case, "-o", path, "--as-of", "2023-11-20")
    return path


def test_the_case_comes_out_as_it_went_in(case: Path, tmp_path: Path) -> None:
    bundle = packed(case, tmp_path / "甲案.zip")
    folder = unpack_bundle(bundle)
    assert folder == tmp_path / "甲案"
    assert case_files(folder) == case_files(case)
    assert call("verify", bundle, folder, "--json")["changed"] == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["case", "甲案", "甲案.zip"]


def test_the_second_time_it_is_opened_as_the_auditor_left_it(case: Path, tmp_path: Path) -> None:
    bundle = packed(case, tmp_path / "甲案.zip")
    acts = unpack_bundle(bundle) / "audit.beancount"
    acts.write_bytes(acts.read_bytes() + b"; later\n")
    assert unpack_bundle(bundle) == acts.parent
    assert acts.read_bytes().endswith(b"; later\n")


def test_another_bundle_of_the_same_name_takes_nothing_away(case: Path, tmp_path: Path) -> None:
    first = packed(case, tmp_path / "甲案.zip")
    folder = unpack_bundle(first)
    before = case_files(folder)
    book = case / "main.beancount"
    book.write_text(book.read_text(encoding="utf-8") + "; 更正\n", encoding="utf-8")
    first.unlink()
    packed(case, first)
    with pytest.raises(BundleError, match="內容與案件包不同"):
        unpack_bundle(first)
    assert case_files(folder) == before


@pytest.mark.parametrize("made", ["file", "folder", "link"])
def test_what_else_has_the_name_stays(case: Path, tmp_path: Path, made: str) -> None:
    bundle = packed(case, tmp_path / "甲案.zip")
    place = tmp_path / "甲案"
    if made == "file":
        place.write_bytes(b"x")
    elif made == "folder":
        place.mkdir()
    else:
        place.symlink_to(case)
    with pytest.raises(BundleError, match="已經在了"):
        unpack_bundle(bundle)
    assert made != "folder" or not list(place.iterdir())


def test_a_changed_byte_is_refused_before_anything_is_written(case: Path, tmp_path: Path) -> None:
    bundle = packed(case, tmp_path / "甲案.zip")
    content = bundle.read_bytes()
    at = content.index(b"case/main.beancount") + 60
    bundle.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    with pytest.raises(BundleError):
        unpack_bundle(bundle)
    assert not (tmp_path / "甲案").exists()


def test_an_unsafe_case_leaves_nothing(case: Path, tmp_path: Path) -> None:
    (case / "看帳.py").write_text("print(1)\n", encoding="utf-8")
    bundle = tmp_path / "甲案.zip"
    call("bundle", case, "-o", bundle, "--as-of", "2023-11-20", "--trust")
    with pytest.raises(UnsafeCaseError):
        unpack_bundle(bundle)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["case", "甲案.zip"]


@pytest.mark.parametrize("words", [["check"], ["settle"], ["doctor"], ["log"]])
def test_a_bundle_given_as_a_case_says_how_to_open_it(case: Path, tmp_path: Path, words: list[str]) -> None:
    """Its folder is no case: nothing else in there is read."""
    bundle = packed(case, tmp_path / "甲案.zip")
    (tmp_path / "other.py").write_text("", encoding="utf-8")
    ran = CliRunner().invoke(grant, [*words, str(bundle)])
    assert ran.exit_code == 2
    assert f"grant serve {bundle}" in ran.output
    assert "other.py" not in ran.output


def test_a_zip_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as file:
        file.writestr("case/main.beancount", "")
    ran = CliRunner().invoke(grant, ["serve", str(tmp_path / "x.zip")])
    assert (ran.exit_code, "案件包" in ran.output) == (2, True)
    assert not (tmp_path / "x").exists()
