"""待答: what the page writes is what the command writes; several at once are one operation; all of it is undone."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from desk.acts.answer import chosen
from desk.acts.answer import value_of
from importers.questions.answers import AnswerError
from importers.questions.open_questions import Choice
from ledger.files.history import History
from tests.desk.house import DONE
from tests.desk.house import DOUBTFUL
from tests.desk.house import HEAD
from tests.desk.house import Window
from tests.desk.house import books_of
from tests.desk.house import closed
from tests.desk.house import fields_of
from tests.desk.house import run
from tests.desk.house import said
from tests.desk.house import window
from tests.desk.house import words_of

TAB = "?tab=questions"
AGAIN = DOUBTFUL.replace("0001,", "0004,").replace("112/06/10", "112/06/11")
NEGATIVE = "112/06/14,收據,收09{n},,試作文具行,試作軸承,1,個,-{n},0,,112/06/14,現金,\n"
RECEIPT = "112/06/12,收據,收0912,,試作文具行,試作軸承,1,個,{net},0,,112/06/12,現金,\n"


def put(folder: Path, name: str, content: str | bytes) -> None:
    data = content.encode() if isinstance(content, str) else content
    (folder / "inbox" / name).write_bytes(data)
    run("import", folder)


def questions(folder: Path, kind: str) -> list[dict[str, Any]]:
    return [one for one in said("questions", folder)["questions"] if one["kind"] == kind]


def twin(folder: Path) -> Path:
    """The same case at another place, for the command."""
    other = folder.parent / "twin" / folder.name
    shutil.copytree(folder, other)
    return other


def pressed(word: str, item: str = "", voucher: str = "") -> str:
    return json.dumps([word, item, voucher], ensure_ascii=False)


def test_the_first_question_is_open_with_its_choices_best_first_and_its_paper_beside(desk: Window) -> None:
    page = desk.get(TAB)
    words = words_of(page)
    assert "第 1 題,共 2 題" in words
    assert words.index("試作軸承") < words.index("其他核定項目")
    assert "品名相近" in words
    assert 'class="marked"' in page
    assert page.count('name="choice"') == 2


def test_an_item_given_by_a_click_is_what_the_command_gives(desk: Window, folder: Path) -> None:
    other, (one,) = twin(folder), questions(folder, "voucher")
    where = desk.write(
        TAB,
        do="answer",
        question=one["id"],
        choice=pressed("item", "試作軸承"),
        remember="yes",
        back="questions",
    )
    said("answer", other, one["id"], "item", "--item", "試作軸承", "--remember")
    assert books_of(folder) == books_of(other)
    assert DONE.findall(where)
    assert "第 1 題,共 1 題" in desk.words(where)
    assert b"\xe8\xa9\xa6\xe5\x81\x9a\xe8\xbb\xb8\xe4\xb9\x98" in (folder / "import.toml").read_bytes()


def test_what_it_changes_is_shown_before(desk: Window, folder: Path) -> None:
    before, (one,) = books_of(folder), questions(folder, "voucher")
    words = words_of(
        desk.confirm(
            TAB, do="answer", question=one["id"], choice=pressed("item", "試作軸承"), back="questions"
        )
    )
    assert "2023-06" in words
    assert "增減" in words
    assert "會解決的問題" in words
    assert books_of(folder) == before


@pytest.mark.parametrize(
    ("form", "command"),
    [
        ({"choice": pressed("fee")}, ("fee",)),
        ({"choice": pressed("own-money"), "reason": "誤付"}, ("own-money", "--reason", "誤付")),
        (
            {"choice": "payment", "voucher": ["QZ10000003", ""]},
            ("payment", "--voucher", "QZ10000003"),
        ),
        ({"choice": pressed("return")}, ("return",)),
    ],
)
def test_a_bank_line_as_the_command(
    desk: Window, folder: Path, form: dict[str, Any], command: tuple[str, ...]
) -> None:
    other, (one,) = twin(folder), questions(folder, "bank-line")
    desk.write(f"{TAB}&about={one['id']}", do="answer", question=one["id"], back="questions", **form)
    said("answer", other, one["id"], *command)
    assert books_of(folder) == books_of(other)


def test_a_conflict_is_decided_and_its_import_is_told_before(desk: Window, folder: Path) -> None:
    put(folder, "登記.csv", HEAD + RECEIPT.format(net=5000))
    put(folder, "改過.csv", HEAD + RECEIPT.format(net=6000))
    other, (one,) = twin(folder), questions(folder, "conflict")
    shown = desk.confirm(
        f"{TAB}&about={one['id']}",
        do="answer",
        question=one["id"],
        choice=pressed("replace"),
        back="questions",
    )
    assert "各月底累計可提領的支用數" in words_of(shown)
    assert desk.post("write", fields_of(shown)).status_code == 303
    said("answer", other, one["id"], "replace")
    assert books_of(folder) == books_of(other)


def test_a_picture_is_put_on_its_voucher(desk: Window, folder: Path) -> None:
    put(folder, "照片.jpg", b"\xff\xd8 invented")
    other, (one,) = twin(folder), questions(folder, "document")
    page = desk.get(f"{TAB}&about={one['id']}")
    assert "<img src=" in page
    picture = desk.client.get(f"{desk.base}paper?question={one['id']}")
    assert (picture.status_code, picture.content_type) == (200, "image/jpeg")
    desk.write(
        f"{TAB}&about={one['id']}",
        do="answer",
        question=one["id"],
        choice="attach",
        voucher="QZ10000003",
        back="questions",
    )
    said("answer", other, one["id"], "attach", "--voucher", "QZ10000003")
    assert books_of(folder) == books_of(other)


def test_several_of_a_kind_are_one_operation_and_one_undo(desk: Window, folder: Path) -> None:
    put(folder, "再來.csv", HEAD + AGAIN)
    ids = [one["id"] for one in questions(folder, "voucher")]
    assert len(ids) == 2
    assert "2 題一樣" in desk.words(TAB)
    other, before, count = twin(folder), books_of(folder), len(History(folder).operations())
    where = desk.write(TAB, do="answer", question=ids, choice=pressed("item", "試作軸承"), back="questions")
    for one in ids:
        said("answer", other, one, "item", "--item", "試作軸承")
    assert books_of(folder) == books_of(other)
    assert len(History(folder).operations()) == count + 1
    assert questions(folder, "voucher") == []
    desk.write(TAB, do="undo", operation=DONE.findall(where)[0], back="log")
    assert books_of(folder) == before


def test_what_waits_beside_the_books_is_answered_at_once_too(desk: Window, folder: Path) -> None:
    put(folder, "負數.csv", HEAD + NEGATIVE.format(n=31) + NEGATIVE.format(n=32))
    ids = [one["id"] for one in questions(folder, "set-aside")]
    assert len(ids) == 2
    before = books_of(folder)
    where = desk.write(TAB, do="answer", question=ids, choice=pressed("take"), back="questions")
    assert questions(folder, "set-aside") == []
    assert "收0931" in (folder / "books/2023-06.beancount").read_text(encoding="utf-8")
    assert "收0932" in (folder / "books/2023-06.beancount").read_text(encoding="utf-8")
    desk.write(TAB, do="undo", operation=DONE.findall(where)[0], back="log")
    assert books_of(folder) == before


def test_what_was_set_aside_is_taken_by_a_click(desk: Window, folder: Path) -> None:
    put(folder, "負數.csv", HEAD + NEGATIVE.format(n=31) + NEGATIVE.format(n=32))
    ids = [one["id"] for one in questions(folder, "set-aside")]
    pending = folder / "pending.jsonl"
    pending.write_text(pending.read_text(encoding="utf-8").replace('"asks":true', '"asks":false'), "utf-8")
    assert questions(folder, "set-aside") == []
    words = desk.words(TAB)
    assert "沒有入帳的資料" in words
    assert "收0931" in words
    assert "收0931" not in desk.words(f"{TAB}&q=收0932")
    other = twin(folder)
    desk.write(TAB, do="answer", question=ids[0], choice="take", back="questions")
    said("answer", other, ids[0], "take")
    assert books_of(folder) == books_of(other)


def test_different_kinds_at_once_are_refused(desk: Window, folder: Path) -> None:
    put(folder, "負數.csv", HEAD + NEGATIVE.format(n=31))
    ids = [questions(folder, "set-aside")[0]["id"], questions(folder, "voucher")[0]["id"]]
    before = books_of(folder)
    desk.confirm(TAB, status=400, do="answer", question=ids, choice=pressed("take"), back="questions")
    assert books_of(folder) == before


def test_a_closed_month_is_reversed_or_reopened_as_asked(desk: Window, folder: Path) -> None:
    closed(folder, "2023-06")
    other, (one,) = twin(folder), questions(folder, "voucher")
    page = desk.get(f"{TAB}&about={one['id']}")
    assert "2023-06 已經月結" in words_of(page)
    form = {"do": "answer", "question": one["id"], "choice": pressed("item", "試作軸承"), "back": "questions"}
    reversed_ = words_of(desk.confirm(TAB, closed="reverse", **form))
    reopened = words_of(desk.confirm(TAB, closed="reopen", **form))
    assert reversed_ != reopened
    desk.write(TAB, closed="reopen", **form)
    said("answer", other, one["id"], "item", "--item", "試作軸承", "--reopen")
    assert books_of(folder) == books_of(other)


def test_a_bank_line_of_a_closed_month_asks_to_reopen(desk: Window, folder: Path) -> None:
    closed(folder, "2023-06")
    (one,) = questions(folder, "bank-line")
    page = desk.get(f"{TAB}&about={one['id']}")
    assert re.search(r'value="reopen" checked', page)
    words = words_of(
        desk.confirm(
            TAB, status=400, do="answer", question=one["id"], choice=pressed("fee"), back="questions"
        )
    )
    assert "--reopen" not in words
    assert "重開" in words


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"choice": "payment"}, "憑證"),
        ({"choice": "nonsense"}, "不能回答"),
        ({"choice": "[1, 2, 3]"}, "請選擇答案"),
        ({"choice": ""}, "請選擇答案"),
        ({"choice": "fee", "amount": "abc"}, "整數"),
        ({"choice": "fee", "question": "nonsense"}, "沒有編號"),
        ({"choice": "fee", "question": []}, "沒有選取"),
    ],
)
def test_what_cannot_be_answered_is_told_without_the_words_of_the_command_line(
    desk: Window, folder: Path, form: dict[str, Any], says: str
) -> None:
    (one,) = questions(folder, "bank-line")
    before = books_of(folder)
    words = words_of(
        desk.confirm(TAB, status=400, **{"do": "answer", "question": one["id"], "back": "questions"} | form)
    )
    assert says in words
    assert "--" not in words.replace("-->", "")
    assert books_of(folder) == before


def test_a_question_that_is_gone_says_so(desk: Window) -> None:
    assert "找不到" in desk.words(f"{TAB}&about=nonsense")
    assert desk.client.get(f"{desk.base}paper?question=nonsense").status_code == 404
    assert desk.client.get(f"{desk.base}paper?question=../../main.beancount").status_code == 404
    assert desk.client.get(f"{desk.base}paper?voucher=nonsense").status_code == 404


def test_no_question_says_what_to_do(folder: Path) -> None:
    run("undo", folder)
    shutil.rmtree(folder / "inbox")
    assert "沒有待答的問題" in window(folder).words(TAB)


def test_read_only_shows_the_questions_and_no_button(folder: Path) -> None:
    page = window(folder, read_only=True).get(TAB)
    assert "試做軸乘" in page
    assert 'name="choice"' not in page


def test_a_buttons_value_is_its_choice() -> None:
    assert chosen(value_of(Choice("item", "甲|乙", item='甲|"乙"'))) == ("item", '甲|"乙"', "")
    for value in ("", '["a"]', "[1,2,3]", "[", '["","",""]'):
        with pytest.raises(AnswerError):
            chosen(value)
