"""憑證: found, corrected, split, given papers, removed and restored; each as the command does it."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from desk.pages.vouchers import STATES
from ledger.loading.loader import load_case
from ledger.model.voucher_details import BY_KEY
from ledger.operations import correct
from ledger.operations.correct import FIELDS
from tests.desk.house import DONE
from tests.desk.house import Window
from tests.desk.house import books_of
from tests.desk.house import closed
from tests.desk.house import fields_of
from tests.desk.house import run
from tests.desk.house import said
from tests.desk.house import window
from tests.desk.house import words_of

NUMBER = "QZ10000003"
ID = "invoice:11208:QZ10000003"
PAGE = f"?tab=voucher&about={ID}"
JUNE = "invoice:11206:QZ10000002"
PAYROLL = (
    "月份,姓名,職稱,月薪,專案工時,總工時,應計薪資,付款日期,到職日\n"
    "112/06,試作丙,工程師,44000,40,80,22000,112/07/05,112/06/16\n"
)
PICTURE = b"\x89PNG\r\n\x1a\n invented"


def twin(folder: Path) -> Path:
    other = folder.parent / "twin" / folder.name
    shutil.copytree(folder, other)
    return other


def form_of(page: str, do: str) -> dict[str, str]:
    """What a browser sends of the form of an act: its fields as they stand."""
    form = next(each for each in page.split("<form")[1:] if f'name="do" value="{do}"' in each).partition(
        "</form>"
    )[0]
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    for tag in re.findall(r"<input (?!type=\"(?:hidden|file|radio|checkbox))[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name
        sent[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r"<option selected>([^<]*)<", options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def upload(desk: Window, content: bytes, name: str, **form: Any) -> Any:
    """Send a form with a file to its first step."""
    data = {**desk.secrets(PAGE), "do": "attach", "voucher": ID, "back": f"voucher:{ID}", **form}
    return desk.client.post(f"{desk.base}confirm", data=data | {"paper": (io.BytesIO(content), name)})


def test_the_list_is_searched_and_narrowed(desk: Window) -> None:
    every = desk.words("?tab=vouchers")
    assert all(f"QZ1000000{n}" in every for n in (1, 2, 3))
    assert "合計 3 張" in every
    assert NUMBER not in desk.words("?tab=vouchers&q=QZ10000002")
    assert "合計 1 張" in desk.words("?tab=vouchers&month=2023-07")
    assert "合計 3 張" in desk.words("?tab=vouchers&state=no-paper")
    assert "合計 1 張" in desk.words("?tab=vouchers&state=unclear")
    assert "沒有符合「nothing」的憑證" in desk.words("?tab=vouchers&q=nothing")
    for state in STATES:
        desk.words(f"?tab=vouchers&state={state}")


def test_a_voucher_shows_its_paper_and_its_history(desk: Window) -> None:
    words = desk.words(PAGE)
    assert "匯入 100200300400.csv、vouchers.csv" in words
    assert 'class="marked"' in desk.get(PAGE)
    assert desk.answer(f"{desk.base}paper?voucher={ID}&paper=0").status_code == 200
    assert desk.answer(f"{desk.base}paper?voucher={ID}&paper=7").status_code == 404
    assert NUMBER in desk.words(f"?tab=voucher&about={NUMBER}")


def test_a_form_that_changes_nothing_says_so(desk: Window) -> None:
    sent = form_of(desk.get(PAGE), "correct") | {"reason": "試"}
    answer = desk.post("confirm", sent)
    assert answer.status_code == 400
    assert "沒有更改任何欄位" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"net": "7500", "tax": "375"}, ("net=7500", "tax=375")),
        ({"claimed": "5000"}, ("claimed=5000",)),
        ({"item": "試作軸承"}, ("item=試作軸承",)),
        ({"date": "2023-07-09", "supplier": "試作商行"}, ("date=2023-07-09", "supplier=試作商行")),
        ({"number": "QZ10000009"}, ("number=QZ10000009",)),
        ({"paid": "2023-07-20", "method": "匯款"}, ("paid=2023-07-20", "method=匯款")),
        ({"serial": "SN0001", "origin": "國產"}, ("serial=SN0001", "origin=國產")),
        (
            {"contract-total": "50,000", "travel-from": "2023-07-01"},
            ("contract-total=50,000", "travel-from=2023-07-01"),
        ),
    ],
)
def test_a_correction_is_the_commands(
    desk: Window, folder: Path, changed: dict[str, str], fields: tuple[str, ...]
) -> None:
    other = twin(folder)
    sent = form_of(desk.get(PAGE), "correct") | changed | {"reason": "依發票"}
    shown = desk.post("confirm", sent)
    assert shown.status_code == 200, words_of(shown.get_data(as_text=True))
    assert "更正憑證" in words_of(shown.get_data(as_text=True))
    assert books_of(folder) == books_of(other)
    assert desk.post("write", fields_of(shown.get_data(as_text=True))).status_code == 303
    given = [word for field in fields for word in ("--set", field)]
    said("correct", other, ID, *given, "--reason", "依發票")
    assert books_of(folder) == books_of(other)


def test_the_form_has_every_field_of_the_command(folder: Path) -> None:
    (folder / "inbox" / "pay.csv").write_text(PAYROLL, encoding="utf-8")
    run("import", folder)
    paid = next(each for each in load_case(folder).case.vouchers if each.kind == "payroll")
    for voucher in (paid, next(each for each in load_case(folder).case.vouchers if each.number == NUMBER)):
        name = voucher.meta("import-id")
        sent = form_of(window(folder).get(f"?tab=voucher&about={name}"), "correct")
        of_others = (
            set(BY_KEY) - set(FIELDS) if voucher is paid else set()
        )  # nobody pays wages by contract or abroad
        assert set(correct.fields_of(voucher)) - {"document"} - of_others <= set(sent)


def test_hours_are_corrected_and_what_is_there_is_shown(folder: Path) -> None:
    (folder / "inbox" / "pay.csv").write_text(PAYROLL, encoding="utf-8")
    run("import", folder)
    other = twin(folder)
    name = next(each for each in load_case(folder).case.vouchers if each.kind == "payroll").meta("import-id")
    here = window(folder)
    sent = form_of(here.get(f"?tab=voucher&about={name}"), "correct")
    assert (sent["hours"], sent["total-hours"], sent["joined"]) == ("40", "80", "2023-06-16")
    shown = here.post("confirm", sent | {"hours": "41", "reason": "工時打錯"}).get_data(as_text=True)
    assert "專案工時改為 41" in words_of(shown)
    assert here.post("write", fields_of(shown)).status_code == 303
    said("correct", other, name, "--set", "hours=41", "--reason", "工時打錯")
    assert books_of(folder) == books_of(other)


def test_a_claim_is_the_commands_and_is_told_beside_the_finding(desk: Window, folder: Path) -> None:
    other = twin(folder)
    sent = form_of(desk.get(PAGE), "claim")
    assert (sent["check"], sent["voucher"]) == ("document-missing", NUMBER)
    for wrong in ({"reason": "原本在稅局"}, {"approval": "試字第1號"}):
        assert desk.post("confirm", sent | wrong).status_code == 400
    shown = desk.post("confirm", sent | {"reason": "原本在稅局", "approval": "試字第1號"}).get_data(
        as_text=True
    )
    assert desk.post("write", fields_of(shown)).status_code == 303
    run("waive", other, "document-missing", NUMBER, "--reason", "原本在稅局", "--approval", "試字第1號")
    assert books_of(folder) == books_of(other)
    assert "已主張放行" in desk.words(PAGE)
    assert (
        said("log", folder)["operations"][-1]["text"]
        == "主張放行 QZ10000003:憑證沒有附件檔,或附件不在案件資料夾。"
    )


def test_what_takes_a_voucher_back_is_told_from_it(folder: Path) -> None:
    closed(folder, "2023-06")
    run("correct", folder, "QZ10000002", "--set", "net=18000", "--set", "tax=900", "--reason", "依發票")
    words = window(folder).words("?tab=vouchers&q=QZ10000002")
    assert words.count("QZ10000002 統一發票") == 2
    assert words.count("QZ10000002 更正 沖回") == 1
    assert "correction" not in words


def test_a_split_is_the_commands(desk: Window, folder: Path) -> None:
    other = twin(folder)
    sent = form_of(desk.get(PAGE), "split")
    sent |= {
        "item-1": "試作油封",
        "amount-1": "5,000",
        "item-2": "試作軸承",
        "amount-2": "2000",
        "reason": "兩項",
    }
    shown = desk.post("confirm", sent).get_data(as_text=True)
    assert "拆分憑證" in words_of(shown)
    assert desk.post("write", fields_of(shown)).status_code == 303
    said("split", other, ID, "試作油封=5000", "試作軸承=2000", "--reason", "兩項")
    assert books_of(folder) == books_of(other)
    assert 'name="item" value' not in desk.get(PAGE)  # fields of one item are not offered any more


@pytest.mark.parametrize(
    "rows",
    [
        {"item-1": "試作油封"},
        {"amount-1": "5"},
        {"item-1": "試作油封", "amount-1": "x"},
        {},
        {"item-1": "試作油封", "amount-1": "9999"},
    ],
)
def test_a_split_that_cannot_be_is_told(desk: Window, folder: Path, rows: dict[str, str]) -> None:
    before = books_of(folder)
    desk.confirm(PAGE, status=400, do="split", voucher=ID, reason="試", back="vouchers", **rows)
    assert books_of(folder) == before


def test_a_removal_and_its_restoring_are_the_commands(desk: Window, folder: Path) -> None:
    other, before = twin(folder), books_of(folder)
    where = desk.write(PAGE, do="remove", voucher=ID, reason="重複", back="vouchers")
    said("remove", other, ID, "--reason", "重複")
    assert books_of(folder) == books_of(other)
    (number,) = DONE.findall(where)
    words = desk.words("?tab=vouchers")
    assert "移除過的" in words
    assert "找不到" in desk.words(PAGE)
    desk.write("?tab=vouchers", do="restore", operation=number, back="vouchers")
    said("restore", other, number)
    assert books_of(folder) == books_of(other) == before
    assert "移除過的" not in desk.words("?tab=vouchers")


def test_a_closed_month_both_ways(desk: Window, folder: Path) -> None:
    closed(folder, "2023-06")
    address = f"?tab=voucher&about={JUNE}"
    page = desk.get(address)
    assert "2023-06 已經月結" in words_of(page)
    sent = form_of(page, "correct") | {"net": "18000", "tax": "900", "reason": "依發票"}
    ways = {
        way: desk.post("confirm", sent | {"closed": way}).get_data(as_text=True)
        for way in ("reverse", "reopen")
    }
    assert words_of(ways["reverse"]) != words_of(ways["reopen"])
    for way, options in (("reverse", ()), ("reopen", ("--reopen",))):
        here, there = (folder.parent / way / place / "case" for place in ("page", "command"))
        shutil.copytree(folder, here)
        shutil.copytree(folder, there)
        one = window(here)
        fresh = form_of(one.get(address), "correct") | {
            "net": "18000",
            "tax": "900",
            "reason": "依發票",
            "closed": way,
        }
        shown = one.post("confirm", fresh).get_data(as_text=True)
        assert one.post("write", fields_of(shown)).status_code == 303
        said("correct", there, JUNE, "--set", "net=18000", "--set", "tax=900", "--reason", "依發票", *options)
        assert books_of(here) == books_of(there)


def test_a_photograph_is_filed_named_and_taken_back(desk: Window, folder: Path) -> None:
    before = books_of(folder)
    shown = upload(desk, PICTURE, "../../拍照 1.png").get_data(as_text=True)
    assert "歸到憑證 QZ10000003" in words_of(shown)
    assert "會解決的問題 憑證 QZ10000003 沒有附件" in words_of(shown)
    assert books_of(folder) == before
    where = desk.post("write", fields_of(shown)).headers["Location"]
    voucher = next(v for v in load_case(folder).case.vouchers if v.number == NUMBER)
    assert voucher.document == "2023-07-03.拍照 1.png"
    assert [p.read_bytes() for p in (folder / "documents").rglob("*拍照 1.png")] == [PICTURE]
    assert "拍照 1.png" in (folder / "documents/SHA256SUMS").read_text(encoding="utf-8")
    assert desk.answer(f"{desk.base}paper?voucher={ID}&paper=0").content_type == "image/png"
    desk.write(PAGE, do="undo", operation=DONE.findall(where)[0], back="log")
    after = books_of(folder)
    assert after.pop("inbox/拍照 1.png") == PICTURE
    assert after == before


def test_a_paper_is_exchanged(desk: Window, folder: Path) -> None:
    for content, name, more in (
        (PICTURE, "a.png", {}),
        (PICTURE + b"2", "b.png", {"instead_of": "2023-07-03.a.png"}),
    ):
        shown = upload(desk, content, name, **more).get_data(as_text=True)
        assert desk.post("write", fields_of(shown)).status_code == 303
    voucher = next(v for v in load_case(folder).case.vouchers if v.number == NUMBER)
    assert list(voucher.documents) == ["2023-07-03.b.png"]
    assert list((folder / "documents").rglob("*a.png"))  # what was filed stays


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [(b"", "a.png", "空的"), (b"x", "a.html", "附件"), (b"x", "a.exe", "附件"), (b"x", "a", "附件")],
)
def test_what_is_no_paper_is_not_taken(
    desk: Window, folder: Path, content: bytes, name: str, says: str
) -> None:
    before = books_of(folder)
    answer = upload(desk, content, name)
    assert answer.status_code == 400
    assert says in words_of(answer.get_data(as_text=True))
    assert books_of(folder) == before


def test_a_form_without_a_file_says_so(desk: Window) -> None:
    words = words_of(desk.confirm(PAGE, status=400, do="attach", voucher=ID, back="vouchers"))
    assert "請選擇檔案" in words


def test_a_kept_file_is_named_by_its_digest_and_by_nothing_else(desk: Window, folder: Path) -> None:
    before = books_of(folder)
    for named in (
        "../../../main.beancount",
        f"{'0' * 64}/../../main.beancount",
        "/etc/passwd",
        f"{'0' * 64}/x.png",
    ):
        form = {"do": "attach", "voucher": ID, "back": "vouchers", "upload:paper": named}
        assert "上傳的檔案已經不在" in words_of(desk.confirm(PAGE, status=400, **form))
    assert books_of(folder) == before


def test_read_only_has_no_form(folder: Path) -> None:
    assert 'method="post"' not in window(folder, read_only=True).get(PAGE)


def test_no_id_of_a_check_but_under_details(desk: Window) -> None:
    page = re.sub(r"<details>.*?</details>", "", desk.get(PAGE), flags=re.DOTALL)
    words = words_of(page.partition('class="audit desk"')[2])
    assert not re.search(r"\b[a-z]+(-[a-z]+)+\b", words), words
    assert ".beancount" not in words
    assert "Expenses" not in words
