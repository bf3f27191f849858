"""SARIF 2.1.0: the structure that the standard asks for, and what of a finding stays the same when lines move.

The standard's own JSON schema is not shipped here; `well_formed` holds the document against its clauses (the numbers
are those of SARIF 2.1.0, OASIS Standard, errata 01).
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
from pathlib import Path
from urllib.parse import unquote

import pytest

from checks.engine.catalogue import all_checks
from checks.engine.finding import Finding
from checks.engine.runner import run_checks
from checks.engine.runner import waived_findings
from checks.engine.settings import read_settings
from checks.presentation.sarif import Run
from checks.presentation.sarif import sarif
from checks.runs.forecast import upcoming
from ledger.loading.loader import load_case
from ledger.util.i18n import use_language
from tests.checks.builder import AFTER
from tests.checks.builder import Books
from tests.checks.builder import decision
from tests.checks.presentation.sarif_form import well_formed


def case_folder(folder: Path, text: str) -> Path:
    (folder / "帳 冊").mkdir(parents=True)
    (folder / "main.beancount").write_text(
        'plugin "checks"\ninclude "帳 冊/all.beancount"\ninclude "audit.beancount"\n', encoding="utf-8"
    )
    (folder / "audit.beancount").write_text(decision(text), encoding="utf-8")
    (folder / "帳 冊/all.beancount").write_text(text, encoding="utf-8")
    return folder


def run_of(folder: Path, as_of: datetime.date = AFTER, config: str | None = None) -> Run:
    loaded = load_case(folder, as_of)
    settings = read_settings(config)
    return Run(
        folder,
        run_checks(loaded.case, settings=settings),
        waived_findings(loaded.case, settings),
        upcoming(loaded.case, loaded.entries, 60, settings),
        settings,
        loaded.case.award.id if loaded.case.award else "",
    )


FAULTY = (("voucher-date: 2023-06-12", "voucher-date: 2023-05-12"), ("tax: 2500", "tax: 3500"))
WAIVER = """
2023-10-01 custom "grant-waiver" "voucher-outside-period" "AB12345678"
  reason: "簽約前經核准先行採購"
  approval: "產授字第1號"
"""


@pytest.fixture
def faulty(books: Books) -> str:
    for old, new in FAULTY:
        books = books.plant(old, new)
    return books.text


def test_a_document_is_well_formed(tmp_path: Path, faulty: str) -> None:
    one = case_folder(tmp_path / "一", faulty)
    two = case_folder(tmp_path / "two", faulty + WAIVER)
    document = sarif([run_of(one), run_of(two), run_of(one, datetime.date(2023, 8, 20))])
    well_formed(json.loads(json.dumps(document)))
    assert [run["automationDetails"]["id"] for run in document["runs"]] == ["112-納管-0456/"] * 3
    assert [rule["id"] for rule in document["runs"][0]["tool"]["driver"]["rules"]] == list(all_checks())


def test_a_result_tells_its_finding(tmp_path: Path, faulty: str) -> None:
    folder = case_folder(tmp_path / "case", faulty)
    run = run_of(folder)
    (shown,) = sarif([run])["runs"]
    finding = next(f for f in run.findings if f.check == "tax-arithmetic")
    (result,) = [result for result in shown["results"] if result["ruleId"] == "tax-arithmetic"]
    assert (result["level"], result["message"]["text"]) == ("error", finding.message)
    assert result["properties"] == {"amount": 1000, "voucher": "EF10000001", "date": "2023-09-11"}
    place = result["locations"][0]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]) == "帳 冊/all.beancount"
    assert place["region"]["startLine"] == finding.line
    line = (folder / "帳 冊/all.beancount").read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert line.startswith("2023-09-11 *")


def test_a_run_says_what_made_it_and_how_columns_are_counted(tmp_path: Path) -> None:
    (run,) = sarif([Run(tmp_path, [])])["runs"]
    rules = run["tool"]["driver"].pop("rules")
    assert run == {
        "tool": {
            "driver": {
                "name": "grantledger",
                "version": importlib.metadata.version("grantledger"),
                "language": "zh-TW",
            }
        },
        "automationDetails": {"id": f"{tmp_path.name}/"},
        "originalUriBaseIds": {"CASE": {"uri": tmp_path.as_uri() + "/"}},
        "columnKind": "unicodeCodePoints",
        "results": [],
    }
    assert len(rules) == len(all_checks())


def test_a_rule_tells_its_check_with_the_examples(tmp_path: Path) -> None:
    (run,) = sarif([Run(tmp_path, [])])["runs"]
    (rule,) = [rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "withdrawal-outstanding"]
    assert rule["shortDescription"] == {"text": "月結後逾 31 天仍未提領。"}
    assert "累計補助數" in rule["fullDescription"]["text"]
    assert " 規定:專戶金額提款,應於每月月底結帳後" in rule["fullDescription"]["text"]
    remedy = "依訊息的金額自專戶提領,備註寫明月份。"
    failing = "    2023-07-31 月結,累計補助數 50,000 元,至 2023-09-05 仍未提領"
    passing = '    2023-08-04 * "" "提領112/07支用數"'
    assert rule["help"] == {
        "text": remedy,
        "markdown": f"{remedy}\n\n不合的例子:\n\n{failing}\n\n合格的例子:\n\n{passing}",
    }
    assert rule["defaultConfiguration"] == {"enabled": True, "level": "warning"}
    assert rule["properties"] == {"family": "account", "confidence": ["seed", "assumed"]}


def test_a_case_given_by_its_main_file_has_the_same_places(tmp_path: Path, faulty: str) -> None:
    folder = case_folder(tmp_path / "case", faulty)
    run = run_of(folder)
    assert sarif([run._replace(folder=folder / "main.beancount")]) == sarif([run])


def test_what_is_waived_is_suppressed_with_reason_and_approval(tmp_path: Path, faulty: str) -> None:
    plain = sarif([run_of(case_folder(tmp_path / "a", faulty))])["runs"][0]["results"]
    waived = sarif([run_of(case_folder(tmp_path / "b", faulty + WAIVER))])["runs"][0]["results"]
    assert not any("suppressions" in result for result in plain)
    (result,) = [result for result in waived if "suppressions" in result]
    (suppression,) = result["suppressions"]
    assert (result["ruleId"], suppression["kind"]) == ("voucher-outside-period", "external")
    for told in ("2023-10-01", "簽約前經核准先行採購", "產授字第1號"):
        assert told in suppression["justification"]
    place = suppression["location"]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]) == "帳 冊/all.beancount"
    books = (tmp_path / "b/帳 冊/all.beancount").read_text(encoding="utf-8").splitlines()
    assert books[place["region"]["startLine"] - 1] == WAIVER.splitlines()[1]
    (same,) = [other for other in plain if other["ruleId"] == "voucher-outside-period"]
    assert same["partialFingerprints"] == result["partialFingerprints"]


def test_fingerprints_stay_when_lines_move(tmp_path: Path, faulty: str) -> None:
    def prints(name: str, text: str) -> list[tuple[str, str]]:
        run = sarif([run_of(case_folder(tmp_path / name, text))])["runs"][0]
        return sorted((r["ruleId"], *r["partialFingerprints"].values()) for r in run["results"])

    before = prints("a", faulty)
    assert len(before) > 8
    assert prints("b", "; 一行說明\n\n\n" + faulty) == before
    use_language("en")
    assert prints("c", faulty) == before
    use_language("zh_TW")
    fewer = prints("d", faulty.replace("tax: 3500", "tax: 2500"))
    assert [one for one in before if one not in fewer] == [
        one for one in before if one[0] == "tax-arithmetic"
    ]


def test_what_is_to_come_is_a_note_with_its_day(tmp_path: Path, books: Books) -> None:
    folder = case_folder(tmp_path / "case", books.text)
    run = run_of(folder, datetime.date(2023, 8, 1))
    assert run.upcoming
    results = sarif([run])["runs"][0]["results"]
    notes = [result for result in results if result["level"] == "note"]
    assert len(notes) == len(run.upcoming)
    assert [note["properties"]["due"] for note in notes] == [
        one.due and one.due.isoformat() for one in run.upcoming
    ]
    assert all(
        str(note["properties"]["due"]) in note["message"]["text"]
        for note in notes
        if note["properties"]["due"]
    )


def test_the_settings_are_the_rules_configuration(tmp_path: Path, faulty: str) -> None:
    folder = case_folder(tmp_path / "case", faulty)
    config = "{'ignore': ['document-missing'], 'severity': {'tax-arithmetic': 'warning'}}"
    (shown,) = sarif([run_of(folder, config=config)])["runs"]
    rules = {rule["id"]: rule["defaultConfiguration"] for rule in shown["tool"]["driver"]["rules"]}
    assert rules["document-missing"] == {"enabled": False, "level": "warning"}
    assert rules["tax-arithmetic"] == {"enabled": True, "level": "warning"}
    assert {r["level"] for r in shown["results"] if r["ruleId"] == "tax-arithmetic"} == {"warning"}


def test_a_finding_without_entry_and_outside_the_case(tmp_path: Path) -> None:
    inside = Finding("books-unreadable", "error", "讀不懂", None, str(tmp_path / "main.beancount"), 0)
    outside = Finding("books-unreadable", "error", "讀不懂", None, "/別處/main.beancount", 3)
    nowhere = Finding("books-unreadable", "error", "讀不懂", None, "<string>", 0)
    document = sarif([Run(tmp_path, [inside, outside, nowhere])])
    well_formed(document)
    places = [result["locations"][0]["physicalLocation"] for result in document["runs"][0]["results"]]
    assert [place["region"]["startLine"] for place in places] == [1, 3, 1]  # there is no line 0
    artifacts = [place["artifactLocation"] for place in places]
    assert artifacts[0] == {"uri": "main.beancount", "uriBaseId": "CASE"}
    assert artifacts[1]["uri"].startswith("file:///")
    assert artifacts[2] == {"uri": "%3Cstring%3E"}


def test_sarif_speaks_english(tmp_path: Path, faulty: str) -> None:
    folder = case_folder(tmp_path / "case", faulty)
    use_language("en")
    (shown,) = sarif([run_of(folder)])["runs"]
    well_formed(sarif([run_of(folder)]))
    driver = shown["tool"]["driver"]
    assert driver["language"] == "en"
    assert all(rule["shortDescription"]["text"].isascii() for rule in driver["rules"])
