"""Writing: shown first, appended only, refused when stale, from elsewhere or read-only; nothing is lost."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from audit.filing.audit_file import StaleError
from audit.filing.audit_file import file_entries
from audit.filing.audit_file import refuse_unreadable
from audit.filing.audit_file import seen
from ledger.case.case import Case
from ledger.entries.builder import as_text
from ledger.files.writer import WriteRefusedError
from ledger.model.directives import custom
from tests.audit.house import BOOKS
from tests.audit.house import Window
from tests.audit.house import make_case
from tests.audit.house import window
from tests.checks.builder import AFTER


def judgement(page: Window, number: str = "CD10000001", **told: str) -> dict[str, Any]:
    key = page.key(number)
    form = page.form(f"?tab=vouchers&voucher={key}")
    given = {"do": "judge", "voucher": key, "state": "disallowed", "comment": "與計畫無關", "by": "陳稽核"}
    return {**form, **given, "back": f"vouchers:{key}", **told}


def test_a_judgement_is_shown_then_written_then_seen(page: Window) -> None:
    form = judgement(page, deducted="30,000", clause="第7條")
    before = page.audit
    books = (page.folder / "books.beancount").read_bytes()
    shown = page.post("confirm", form).get_data(as_text=True)
    assert "grant-finding" in shown
    assert "-15,000" in shown  # half of it was the government's
    assert page.audit == before

    answer = page.post("write", form)
    assert answer.status_code == 303
    assert page.audit.startswith(before)
    assert "deducted: 30000 TWD" in page.audit
    assert (page.folder / "books.beancount").read_bytes() == books
    after = page.words(answer.headers["Location"].partition("Audit/")[2])
    assert "已寫入 audit.beancount:F-001" in after
    assert "剔除 30,000 元" in after


def test_reply_and_sign_off_go_the_same_way(page: Window) -> None:
    assert page.file(judgement(page, state="open")).status_code == 303
    key = page.key("CD10000001")
    form = page.form(f"?tab=vouchers&voucher={key}")
    reply = {**form, "do": "reply", "finding": "F-001", "comment": "附上驗收單", "by": "林會計"}
    assert page.file(reply).status_code == 303
    assert "附上驗收單" in page.words(f"?tab=vouchers&voucher={key}")
    accepted = judgement(page, state="accepted", comment="", finding="F-001")
    assert page.file(accepted).status_code == 303
    sign = {**page.form("?tab=audit"), "do": "sign", "finding": "F-001", "by": "陳稽核"}
    assert "另一人" in page.post("confirm", sign).get_data(as_text=True)
    assert page.file(sign | {"by": "黃複核"}).status_code == 303
    assert "黃複核 已簽核" in page.words(f"?tab=vouchers&voucher={key}")
    assert page.audit.count('"F-001"') == 4


def test_an_edit_of_the_books_after_sign_off_is_shown(page: Window) -> None:
    page.file(judgement(page))
    page.file({**page.form("?tab=audit"), "do": "sign", "finding": "F-001", "by": "黃複核"})
    books = page.folder / "books.beancount"
    books.write_text(
        books.read_text(encoding="utf-8").replace("quantity: 2\n", "quantity: 9\n"), encoding="utf-8"
    )
    fresh = window(page.folder)
    assert "簽核後異動" in fresh.words("?tab=audit")
    assert "重看 1 張簽核後異動的憑證" in fresh.words("?tab=overview")


def test_many_vouchers_from_a_trial_at_once(page: Window) -> None:
    one, two = page.key("CD10000001"), page.key("EF10000001")
    form = {**page.form("?tab=audit"), "do": "judge", "comment": "試算後剔除", "by": "陳稽核"}
    form |= {f"try.{one}": "strike", f"cut.{one}": "1000", f"try.{two}": "park"}
    assert page.file(form).status_code == 303
    assert 'custom "grant-finding" "F-001"' in page.audit
    assert 'custom "grant-finding" "F-002"' in page.audit
    assert "parked" in page.audit
    assert "deducted: 1000 TWD" in page.audit


def test_a_draw_is_recorded_and_drawn_again(page: Window) -> None:
    form = page.form("?tab=sample&method=random&size=3&seed=12345678")
    form |= {"do": "sample", "method": "random", "size": "3", "seed": "12345678", "by": "陳稽核"}
    assert page.file(form).status_code == 303
    assert 'custom "grant-sample" "S-001"' in page.audit
    words = page.words("?tab=sample")
    assert "S-001" in words
    assert "相同" in words
    assert page.words("?tab=audit&state=sampled").count("合計 3 張") == 1


# --- two at once ---------------------------------------------------------------------------------------


def test_a_stale_window_is_refused_and_shown_what_came(page: Window) -> None:
    stale = judgement(page, comment="第二個人的意見")
    assert page.file(judgement(page, "EF10000001", comment="第一個人的意見")).status_code == 303
    kept = page.audit
    for step in ("confirm", "write"):
        answer = page.post(step, stale)
        assert answer.status_code == 409
        shown = answer.get_data(as_text=True)
        assert "第一個人的意見" in shown
        assert "第二個人的意見" in shown  # carried, so that nothing typed is lost
    assert page.audit == kept
    again = stale | {"seen": page.form("?tab=audit")["seen"]}
    assert page.file(again).status_code == 303
    assert page.audit.startswith(kept)
    assert '"F-002"' in page.audit


def test_a_rewritten_file_is_refused_too(page: Window) -> None:
    form = judgement(page)
    (page.folder / "audit.beancount").write_text("; 另一個檔案,比原來的長很多\n", encoding="utf-8")
    answer = page.post("write", form)
    assert answer.status_code == 409
    assert "改寫" in answer.get_data(as_text=True)


def test_of_many_writers_on_one_page_one_wins_and_none_is_lost(folder: Path) -> None:
    page = seen(folder)
    told: list[str] = []

    def write(number: int) -> None:
        try:
            file_entries(
                folder, page, lambda _text: [custom(AFTER, "finding", f"F-{number:03}", state="open")]
            )
            told.append("written")
        except StaleError:
            told.append("stale")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["stale"] * 7 + ["written"]
    assert (folder / "audit.beancount").read_text(encoding="utf-8").count("grant-finding") == 1


# --- who may not ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_another_site_is_refused(page: Window, headers: dict[str, str]) -> None:
    before = page.audit
    for step in ("confirm", "write"):
        assert page.post(step, judgement(page), **headers).status_code == 403
    assert page.audit == before


def test_the_site_itself_is_not(page: Window) -> None:
    form = judgement(page)
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert page.post("write", form, **own).status_code == 303


@pytest.mark.parametrize("token", ["", "x", None])
def test_a_form_without_the_token_is_refused(page: Window, token: str | None) -> None:
    form = judgement(page)
    if token is None:
        del form["token"]
    else:
        form["token"] = token
    assert page.post("write", form).status_code == 403


def test_read_only_shows_no_form_and_takes_none(page: Window) -> None:
    form = judgement(page)
    reader = window(page.folder, read_only=True)
    assert reader.post("write", form).status_code == 401
    assert "唯讀模式" in reader.words("?tab=audit")
    for tab in ("audit", "sample", "trial", f"vouchers&voucher={page.key('CD10000001')}"):
        assert 'method="post"' not in reader.get(f"?tab={tab}")


def test_a_file_that_nobody_includes_is_not_written(page: Window) -> None:
    main = page.folder / "main.beancount"
    main.write_text(
        main.read_text(encoding="utf-8").replace('include "audit.beancount"\n', ""), encoding="utf-8"
    )
    fresh = window(page.folder)
    assert "不會生效" in fresh.words("?tab=audit")


def test_a_get_writes_nothing(page: Window) -> None:
    page.get("write", status=404)
    page.get("confirm", status=302)


# --- what may not be written ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [
        {"state": ""},
        {"state": "burned"},
        {"by": ""},
        {"comment": ""},
        {"deducted": "abc"},
        {"deducted": "-5"},
        {"deducted": "99999999999"},
        {"voucher": "0123456789ab"},
        {"finding": "F-999"},
        {"do": "burn"},
    ],
)
def test_nonsense_is_refused_in_words(page: Window, told: dict[str, str]) -> None:
    before = page.audit
    answer = page.post("write", judgement(page) | told)
    assert answer.status_code == 400
    assert "沒有寫入" in answer.get_data(as_text=True)
    assert page.audit == before


NASTY = (
    'x"\n2024-01-01 custom "grant-finding" "F-666"\n  state: "accepted"',
    "\\",
    '\\" y: "z',
    "line\r\nline\u2028line\x00end",
    '{{ 7*7 }} <script>alert("x")</script>',
    '; include "/etc/passwd"',
)


@pytest.mark.parametrize("text", NASTY)
def test_text_stays_text(page: Window, text: str) -> None:
    assert page.file(judgement(page, comment=text, by=text, clause=text, check=text)).status_code == 303
    fresh = window(page.folder)
    assert page.audit.count("\n20") == 1  # one directive
    assert "F-666" not in [f.id for f in _filed(fresh)]
    words = fresh.get(f"?tab=vouchers&voucher={fresh.key('CD10000001')}")
    assert "<script>alert" not in words


def _filed(page: Window) -> Any:
    ledger = page.client.application.config["LEDGERS"].ledgers[0]
    return Case(ledger.all_entries).filed


def test_what_would_not_read_back_is_refused() -> None:
    entry = custom(AFTER, "finding", "F-001", state="open")
    text = as_text([entry])
    refuse_unreadable(text, [entry])
    for broken in (text.replace('"open"', '"open'), text.replace("open", "accepted"), text + text, ""):
        with pytest.raises(WriteRefusedError):
            refuse_unreadable(broken, [entry])


# --- waivers --------------------------------------------------------------------------------------------


def test_a_claimed_waiver_is_decided_on_the_checks_page(tmp_path: Path) -> None:
    early = BOOKS.replace("voucher-date: 2023-06-12", "voucher-date: 2023-05-12")
    claim = '2023-10-01 custom "grant-waiver" "voucher-outside-period" "AB12345678"\n  reason: "簽約前核准"\n'
    page = window(make_case(tmp_path / "case", early + "\n" + claim))
    assert "待核定(1 件)" in page.words("?tab=checks")
    told = {"check": "voucher-outside-period", "subject": "AB12345678", "by": "陳稽核", "back": "checks"}
    form = {**page.form("?tab=checks"), "do": "waive", "decision": "confirmed", "comment": "屬實", **told}
    wrong = page.post("confirm", {**form, "subject": "EF10000001"})
    assert wrong.status_code == 400  # nobody claims that
    assert page.file(form).status_code == 303
    assert 'custom "grant-waiver-decision" "voucher-outside-period" "AB12345678"' in page.audit
    assert "typed: TRUE" in page.audit
    after = page.words("?tab=checks")
    assert "待核定" not in after
    assert "經同意不列的疑義" in after
