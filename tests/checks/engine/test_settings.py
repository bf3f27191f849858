"""The plugin's config: what it selects, ignores and grades, and what is said of one that cannot be followed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from hypothesis import given
from hypothesis import strategies as st

from checks.engine.catalogue import FAMILIES
from checks.engine.catalogue import families_of_checks
from checks.engine.finding import SettingsError
from checks.engine.settings import Settings
from checks.engine.settings import chosen
from checks.engine.settings import near_names
from checks.engine.settings import plugin_line
from checks.engine.settings import read_settings
from checks.engine.settings import settings_in_force
from checks.engine.settings import told
from checks.runs.check_case import load_and_judge
from ledger.util.i18n import use_language
from tests.checks.builder import AWARD
from tests.checks.builder import JUNE
from tests.checks.builder import opens
from tests.ledger.ledgers import tries

BAD_TAX = JUNE.replace("tax: 5000", "tax: 6000")  # tax-arithmetic, and papers that are not there


def ledger(tmp_path: Path, *plugins: str) -> Path:
    path = tmp_path / "main.beancount"
    path.write_text("\n".join(plugins) + "\n" + opens() + AWARD + BAD_TAX, encoding="utf-8")
    return path


def errors_of(path: Path) -> list[Any]:
    return list(loader.load_file(str(path))[1])


def names_of(errors: list[Any]) -> set[str]:
    return {error.message[1:].partition("]")[0] for error in errors}


@pytest.mark.parametrize("config", [None, "", "  ", "{}"])
def test_nothing_asked_for_is_the_default(config: str | None) -> None:
    assert read_settings(config) == Settings()


def test_ignore_select_and_severity() -> None:
    assert read_settings("{'ignore': ['document-missing']}").off == {"document-missing"}
    assert read_settings("{'ignore': 'document-missing'}").off == {"document-missing"}
    voucher = {name for name, families in families_of_checks().items() if "voucher" in families}
    assert read_settings("{'ignore': ('voucher',)}").off == voucher
    assert read_settings("{'select': ['voucher']}").off == set(families_of_checks()) - voucher - {
        "books-unreadable"
    }
    both = read_settings("{'select': ['voucher'], 'ignore': ['document-missing']}")
    assert both.off == set(families_of_checks()) - voucher - {"books-unreadable"} | {"document-missing"}
    graded = read_settings("{'severity': {'voucher': 'warning', 'buyer-mismatch': 'error'}}")
    assert graded.severity["voucher-duplicate"] == "warning"
    assert graded.severity["buyer-mismatch"] == "error"
    assert "tax-arithmetic" not in graded.severity
    assert graded == read_settings("{'severity': {'buyer-mismatch': 'error', 'voucher': 'warning'}}")


BAD_CONFIGS = {
    "ignore document-missing": "Python",
    "{'ignore': [}": "Python",
    "__import__('os').getcwd()": "Python",
    "[" * 5000: "Python",
    "['document-missing']": "字典",
    "7": "字典",
    "{'ignored': ['document-missing']}": "ignored",
    "{3: 4}": "3",
    "{'ignore': ['document-mising']}": "document-missing",  # the name that is near
    "{'ignore': 5}": "清單",
    "{'ignore': [5]}": "清單",
    "{'select': []}": "select",
    "{'select': ['books', 'nonsense']}": "nonsense",
    "{'severity': ['error']}": "字典",
    "{'severity': {1: 'error'}}": "字典",
    "{'severity': {'document-missing': 'fatal'}}": "fatal",
    "{'severity': {'document-missing': ['error']}}": "error",
    "{'severity': {'no-such': 'error'}}": "no-such",
    "{'ignore': ['books-unreadable']}": "books-unreadable",
    "{'severity': {'books-unreadable': 'warning'}}": "books-unreadable",
}


@pytest.mark.parametrize(("config", "said"), BAD_CONFIGS.items(), ids=[config[:40] for config in BAD_CONFIGS])
def test_a_config_that_cannot_be_followed_says_why(config: str, said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings(config)
    assert said in str(raised.value)


@pytest.mark.parametrize(("config", "whole"), [("7", "{}"), ("{'severity': 7}", "{{'severity': {}}}")])
def test_the_example_in_a_message_can_be_followed(config: str, whole: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings(config)
    example = str(raised.value).partition("例如 ")[2]
    assert read_settings(whole.format(example)) != Settings()


def test_three_names_that_are_near_are_offered() -> None:
    known = list(families_of_checks())
    assert near_names("document-mising", known)[0] == "document-missing"
    assert len(near_names("document-mising", known)) == 3
    assert near_names("document-mising", known, limit=1) == ["document-missing"]
    with pytest.raises(SettingsError) as raised:
        read_settings("{'ignore': ['document-mising', 'no-such']}")
    near = "、".join(near_names("document-mising", {*known, *FAMILIES, "portfolio"}))
    assert str(raised.value) == f"沒有這項檢查:document-mising、no-such;相近的有:{near}"


@given(
    st.text(max_size=40)
    | st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=5)
        | st.sampled_from(["books", "select", "ignore"]),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["select", "ignore", "severity"]), inner)
        ),
    ).map(repr)
)
@tries(300)
def test_whatever_the_config_is_nothing_else_is_raised(config: str) -> None:
    try:
        settings = read_settings(config)
    except SettingsError:
        return
    assert "books-unreadable" not in settings.off
    assert "books-unreadable" not in settings.severity


def test_unreadable_books_cannot_be_left_out_with_their_family() -> None:
    assert "books-unreadable" not in read_settings("{'ignore': ['books']}").off
    assert "month-not-closed" in read_settings("{'ignore': ['books']}").off
    graded = read_settings("{'severity': {'books': 'warning'}}")
    assert "books-unreadable" not in graded.severity
    assert graded.severity["closed-month-changed"] == "warning"


def test_the_choice_of_the_moment_goes_on_top() -> None:
    case = read_settings("{'ignore': ['document-missing'], 'severity': {'voucher': 'warning'}}")
    assert chosen(case, ignore=["tax-in-cost"]).off == {"document-missing", "tax-in-cost"}
    asked = chosen(case, select=["document-missing"])
    assert asked.off == set(families_of_checks()) - {"document-missing", "books-unreadable"}
    assert asked.severity == case.severity
    assert "books-unreadable" in chosen(case, ignore=["books-unreadable"]).off
    assert "books-unreadable" not in chosen(case, ignore=["books"]).off


def test_several_lines_come_to_what_fava_shows_of_them() -> None:
    ignoring = "{'ignore': ['document-missing', 'tax-in-cost']}"
    assert settings_in_force([("checks", ignoring)])[0].off == {"document-missing", "tax-in-cost"}
    assert settings_in_force([("checks", ignoring), ("checks.voucher", None)])[0].off == {"tax-in-cost"}
    assert settings_in_force([("checks", ignoring), ("checks", None)])[0] == Settings()
    assert settings_in_force([("beancount.plugins.leafonly", "{'ignore': 1}")]) == (Settings(), [])
    softer = "{'severity': {'buyer-mismatch': 'warning'}}"
    assert settings_in_force([("checks", softer)])[0].severity == {"buyer-mismatch": "warning"}
    assert settings_in_force([("checks", softer), ("checks", None)])[0].severity == {
        "buyer-mismatch": "error"
    }


def test_a_line_that_leaves_a_check_out_has_no_say_in_its_severity() -> None:
    off = ("checks", "{'ignore': ['document-missing'], 'severity': {'document-missing': 'error'}}")
    mild = ("checks", "{'severity': {'document-missing': 'warning'}}")
    assert settings_in_force([off, mild])[0] == Settings(severity={"document-missing": "warning"})
    assert settings_in_force([off, ("checks", None)])[0] == Settings()
    alone = settings_in_force([off])[0]  # whoever selects it all the same has it as the case grades it
    assert alone == Settings(frozenset({"document-missing"}), {"document-missing": "error"})


def test_lines_of_other_plugins_are_passed_over() -> None:
    ignoring = "{'ignore': ['buyer-mismatch']}"
    for module in ("somebody.voucher", "checks.mine", "beancount.plugins.leafonly"):
        assert settings_in_force([(module, ignoring)]) == (Settings(), [])
        assert settings_in_force([(module, "((("), ("checks", ignoring)])[0].off == {"buyer-mismatch"}


def test_a_line_that_cannot_be_followed_covers_what_it_names_and_says_why() -> None:
    ignoring = ("checks", "{'ignore': ['tax-in-cost', 'buyer-mismatch']}")
    settings, ((module, why),) = settings_in_force(
        [ignoring, ("checks.voucher", "{'ignore': ['tax-in-cost']}")]
    )
    assert settings.off == {"tax-in-cost"}  # of the vouchers all checks run
    assert module == "checks.voucher"
    assert why.startswith("沒有這項檢查:tax-in-cost;")
    settings, ((module, why),) = settings_in_force([ignoring, ("checks", "{'select': []}")])
    assert (settings, module, why) == (Settings(), "checks", "select 是空的,什麼都不會檢查")


def test_a_family_knows_only_its_own_names() -> None:
    assert read_settings("{'ignore': ['buyer-mismatch']}", "voucher").off == {"buyer-mismatch"}
    assert read_settings("{'ignore': ['voucher']}", "voucher") == read_settings("{'ignore': ['voucher']}")
    for other in ("'tax-in-cost'", "'costing'"):
        with pytest.raises(SettingsError, match=other.strip("'")):
            read_settings(f"{{'ignore': [{other}]}}", "voucher")
        with pytest.raises(SettingsError, match=other.strip("'")):
            read_settings(f"{{'severity': {{{other}: 'error'}}}}", "voucher")


def test_what_is_left_out_is_told() -> None:
    assert told(Settings()) == []
    settings = read_settings(
        "{'ignore': ['payroll', 'document-missing'], 'severity': {'seller-id-invalid': 'error'}}"
    )
    off, graded = told(settings)
    assert off == "本案設定不檢查:document-missing、payroll"
    assert "seller-id-invalid" in graded
    use_language("en")
    assert "document-missing, payroll" in told(settings)[0]


def test_the_choice_of_the_moment_is_told() -> None:
    settings = read_settings("{'ignore': ['payroll']}")
    assert told(settings) == ["本案設定不檢查:payroll"]
    assert told(settings, select=["books", "voucher"]) == ["本次只檢查:books、voucher"]
    assert told(settings, ignore=["document-missing"]) == [
        "本案設定不檢查:payroll",
        "本次不檢查:document-missing",
    ]


def test_the_line_of_a_plugin(tmp_path: Path) -> None:
    """Whatever else is in the file, and the first one where there is no such line or no such file."""
    path = tmp_path / "main.beancount"
    path.write_bytes(b'\n; \xa4\xa4\xa4\xe5\n  plugin "checks.voucher" "{}"\nplugin "checks"\n')
    assert plugin_line(str(path), "checks.voucher") == 3
    assert plugin_line(str(path), "checks") == 4
    assert plugin_line(str(path), "checks.books") == 1
    assert plugin_line(str(tmp_path / "no-such"), "checks") == 1


def test_the_plugin_follows_its_config(tmp_path: Path) -> None:
    assert {"tax-arithmetic", "document-missing"} <= names_of(errors_of(ledger(tmp_path, 'plugin "checks"')))
    path = ledger(
        tmp_path, """plugin "checks" "{'select': ['costing', 'voucher'], 'ignore': ['document-missing']}\""""
    )
    assert names_of(errors_of(path)) == {"tax-arithmetic"}
    path = ledger(tmp_path, """plugin "checks.costing" "{'ignore': ['costing']}\"""")
    assert errors_of(path) == []


@pytest.mark.parametrize("module", ["checks", *(f"checks.{family}" for family in FAMILIES)])
@pytest.mark.parametrize("config", ["{'ignore': ['nonsense']}", "(((", "{'severity': {'books': 'no'}}"])
def test_a_bad_config_is_an_error_at_the_plugin_and_all_checks_run(
    tmp_path: Path, module: str, config: str
) -> None:
    path = ledger(tmp_path, "; a case", f'plugin "{module}" "{config}"')
    first, *others = errors_of(path)
    assert first.source["filename"] == str(path)
    assert first.source["lineno"] == 2
    assert first.message.startswith("[books-unreadable]")
    assert module in first.message
    assert names_of(others) == names_of(errors_of(ledger(tmp_path, f'plugin "{module}"')))


def test_a_bad_config_is_said_of_a_ledger_that_is_no_case(tmp_path: Path) -> None:
    path = tmp_path / "main.beancount"
    path.write_text('plugin "checks" "{"\n2023-01-01 open Assets:Cash\n', encoding="utf-8")
    (error,) = errors_of(path)
    assert error.source["lineno"] == 1


def test_a_case_is_certified_by_the_config_of_its_main_file(tmp_path: Path) -> None:
    plain = load_and_judge(ledger(tmp_path, 'plugin "checks"'))[0]
    assert {"tax-arithmetic", "document-missing"} <= {finding.check for finding in plain.findings}
    config = "{'ignore': ['document-missing'], 'severity': {'tax-arithmetic': 'warning'}}"
    case = ledger(tmp_path, f'plugin "checks" "{config}"')
    judged = load_and_judge(case)[0]
    assert "document-missing" not in {finding.check for finding in judged.findings}
    (tax,) = [finding for finding in judged.findings if finding.check == "tax-arithmetic"]
    assert tax.severity == "warning"
    on_top = load_and_judge(case, select=["document-missing"])[0]
    assert {finding.check for finding in on_top.findings} == {"document-missing"}


def test_a_case_with_a_bad_config_is_told_so_and_judged_by_default(tmp_path: Path) -> None:
    findings = load_and_judge(ledger(tmp_path, "; a case", """plugin "checks" "{'ignore': 'all'}\""""))[
        0
    ].findings
    (bad,) = [finding for finding in findings if finding.check == "books-unreadable"]
    assert (bad.severity, bad.line, Path(bad.file).name) == ("error", 2, "main.beancount")
    assert "document-missing" in {finding.check for finding in findings}


def test_unreadable_books_are_said_whatever_is_selected(tmp_path: Path) -> None:
    case = ledger(tmp_path, 'plugin "checks"')
    with case.open("a", encoding="utf-8") as file:
        file.write('\n2023-06-07 * "不平"\n  Assets:2進項稅額  5 TWD\n')
    assert {f.check for f in load_and_judge(case, select=["payroll"])[0].findings} == {"books-unreadable"}
    assert load_and_judge(case, select=["payroll"], ignore=["books"])[0].findings != []
    assert load_and_judge(case, select=["payroll"], ignore=["books-unreadable"])[0].findings == []
