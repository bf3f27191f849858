"""The English catalogue is whole, agrees with the source, and says nothing in Chinese that has an English name."""

from __future__ import annotations

import ast
import contextlib
import functools
import gettext
import io
import itertools
import re
import string
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from jinja2 import Environment
from jinja2.ext import babel_extract

from checks.engine.catalogue import all_checks
from cli.main import grant
from cli.terminal.output import speak
from ledger.schemes.categories import CATEGORIES
from ledger.util.docstrings import extract
from ledger.util.docstrings import in_language
from ledger.util.docstrings import paragraphs
from ledger.util.i18n import DOMAIN
from ledger.util.i18n import FOLDER
from ledger.util.i18n import _
from ledger.util.i18n import current_language
from ledger.util.i18n import in_source_language
from ledger.util.i18n import speaking
from ledger.util.i18n import use_language

ROOT = Path(__file__).parents[3]
ROOMS = ("ledger", "importers", "checks", "reports", "audit", "portfolio", "desk", "server", "cli")
CATALOGUE = FOLDER / "en" / "LC_MESSAGES" / DOMAIN
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")

# Names that an English reader meets in Chinese: account names, sheets and columns of the forms, papers, and the
# goods of the examples.
KEPT = (
    "是",
    "否",
    "無",
    "部分",
    "全額",
    "9不予認列",
    "2業者自籌款",
    "3扣繳稅款",
    "2進項稅額",
    "應繳國庫:1孳息",
    "核定",
    "內容",
    "範例",
    "五軸加工機主軸冷卻模組",
    "統一發票使用辦法",
    "經濟部推動產業及中小企業升級轉型辦法",
    "各類所得扣繳率標準",
    "會計科目編列與執行原則",
    "經費支用明細表",
    "海洋科技專案經費支用明細表",
    "海洋科技專案(業者)經費支用明細表",
    "人事薪資補助明細表",
    "診斷輔導費用",
    *("應計薪資", "本薪", "津貼", "獎金", "到職日", "離職日"),  # columns of the payroll sheet
    *(category.name for category in CATEGORIES.values()),
)

# Chinese that is data. In the rooms that read files and write books, tables at the head of a module and single
# words are data anyway: only sentences count there.
DATA = {
    "cli/commands/program/setup.py": {"記帳.cmd", "記帳.command", "記帳.desktop"},  # files' names
    "cli/main.py": {r"。|(?<=[a-z)])\. |\.\n|\n\n"},  # where a sentence ends
    "audit/filing/merge.py": {"併入 ", " 筆查核紀錄"},  # the operation's name in the log
    "checks/voucher.py": {"註銷"},  # the word in a voucher's register
    "checks/analysis/filed_papers.py": {"Liabilities/1應付帳款/"},
    "audit/pages/chronology.py": {  # what papers are called in their file names
        "報價|估價|詢價",
        "訂購|採購單|訂單|合約|契約",
        "送貨|出貨|交貨|簽收",
        "驗收",
    },
    "audit/web/routes.py": {r"[FS]-\d+(、[FS]-\d+)*"},
    "desk/acts/answer.py": {"、"},  # between numbers that the user typed
    "desk/fava.py": {"記帳"},
    "desk/web/registry.py": {  # headings of the manual, which is in Chinese
        "每天從哪裡開始",
        "二、每個月:收件",
        "三、待答",
        "四、改錯",
        "五、月結",
        "六、核定變更、里程碑、文件",
        "七、期中、期末報告",
        "紀錄與復原",
    },
    "desk/acts/fields.py": {"元"},  # after a sum that was typed
    "audit/fava.py": {"查核"},  # the page's name in Fava's menu, before the language is known
    "audit/pages/vouchers.py": {"、"},  # between names of goods
    # the headings and words of docstrings
    "checks/presentation/explain.py": {r"可信度:([^()]*)", "簡報原文", "法規", "姊妹計畫", "推定"},
    "cli/commands/books/demo.py": {"結算報表.xlsx"},
    "cli/terminal/findings.py": {"。."},  # a full stop
    "cli/commands/books/import_.py": {"、"},  # as above
    "cli/terminal/wrap.py": {",.;:!?)]}%、。,;:!?)」』】》…", "([{(「『【《$"},
    "cli/commands/reports/what_if.py": {"、"},  # between numbers that the user typed
    "ledger/operations/new_case.py": {"; 核定資料。修正預算時請用 grant revise。\n\n"},  # the books
    # what an operation is called in the case's history, which is written in the source language
    "ledger/files/history.py": {"開始保存操作紀錄", "帳本經手動修改"},
    "ledger/operations/register.py": {"登記績效扣款 ", "登記其他經費來源 "},
    "checks/runs/close_month.py": {"月結 ", "重開 "},
    "desk/plain.py": {"以|用|執行", "案件", ";,。;,.", "「(..)」"},  # looked for in messages
    "desk/acts/inbox.py": {" 是 ", " 的明細", "回答「", "」:"},
    "audit/filing/audit_file.py": {"登錄查核紀錄"},
    "audit/filing/waivers.py": {"主張放行 ", "放行的核定 "},
    "cli/commands/books/doctor.py": {"修好案件的設定"},
    "server/access/users.py": {
        "# grant user 維護的檔案:帳號、密碼雜湊(argon2)與各案角色。請以 grant user 增修。\n"
    },
    "reports/pdf/style.py": {'"Microsoft JhengHei","微軟正黑體","PingFang TC","Noto Sans CJK TC",sans-serif'},
    "reports/xlsx/styles.py": {"微軟正黑體"},
}
INVENTED = {"portfolio/synthetic.py"}  # cases made by chance: all Chinese in it is theirs
DATA_ROOMS = (
    "importers",
    "ledger",
    "reports/export",
    "portfolio/tables.py",
    "reports/forms/numerals.py",
    "reports/data/authority_words.py",
)
SENTENCE = re.compile(r"[\u3400-\u9fff]{6}")

Message = tuple[str, str]  # where, and the message


def _modules() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def _place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{line}"


@functools.cache
def _messages() -> list[Message]:
    """Every message of the source; worked out when a test asks, for collecting the tests need not wait for it."""
    return list(_extracted())


def _extracted() -> Iterator[Message]:
    for path in _modules():
        with path.open("rb") as source:
            for line, _function, message, _comments in extract(source, ("_", "N_"), (), {}):
                yield _place(path, line), message
    for path in sorted(path for room in ROOMS for path in (ROOT / room / "templates").glob("*.html")):
        with path.open("rb") as source:
            for line, _function, given, _comments in babel_extract(source, ("_",), (), {}):
                assert isinstance(given, str)
                yield _place(path, line), given


@functools.cache
def _compiled() -> dict[str, str]:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        translations = gettext.GNUTranslations(file)
    return {message: message for _where, message in _messages()} | _raw(translations)


def _raw(translations: gettext.GNUTranslations) -> dict[str, str]:
    catalogue: dict[str, str] = vars(translations)["_catalog"]
    return {message: text for message, text in catalogue.items() if message}


def _fields(text: str) -> list[tuple[str, str, str]]:
    return sorted(
        (name, spec or "", conversion or "")
        for _text, name, spec, conversion in string.Formatter().parse(text)
        if name is not None
    )


def test_every_message_has_a_translation() -> None:
    untold = [f"{where} {message}" for where, message in _messages() if _compiled()[message] == message]
    assert untold == [], "make messages, then translate them in ledger/messages"


def test_the_catalogue_has_nothing_that_the_source_has_not() -> None:
    assert set(_compiled()) - {message for _where, message in _messages()} == set()


def test_placeholders_are_the_same_on_both_sides() -> None:
    for message, text in _compiled().items():
        assert _fields(text) == _fields(message), message


def test_english_keeps_no_chinese_but_names() -> None:
    kept = re.compile("|".join(map(re.escape, sorted(KEPT, key=len, reverse=True))))
    left = {text: found for text in _compiled().values() if (found := CHINESE.findall(kept.sub("", text)))}
    assert left == {}


def test_outer_blanks_are_the_same_on_both_sides() -> None:
    for message, text in _compiled().items():
        assert message.startswith("  ") == text.startswith("  "), message
        assert text == text.rstrip() or message in {"、", ";"}  # which join words in a row


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    pofile = pytest.importorskip("babel.messages.pofile")
    mofile = pytest.importorskip("babel.messages.mofile")
    with CATALOGUE.with_suffix(".po").open("rb") as file:
        catalogue = pofile.read_po(file, locale="en")
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalogue)
    compiled.seek(0)
    assert _raw(gettext.GNUTranslations(compiled)) == _raw_of_file()


def _raw_of_file() -> dict[str, str]:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        return _raw(gettext.GNUTranslations(file))


# ---------------------------------------------------------------------------------------------- the source


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def test_no_f_string_is_translated() -> None:
    """What `_` gets must be a whole message, or a name whose text was marked with `N_`."""
    wrong = [
        _place(path, node.lineno)
        for path in _modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _called(node) in {"_", "N_"} and not _is_message(node)
    ]
    assert wrong == []


_MESSAGE = ast.Constant | ast.Name | ast.Attribute | ast.Subscript


def _is_message(call: ast.Call) -> bool:
    return len(call.args) == 1 and isinstance(call.args[0], _MESSAGE)


def test_no_chinese_is_shown_without_translation() -> None:
    untold = []
    for path in _modules():
        name = path.relative_to(ROOT).as_posix()
        if name in INVENTED:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        is_data_room = name.startswith(DATA_ROOMS)
        parts = (
            [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] if is_data_room else [tree]
        )
        for line, text in itertools.chain.from_iterable(map(_unmarked, parts)):
            is_shown = not is_data_room or SENTENCE.search(text)
            if is_shown and text not in DATA.get(name, set()):
                untold.append(f"{_place(path, line)} {text}")
    assert untold == [], "wrap these in _(…), or name them in DATA where they are data"


def _unmarked(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The Chinese literals of a module that are neither messages, nor help texts, nor docstrings."""
    marked: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            marked |= {keyword.value for keyword in node.keywords if keyword.arg == "help"}
            if _called(node) in {"_", "N_"}:
                marked |= set(ast.walk(node))
        elif isinstance(node, ast.Expr):
            marked.add(node.value)
    for node in ast.walk(tree):
        if node in marked or not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if CHINESE.search(node.value):
            yield node.lineno, node.value


def test_templates_say_nothing_without_translation() -> None:
    untold = []
    for path in sorted(path for room in ROOMS for path in (ROOT / room / "templates").glob("*.html")):
        tokens = Environment(autoescape=True).lex(path.read_text(encoding="utf-8"))
        untold += [
            _place(path, line) for line, kind, text in tokens if kind == "data" and CHINESE.search(text)
        ]
    assert untold == []


# ------------------------------------------------------------------------------------------------ its use


def test_the_language_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for lang, spoken in (
        ("en_US.UTF-8", "Budget and changes"),
        ("zh_TW.UTF-8", "預算及變更"),
        ("C", "預算及變更"),
    ):
        program = (
            "from ledger.util.i18n import _; import sys; sys.stdout.buffer.write(_('預算及變更').encode())"
        )
        monkeypatch.setenv("LANG", lang)
        assert subprocess.check_output([sys.executable, "-c", program], cwd=ROOT).decode() == spoken


def test_an_unknown_language_is_chinese() -> None:
    use_language("fr")
    assert (current_language(), _("憑證")) == ("zh_TW", "憑證")


def test_two_threads_speak_two_languages_at_the_same_time() -> None:
    both_speak = threading.Barrier(2, timeout=60)

    def say(language: str) -> list[str]:
        with speaking(language):
            both_speak.wait()
            said = [_("憑證")]
            both_speak.wait()
            return [*said, _("憑證"), current_language()]

    with ThreadPoolExecutor(2) as pool:
        english, chinese = pool.map(say, ("en-GB", "zh_TW"))
    assert english == ["Voucher", "Voucher", "en"]
    assert chinese == ["憑證", "憑證", "zh_TW"]
    assert current_language() == "zh_TW"


def test_a_language_ends_where_it_was_begun() -> None:
    with speaking("en"), contextlib.suppress(KeyError), in_source_language():
        assert _("憑證") == "憑證"
        raise KeyError
    assert _("憑證") == "憑證"


def test_nothing_is_not_the_header_of_the_catalogue() -> None:
    use_language("en")
    assert _("") == ""


DOCSTRING = """認列成本

    說明

        2023-07-12 * "甲" "乙"
    """


def test_examples_are_the_same_in_every_language() -> None:
    assert paragraphs(DOCSTRING) == ["認列成本", "說明", '    2023-07-12 * "甲" "乙"']
    use_language("en")
    assert in_language(DOCSTRING) == 'Recognised cost\n\nDetails\n\n    2023-07-12 * "甲" "乙"'


def test_every_check_is_explained_in_english() -> None:
    use_language("en")
    for check in all_checks().values():
        prose = [
            line for line in in_language(check.documentation).splitlines() if not line.startswith("    ")
        ]
        kept = re.compile("|".join(map(re.escape, sorted(KEPT, key=len, reverse=True))))
        assert not CHINESE.search(kept.sub("", "\n".join(prose))), check.name
        assert max(map(len, prose)) < 100


def _help(*arguments: str) -> str:
    result = CliRunner().invoke(grant, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def _commands() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    context = click.Context(grant)
    for name in grant.list_commands(context):
        found.append((name,))
        command = grant.get_command(context, name)
        if isinstance(command, click.Group):
            found += [(name, inner) for inner in command.list_commands(context)]
    return found


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_help_speaks_the_language_asked_for(command: tuple[str, ...]) -> None:
    chinese = _help(*command, "--help")
    assert CHINESE.search(chinese)
    assert "Show this message" not in chinese
    english = _help("--lang", "en", *command, "--help")
    assert not CHINESE.search(english)
    speak("zh_TW")
    assert _help(*command, "--lang", "en", "--help") == english
    speak("zh_TW")
    assert _help(*command, "--help", "--lang", "en") == english
    speak("zh_TW")
    assert _help(*command, "--help") == chinese
