"""新案件 in the browser: every wrong cell marked, the sums while typing, made where it may be and nowhere else."""

from __future__ import annotations

import datetime
import io
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import grant
from ledger.util.i18n import speaking
from server.app import Server
from tests.importers.templates.filled import AWARD
from tests.importers.templates.filled import fill_award
from tests.replay import books_of
from tests.server.house import client_of
from tests.server.house import make_server

TOKEN = re.compile(r'name="token" value="([^"]+)"')
_FIELD = re.compile(r'<(input|select)[^>]* name="([^"]+)"(?:[^>]* value="([^"]*)")?')


def award(**head: Any) -> dict[str, Any]:
    """A sound award of one company."""
    said = tomllib.loads(AWARD)
    del said["partner"]
    del said["budget"][1]["party"]
    said["award"] |= head
    return said


def sheet(tmp_path: Path, said: dict[str, Any]) -> bytes:
    fill_award(tmp_path / "award.xlsx", said)
    return (tmp_path / "award.xlsx").read_bytes()


class Page:
    """The page as a person fills it in."""

    def __init__(self, server: Server, who: str = "") -> None:
        self.client = client_of(server, who)
        self.text = self.client.get("/grant/new").get_data(as_text=True)
        self.token = TOKEN.findall(self.text)[0] if TOKEN.search(self.text) else ""

    def post(self, do: str, fields: dict[str, Any] | None = None, address: str = "/grant/new") -> Any:
        sent = {"token": self.token, "do": do} | (fields or {})
        return self.client.post(address, data=sent, content_type="multipart/form-data")

    def upload(self, content: bytes, name: str = "award.xlsx") -> Any:
        return self.post("upload", {"form": (io.BytesIO(content), name)})


def fields_in(text: str) -> dict[str, str]:
    """The fields of a page with what stands in them."""
    found = {name: value for kind, name, value in _FIELD.findall(text) if kind == "input"}
    for name, inside in re.findall(r'<select id="[^"]+" name="([^"]+)".*?>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected>', inside)
        found[name] = chosen[1] if chosen else ""
    return {name: value for name, value in found.items() if name not in {"token", "do", "form", "q"}}


def test_a_form_with_three_wrong_cells_is_marked_mended_and_made(folder: Path, tmp_path: Path) -> None:
    said = award(start="明天")
    said["budget"][0]["government"] = "很多"
    said["person"][0]["insured"] = "或許"
    page = Page(make_server(folder))
    answer = page.upload(sheet(tmp_path, said))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert text.count('aria-invalid="true"') == 3
    assert "有 3 個地方要改" in text
    for cell in ("核定!B6", "預算!B3", "人員!C3"):
        assert f"(核定表 {cell})" in text
    fields = fields_in(text)
    assert fields["budget.0.government"] == "很多" or "很多" in fields.values()
    before = sorted(path.name for path in folder.iterdir())
    assert page.post("make", fields).status_code == 422
    assert sorted(path.name for path in folder.iterdir()) == before
    wrong = next(name for name, value in fields.items() if value == "很多")
    unsure = next(name for name, value in fields.items() if value == "或許")
    mended = fields | {"award.start": "112/06/01", wrong: "600,000", unsure: "是", "folder": "新案"}
    made = page.post("make", mended)
    assert made.status_code == 303, made.get_data(as_text=True)
    assert made.headers["Location"].endswith("/extension/Desk/?tab=inbox")
    assert page.client.get(made.headers["Location"], follow_redirects=True).status_code == 200


def test_what_the_page_makes_is_what_grant_new_makes(folder: Path, tmp_path: Path) -> None:
    content = sheet(tmp_path, award())
    page = Page(make_server(folder))
    fields = fields_in(page.upload(content).get_data(as_text=True)) | {"folder": "網頁"}
    assert page.post("make", fields).status_code == 303
    run = CliRunner().invoke(grant, ["new", str(tmp_path / "cli"), "--award", str(tmp_path / "award.xlsx")])
    assert run.exit_code == 0, run.output
    assert books_of(folder / "網頁") == books_of(tmp_path / "cli")
    for name in ("award.beancount", "main.beancount", "audit.beancount"):
        assert (folder / "網頁" / name).read_bytes() == (tmp_path / "cli" / name).read_bytes(), name


def test_the_page_in_english_makes_the_same_case(folder: Path, tmp_path: Path) -> None:
    with speaking("en"):
        page = Page(make_server(folder))
    text = page.upload(sheet(tmp_path, award())).get_data(as_text=True)
    assert "New case" in text
    assert "Improvements" in text
    assert page.post("make", fields_in(text) | {"folder": "english"}).status_code == 303
    page = Page(make_server(folder))
    fields = fields_in(page.upload(sheet(tmp_path, award())).get_data(as_text=True)) | {"folder": "中文"}
    assert page.post("make", fields).status_code == 303
    award_file = "award.beancount"
    assert (folder / "english" / award_file).read_bytes() == (folder / "中文" / award_file).read_bytes()


def test_other_funding_and_papers_of_a_toml_are_fields_and_are_kept(folder: Path) -> None:
    text = AWARD.split("[[partner]]")[0].replace('party = "12345675"\n', "")
    text += '[[funding]]\nagency = "某署"\namount = 5\n[[evidence]]\nkind = "x-ray"\nname = "照片"\n'
    page = Page(make_server(folder))
    shown = page.upload(text.encode(), "award.toml").get_data(as_text=True)
    assert "沒有要改的地方" in shown
    fields = fields_in(shown) | {"folder": "有其他補助"}
    assert fields["funding.0.agency"] == "某署"
    assert page.post("make", fields | {"funding.0.kind": "雜"}).status_code == 422
    assert page.post("make", fields).status_code == 303
    made = (folder / "有其他補助" / "award.beancount").read_text(encoding="utf-8")
    assert 'custom "grant-funding" "某署" 5 TWD' in made
    assert 'custom "grant-required" "x-ray"' in made


def test_a_table_that_an_award_does_not_know_is_told_and_not_lost_in_silence(folder: Path) -> None:
    text = AWARD.split("[[partner]]")[0].replace('party = "12345675"\n', "") + '[[fundng]]\nagency = "某署"\n'
    shown = Page(make_server(folder)).upload(text.encode(), "award.toml").get_data(as_text=True)
    assert "沒有要改的地方" not in shown
    assert "fundng" in shown


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("award.xlsx", b"not a workbook", "不是試算表"),
        ("x.pdf", b"%PDF-1.4", "不是試算表"),
        ("award.toml", b"[award", "award"),
        ("award.toml", b"\x81\xff\x00\x81", "編碼"),
    ],
)
def test_another_file_is_refused_in_words(folder: Path, name: str, content: bytes, words: str) -> None:
    answer = Page(make_server(folder)).upload(content, name)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert words in answer.get_data(as_text=True) or name == "award.toml"


def test_the_sums_follow_what_is_typed(folder: Path) -> None:
    page = Page(make_server(folder))
    typed = {
        "award.scheme": "small-manufacturer-112",
        "budget.1.category": "全新設備之購置費",
        "budget.1.government": "400",
        "budget.1.self": "600",
        "budget.4.category": "人事費",
        "budget.4.government": "1",
        "person.0.months": "很多",
        "award.start": "",
    }
    told = page.post("", typed, "/grant/new/figures").get_json()
    assert "1,001" in told["panel"]
    assert "40.06%" in told["panel"]
    assert "超過" not in told["panel"]
    assert "全新設備之購置費上限 30%:可列 300 元,已列 400 元" in told["panel"]
    assert "人事費只能用自籌款" in told["panel"]
    assert list(told["wrong"]) == ["person.0.months"]
    tried = page.post("try", typed).get_data(as_text=True)
    assert "可列 300 元,已列 400 元" in tried
    assert "award.start-fault" in tried


def test_a_whole_award_shows_what_the_checks_will_find(folder: Path, tmp_path: Path) -> None:
    said = award(end=datetime.date(2026, 5, 31))
    said["budget"][0] |= {"government": 900_000}
    page = Page(make_server(folder))
    text = page.upload(sheet(tmp_path, said)).get_data(as_text=True)
    run = CliRunner().invoke(grant, ["new", str(tmp_path / "cli"), "--award", str(tmp_path / "award.xlsx")])
    told = [
        line.split(":", 1)[1] for line in run.output.splitlines() if re.match(r"(錯誤|提醒) [a-z-]+:", line)
    ]
    assert told
    for message in told:
        assert message.strip()[:30] in text


def test_an_award_of_many_items_is_added_up(folder: Path) -> None:
    page = Page(make_server(folder))
    typed = {"award.scheme": "small-manufacturer-112", "budget.0.category": "人事費", "budget.0.self": "1"}
    for number in range(300):
        typed |= {
            f"item.{number}.category": "人事費",
            f"item.{number}.name": "一個很長的品名" * 3,
            f"item.{number}.self": "1",
        }
        typed |= {f"item.{number}.{column}": "" for column in ("government", "quantity", "unit", "supplier")}
    answer = page.client.post("/grant/new/figures", data={"token": page.token, **typed})
    assert answer.status_code == 200
    assert ">300<" in answer.get_json()["panel"]


def test_rows_are_added_without_a_script(folder: Path) -> None:
    page = Page(make_server(folder))
    assert 'name="item.3.name"' not in page.text
    text = page.post("more:item", fields_in(page.text)).get_data(as_text=True)
    assert 'name="item.3.name"' in text
    assert 'name="item.4.name"' not in text


def test_the_budget_lists_the_categories_of_the_scheme(folder: Path) -> None:
    page = Page(make_server(folder))
    text = page.post("scheme", {"award.scheme": "managed-factory-112"}).get_data(as_text=True)
    fields = fields_in(text)
    budget = {value for name, value in fields.items() if re.fullmatch(r"budget\.\d+\.category", name)}
    assert {"既有設備之改善費", "人事費", "基礎工程施工費"} <= budget
    assert "party" not in text
    text = page.post("scheme", {"award.scheme": "supply-chain-carbon-112"}).get_data(as_text=True)
    assert "budget.0.party" in text
    assert "partner.0.name" in text


# --- where, and who ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../外面",
        "/x/y",
        "a/b",
        "a\\b",
        "..",
        ".",
        ".隱",
        "CON",
        "x" * 61,
        "甲\x00乙",
        "a:b",
        "尾.",
        "\u202e反",
    ],
)
def test_no_folder_outside_or_strange_is_made(folder: Path, tmp_path: Path, name: str) -> None:
    page = Page(make_server(folder))
    fields = fields_in(page.upload(sheet(tmp_path, award())).get_data(as_text=True))
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    answer = page.post("make", fields | {"folder": name})
    assert answer.status_code == 422
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_nothing_that_is_there_is_written_over(folder: Path, tmp_path: Path) -> None:
    (folder / "空的").mkdir()
    page = Page(make_server(folder))
    fields = fields_in(page.upload(sheet(tmp_path, award())).get_data(as_text=True))
    for name in ("甲案", "空的"):
        answer = page.post("make", fields | {"folder": name})
        assert answer.status_code == 422
        assert f"已經有「{name}」這個資料夾" in answer.get_data(as_text=True)
    assert list((folder / "空的").iterdir()) == []


def test_markup_is_text(folder: Path) -> None:
    typed = {"company.name": "<script>alert(1)</script>", "budget.0.category": "<b>x", "budget.0.self": "1"}
    text = Page(make_server(folder)).post("try", typed).get_data(as_text=True)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert "<b>x" not in text


def test_who_may_make_a_case(shared: Server, folder: Path, tmp_path: Path) -> None:
    fields = {"folder": "乙案"}
    for who in ("auditor", "reviewer", "viewer"):
        page = Page(shared, who)
        assert page.client.get("/grant/new").status_code == 403
        assert page.post("make").status_code == 403
        assert page.post("", {}, "/grant/new/figures").status_code == 403
        assert "新案件" not in page.client.get("/").get_data(as_text=True)
    page = Page(shared, "accountant")
    assert "/grant/new" in page.client.get("/").get_data(as_text=True)
    fields |= fields_in(page.upload(sheet(tmp_path, award())).get_data(as_text=True))
    outside = page.post("make", fields | {"folder": "乙案"})
    assert outside.status_code == 422
    assert "案件範圍" in outside.get_data(as_text=True)
    assert not (folder / "乙案").exists()
    assert page.post("make", fields | {"folder": "甲之二"}).status_code == 303
    assert (folder / "甲之二" / "main.beancount").is_file()
    assert "new" in (tmp_path / "logs" / "changes.log").read_text(encoding="utf-8")


def test_nothing_is_made_without_the_pages_token_or_from_another_site(folder: Path) -> None:
    page = Page(make_server(folder))
    assert page.client.post("/grant/new", data={"do": "make"}).status_code == 403
    foreign = {"Origin": "http://elsewhere.example"}
    sent = {"token": page.token, "do": "try"}
    assert page.client.post("/grant/new", data=sent, headers=foreign).status_code == 403


def test_a_read_only_server_and_one_case_make_none(folder: Path) -> None:
    for server in (make_server(folder, read_only=True), make_server(folder / "甲案")):
        assert client_of(server, "").get("/grant/new").status_code == 403


@pytest.mark.parametrize("name", ["award.xlsx", "vouchers.xlsx", "payroll.xlsx", "vouchers.csv"])
def test_the_empty_forms(local: Server, name: str) -> None:
    answer = client_of(local, "").get(f"/grant/forms/{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data[:2] == b"PK" or name.endswith("csv")
    assert client_of(local).get(f"/grant/forms/{name}").status_code == 302
    assert client_of(local, "").get("/grant/forms/other.xlsx").status_code == 404
