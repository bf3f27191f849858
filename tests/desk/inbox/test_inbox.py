"""收件: files come in safely, are told and previewed; the import is the command's, can be called off and undone."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from desk.inbox import jobs
from desk.inbox.progress import MOST_LISTENERS
from desk.inbox.progress import progress_of
from desk.inbox.removed import DAYS
from desk.inbox.removed import removed_files
from desk.inbox.store import InboxError
from desk.inbox.store import file_named
from desk.inbox.store import put
from importers.context import ImportCancelledError
from importers.preview.preview import preview_import
from ledger.files.history import History
from ledger.loading.loader import load_case
from tests.desk.house import HEAD
from tests.desk.house import Window
from tests.desk.house import books_of
from tests.desk.house import run
from tests.desk.house import window

NEW = "112/07/10,統一發票,QZ10000009,04595257,試作五金行,試作軸承,1,個,3000,150,消耗性器材及原材料費,,匯款,\n"
SHEET = (HEAD + NEW).encode()
STATE = re.compile(r'name="inbox" value="([0-9a-f]+)"')
LAST = "?tab=operation&about=2"  # a page with a form on it, whatever lies in the inbox
AFTER = "?tab=operation&about=3"  # the same once something more was imported
JSON = {"Accept": "application/json"}


def send(desk: Window, files: dict[str, bytes], page: str = LAST, **headers: str) -> Any:
    """Send files as the page's form does."""
    form: dict[str, Any] = {"token": desk.secrets(page)["token"]}
    form["files"] = [(io.BytesIO(content), name) for name, content in files.items()]
    return desk.post("upload", form, **headers)


def inbox(desk: Window) -> set[str]:
    return {path.name for path in (desk.folder / "inbox").iterdir()}


def begin(desk: Window) -> Any:
    """Press 匯入."""
    page = desk.get("?tab=inbox")
    return desk.post("import", {**desk.secrets(LAST), "inbox": STATE.findall(page)[0]})


def imported(desk: Window) -> jobs.Job:
    """Import, and wait for the end."""
    assert begin(desk).status_code == 303
    job = jobs.job_of(desk.folder)
    assert job is not None
    assert job.ended.wait(30)
    return job


# --- files come in -------------------------------------------------------------------------------------


def test_an_empty_inbox_says_what_to_do(desk: Window) -> None:
    assert "收件匣是空的" in desk.words("?tab=inbox")


def test_what_is_sent_lies_in_the_inbox_and_is_told(desk: Window) -> None:
    answer = send(desk, {"登記表.csv": SHEET}, **JSON)
    (told,) = answer.get_json()["files"]
    assert (told["outcome"], told["name"]) == ("new", "登記表.csv")
    assert told["what"] == "憑證登記表 · 2023-07-10 · 1 筆"
    assert (desk.folder / "inbox" / "登記表.csv").read_bytes() == SHEET
    words = desk.words("?tab=inbox")
    for text in ("登記表.csv", "憑證登記表", "可匯入", "QZ10000009", "3,150", "試作軸承", "匯入 1 個檔案"):
        assert text in words, text


def test_without_a_script_the_page_tells_what_became_of_each_file(desk: Window) -> None:
    answer = send(desk, {"a.csv": SHEET, "空.csv": b""})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "已放進收件匣" in page
    assert "是空的檔案" in page
    assert "QZ10000009" in page


def test_another_file_of_the_same_name_gets_another_and_the_same_is_told(desk: Window) -> None:
    send(desk, {"a.csv": SHEET})
    other = send(desk, {"a.csv": SHEET + b"\n"}, **JSON).get_json()["files"][0]
    assert (other["outcome"], other["name"]) == ("renamed", "a-2.csv")
    again = send(desk, {"b.csv": SHEET}, **JSON).get_json()["files"][0]
    assert (again["outcome"], again["name"]) == ("same", "a.csv")
    assert inbox(desk) == {"a.csv", "a-2.csv"}
    assert (desk.folder / "inbox" / "a.csv").read_bytes() == SHEET


def test_a_file_that_was_imported_is_told_as_known(desk: Window) -> None:
    send(desk, {"a.csv": SHEET})
    imported(desk)
    told = send(desk, {"again.csv": SHEET}, AFTER, **JSON).get_json()["files"][0]
    assert told["outcome"] == "known"
    assert inbox(desk) == set()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../main.beancount", "main.beancount"),
        ("..\\..\\main.beancount", "main.beancount"),
        ("/etc/passwd", "passwd"),
        ("C:\\x\\y.csv", "y.csv"),
        (".hidden", "hidden"),
        ("a\x00b.csv", "a_b.csv"),
        ("\u202egpj.exe", "_gpj.exe"),
        ("<b>x</b>.csv", "b_.csv"),
        ("長" * 200 + ".csv", None),
    ],
)
def test_hostile_names_stay_in_the_inbox(folder: Path, given: str, kept: str | None) -> None:
    before = books_of(folder)
    done = put(folder, given, SHEET)
    assert done.outcome == "new"
    assert (folder / "inbox" / done.name).read_bytes() == SHEET
    assert len(done.name.encode()) < 200
    if kept is not None:
        assert done.name == kept
    after = books_of(folder)
    assert {name: after[name] for name in after if not name.startswith("inbox/")} == before
    assert not list((folder / ".grant").glob("inbox-*"))


def test_the_systems_litter_and_what_is_too_large_are_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (".DS_Store", "a/Thumbs.db", "x\\~$登記表.xlsx", "._a.csv"):
        assert put(folder, name, b"x").outcome == "litter"
    monkeypatch.setattr("desk.inbox.store.MOST_BYTES", 10)
    assert put(folder, "a.csv", b"x" * 11).outcome == "refused"
    assert put(folder, "a.csv", b"x" * 10).outcome == "new"


def test_no_link_is_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_bytes(b"secret")
    (folder / "inbox" / "a.csv").symlink_to(outside)
    with pytest.raises(InboxError):
        file_named(folder, "a.csv")
    assert put(folder, "a.csv", SHEET).name == "a-2.csv"
    assert outside.read_bytes() == b"secret"
    shutil.rmtree(folder / "inbox")
    (folder / "inbox").symlink_to(tmp_path)
    with pytest.raises(InboxError):
        put(folder, "b.csv", SHEET)
    assert not (tmp_path / "b.csv").exists()


def test_names_are_text_on_the_page(desk: Window) -> None:
    put(desk.folder, "&<img src=x onerror=alert(1)>.csv", SHEET)
    page = desk.get("?tab=inbox")
    assert "<img src=x" not in page


# --- papers beside their rows --------------------------------------------------------------------------


def test_a_row_opens_beside_its_paper(desk: Window) -> None:
    send(desk, {"a.csv": SHEET})
    page = desk.get("?tab=inbox&file=a.csv&row=2")
    assert re.search(r'<tr class="marked"><td class="num dim">2</td>', page)
    assert "QZ10000009" in page
    paper = desk.answer(f"{desk.base}file?file=a.csv")
    assert paper.data == SHEET
    assert paper.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name", ["../main.beancount", "/etc/passwd", "nothing.csv", "", "a\x00", "../inbox/a.csv"]
)
def test_no_other_file_is_handed_out(desk: Window, name: str) -> None:
    send(desk, {"a.csv": SHEET})
    assert desk.client.get(f"{desk.base}file", query_string={"file": name}).status_code == 404
    assert "QZ10000009" in desk.get(f"?tab=inbox&file={name}") or "\x00" in name


# --- what a statement asks -----------------------------------------------------------------------------

NAMELESS = "交易日期,摘要,支出,存入,餘額\n2023/07/05,存入,,100,38823\n2023/07/06,存入,,100,38923\n".encode()
ONE_AMOUNT = "帳號:100200300400\n交易日期,摘要,金額,餘額\n2023/07/05,轉帳,100,500\n".encode()


def test_whose_statement_it_is_is_answered_on_the_page(desk: Window) -> None:
    send(desk, {"對帳單[7].csv": NAMELESS})
    words = desk.words("?tab=inbox")
    assert "看不出是哪個帳戶" in words
    desk.write(LAST, do="statement-account", back="inbox", file="對帳單[7].csv", account="100200300400")
    words = desk.words("?tab=inbox")
    assert "看不出是哪個帳戶" not in words
    assert "補助款專戶 試作銀行 …00400" in words
    desk.confirm(LAST, 400, do="statement-account", back="inbox", file="對帳單[7].csv", account="1")


def test_the_opening_balance_is_answered_on_the_page(desk: Window) -> None:
    send(desk, {"專戶.csv": ONE_AMOUNT})
    page = desk.get("?tab=inbox")
    question = re.search(r'name="question" value="(\w+)"', page)
    assert question, desk.words("?tab=inbox")
    form = {"do": "statement-answer", "back": "inbox", "question": question[1], "answer": "opening-balance"}
    desk.confirm(LAST, 400, amount="很多", **form)
    desk.write(LAST, amount="400", **form)
    words = desk.words("?tab=inbox")
    assert "第一筆之前的餘額" not in words
    assert preview_import(desk.folder).files[0].state == "ready"


def test_a_file_that_is_not_wanted_is_taken_out_and_put_back(desk: Window) -> None:
    send(desk, {"雜記.txt": b"hello"})
    assert "讀不懂" in desk.words("?tab=inbox")
    desk.write(LAST, do="take-out", back="inbox", file="雜記.txt")
    assert inbox(desk) == set()
    desk.confirm(LAST, 400, do="take-out", back="inbox", file="../main.beancount")
    (taken,) = removed_files(desk.folder)
    assert "移除的檔案(1) 雜記.txt 放回" in desk.words("?tab=inbox")
    back = {"do": "put-back", "back": "inbox", "file": "雜記.txt", "mark": taken.mark}
    desk.write(LAST, **back)
    assert (desk.folder / "inbox" / "雜記.txt").read_bytes() == b"hello"
    assert removed_files(desk.folder) == []
    assert "移除的檔案" not in desk.words("?tab=inbox")
    assert "已經不在" in desk.confirm(LAST, 400, **back)


def test_a_removed_program_is_no_part_of_the_case_and_its_place_is_kept(desk: Window) -> None:
    (desk.folder / "inbox" / "子").mkdir()
    (desk.folder / "inbox" / "子" / "run.py").write_bytes(b"x = 1")
    desk.write(LAST, do="take-out", back="inbox", file="子/run.py")
    assert load_case(desk.folder).case.vouchers  # which refuses a case with a program in it
    (taken,) = removed_files(desk.folder)
    desk.write(LAST, do="put-back", back="inbox", file="子/run.py", mark=taken.mark)
    assert (desk.folder / "inbox" / "子" / "run.py").read_bytes() == b"x = 1"


def test_a_file_of_that_name_that_came_meanwhile_is_not_overwritten(desk: Window) -> None:
    for content in (b"one", b"two"):
        (desk.folder / "inbox" / "a.txt").write_bytes(content)
        desk.write(LAST, do="take-out", back="inbox", file="a.txt")
    kept = {each.mark: each.path.read_bytes() for each in removed_files(desk.folder)}
    assert sorted(kept.values()) == [b"one", b"two"]
    one, two = sorted(kept, key=lambda mark: kept[mark])
    back = {"do": "put-back", "back": "inbox", "file": "a.txt"}
    desk.write(LAST, mark=one, **back)
    assert "收件匣已有另一個「a.txt」" in desk.confirm(LAST, 400, mark=two, **back)
    assert (desk.folder / "inbox" / "a.txt").read_bytes() == b"one"
    for mark in ("", "..", f"../{one}", two + "0"):
        desk.confirm(LAST, 400, mark=mark, **back)


def test_what_was_removed_long_ago_goes_and_nothing_else(desk: Window) -> None:
    for name in ("old.txt", "new.txt"):
        (desk.folder / "inbox" / name).write_text(name)
        desk.write(LAST, do="take-out", back="inbox", file=name)
    for each in removed_files(desk.folder):
        days = DAYS + 1 if each.name == "old.txt" else DAYS - 1
        then = time.time() - days * 24 * 3600
        os.utime(each.path.parent, (then, then))
    (desk.folder / "inbox" / "third.txt").write_text("3")
    desk.write(LAST, do="take-out", back="inbox", file="third.txt")
    assert [each.name for each in removed_files(desk.folder)] == ["third.txt", "new.txt"]


def test_no_link_is_followed_to_what_was_removed(desk: Window, tmp_path: Path) -> None:
    (tmp_path / "away" / "0123456789abcdef").mkdir(parents=True)
    (tmp_path / "away" / "0123456789abcdef" / "secret.kept").write_text("secret")
    place = desk.folder / ".grant" / "removed"
    place.mkdir(parents=True)
    (place / "0123456789abcdef").symlink_to(tmp_path / "away" / "0123456789abcdef")
    assert removed_files(desk.folder) == []
    shutil.rmtree(place)
    place.symlink_to(tmp_path / "away")
    assert removed_files(desk.folder) == []


def test_a_file_that_could_be_imported_is_taken_out_too(desk: Window) -> None:
    send(desk, {"別家公司.csv": SHEET})
    page = desk.get("?tab=inbox")
    assert "可匯入" in page
    assert re.search(r'value="take-out">.*?name="file" value="別家公司.csv"', page, re.DOTALL)


# --- the import ----------------------------------------------------------------------------------------


def test_what_the_page_books_is_what_the_command_books(desk: Window, tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    shutil.copytree(desk.folder, twin)
    send(
        desk,
        {
            "a.csv": SHEET,
            "專戶.csv": NAMELESS.replace("交易日期".encode(), "帳號:100200300400\n交易日期".encode(), 1),
        },
    )
    for path in (desk.folder / "inbox").iterdir():
        shutil.copy(path, twin / "inbox" / path.name)
    job = imported(desk)
    assert job.state == "done", job.error
    run("import", twin)
    assert books_of(desk.folder) == books_of(twin)
    page = desk.words("?tab=inbox")
    assert "匯入完成" in page
    assert "復原這次匯入" in page


def test_undo_puts_the_files_back(desk: Window) -> None:
    before = books_of(desk.folder)
    send(desk, {"a.csv": SHEET})
    job = imported(desk)
    assert job.report is not None
    assert inbox(desk) == set()
    assert "復原這次匯入" in desk.words("?tab=inbox")
    desk.write(AFTER, do="undo", back="inbox", operation=job.report.operation)
    assert "復原這次匯入" not in desk.words("?tab=inbox")
    assert inbox(desk) == {"a.csv"}
    after = books_of(desk.folder)
    assert after.pop("inbox/a.csv") == SHEET
    assert {name: text for name, text in after.items() if name.startswith("books/")} == {
        name: text for name, text in before.items() if name.startswith("books/")
    }


def test_an_import_that_is_called_off_leaves_every_byte(
    desk: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(desk, {"a.csv": SHEET})
    before = books_of(desk.folder)
    operations = len(History(desk.folder).operations())

    def called_off(_folder: Path, *, progress: Any, by: str) -> Any:
        assert by == ""
        progress("read", 0, 1)
        job = jobs.job_of(desk.folder)
        assert job is not None
        answer = desk.post("cancel", desk.secrets(LAST))
        assert answer.status_code == 303
        progress("write", 1, 1)
        raise AssertionError("the import went on")

    monkeypatch.setattr(jobs, "import_files", called_off)
    job = imported(desk)
    assert job.state == "cancelled"
    assert books_of(desk.folder) == before
    assert len(History(desk.folder).operations()) == operations
    assert "已取消" in desk.words("?tab=inbox")


def test_while_an_import_runs_the_page_shows_how_far_and_no_other_begins(
    desk: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(desk, {"a.csv": SHEET})
    page = desk.get("?tab=inbox")
    job = jobs.Job(7, step="read", done=3, total=4)
    monkeypatch.setitem(jobs._jobs, desk.folder.resolve(), job)
    words = desk.words("?tab=inbox")
    assert "讀取檔案 3/4" in words
    assert "取消匯入" in words
    told = desk.client.get(f"{desk.base}job").get_json()
    assert (told["state"], told["percent"]) == ("running", 45)
    sent = {**desk.secrets(LAST), "inbox": STATE.findall(page)[0]} if 'name="seen"' in page else {}
    sent = sent or {"token": desk.secrets(LAST)["token"], "inbox": STATE.findall(page)[0]}
    assert desk.post("import", sent).status_code == 400
    job.called_off.set()
    with pytest.raises(ImportCancelledError):
        job.tell("plan", 0, 2)


def test_the_progress_is_told_as_it_goes_on_and_ends_with_the_import(
    desk: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(desk, {"a.csv": SHEET})
    steps = [threading.Event() for _step in range(3)]

    def slowly(_folder: Path, *, progress: Any, by: str) -> Any:
        for number, step in enumerate(steps):
            progress("read", number, len(steps))
            assert step.wait(30), by
        progress("read", len(steps), len(steps))

    monkeypatch.setattr(jobs, "import_files", slowly)
    assert begin(desk).status_code == 303
    answer = desk.client.get(f"{desk.base}events", buffered=False)
    assert answer.content_type.startswith("text/event-stream")
    heard = []
    for event in answer.iter_encoded():
        assert event.startswith(b"data: ")
        assert event.endswith(b"\n\n")
        heard.append(json.loads(event[6:]))
        for number, step in enumerate(steps):
            if f"{number}/3" in heard[-1]["words"]:
                step.set()
    assert [each["percent"] for each in heard][-1] == 100
    assert {"讀取檔案 0/3", "讀取檔案 1/3", "讀取檔案 2/3"} <= {each["words"] for each in heard}
    assert heard[-1]["state"] == "done"


def test_the_progress_of_no_import_is_told_once(desk: Window) -> None:
    assert desk.answer("events").get_data() == b"data: {}\n\n"


def test_listeners_hold_no_more_threads_than_allowed_and_let_go_of_them(
    desk: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.Job(7, step="read", done=3, total=4)
    monkeypatch.setitem(jobs._jobs, desk.folder.resolve(), job)
    listeners = [progress_of(desk.folder, "en") for _each in range(MOST_LISTENERS)]
    assert all("3/4" in next(each) for each in listeners)
    assert list(progress_of(desk.folder, "en")) == []  # asks instead
    listeners.pop().close()
    another = progress_of(desk.folder, "en")
    assert "3/4" in next(another)
    job.state = "cancelled"
    job.ended.set()
    assert '"cancelled"' in list(another)[-1]
    for each in listeners:
        each.close()
    assert len(list(progress_of(desk.folder, "en"))) == 1


def test_an_inbox_that_changed_since_it_was_shown_is_not_imported(desk: Window) -> None:
    send(desk, {"a.csv": SHEET})
    page = desk.get("?tab=inbox")
    secrets = desk.secrets(LAST)
    (desk.folder / "inbox" / "b.csv").write_bytes(SHEET + b"\n")
    answer = desk.post("import", {**secrets, "inbox": STATE.findall(page)[0]})
    assert answer.status_code == 400
    assert "變了" in answer.get_data(as_text=True)
    assert inbox(desk) == {"a.csv", "b.csv"}


def test_an_import_that_fails_says_why(desk: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    send(desk, {"a.csv": SHEET})

    def fails(*_words: Any, **_more: Any) -> Any:
        raise InboxError("磁碟滿了")

    monkeypatch.setattr(jobs, "import_files", fails)
    assert imported(desk).state == "failed"
    assert "磁碟滿了" in desk.words("?tab=inbox")


def test_nothing_is_sent_without_the_token_or_in_read_only_mode(folder: Path) -> None:
    reader = window(folder, read_only=True)
    for endpoint in ("upload", "import", "cancel"):
        assert reader.post(endpoint, {"token": "x"}).status_code in {401, 403, 405}
        assert window(folder).post(endpoint, {"token": "x"}).status_code == 403
    assert "拖到這裡" not in reader.words("?tab=inbox")
