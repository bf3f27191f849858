"""`grant scheme list` and `grant scheme show`: the programmes' rules, each number with its source."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from cli.terminal.output import group
from cli.terminal.output import language_option
from cli.terminal.output import print_table
from ledger.util.i18n import N_
from ledger.util.i18n import _


@group("scheme")
@language_option
def scheme_command() -> None:
    """補助計畫別:清單與規定。"""


@scheme_command.command("list")
@language_option
def scheme_list() -> None:
    """列出可用的補助計畫別。"""
    from ledger.schemes.loader import load_scheme
    from ledger.schemes.loader import scheme_ids

    schemes = [load_scheme(scheme_id) for scheme_id in scheme_ids()]
    rows = [
        [scheme.id, scheme.name, scheme.year, scheme.subsidy_cap.value if scheme.subsidy_cap else "-"]
        for scheme in schemes
    ]
    print_table("", ["id", _("名稱"), _("年度"), _("補助上限")], rows, numbers=(2, 3))


@scheme_command.command("show")
@click.argument("scheme_id", metavar="ID|FILE")
@language_option
def scheme_show(scheme_id: str) -> None:
    """顯示一個補助計畫別的每項規定、出處與可信度。"""
    from ledger.schemes.loader import load_scheme
    from ledger.schemes.loader import read_scheme
    from reports.labels import confidence_name

    path = Path(scheme_id)
    scheme = read_scheme(path) if path.suffix == ".toml" else load_scheme(scheme_id)
    title = _("{id}  {name}({authority},{year} 年度)")
    click.echo(title.format(id=scheme.id, name=scheme.name, authority=scheme.authority, year=scheme.year))
    rows = [[name, value, confidence_name(str(sure)), source] for name, value, sure, source in _rows(scheme)]
    print_table("", [_("規定"), _("內容"), _("可信度"), _("出處")], rows)
    sys.stdout.flush()


_NAMES = {
    "subsidy_cap": N_("補助上限(元)"),
    "subsidy_ratio": N_("補助比率上限"),
    "ratio_strict": N_("恰達補助比率上限時提醒"),
    "period_months": N_("執行期間(月)"),
    "period_is_limit": N_("執行期間為上限(否則為原則)"),
    "cap_base": N_("科目上限的計算基礎"),
    "cap_total": N_("科目上限所占的總經費"),
    "share_rounding": N_("補助款的進位"),
    "reallocation_threshold": N_("科目流用須先核准的比例"),
    "payment_grace_months": N_("結束後可付款的月數"),
    "person_months": N_("每人參與政府計畫的人月上限"),
    "withholding_rate": N_("利息扣繳率"),
    "withholding_threshold": N_("免扣繳稅額(元)"),
    "guarantee_grace_months": N_("保證書須涵蓋到結束後的月數"),
    "filing_from": N_("受理起日"),
    "filing_until": N_("受理迄日"),
    "partners": N_("合作廠商家數上限"),
    "partners_min": N_("合作廠商家數下限"),
    "payers": N_("撥款單位的字樣"),
    "one_case_of": N_("同一家業者只能有一案的計畫"),
}


def _rows(scheme: Any) -> list[list[object]]:
    from ledger.model.milestones import INCOME_NAMES
    from ledger.schemes.categories import category_name
    from reports.labels import term_row

    rows: list[list[object]] = []
    for field, name in _NAMES.items():
        sourced = getattr(scheme, field)
        if sourced is not None:
            value = sourced.value
            words = _("、").join(value) if isinstance(value, tuple) else str(value)
            rows.append([_(name), words, sourced.confidence, sourced.source])
    for category, rule in scheme.categories.items():
        fund = _("補助款與自籌款") if rule.grantable.value else _("僅限自籌款")
        cap = "" if rule.cap is None else _(",上限 {share:.0%}").format(share=rule.cap.value)
        note = f";{rule.note}" if rule.note else ""
        rows.append(
            [category_name(category), fund + cap, rule.grantable.confidence, rule.grantable.source + note]
        )
    for guarantee, way in scheme.paying_out.items():
        parts = _("、").join(
            f"{_(_MOMENTS[part.when])} {part.share:.0%}" if part.share is not None else _(_MOMENTS[part.when])
            for part in way.instalments
        )
        rows.append(
            [
                _("撥款:{guarantee}").format(guarantee=_(_GUARANTEES[guarantee])),
                parts,
                way.confidence,
                way.source,
            ]
        )
    for kind, terms in scheme.recovery.items():
        ends = _("解除或撤銷") if kind == "rescinded" else _("終止")
        for key, term in terms.terms.items():
            label, words = term_row(key, term.value)
            rows.append(
                [_("{ends}:{label}").format(ends=ends, label=label), words, term.confidence, term.source]
            )
    for kind, rule in scheme.income.items():
        where = _("減列科目的成本") if rule.value == "cost" else _("歸國庫")
        rows.append(
            [_("收入:{kind}").format(kind=_(INCOME_NAMES[kind])), where, rule.confidence, rule.source]
        )
    rows += [
        [_("應備文件") if paper.required else _("建議備妥"), paper.name, paper.confidence, paper.source]
        for paper in scheme.evidence
    ]
    if scheme.coaching:
        fee = scheme.coaching
        words = _("政府 {government:,}、業者 {own:,};報告:{reports}").format(
            government=fee.government.value, own=fee.self_funded.value, reports=_("、").join(fee.reports)
        )
        rows.append([_("輔導費用"), words, fee.government.confidence, fee.government.source])
    return rows


_MOMENTS = {"signing": N_("簽約"), "interim": N_("期中"), "final": N_("期末"), "progress": N_("依進度")}
_GUARANTEES = {"none": N_("未附履約保證"), "partial": N_("附部分履約保證"), "full": N_("附全額履約保證")}
