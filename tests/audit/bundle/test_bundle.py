"""A bundle is the same bytes each time, names what changed of it, and a hostile one is refused unread."""

from __future__ import annotations

import io
import json
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from audit.bundle.mask import _spellings
from audit.bundle.pack import MANIFEST
from audit.bundle.pack import BundleError
from audit.bundle.pack import manifest_digest
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


SET = {
    "spaced": "王 大 明",
    "wide space": "王\u3000大\u3000明",
    "not seen": "王\u200b大明",
    "json": "\\u738b\\u5927\\u660e",
    "xml": "&#29579;&#x5927;&#26126;",
}


@pytest.mark.parametrize("spelled", SET.values(), ids=SET)
@pytest.mark.parametrize("code", ["utf-8", "utf-16", "utf-16-be", "cp950"])
def test_a_name_is_left_out_however_it_is_set(case: Path, tmp_path: Path, spelled: str, code: str) -> None:
    """In a paper that a voucher names, in a file's name, and in the words of a book."""
    paper = case / PAPERS / "2023-06-12.AB12345678.pdf"
    paper.write_bytes(f"薪資 {spelled} 44,000".encode(code, "ignore"))
    (case / PAPERS / "2023-06-12.王 大明.txt").write_text("x", encoding="utf-8")
    with (case / "books.beancount").open("a", encoding="utf-8") as books:
        books.write('\n2023-07-01 note Assets:2進項稅額 "王 大　明 的假單"\n')
    if spelled.encode(code, "ignore").decode(code) != spelled:
        paper.write_bytes("王大明".encode(code))
    path = tmp_path / "masked.zip"
    call("bundle", case, "-o", path, "--mask", *DAY)
    members = read_bundle(path)
    assert f"case/{PAPERS}/{paper.name}" not in members
    assert not [name for name in members if "大明" in name]
    assert "假單" in members["case/books.beancount"].decode()
    assert "大　明" not in members["case/books.beancount"].decode()
    assert "王 大" not in members["case/books.beancount"].decode()


def test_a_name_in_other_letters_is_a_name_and_in_other_words_is_none() -> None:
    for said in ("LEE  A-MING", "lee a-ming", "Ｌｅｅ　Ａ－Ｍｉｎｇ", "LeeA-Ming", "陳Lee A-Ming先生"):
        assert _spellings("Lee A-Ming").search(said), said
    assert _spellings("Jose\u0301").search("JOS\u00c9")
    assert not _spellings("Lee").search("the fleet of LEEDS")


def test_zips_in_zips_come_to_an_end(case: Path, tmp_path: Path) -> None:
    """A paper that holds itself, a thousand times over."""
    content = b"x"
    for _depth in range(1200):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            file.writestr("a", content)
        content = buffer.getvalue()
    (case / PAPERS / "2023-06-12.AB12345678.pdf").write_bytes(content)
    path = tmp_path / "masked.zip"
    call("bundle", case, "-o", path, "--mask", *DAY)
    assert f"case/{PAPERS}/2023-06-12.AB12345678.pdf" not in read_bundle(path)


# --- what a hostile one says of itself -----------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {"case": "\ud800"},
        {"files": {"case/\udfff": "0" * 64}},
        {"digest": ["x"], "audit_head": {"a": 1}, "masked": "x", "as_of": 3},
        {"files": {"case/not-there": "0" * 64}},
        {"x": 10**4000},
    ],
    ids=["half a letter", "half a letter in a name", "other kinds", "not there", "long"],
)
def test_whatever_a_manifest_says_is_told_in_words(bundle: Path, said: dict[str, Any]) -> None:
    members = read_bundle(bundle)
    manifest = json.loads(members.pop(MANIFEST)) | said
    with zipfile.ZipFile(bundle, "w") as file:
        file.writestr(MANIFEST, json.dumps(manifest))
        for name, content in members.items():
            file.writestr(name, content)
    for more in ((), ("--known", "a" * 16)):
        assert call("verify", bundle, *more, code=None).exit_code in {1, 2}


@pytest.mark.parametrize("depth", [200, 900, 990, 5000])
def test_a_deep_manifest_is_told_in_words(bundle: Path, depth: int) -> None:
    """Its digest is right: all of it is written once more to be compared."""
    members = read_bundle(bundle)
    manifest = json.loads(members.pop(MANIFEST))
    deep: list[Any] = []
    for _each in range(depth):
        deep = [deep]
    manifest["x"] = deep
    try:
        manifest["digest"] = manifest_digest(manifest)
        text = json.dumps(manifest)
    except RecursionError:
        text = json.dumps(manifest | {"x": 0})[:-1] + ', "y": ' + "[" * depth + "]" * depth + "}"
    with zipfile.ZipFile(bundle, "w") as file:
        file.writestr(MANIFEST, text)
        for name, content in members.items():
            file.writestr(name, content)
    assert call("verify", bundle, code=None).exit_code in {1, 2}


@pytest.mark.parametrize("twin", ["case/MAIN.beancount", "Case/main.beancount", "case/main.BEANCOUNT"])
def test_names_that_become_one_are_refused(bundle: Path, twin: str) -> None:
    assert "不安全" in call("verify", repacked(bundle, twin), code=2).output


@pytest.mark.parametrize(("one", "other"), [("a.txt", "A.TXT"), ("\u00e9.txt", "e\u0301.txt")])
def test_no_bundle_is_made_of_names_that_become_one(case: Path, tmp_path: Path, one: str, other: str) -> None:
    for name in (one, other):
        (case / "documents" / name).write_text(name, encoding="utf-8")
    assert "互相蓋掉" in call("bundle", case, "-o", tmp_path / "x.zip", *DAY, code=2).output
    assert not (tmp_path / "x.zip").exists()


def test_members_that_lie_in_one_another_are_refused_unread(tmp_path: Path) -> None:
    """A few bytes told as two gigabytes: every member begins inside the one before it and ends with the last."""
    path, count, kernel = tmp_path / "x.zip", 300, b"\0" * 100_000
    heads = [zip_head(f"case/{place:03}") for place in range(count)]
    sizes = [len(kernel) + sum(map(len, heads[place + 1 :])) for place in range(count)]
    content, starts = b"", []
    for place, head in enumerate(heads):
        starts.append(len(content))
        content += head[:18] + struct.pack("<II", sizes[place], sizes[place]) + head[26:]
    content += kernel
    listed = b"".join(
        struct.pack(
            "<4s6H3I5H2I",
            b"PK\1\2",
            20,
            20,
            0,
            0,
            0,
            33,
            0,
            sizes[place],
            sizes[place],
            8,
            0,
            0,
            0,
            0,
            0,
            starts[place],
        )
        + f"case/{place:03}".encode()
        for place in range(count)
    )
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(listed), len(content), 0)
    path.write_bytes(content + listed + end)
    assert path.stat().st_size < 200_000
    tracemalloc.start()
    try:
        with pytest.raises(BundleError, match="比案件包還大"):
            read_bundle(path)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def zip_head(name: str) -> bytes:
    return struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name.encode()


@pytest.mark.parametrize("place", ["first local header", "a member", "the list", "the end"])
def test_a_byte_of_every_region_counts(bundle: Path, place: str) -> None:
    whole = bytearray(bundle.read_bytes())
    with zipfile.ZipFile(bundle) as file:
        start, list_start = file.infolist()[1].header_offset, file.start_dir
    spots = {
        "first local header": range(30),
        "a member": range(start, start + 60),
        "the list": range(list_start, list_start + 90),
        "the end": range(len(whole) - 22, len(whole)),
    }
    for at in spots[place]:
        bundle.write_bytes(whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :])
        assert call("verify", bundle, code=None).exit_code in {1, 2}, at


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x800, 0x20])
def test_a_member_said_to_be_encrypted_or_patched_is_told(bundle: Path, flag: int) -> None:
    whole = bytearray(bundle.read_bytes())
    with zipfile.ZipFile(bundle) as file:
        list_start = file.start_dir
    whole[list_start + 8] ^= flag & 0xFF
    whole[list_start + 9] ^= flag >> 8
    bundle.write_bytes(whole)
    assert call("verify", bundle, code=None).exit_code in {1, 2}


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
