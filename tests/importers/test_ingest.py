"""The whole pipeline on a case folder: what comes again, late, broken, or from elsewhere."""

from __future__ import annotations

import copy
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from importers.ingest import import_files
from ledger.loading.loader import load_case
from tests.casefiles import cancel_xml
from tests.casemaker import Story
from tests.casepapers import Line
from tests.casepapers import Paper
from tests.casepapers import name_of
from tests.casepapers import plus
from tests.casepapers import tax_on
from tests.importers.inbox import add
from tests.importers.inbox import some
from tests.importers.inbox import statement
from tests.importers.inbox import story_with
from tests.importers.inbox import xml
from tests.replay import begin
from tests.replay import books_of
from tests.replay import put
from tests.replay import run


def errors(case: Path) -> list[Any]:
    return load_case(case).errors


# --- again, renamed, in another order ----------------------------------------------------------------------


def test_the_same_inputs_give_the_same_bytes(story: Story, case: Path, tmp_path: Path) -> None:
    add(case, story.files())
    again = tmp_path / "again"
    begin(story, again)
    run("import", again)
    assert books_of(case) == books_of(again)


def test_files_one_by_one_in_any_order_give_the_same_money(story: Story, case: Path, tmp_path: Path) -> None:
    add(case, story.files())
    whole = load_case(case).case
    piecemeal = tmp_path / "piecemeal"
    shutil.copytree(case, piecemeal)
    begin(story, tmp_path / "p2")
    target = tmp_path / "p2"
    files = list(story.files().items())
    random.Random(7).shuffle(files)  # noqa: S311
    for file in (target / "inbox").iterdir():
        file.unlink()
    matched = 0
    for name, content in files:
        matched += add(target, {name: content})["matched"]
    parts = load_case(target).case
    assert parts.cost() == whole.cost()
    assert parts.government_shares() == whole.government_shares()
    assert {k: v for k, v in parts.unpaid.items() if v} == {k: v for k, v in whole.unpaid.items() if v}
    ours, theirs = parts.dedicated_accounts, whole.dedicated_accounts
    assert (ours.received(), ours.withdrawn()) == (theirs.received(), theirs.withdrawn())


def test_a_voucher_that_comes_after_its_payment_finds_it_in_the_filed_statement(
    story: Story, case: Path
) -> None:
    files = story.files()
    banks = {name: content for name, content in files.items() if "銀行" in name}
    first = add(case, banks)
    assert first["matched"] == 0
    second = add(case, {name: content for name, content in files.items() if name not in banks})
    assert second["matched"] == sum(len(paper.pays) for paper in story.standing)
    assert add(case, {})["imported"] == 0


def test_a_statement_that_overlaps_another_adds_only_what_is_new(story: Story, case: Path) -> None:
    files = {name: content for name, content in story.files().items() if "專戶" in name}
    part = copy.copy(story)
    part.grant_lines = sorted(story.grant_lines, key=lambda line: (line.date, line.time))[:3]
    first = add(
        case, {f"舊_{n}": c for n, c in part._statements("專戶", part.dedicated, part.grant_lines, 0).items()}
    )
    assert first["imported"] == 3
    report = add(case, files)
    assert report["duplicates"] == 3
    assert report["imported"] == len(story.grant_lines) - 3


def test_a_changed_record_is_shown_every_time_until_it_is_decided(story: Story, case: Path) -> None:
    add(case, {"a.xml": xml(story, some(story))})
    before = books_of(case)
    for _time in range(2):
        report = add(case, {"b.xml": xml(story, some(story, 30_000))})
        assert report["imported"] == 0
        assert "21,001" in report["unmatched"][0]["reason"]
        assert (case / "inbox" / "b.xml").is_file()
    assert books_of(case) == before


# --- later months ------------------------------------------------------------------------------------------


def closed(story: Story, case: Path) -> dict[str, bytes]:
    """The first month is imported and closed; its book."""
    add(case, story.files())
    run("close", case, name_of(story.months[0]))
    return books_of(case)


def test_a_voucher_of_a_closed_month_goes_to_the_first_open_day(story: Story, case: Path) -> None:
    before = closed(story, case)
    report = add(case, {"late.xml": xml(story, some(story))})
    assert report["imported"] == 1
    after = books_of(case)
    first = f"{name_of(story.months[0])}.beancount"
    assert after[first] == before[first]
    voucher = next(v for v in load_case(case).case.vouchers if v.number == "ZZ10000001")
    assert (voucher.booked, voucher.date) == (story.months[1], plus(story.start, 10))
    names = {
        finding["check"] for finding in run("check", case, "--as-of", story.today, codes=(0, 1))["findings"]
    }
    assert not names & {"split-mismatch", "closed-month-changed", "cost-mismatch"}


def test_an_earlier_voucher_splits_the_later_ones_anew(story: Story, case: Path) -> None:
    add(case, story.files())
    report = add(case, {"early.xml": xml(story, some(story, date=story.start))})
    assert report["changed_splits"] > 0
    findings = run("check", case, "--as-of", story.today, codes=(0, 1))["findings"]
    assert "split-mismatch" not in {finding["check"] for finding in findings}
    loaded = load_case(case).case
    for voucher in loaded.vouchers:
        assert tuple(line.government for line in voucher.lines) == loaded.expected_splits[id(voucher.entry)]


def test_a_cancellation_of_a_closed_month_is_a_reversal_in_the_open_one(story: Story, case: Path) -> None:
    paper = some(story)
    add(case, {"a.xml": xml(story, paper)})
    before = closed(story, case)
    cancelled = cancel_xml(paper.number, paper.date, plus(paper.date, 2), paper.seller, paper.buyer).encode()
    assert add(case, {"F0501.xml": cancelled})["imported"] == 1
    first = f"{name_of(story.months[0])}.beancount"
    assert books_of(case)[first] == before[first]
    loaded = load_case(case).case
    assert [v.cost for v in loaded.vouchers if paper.number in {v.number, v.reverses}] == [21_001, -21_001]
    assert add(case, {"again.xml": cancelled})["imported"] == 0


# --- credit notes ------------------------------------------------------------------------------------------


def credit(story: Story, of: str, net: int) -> Paper:
    return some(story, net, number="AL001", kind="allowance", credits=of)


def test_a_credit_note_that_comes_before_its_invoice_waits(story: Story, case: Path) -> None:
    paper = some(story)
    note = xml(story_with(story, paper), credit(story, paper.number, 1_001))
    first = add(case, {"G0401.xml": note})
    assert (first["imported"], len(first["unmatched"])) == (0, 1)
    assert (case / "inbox" / "G0401.xml").is_file()
    assert add(case, {"a.xml": xml(story, paper)})["imported"] == 2
    assert not (case / "inbox" / "G0401.xml").exists()
    loaded = load_case(case).case
    assert sum(v.cost for v in loaded.vouchers) == 20_000
    assert loaded.unpaid[paper.number] == paper.gross - 1_001 - tax_on(1_001)


def test_a_credit_note_of_two_invoices_is_known_again(story: Story, case: Path) -> None:
    one, two = some(story), some(story, number="ZZ10000002")
    note = xml(story_with(story, one), credit(story, one.number, 1_001)).decode()
    line = note[note.index("<ProductItem>") : note.index("</ProductItem>") + len("</ProductItem>")]
    both = note.replace(line, line + line.replace(one.number, two.number))
    both = both.replace("<TotalAmount>1001<", "<TotalAmount>2002<").replace(
        "<Amount><TaxAmount>50<", "<Amount><TaxAmount>100<"
    )
    report = add(case, {"1.xml": xml(story, one), "2.xml": xml(story, two), "G0401.xml": both.encode()})
    assert report["imported"] == 3
    again = add(case, {"再.xml": both.encode()})
    assert (again["imported"], again["duplicates"], again["unmatched"]) == (0, 1, [])


def test_a_credit_note_of_two_invoices_of_which_one_comes_later(story: Story, case: Path) -> None:
    one, two = some(story), some(story, number="ZZ10000002")
    note = xml(story_with(story, one), credit(story, one.number, 1_001)).decode()
    line = note[note.index("<ProductItem>") : note.index("</ProductItem>") + len("</ProductItem>")]
    both = note.replace(line, line + line.replace(one.number, two.number))
    both = both.replace("<TotalAmount>1001<", "<TotalAmount>2002<").replace(
        "<Amount><TaxAmount>50<", "<Amount><TaxAmount>100<"
    )
    first = add(case, {"1.xml": xml(story, one), "G0401.xml": both.encode()})
    assert (first["imported"], len(first["unmatched"])) == (2, 1)
    again = add(case, {})
    assert (again["imported"], len(again["unmatched"])) == (0, 1)
    assert (case / "inbox" / "G0401.xml").is_file()
    assert add(case, {"2.xml": xml(story, two)})["imported"] == 2
    assert sum(v.cost for v in load_case(case).case.vouchers) == one.net + two.net - 2_002
    assert not (case / "inbox" / "G0401.xml").exists()
    known = add(case, {"再.xml": both.encode()})
    assert (known["imported"], known["duplicates"], known["unmatched"]) == (0, 1, [])


@pytest.mark.parametrize("net", [901, 1_201])
def test_a_changed_credit_note_is_a_conflict(story: Story, case: Path, net: int) -> None:
    paper = some(story)
    note = xml(story_with(story, paper), credit(story, paper.number, 1_001))
    add(case, {"a.xml": xml(story, paper), "G0401.xml": note})
    before = books_of(case)
    changed = xml(story_with(story, paper), credit(story, paper.number, net))
    report = add(case, {"G0401改.xml": changed})
    assert (report["imported"], report["duplicates"]) == (0, 0)
    assert f"原 1,001 元,現 {net:,} 元" in report["unmatched"][0]["reason"]
    assert books_of(case) == before


def test_a_sheet_with_a_changed_row_stays_until_it_is_decided(story: Story, case: Path) -> None:
    one = some(story, number="收1", kind="receipt", tax=0, routes=("sheet",))
    two = some(story, number="收2", kind="receipt", tax=0, routes=("sheet",))
    add(case, {"表.csv": story._sheet([one])})
    one.items[0].net += 5
    for imported in (1, 0):
        report = add(case, {"表2.csv": story._sheet([one, two])})
        assert report["imported"] == imported
        assert "金額不同" in report["unmatched"][0]["reason"]
        assert (case / "inbox" / "表2.csv").is_file()
    one.items[0].net -= 5
    assert add(case, {"表2.csv": story._sheet([one, two])})["unmatched"] == []
    assert not (case / "inbox" / "表2.csv").exists()


def test_a_cancelled_credit_note_gives_back_what_it_took(story: Story, case: Path) -> None:
    paper = some(story)
    note = xml(story_with(story, paper), credit(story, paper.number, 1_001))
    add(case, {"a.xml": xml(story, paper), "G0401.xml": note})
    cancelled = cancel_xml("AL001", paper.date, plus(paper.date, 9), paper.seller, paper.buyer)
    cancelled = cancelled.replace("CancelInvoice", "CancelAllowance").replace("F0501", "G0501")
    cancelled = cancelled.replace("InvoiceDate>", "AllowanceDate>")
    assert add(case, {"G0501.xml": cancelled.encode()})["imported"] == 1
    assert add(case, {"G0501b.xml": cancelled.encode()})["imported"] == 0
    loaded = load_case(case).case
    assert sum(v.cost for v in loaded.vouchers) == paper.net
    assert loaded.unpaid[paper.number] == paper.gross
    names = {finding["check"] for finding in run("check", case, codes=(0, 1))["findings"]}
    assert "voucher-voided" not in names


# --- broken, foreign, dry ----------------------------------------------------------------------------------


def test_a_broken_file_is_named_and_the_others_are_taken(story: Story, case: Path) -> None:
    report = add(
        case, {"壞.xml": b"<Invoice xmlns='urn:GEINV:x'>", "好.xml": xml(story, some(story))}, codes=(1,)
    )
    assert [refused["file"] for refused in report["rejected"]] == ["壞.xml"]
    assert report["imported"] == 1
    assert (case / "inbox" / "壞.xml").is_file()
    assert b"\xe5\xa3\x9e" not in b"".join(books_of(case).values())


def test_a_dry_run_writes_nothing_and_shows_what_is_then_written(story: Story, case: Path) -> None:
    put(story.files(), case / "inbox")
    files = sorted(
        path.relative_to(case) for path in case.rglob("*") if not {".grant", ".git"} & set(path.parts)
    )
    before = books_of(case)
    shown = "".join(import_files(case, dry_run=True).written.values())
    assert books_of(case) == before
    assert (
        sorted(path.relative_to(case) for path in case.rglob("*") if not {".grant", ".git"} & set(path.parts))
        == files
    )
    import_files(case)
    written = "".join(
        content.decode()[len(before.get(name, b"").decode()) :].removeprefix("\n")
        for name, content in books_of(case).items()
    )
    assert written == shown


def test_files_of_the_inbox_are_moved_and_others_are_copied(story: Story, case: Path, tmp_path: Path) -> None:
    outside = tmp_path / "外面.xml"
    outside.write_bytes(xml(story, some(story)))
    report = run("import", case, outside)
    assert outside.is_file()
    (place,) = report["filed"]
    assert (case / place).read_bytes() == outside.read_bytes()
    add(case, {"b.xml": xml(story, some(story, number="ZZ10000002"))})
    assert list((case / "inbox").iterdir()) == []
    assert (case / "documents/Liabilities/1應付帳款").is_dir()


def test_scans_are_linked_to_new_and_to_old_vouchers(story: Story, case: Path) -> None:
    paper = some(story, number="ZZ10000003", routes=("sheet",), cash=plus(story.start, 11))
    sheet = story._sheet([paper]).replace("零用金,".encode(), "零用金,現場照片.jpg".encode())
    add(case, {"表.csv": sheet, "ZZ10000003.pdf": b"%PDF-1.4 1"})
    add(case, {"現場照片.jpg": b"\xff\xd8\xff"})
    add(case, {"zz10000003 再掃.png": b"\x89PNG"})
    voucher = next(v for v in load_case(case).case.vouchers if v.number == "ZZ10000003")
    assert len(voucher.documents) == 3
    names = {finding["check"] for finding in run("check", case, codes=(0, 1))["findings"]}
    assert not names & {"document-missing", "books-unreadable"}
    unknown = add(case, {"風景.jpg": b"\xff\xd8\xff"})
    assert "號碼" in unknown["unmatched"][0]["reason"]
    assert (case / "inbox" / "風景.jpg").is_file()


def test_a_file_that_is_not_there_is_refused(case: Path, tmp_path: Path) -> None:
    for name in ("沒有.xml", "沒有.pdf"):
        report = run("import", case, tmp_path / name, codes=(1,))
        assert [refused["file"] for refused in report["rejected"]] == [name]


def test_the_account_of_a_statement(story: Story, case: Path) -> None:
    lines = [Line(plus(story.start, 1), 500, "利息存入")]
    foreign = add(case, {"別家.csv": statement(story, "999988887777", lines)}, codes=(1,))
    assert "999988887777" in foreign["rejected"][0]["reason"]
    (case / "inbox" / "別家.csv").unlink()
    nameless = statement(story, story.dedicated, lines).replace(f",'{story.dedicated}".encode(), b",")
    unknown = add(case, {"明細.csv": nameless}, codes=(1,))
    assert "--account" in unknown["rejected"][0]["reason"]
    told = run("import", case, "--account", story.dedicated)
    assert told["imported"] == 1
    by_name = add(case, {f"{story.dedicated}.csv": nameless})
    assert (by_name["imported"], by_name["duplicates"]) == (0, 1)


def test_unreadable_books_are_not_added_to(story: Story, case: Path) -> None:
    (case / "books" / "x.beancount").write_text("這不是分錄\n", encoding="utf-8")
    put({"a.xml": xml(story, some(story))}, case / "inbox")
    assert "讀不懂" in run("import", case, codes=(2,), as_json=False)


def test_hostile_words_make_loadable_books(story: Story, case: Path) -> None:
    paper = some(story, seller_name='壞"引號\\公司', number='收"1\\', kind="receipt", tax=0)
    paper.items[0].name = '品"名\\ ; #x {y} \u2028 2023-01-01 open A:B'
    paper.routes, paper.cash = ("sheet",), plus(story.start, 11)
    report = add(case, {"表.csv": story._sheet([paper])})
    assert report["imported"] == 1
    assert errors(case) == []
    again = add(case, {"表2.csv": story._sheet([paper])})
    assert again["imported"] == 0


def test_part_payments_out_of_the_dedicated_account_share_the_grants_part_once(tmp_path: Path) -> None:
    story = Story(3, direct=True)
    paper = some(story)
    paper.date = plus(story.start, 2)
    story.papers = [paper]
    story.payroll, story.others = [], []
    day = plus(story.start, 5)
    half = paper.gross // 2
    story.grant_lines = [
        Line(plus(story.start, 1), story.granted, "匯款存入", "補助款", "經濟部產業發展署"),
        Line(day, 20_000, "轉帳存入", "自籌款", story.own, "08:00:00"),
        Line(day, -half, "匯款支出", f"{paper.number} 訂金"),
        Line(plus(day, 9), half - paper.gross, "匯款支出", f"{paper.number} 尾款"),
    ]
    begin(story, tmp_path / "case")
    run("import", tmp_path / "case")
    loaded = load_case(tmp_path / "case").case
    assert sum(payment.from_grant for payment in loaded.payments) == loaded.vouchers[0].government
    assert {key: left for key, left in loaded.unpaid.items() if left} == {}


def test_a_partner_with_an_account_of_its_own_is_paid_by_its_own_budget(tmp_path: Path) -> None:
    story = Story(6, scheme="supply-chain-smart-112", partners=2)
    partner = story.partners[0]
    of_partner = sum(line["government"] for line in story.budget if line["party"] == partner["ubn"])
    of_lead = story.granted - of_partner  # the other partner is paid through the lead's account
    number, day = "123456789012", plus(story.start, 1)
    partner |= {"account.bank": "甲", "account.number": number}
    grant = Line(day, of_lead, "匯款存入", "補助款", "經濟部產業發展署")
    own = Line(day, of_partner, "匯款存入", "補助款", "經濟部產業發展署")
    begin(story, tmp_path / "case")
    for file in (tmp_path / "case" / "inbox").iterdir():
        file.unlink()
    files = {"主.csv": statement(story, story.dedicated, [grant]), "從.csv": statement(story, number, [own])}
    assert add(tmp_path / "case", files)["unmatched"] == []
    answer = run("settle", tmp_path / "case", "--as-of", story.start.replace(day=28))
    received = {party["party"]: party["received"] for party in answer["parties"]}
    assert received == {
        story.company["ubn"]: of_lead,
        partner["ubn"]: of_partner,
        story.partners[1]["ubn"]: 0,
    }
    found = run("check", tmp_path / "case", "--as-of", story.start.replace(day=28), codes=(0, 1))["findings"]
    assert [finding["message"] for finding in found] == []


def test_a_row_of_an_unknown_kind_waits_and_the_others_are_booked(story: Story, case: Path) -> None:
    approved = story.approved_items[0]
    rows = "".join(
        f"{plus(story.start, 10)},{kind},{number},,{approved['supplier']},{approved['name']},1,1000,0,現金\n"
        for kind, number in (("便條", "N-1"), ("收據", "R-1"))
    )
    header = "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,未稅金額,稅額,付款方式\n"
    report = add(case, {"憑證登記表.csv": (header + rows).encode()})
    assert (report["imported"], report["rejected"]) == (1, [])
    (told,) = [each for each in report["unmatched"] if each["record"].get("number") == "N-1"]
    assert "便條" in told["reason"]
