"""Closing and opening a month of a case folder: what is written, what is refused and then not written."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from checks.engine.finding import UnknownCheckError
from checks.engine.settings import read_settings
from checks.engine.waivers import Waived
from checks.runs.check_case import judge
from checks.runs.check_case import load_and_judge
from checks.runs.check_case import notes_of
from checks.runs.check_case import settings_of
from checks.runs.check_case import unreadable
from checks.runs.check_portfolio import Verdict
from checks.runs.close_month import StrictCloseError
from checks.runs.close_month import close_month
from checks.runs.close_month import reopen_month
from ledger.case.closes.closed_months import chain_breaks
from ledger.case.closes.closed_months import changes
from ledger.case.month_close import CloseError
from ledger.files.pending import Pending
from ledger.files.pending import PendingStore
from ledger.loading.loader import CaseNotFoundError
from ledger.loading.loader import load_case
from ledger.model.directives import Waiver
from tests.checks.builder import AWARD
from tests.checks.builder import JULY
from tests.checks.builder import JUNE
from tests.checks.builder import decision
from tests.checks.builder import opens

PLUGIN = 'plugin "checks"'
BAD_TAX = JUNE.replace("tax: 5000", "tax: 6000")
UNBALANCED = '\n2023-06-07 * "不平"\n  Assets:2進項稅額  5 TWD\n'


def case_folder(folder: Path, june: str = JUNE, top: str = PLUGIN, award: str = AWARD) -> Path:
    (folder / "books").mkdir(parents=True)
    text = f'{top}\noption "tolerance_multiplier" "0"\ninclude "books/*.beancount"\n'
    (folder / "main.beancount").write_text(text + opens() + award, encoding="utf-8")
    (folder / "books" / "2023-06.beancount").write_text(june, encoding="utf-8")
    (folder / "books" / "2023-07.beancount").write_text(JULY, encoding="utf-8")
    return folder


def decide(folder: Path, waivers: str) -> None:
    """Let the auditor confirm these waivers."""
    main = folder / "main.beancount"
    main.write_text(main.read_text(encoding="utf-8") + 'include "audit.beancount"\n', encoding="utf-8")
    (folder / "audit.beancount").write_text(decision(waivers), encoding="utf-8")


def books(folder: Path, month: str = "2023-06") -> str:
    return (folder / "books" / f"{month}.beancount").read_text(encoding="utf-8")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_a_month_is_closed_in_its_own_book_on_its_last_day(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "case")
    closed = close_month(folder, "2023-06", None, strict=False)
    assert (closed.figures.entitlement, closed.figures.withdrawable, closed.was_closed) == (
        50_000,
        50_000,
        False,
    )
    assert closed.findings == 1  # the invoice's paper is not there
    assert books(folder).startswith(JUNE + '\n2023-06-30 custom "grant-close" "2023-06"\n')
    assert books(folder).endswith("\n")
    case = load_case(folder, day("2023-07-31")).case
    assert list(case.closed_months) == ["2023-06"]
    assert case.closed_months["2023-06"].entry.meta["findings"] == 1
    assert closed.case.folder == folder


def test_a_close_on_a_day_of_its_own_and_again(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "case")
    closed = close_month(folder, "2023-06", day("2023-07-05"), strict=False)
    assert '\n2023-07-05 custom "grant-close" "2023-06"\n' in books(folder)
    assert (closed.figures.date, closed.figures.withdrawn_before) == (day("2023-07-05"), 50_000)
    before = books(folder)
    again = close_month(folder, "2023-06", None, strict=False)
    assert again.was_closed
    assert books(folder) == before


def test_a_strict_close_wants_no_errors_and_lets_warnings_be(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "bad", BAD_TAX)
    with pytest.raises(StrictCloseError, match="2023-06"):
        close_month(folder, "2023-06", None, strict=True)
    assert books(folder) == BAD_TAX
    assert close_month(folder, "2023-06", None, strict=False).findings == 2
    good = case_folder(tmp_path / "good")
    assert close_month(good, "2023-06", None, strict=True).findings == 1


def test_what_stands_in_another_month_or_by_the_case_s_settings_does_not_count(tmp_path: Path) -> None:
    top = """plugin "checks" "{'ignore': ['document-missing']}\""""
    folder = case_folder(tmp_path / "case", top=top)
    assert close_month(folder, "2023-06", None, strict=False).findings == 0
    assert close_month(folder, "2023-07", None, strict=True).findings == 0


def test_a_month_closed_late_counts_what_stands_in_it_alone(tmp_path: Path) -> None:
    """On 2023-07-31 the papers of July are missing as well, and those are not June's."""
    folder = case_folder(tmp_path / "case")
    assert close_month(folder, "2023-06", day("2023-07-31"), strict=False).findings == 1


def test_books_that_cannot_be_read_are_not_closed(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "case", JUNE + UNBALANCED)
    with pytest.raises(CloseError, match="帳本讀不懂"):
        close_month(folder, "2023-06", None, strict=False)
    assert books(folder) == JUNE + UNBALANCED


def test_a_month_is_opened_again_in_its_own_book(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "case")
    with pytest.raises(CloseError, match="2023-06"):
        reopen_month(folder, "2023-06", "漏列", day("2023-08-01"))
    close_month(folder, "2023-06", None, strict=False)
    before = books(folder)
    with pytest.raises(CloseError, match="理由"):
        reopen_month(folder, "2023-06", " ", day("2023-08-01"))
    assert books(folder) == before
    reopen_month(folder, "2023-06", "漏列一張發票", day("2023-08-01"))
    written = books(folder).removeprefix(before)
    assert written.startswith('\n2023-08-01 custom "grant-reopen" "2023-06"\n')
    assert 'reason: "漏列一張發票"' in written
    assert load_case(folder).case.closed_months == {}


def test_a_folder_without_a_case_is_left_alone(tmp_path: Path) -> None:
    for change in (
        lambda: close_month(tmp_path, "2023-06", None, strict=False),
        lambda: reopen_month(tmp_path, "2023-06", "漏列", day("2023-08-01")),
    ):
        with pytest.raises(CaseNotFoundError):
            change()
    assert list(tmp_path.iterdir()) == []


def test_a_close_of_a_day_to_come_is_opened_again(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "case")
    close_month(folder, "2023-06", day("2999-01-01"), strict=False)
    assert close_month(folder, "2023-06", None, strict=False).was_closed
    reopen_month(folder, "2023-06", "漏列", day("2999-02-01"))
    assert load_case(folder, datetime.date.max).case.closed_months == {}


# --- judging a folder ---------------------------------------------------------------------------------------


def test_a_case_is_judged_on_a_day_with_what_is_waived_beside(tmp_path: Path) -> None:
    waiver = """
2023-06-20 custom "grant-waiver" "document-missing" "AB12345678"
  reason: "正本送審"
  approval: "產授字第1號"
"""
    folder = case_folder(tmp_path / "case", JUNE + waiver)
    decide(folder, waiver)
    judged, loaded = load_and_judge(folder, as_of=day("2023-06-25"))
    assert (judged.folder, judged.case_id, judged.notes) == (folder, "112-納管-0456", [])
    assert loaded.case.as_of == day("2023-06-25")
    assert [waived.finding.voucher for waived in judged.waived] == ["AB12345678"]
    assert judged.findings == judge(loaded)
    assert {finding.check for finding in judged.findings} == {"audit-chain-broken"}  # written by hand
    assert load_and_judge(folder, as_of=day("2023-06-25"))[0].findings == judged.findings
    later = load_and_judge(folder, as_of=day("2023-07-31"))[0]
    assert {finding.date for finding in later.findings if finding.check == "document-missing"} == {
        day("2023-07-10"),
        day("2023-07-18"),
    }


WAIVED = '2023-06-20 custom "grant-waiver" "{check}" "AB12345678"\n  reason: "正本送審"\n'


def test_what_is_waived_follows_the_choice_and_the_severity_too(tmp_path: Path) -> None:
    waiver = WAIVED.format(check="document-missing")
    folder = case_folder(tmp_path / "case", JUNE + "\n" + waiver)
    decide(folder, waiver)
    on = day("2023-06-30")
    assert [each.finding.severity for each in load_and_judge(folder, as_of=on)[0].waived] == ["warning"]
    assert load_and_judge(folder, as_of=on, ignore=["document-missing"])[0].waived == []
    top = """plugin "checks" "{'severity': {'document-missing': 'error'}}\""""
    graded = case_folder(tmp_path / "graded", books(folder), top=top)
    decide(graded, waiver)
    assert [each.finding.severity for each in load_and_judge(graded, as_of=on)[0].waived] == ["error"]


def test_a_choice_of_the_moment_is_said(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "case", BAD_TAX)
    on = day("2023-06-30")
    assert {f.check for f in load_and_judge(folder, as_of=on, ignore=["voucher"])[0].findings} == {
        "tax-arithmetic"
    }
    left_out = load_and_judge(folder, as_of=on, ignore=["voucher"])[0]
    assert len(left_out.notes) == 1
    assert "voucher" in left_out.notes[0]
    with pytest.raises(UnknownCheckError, match="tax-aritmetic"):
        load_and_judge(folder, as_of=on, select=["tax-aritmetic"])[0]
    with pytest.raises(UnknownCheckError, match="nonsense"):
        load_and_judge(folder, as_of=on, ignore=["nonsense"])[0]
    chosen = load_and_judge(folder, as_of=on, select=["tax-arithmetic"])[0]
    assert {f.check for f in chosen.findings} == {"tax-arithmetic"}
    assert chosen.notes != []
    assert "tax-arithmetic" not in chosen.settings.off
    assert "document-missing" in chosen.settings.off


def test_what_a_case_s_own_settings_keep_from_being_seen_is_said(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "case", top="""plugin "checks" "{'ignore': ['document-missing']}\"""")
    judged, loaded = load_and_judge(folder, as_of=day("2023-06-30"))
    assert judged.findings == []
    assert judged.notes == notes_of(judged.settings) != []
    assert settings_of(loaded.options) == judged.settings
    everything = judge(loaded, read_settings(None))
    assert {finding.check for finding in everything} == {"document-missing"}
    assert notes_of(read_settings(None)) == []


def test_a_folder_without_an_award_or_the_checks_says_so(tmp_path: Path) -> None:
    main = str((tmp_path / "a" / "main.beancount").resolve())
    bare = load_case(case_folder(tmp_path / "a", "", top="", award=""))
    told = [(f.check, f.severity, f.message, f.date, f.file, f.line) for f in unreadable(bare)]
    assert [(check, severity, on, file, line) for check, severity, _message, on, file, line in told] == [
        ("books-unreadable", "error", None, main, 1),
        ("books-unreadable", "error", None, main, 1),
    ]
    assert 'plugin "checks"' in told[0][2]
    assert "grant-award" in told[1][2]
    assert load_and_judge(tmp_path / "a")[0].case_id == ""
    broken = load_case(case_folder(tmp_path / "b", UNBALANCED, award=""))
    (error,) = unreadable(broken)
    assert (error.check, error.severity, Path(error.file).name, error.line) == (
        "books-unreadable",
        "error",
        "2023-06.beancount",
        2,
    )
    assert "帳本讀不懂" in error.message


def test_a_bad_config_and_what_cannot_be_read_are_both_told(tmp_path: Path) -> None:
    loaded = load_case(case_folder(tmp_path / "case", JUNE + UNBALANCED, top='plugin "checks" "7"'))
    unbalanced, config = unreadable(loaded)
    assert (Path(unbalanced.file).name, Path(config.file).name) == ("2023-06.beancount", "main.beancount")
    assert config.message == (
        'plugin "checks" 的設定不能用,以預設檢查:設定要寫成字典,例如 ' + "{'ignore': ['document-missing']}"
    )


def test_what_stands_because_of_other_cases_is_put_in_order_with_the_rest(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "case", BAD_TAX)
    judged = load_and_judge(folder, as_of=day("2023-06-30"))[0]
    assert [finding.check for finding in judged.findings] == ["tax-arithmetic", "document-missing"]
    first = judged.findings[0]
    twice = first._replace(check="voucher-claimed-twice")
    waiver = Waiver(day("2023-06-30"), "voucher-claimed-twice", "AB12345678", "", "", first.entry)  # type: ignore[arg-type]
    later, sooner = (Waived(twice._replace(line=line), waiver) for line in (9, 8))
    mild = Waived(twice._replace(check="company-second-case", severity="warning"), waiver)
    beside = judged.beside(Verdict([twice], [mild, later, sooner]))
    assert [finding.check for finding in beside.findings] == [
        "tax-arithmetic",
        "voucher-claimed-twice",
        "document-missing",
    ]
    assert beside.waived == [sooner, later, mild]
    assert judged.beside(Verdict([], [later])) == judged._replace(waived=[later])
    assert judged.beside(Verdict([twice], [])) == judged._replace(findings=beside.findings)
    assert judged.beside(Verdict([], [])) is judged


# --- a month that is not over, and what is missing of one ----------------------------------------------------


@pytest.mark.parametrize(
    ("date", "today", "is_over"),
    [
        (None, "2023-06-29", False),
        (None, "2023-06-30", True),  # over on its last day
        ("2023-06-15", "2023-08-01", False),
        ("2023-06-30", "2023-06-30", True),
        ("2023-07-05", "2023-06-20", False),  # a day to come does not help
        ("2023-07-05", "2023-08-01", True),
    ],
)
def test_a_month_that_is_not_over_is_not_closed(
    tmp_path: Path, date: str | None, today: str, is_over: bool
) -> None:
    folder = case_folder(tmp_path / "case")
    closed_on = day(date) if date else None
    if is_over:
        assert not close_month(folder, "2023-06", closed_on, strict=False, today=day(today)).was_closed
        return
    with pytest.raises(CloseError, match="2023-06 還沒結束"):
        close_month(folder, "2023-06", closed_on, strict=False, today=day(today))
    assert books(folder) == JUNE


def test_a_month_closed_early_says_why(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "case")
    close_month(folder, "2023-06", None, strict=False, early="結束營業", today=day("2023-06-25"))
    close = load_case(folder, day("2023-07-31")).case.closed_months["2023-06"]
    assert (str(close.date), close.entry.meta["early"]) == ("2023-06-25", "結束營業")
    assert chain_breaks(load_case(folder, day("2023-07-31")).case) == []
    again = close_month(folder, "2023-06", None, strict=False, today=day("2023-06-26"))
    assert again.was_closed  # what is closed is only shown again


def test_what_is_missing_of_a_month_is_told(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "case")
    (folder / "books" / "2023-07.beancount").unlink()
    (folder / "inbox").mkdir()
    (folder / "inbox" / "對帳單.csv").touch()
    (folder / "inbox" / ".hidden").touch()
    store = PendingStore()
    store.add(
        Pending("q1", "set-aside", "下載.xlsx", "品名與核定品項相近", asks=True, date=day("2023-06-20"))
    )
    store.add(Pending("q2", "set-aside", "下載.xlsx", "別的月份", asks=True, date=day("2023-07-20")))
    store.add(Pending("q3", "set-aside", "下載.xlsx", "不必回答"))
    (folder / "pending.jsonl").write_text(store.text(), encoding="utf-8")
    closed = close_month(folder, "2023-06", None, strict=False)
    assert [(missing.kind, missing.file) for missing in closed.missing] == [
        ("statement", ""),
        ("inbox", "inbox/對帳單.csv"),
        ("question", "下載.xlsx"),
    ]
    assert "只到 2023-06-05" in closed.missing[0].what
    assert closed.as_json()["missing"][1]["kind"] == "inbox"
    (folder / "books" / "2023-07.beancount").write_text(JULY, encoding="utf-8")
    july = close_month(folder, "2023-07", None, strict=False)
    assert ("payroll", "規劃人員王大明沒有 2023-07 的薪資") in [(m.kind, m.what) for m in july.missing]


@pytest.mark.parametrize(
    ("name", "is_enough"),
    [
        ("2023-06-30.專戶.csv", True),
        ("2023-06-29.專戶.csv", False),
        ("2023-06-20.玉山銀行_專戶_202306-202306.csv", True),
        ("2023-06-20.玉山銀行_專戶_20230601-20230630.csv", True),
        ("2023-06-20.玉山銀行_專戶_202304-202305.csv", False),
    ],
)
def test_how_far_a_statement_reaches(tmp_path: Path, name: str, is_enough: bool) -> None:
    folder = case_folder(tmp_path / "case")
    (folder / "books" / "2023-07.beancount").unlink()
    kept = folder / "documents" / "Assets" / "1專戶" / "1政府補助款"
    kept.mkdir(parents=True)
    (kept / name).touch()
    kinds = {missing.kind for missing in close_month(folder, "2023-06", None, strict=False).missing}
    assert ("statement" not in kinds) == is_enough


def test_how_much_of_what_may_be_withdrawn_stands_in_error(tmp_path: Path) -> None:
    good = close_month(case_folder(tmp_path / "good"), "2023-06", None, strict=False)
    assert (good.figures.withdrawable, good.in_error) == (50_000, 0)
    wrong = JUNE.replace('item: "五軸加工機主軸冷卻模組"', 'item: "別的品名"')
    bad = close_month(case_folder(tmp_path / "bad", wrong), "2023-06", None, strict=False)
    assert (bad.figures.withdrawable, bad.in_error) == (50_000, 50_000)


# --- shares ---------------------------------------------------------------------------------------------------


def test_shares_are_set_right_before_the_month_is_sealed(tmp_path: Path) -> None:
    wrong = JUNE.replace("   50000 TWD\n  Expenses:2", "   40000 TWD\n  Expenses:2").replace(
        "03既有設備之改善費   50000 TWD\n  Assets", "03既有設備之改善費   60000 TWD\n  Assets"
    )
    assert wrong.count("40000") == wrong.count("60000") == 1
    folder = case_folder(tmp_path / "case", wrong)
    closed = close_month(folder, "2023-06", None, strict=True)
    assert closed.figures.entitlement == 50_000
    assert books(folder).startswith(JUNE)
    case = load_case(folder, day("2023-07-31")).case
    assert changes(case, case.closes[0]) == []


def test_a_strict_close_that_is_refused_changes_no_share(tmp_path: Path) -> None:
    wrong = BAD_TAX.replace("   50000 TWD\n  Expenses:2", "   40000 TWD\n  Expenses:2")
    wrong = wrong.replace(
        "03既有設備之改善費   50000 TWD\n  Assets", "03既有設備之改善費   60000 TWD\n  Assets"
    )
    folder = case_folder(tmp_path / "case", wrong)
    with pytest.raises(StrictCloseError):
        close_month(folder, "2023-06", None, strict=True)
    assert books(folder) == wrong


def test_a_close_again_shows_what_was_certified(tmp_path: Path) -> None:
    folder = case_folder(tmp_path / "case")
    first = close_month(folder, "2023-06", None, strict=False)
    revision = '2023-06-01 custom "grant-budget" "improvement" 100000 TWD 300000 TWD\n  approval: "1"\n'
    with (folder / "main.beancount").open("a", encoding="utf-8") as file:
        file.write(revision)
    again = close_month(folder, "2023-06", None, strict=False)
    assert again.was_closed
    assert again.figures == first.figures
    assert load_case(folder, day("2023-07-31")).case.entitlement(day("2023-06-30")) == 25_000
