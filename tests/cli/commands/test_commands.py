"""Every command as a user runs it: its JSON, its exit code, its forms, the demo, and Fava on what it made."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from typing import Any

import openpyxl
import pytest
from beancount import loader
from click.testing import CliRunner
from click.testing import Result

from checks.engine.catalogue import catalogue
from cli.commands.books.demo import FILES
from cli.main import grant
from ledger.loading.loader import load_case
from ledger.schemes.categories import CATEGORIES
from ledger.schemes.loader import scheme_ids
from ledger.util.i18n import use_language
from tests.casemaker import Story
from tests.casepapers import name_of
from tests.replay import begin
from tests.replay import copy_of
from tests.replay import put
from tests.replay import run

CATEGORY_KEYS = {
    "category", "approved_government", "approved_self", "accepted", "disallowed", "government", "self",
}  # fmt: skip
SETTLE_KEYS = {
    "categories", "approved_government", "approved_self", "accepted", "recognised_government", "recognised_self",
    "binding", "received", "withdrawn", "deductions", "tail_payment", "interest_gross", "tax_withheld", "surplus",
    "remitted", "due_to_treasury", "registration_missing", "parked", "due_to_treasury_if_accepted",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """`--lang` sets the language of the process; each test begins with the default."""
    use_language("zh_TW")
    yield
    use_language("zh_TW")


def call(*words: object) -> Result:
    return CliRunner().invoke(grant, [str(word) for word in words])


@pytest.fixture(scope="module")
def story() -> Story:
    return Story(0, months=2).money()


@pytest.fixture(scope="module")
def finished(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case imported and closed."""
    case = tmp_path_factory.mktemp("finished") / "case"
    begin(story, case)
    run("import", case)
    for month in story.months:
        run("close", case, name_of(month))
    return case


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = tmp_path_factory.mktemp("demo") / "case"
    result = call("demo", case, "--no-serve")
    assert result.exit_code == 0, result.output
    return case


def whole_numbers(value: Any) -> bool:
    """Whether no amount in a JSON answer is a float."""
    if isinstance(value, dict):
        return all(map(whole_numbers, value.values()))
    if isinstance(value, list):
        return all(map(whole_numbers, value))
    return not isinstance(value, float)


# --- the contract of the JSON ----------------------------------------------------------------------------


def test_read_json(story: Story, tmp_path: Path) -> None:
    put(story.files(), tmp_path)
    answer = run("read", tmp_path)
    assert {reading["format"] for reading in answer} == {
        "mig-xml", "platform-xlsx", "voucher-sheet", "payroll-sheet", "bank-table",
    }  # fmt: skip
    for reading in answer:
        keys = {"file", "format", "encoding", "records", "warnings"}
        bank = reading["format"] == "bank-table"
        assert set(reading) == keys | ({"account"} if bank else set())
        for record in reading["records"]:
            if bank:
                assert set(record) == {"date", "time", "amount", "balance", "text", "memo", "counterparty"}
            else:
                assert set(record) >= {
                    "kind", "number", "date", "seller", "seller_name", "buyer", "net", "tax", "gross", "status", "items",
                }  # fmt: skip
                assert all(set(item) == {"name", "quantity", "unit", "amount"} for item in record["items"])
    assert whole_numbers(answer)


def test_read_tells_of_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x00\x01")
    result = call("read", tmp_path / "a.bin", "--json")
    assert result.exit_code == 1
    assert result.stdout.strip() == "[]"
    assert "a.bin" in result.stderr


def test_import_json(story: Story, tmp_path: Path) -> None:
    begin(story, tmp_path / "case")
    put({"壞.xml": b"<Invoice xmlns='urn:GEINV:x'>"}, tmp_path / "case" / "inbox")
    answer = run("import", tmp_path / "case", codes=(1,))
    assert set(answer) >= {"imported", "duplicates", "matched", "unmatched", "rejected"}
    assert all(isinstance(answer[key], int) for key in ("imported", "duplicates", "matched"))
    assert [set(refused) for refused in answer["rejected"]] == [{"file", "reason"}]
    put({"x.jpg": b"\xff\xd8\xff"}, tmp_path / "case" / "inbox")
    (tmp_path / "case" / "inbox" / "壞.xml").unlink()
    assert [set(unmatched) for unmatched in run("import", tmp_path / "case")["unmatched"]] == [
        {"file", "record", "reason", "question"}
    ]


def test_check_json_and_exit_codes(finished: Path, story: Story, tmp_path: Path) -> None:
    answer = run("check", finished, "--as-of", story.today)
    assert set(answer) == {"case", "findings", "rules"}
    assert set(answer["rules"]) == {finding["check"] for finding in answer["findings"]}
    assert all(set(rule) == {"summary", "rule", "confidence", "remedy"} for rule in answer["rules"].values())
    keys = {"check", "severity", "date", "file", "line", "message", "amount", "voucher"}
    assert answer["findings"]
    assert all(set(finding) == keys for finding in answer["findings"])
    assert whole_numbers(answer)
    broken = copy_of(finished, tmp_path / "broken")
    with (broken / "award.beancount").open("a", encoding="utf-8") as file:
        file.write('\n2023-01-01 custom "grant-budget" "improvement" 1 TWD\n')
    assert call("check", broken).exit_code == 1
    assert call("check", tmp_path / "no case").exit_code == 2
    assert call("check", finished, "--select", "no-such-check").exit_code == 2
    assert call("check", finished, "--ignore", "no-such-check").exit_code == 2


def test_check_of_several_cases(finished: Path, story: Story) -> None:
    answer = run("check", finished, finished, "--as-of", story.today)
    assert [set(one) for one in answer] == [{"case", "findings", "rules"}] * 2


def test_check_selects_and_ignores_by_name_and_family(finished: Path, story: Story) -> None:
    def names(*options: str) -> set[str]:
        found = run("check", finished, "--as-of", story.today, *options)["findings"]
        return {finding["check"] for finding in found}

    assert (
        names()
        == names("--select", "voucher")
        == names("--select", "document-missing")
        == {"document-missing"}
    )
    assert (
        names("--ignore", "voucher")
        == names("--ignore", "document-missing")
        == names("--select", "award")
        == set()
    )


def test_close_json(finished: Path, story: Story) -> None:
    answer = run("close", finished, name_of(story.months[0]))
    assert set(answer) >= {"month", "entitlement", "withdrawn_before", "withdrawable", "by_category"}
    assert (answer["missing"], answer["in_error"]) == ([], 0)
    assert set(answer["by_category"]) <= set(CATEGORIES)
    assert whole_numbers(answer)


@pytest.mark.parametrize("month", ["2023-13", "202307", "2023-7", "x"])
def test_close_of_no_month(finished: Path, month: str) -> None:
    assert call("close", finished, month).exit_code == 2


def test_close_out_of_order(story: Story, tmp_path: Path) -> None:
    begin(story, tmp_path / "case")
    assert call("close", tmp_path / "case", name_of(story.months[1])).exit_code == 2


def test_strict_close_refuses_where_errors_stand(story: Story, tmp_path: Path) -> None:
    begin(story, tmp_path / "case")
    run("import", tmp_path / "case")
    month = story.months[0]
    with (tmp_path / "case" / "audit.beancount").open("a", encoding="utf-8") as file:
        file.write(
            f'{month} * "福泰" "椅子" ^X1\n  voucher: "invoice"\n  number: "X1"\n  net: 5 TWD\n'
            "  Expenses:2業者自籌款:02全新設備之購置費  5 TWD\n  Liabilities:1應付帳款  -5 TWD\n"
        )
    assert call("close", tmp_path / "case", name_of(month), "--strict").exit_code == 2
    assert call("close", tmp_path / "case", name_of(month)).exit_code == 0


def test_settle_json(finished: Path, story: Story) -> None:
    for stage in ("interim", "final"):
        answer = run("settle", finished, "--stage", stage, "--as-of", story.today)
        assert set(answer) == {"case", "stage", "as_of", "in_error", "evidence_missing"} | SETTLE_KEYS
        assert (answer["case"], answer["stage"], answer["as_of"]) == ("112-測-0001", stage, f"{story.today}")
        assert all(set(line) == CATEGORY_KEYS for line in answer["categories"])
        assert answer["binding"] in {"category", "ratio", "approved", "none"}
        assert whole_numbers(answer)


def test_settle_of_partners_tells_the_parties_apart(tmp_path: Path) -> None:
    story = Story(6, scheme="supply-chain-smart-112", partners=2, months=2).money()
    begin(story, tmp_path / "case")
    run("import", tmp_path / "case")
    answer = run("settle", tmp_path / "case", "--as-of", story.today)
    assert set(answer) == {"case", "stage", "as_of", "parties", "in_error", "evidence_missing"} | SETTLE_KEYS
    assert [set(party) for party in answer["parties"]] == [{"party"} | SETTLE_KEYS] * 3
    for key in ("accepted", "received", "withdrawn", "recognised_government", "interest_gross"):
        assert sum(party[key] for party in answer["parties"]) == answer[key]


def test_settle_writes_the_workbook(finished: Path, story: Story, tmp_path: Path) -> None:
    path = tmp_path / "結算.xlsx"
    assert call("settle", finished, "--as-of", story.today, "-o", path).exit_code == 0
    assert openpyxl.load_workbook(path).sheetnames


@pytest.mark.parametrize("command", ["import", "check", "settle"])
def test_no_case_is_said_in_one_line(command: str, tmp_path: Path) -> None:
    result = call(command, tmp_path)
    assert result.exit_code == 2
    assert "main.beancount" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_explain_every_check() -> None:
    listed = call("explain").output
    for name in catalogue():
        assert name in listed
        assert name in call("explain", name).output
    unknown = call("explain", "voucher-outside")
    assert unknown.exit_code == 2
    assert "voucher-outside-period" in unknown.output


def test_schemes_are_listed_and_shown() -> None:
    listed = call("scheme", "list").output
    for scheme in scheme_ids():
        assert scheme in listed
        assert call("scheme", "show", scheme).exit_code == 0
    assert call("scheme", "show", "no-such-scheme").exit_code == 2


@pytest.mark.parametrize("words", [["read", "FILE"], ["check", "CASE"], ["settle", "CASE"], ["explain"],
                                   ["explain", "tax-in-cost"], ["scheme", "list"], ["import", "CASE", "--dry-run"],
                                   ["close", "CASE", "MONTH"]])  # fmt: skip
def test_every_command_speaks_english_too(words: list[str], finished: Path, story: Story) -> None:
    statement = next(path for path in (finished / "documents").rglob("*.csv"))
    places = {"FILE": str(statement), "CASE": str(finished), "MONTH": name_of(story.months[0])}
    result = call(*(places.get(word, word) for word in words), "--lang", "en")
    assert result.exit_code == 0, result.output


# --- forms ---------------------------------------------------------------------------------------------


def test_the_award_form_makes_a_case(tmp_path: Path) -> None:
    form = tmp_path / "award.xlsx"
    assert call("template", form).exit_code == 0
    assert call("template", form).exit_code == 2  # never over what somebody filled in
    assert call("template", tmp_path / "other.xlsx").exit_code == 2
    result = call("new", tmp_path / "case", "--award", form)
    if result.exit_code == 0:  # the form as given holds a whole example
        assert load_case(tmp_path / "case").errors == []
    else:
        assert result.exit_code == 2
        assert "award.xlsx" in result.stderr


@pytest.mark.parametrize(
    ("form", "kind"), [("vouchers.xlsx", "voucher-sheet"), ("payroll.xlsx", "payroll-sheet")]
)
def test_a_filled_in_form_is_imported(form: str, kind: str, story: Story, tmp_path: Path) -> None:
    path = tmp_path / form
    assert call("template", path).exit_code == 0
    (empty,) = run("read", path)
    assert (empty["format"], empty["records"]) == (kind, [])
    _fill_in(path, story)
    begin(story, tmp_path / "case")
    for file in (tmp_path / "case" / "inbox").iterdir():
        file.unlink()
    shutil.copyfile(path, tmp_path / "case" / "inbox" / form)
    answer = run("import", tmp_path / "case")
    assert (answer["imported"], answer["unmatched"]) == (1, [])


def _fill_in(path: Path, story: Story) -> None:
    """Write one row under the form's headings."""
    item, person = story.approved_items[0], story.persons[0]
    said = {
        "日期": story.start, "憑證種類": "收據", "憑證號碼": "收001", "賣方統編": "12345675", "對象": item["supplier"],
        "品名": item["name"], "數量": 1, "單位": "台", "未稅金額": 5000, "稅額": 0, "會計科目": "消耗性器材及原材料費",
        "付款日期": story.start, "付款方式": "零用金", "月份": f"{story.start:%Y-%m}", "姓名": person["name"], "職稱": person["role"],
        "月薪": 44000, "專案工時": 80, "總工時": 160, "應計薪資": 22000,
    }  # fmt: skip
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            names = [str(cell.value or "").strip("＊* ") for cell in row]
            if len(set(names) & set(said)) >= 6:
                free = next(
                    number
                    for number in range(int(row[0].row or 0) + 1, sheet.max_row + 2)
                    if not any(sheet.cell(number, column + 1).value for column in range(len(names)))
                )
                for column, name in enumerate(names, 1):
                    if name in said:
                        sheet.cell(free, column, said[name])
                book.save(path)
                return
    raise AssertionError(path)


def test_a_hostile_award_makes_a_loadable_case(story: Story, tmp_path: Path) -> None:
    award = tomllib.loads(story.award_toml())
    text = story.award_toml()
    text = text.replace(award["company"]["name"], 'a\\"b\\\\c\\n2023-01-01 open X:Y ; 公司')
    text = text.replace(award["award"]["title"], '\\"}\\n\\noption \\"title\\" \\"x')
    text = text.replace(story.approved_items[0]["name"], '\\"品\\n名\\\\')
    text = text.replace(story.persons[0]["name"], '王\\t\\u2028\\"大明')
    (tmp_path / "award.toml").write_text(text, encoding="utf-8")
    result = call("new", tmp_path / "case", "--award", tmp_path / "award.toml")
    assert result.exit_code == 0, result.output
    loaded = load_case(tmp_path / "case", datetime.date(2023, 7, 1))
    assert loaded.errors == []
    assert loaded.case.problems == []
    assert loaded.case.award is not None
    assert len(loaded.case.award.persons) == 2


def test_a_case_is_never_made_over_another(finished: Path, story: Story, tmp_path: Path) -> None:
    (tmp_path / "award.toml").write_text(story.award_toml(), encoding="utf-8")
    before = (finished / "award.beancount").read_bytes()
    assert call("new", finished, "--award", tmp_path / "award.toml").exit_code == 2
    assert (finished / "award.beancount").read_bytes() == before


@pytest.mark.parametrize("change", ['scheme = "no-such"', 'scheme = "../../x"', "start = 7", "number = {}"])
def test_an_award_that_cannot_be_used_is_refused_with_the_key(
    change: str, story: Story, tmp_path: Path
) -> None:
    key = change.split(maxsplit=1)[0]
    lines = [change if line.startswith(f"{key} =") else line for line in story.award_toml().splitlines()]
    (tmp_path / "award.toml").write_text("\n".join(lines), encoding="utf-8")
    result = call("new", tmp_path / "case", "--award", tmp_path / "award.toml")
    assert result.exit_code == 2
    assert not (tmp_path / "case" / "main.beancount").exists()


# --- the demo, Beancount and Fava ------------------------------------------------------------------------


def test_the_demo_is_finished_and_free_of_errors(demo: Path) -> None:
    answer = run("settle", demo, "--as-of", "2024-04-30")
    assert answer["recognised_government"] == 864_898
    assert answer["due_to_treasury"] == 0
    findings = run("check", demo, "--as-of", "2024-04-30")["findings"]
    assert [finding for finding in findings if finding["severity"] == "error"] == []
    assert (demo / "結算報表.xlsx").is_file()


def test_the_demo_is_made_anew_and_never_over_other_files(demo: Path, tmp_path: Path) -> None:
    copy = copy_of(demo, tmp_path / "demo")
    assert call("demo", copy, "--no-serve").exit_code == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("x", encoding="utf-8")
    assert call("demo", tmp_path / "mine", "--no-serve").exit_code == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["a.txt"]


def test_bean_check_of_the_demo_says_only_that_papers_are_missing(demo: Path) -> None:
    _entries, errors, _options = loader.load_file(str(demo / "main.beancount"))
    assert all("附件" in error.message for error in errors), [error.message for error in errors]
    assert all(error.source["filename"] and error.source["lineno"] for error in errors)


def test_stock_fava_opens_the_demo(demo: Path) -> None:
    from fava.application import create_app  # noqa: PLC0415 -- a heavy import, for this test only

    app = create_app([str(demo / "main.beancount")], load=True)
    client = app.test_client()
    start = client.get("/", follow_redirects=True)
    assert start.status_code == 200
    slug = start.request.path.split("/")[1]
    for page in ("income_statement", "balance_sheet", "journal", "errors", "import", "query"):
        assert client.get(f"/{slug}/{page}/").status_code == 200, page


@pytest.mark.skipif(os.name != "posix", reason="stopped by a signal")
@pytest.mark.slow
def test_serve_answers_and_is_stopped(demo: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "cli.main", "serve", str(demo), "--port", str(port)]
    server = subprocess.Popen(
        words,
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert _status(f"http://127.0.0.1:{port}/") == 200  # the log-in
        assert server.stdout is not None
        address = _printed(server.stdout)
        assert address.startswith(f"http://127.0.0.1:{port}/?token=")
        assert _landing(address).endswith("/extension/Desk/")
        server.send_signal(signal.SIGINT)
        out, _err = server.communicate(timeout=20)
    finally:
        server.kill()
        server.communicate()
    assert server.returncode == 0, out.decode()


@pytest.mark.skipif(os.name != "posix", reason="stopped by a signal")
@pytest.mark.slow
def test_the_demo_opens_fava_on_a_folder_named_from_here(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[3])
    server = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "demo", "mine"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert server.stdout is not None
        assert _landing(_printed(server.stdout)).endswith("/extension/Desk/")  # with the tour
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)
    finally:
        server.kill()
        server.communicate()
    assert server.returncode == 0


def _printed(output: IO[bytes]) -> str:
    """The address that a server prints."""
    lines = (line.decode() for line in output)
    return next(found[0] for line in lines if (found := re.search(r"http://[^ ]+", line)))


def _landing(address: str) -> str:
    """Where the printed address leads to, as a browser goes there."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(address, timeout=60) as answer:
        assert answer.status == 200
        return str(answer.url)


def _status(address: str) -> int:
    """The answer of a server that may still be starting."""
    for _try in range(100):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310
                return int(answer.status)
        except OSError:
            time.sleep(0.2)
    raise AssertionError(address)


def test_a_month_is_reopened_with_its_reason_and_closed_again(demo: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(demo, case)
    day = ["--date", "2024-05-02"]
    assert call("reopen", case, "2024-02", *day, "--reason", " ").exit_code == 2
    assert call("reopen", case, "2024-03", *day, "--reason", "補登").exit_code == 2  # never closed
    assert call("reopen", case, "2024-01", *day, "--reason", "補登漏列的憑證").exit_code == 0
    assert "補登漏列的憑證" in (case / "books" / "2024-01.beancount").read_text(encoding="utf-8")
    assert call("close", case, "2024-02").exit_code == 2  # January comes first again
    assert call("close", case, "2024-01", "--date", "2024-05-02").exit_code == 0
    assert call("close", case, "2024-02", "--date", "2024-05-02").exit_code == 0
    assert call("check", case, "--as-of", "2024-05-03").exit_code == 0


@pytest.mark.slow
def test_the_books_are_the_same_whatever_language_is_asked_for(demo: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    assert call("--lang", "en", "new", case, "--award", FILES / "award.toml").exit_code == 0
    for sample in (FILES / "inbox").iterdir():
        shutil.copyfile(sample, case / "inbox" / sample.name)
    assert call("--lang", "en", "import", case).exit_code == 0
    for month in ("2023-09", "2023-10", "2023-11", "2023-12", "2024-01", "2024-02"):
        assert call("--lang", "en", "close", case, month).exit_code == 0
    for book in sorted((demo / "books").iterdir()):
        assert (case / "books" / book.name).read_bytes() == book.read_bytes(), book.name
