"""The page of all checks: a table of contents, then each check as it explains itself, by family.

`grant explain --all > docs/checks.md` writes the Chinese page (`make docs`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.engine.catalogue import all_checks
from checks.engine.finding import PORTFOLIO
from checks.engine.finding import Described
from checks.presentation.explain import Explanation
from checks.presentation.explain import explanation
from ledger.schemes.model import Confidence
from ledger.util.i18n import N_
from ledger.util.i18n import _

PATH = Path(__file__).parents[2] / "docs" / "checks.md"

FAMILY_NAMES = {
    "books": N_("帳冊"),
    "award": N_("核定資料"),
    "costing": N_("成本與分攤"),
    "budget": N_("預算與項目"),
    "voucher": N_("憑證"),
    "period": N_("期間與付款"),
    "account": N_("專戶"),
    "interest": N_("孳息與繳庫"),
    "payroll": N_("人事"),
    "settlement": N_("結案"),
    "audit": N_("查核紀錄"),
    PORTFOLIO: N_("跨案"),
}
_SURE: dict[Confidence, str] = {
    "seed": N_("簡報原文"),
    "statute": N_("法規"),
    "sister programme": N_("姊妹計畫"),
    "assumed": N_("推定"),
}


def handbook() -> str:
    """The whole page in Markdown, in the language in use."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f"# {_('檢查')}"
    yield ""
    yield _("由程式產生(`grant explain --all`),請勿手改。每項檢查的說明就是它在程式裡的說明。")
    yield ""
    yield _(
        '在 `main.beancount` 寫 `plugin "checks"` 執行全部檢查,`plugin "checks.account"` 只執行一類。'
        "可以加上設定(名稱或類別):"
    )
    yield ""
    yield "    plugin \"checks\" \"{'ignore': ['document-missing'], 'severity': {'seller-id-invalid': 'error'}}\""
    yield ""
    yield _(
        "跨案的檢查只在 `grant check` 給了兩個以上的案件時執行;意見列在較晚的案件,依那個案件的設定與放行。"
    )
    yield ""
    yield _("經核准放行的,以 `grant waive` 寫明理由與核准文號,由查核人員確認;放行的意見仍列在每一份報告裡。")
    yield ""
    yield _("可信度:簡報原文、法規為本計畫的規定;姊妹計畫為其他計畫的規定;推定為未見公開規定,請洽承辦人。")
    yield ""
    yield f"## {_('目錄')}"
    for family in FAMILY_NAMES:
        yield ""
        yield f"[{_family(family)}](#{family})"
        yield ""
        yield f"| {_('名稱')} | {_('輕重')} | {_('發現什麼')} | {_('可信度')} |"
        yield "|---|---|---|---|"
        for check in _checks(family):
            said = _said(check)
            yield f"| [{check.name}](#{check.name}) | {_level(check)} | {said.summary} | {_sure(said)} |"
    for family in FAMILY_NAMES:
        yield ""
        yield f'## <a id="{family}"></a>{_family(family)}'
        for check in _checks(family):
            yield from _section(check)


def _checks(family: str) -> list[Described]:
    return [check for check in all_checks().values() if check.family == family]


def _section(check: Described) -> Iterator[str]:
    said = _said(check)
    yield ""
    yield f"### {check.name}"
    yield ""
    yield said.summary
    yield ""
    yield _level(check)
    for heading, text in (
        (_("說明"), said.finds),
        (_("規定與出處"), said.rule),
        (_("如何改正"), said.remedy),
    ):
        yield ""
        yield f"**{heading}**:{text}"
    for example in said.examples:
        yield ""
        yield f"{example.heading}:"
        yield ""
        yield example.ledger


def _family(family: str) -> str:
    return _("{name}({family})").format(name=_(FAMILY_NAMES[family]), family=family)


def _level(check: Described) -> str:
    return _("錯誤") if check.severity == "error" else _("提醒")


def _sure(said: Explanation) -> str:
    return _("、").join(_(_SURE[confidence]) for confidence in said.confidences)


def _said(check: Described) -> Explanation:
    said = explanation(check.name)
    assert said is not None  # noqa: S101 -- the check is of the catalogue
    return said
