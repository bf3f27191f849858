"""`grant classify`: one question a doubtful voucher; what is decided is remembered."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal.output import command
from cli.terminal.output import date_type
from cli.terminal.output import fail
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import money
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from ledger.util.i18n import _

if TYPE_CHECKING:
    from importers.classification.decisions import Decision
    from importers.classification.decisions import Doubt
    from importers.classification.suggestions import Proposal

_SKIP, _QUIT = "s", "q"


@command("classify")
@click.argument("folder", metavar="CASE", type=path_type)
@option("--voucher", default="", help="要認定的憑證號碼(不逐筆詢問)")
@option("--category", default="", help="該憑證的會計科目(名稱或代號)")
@option("--note", default="", help="記在規則裡的說明")
@option("--date", "decided_on", type=date_type, help="記在規則裡的日期")
@option(
    "--learn-from",
    "others",
    multiple=True,
    metavar="CASE",
    type=path_type,
    help="也依同公司的其他案件推測(可重複;需安裝 grantledger[proposals])",
)
@option("--undo", "take_back", is_flag=True, help="取消最後一次認定(規則與入帳)")
@json_option
@language_option
def classify_command(
    folder: Path,
    *,
    voucher: str,
    category: str,
    note: str,
    decided_on: datetime.date | None,
    others: tuple[Path, ...],
    take_back: bool,
    as_json: bool,
) -> None:
    """逐筆認定科目不明的憑證;認定會記在 import.toml,下次匯入時自動套用。"""
    from importers.classification.decisions import decide
    from importers.classification.decisions import undo

    if bool(voucher) != bool(category):
        fail(_("--voucher 與 --category 要一起使用"))
    if take_back:
        _show(undo(folder), as_json=as_json, undone=True)
    elif voucher:
        decision = decide(folder, voucher, _category(category), note=note, date=decided_on)
        _show(decision, as_json=as_json)
    else:
        _ask_all(folder, note, decided_on, others, as_json=as_json)


def _category(name: str) -> str:
    from ledger.schemes.categories import CATEGORIES
    from ledger.schemes.categories import category_name
    from ledger.schemes.categories import category_named

    category = category_named(name)
    if category is None:
        known = _("、").join(category_name(each) for each in CATEGORIES)
        fail(_("沒有「{category}」這個科目;科目有:{known}").format(category=name, known=known))
    return category


def _ask_all(
    folder: Path, note: str, decided_on: datetime.date | None, others: tuple[Path, ...], *, as_json: bool
) -> None:
    """Ask about every doubtful voucher; with --json show them and ask nothing."""
    from importers.classification.decisions import decide
    from importers.classification.decisions import doubts
    from importers.classification.decisions import learn
    from importers.classification.decisions import load
    from importers.classification.decisions import with_proposal
    from importers.classification.suggestions import proposer_for
    from importers.config.rules import read_rules

    case = load(folder).case
    found = doubts(case, read_rules(folder))
    proposer = proposer_for(folder, case, others)
    if as_json:
        print_json([with_proposal(doubt, proposer).as_json() for doubt in found])
        return
    if not found:
        click.echo(_("沒有待認定的憑證。"))
    proposed: dict[tuple[str, str], str] = {}
    for number, doubt in enumerate(found, 1):
        alike = (doubt.voucher.seller or doubt.voucher.seller_name, doubt.item)
        asked = with_proposal(doubt, proposer)
        answer = _ask(asked, proposed.get(alike, doubt.proposed), f"{number}/{len(found)}")
        if answer == _QUIT:
            return
        if answer != _SKIP:
            _show(decide(folder, doubt.voucher.number, answer, note=note, date=decided_on), as_json=False)
            proposed[alike] = answer
            learn(proposer, doubt, answer)


def _ask(doubt: Doubt, proposed: str, place: str) -> str:
    """One question: the category's id, `s` (skip) or `q` (quit); the end of the input quits."""
    from ledger.schemes.categories import category_name

    voucher = doubt.voucher
    click.echo(
        _("[{place}] 憑證 {number} {date} {seller},品名「{item}」,未稅 {net} 元").format(
            place=place,
            number=voucher.number,
            date=voucher.date,
            seller=voucher.seller_name or voucher.seller,
            item=doubt.item,
            net=money(voucher.booked_cost),
        )
    )
    if doubt.is_code:
        click.echo(_("  「{item}」只是代號或簡稱:不論歸到哪一科目,仍會列為查核疑點").format(item=doubt.item))
    if not doubt.is_open:
        click.echo(_("  這筆的月份已月結:只記成規則,不改帳"))
    for near in doubt.near:
        click.echo(
            _("  相近的核定品項:「{name}」({category}),差 {count} 字").format(
                name=near.name, category=category_name(near.category), count=near.distance
            )
        )
    learned = doubt.learned.category if doubt.learned else ""
    if doubt.learned:
        click.echo(_learned_words(doubt.learned))
    choices = {str(number): category for number, category in enumerate(doubt.categories, 1)}
    for key, category in choices.items():
        click.echo(f"  {key} {category_name(category)}")
    click.echo(_("  s 略過  q 結束"))
    default = next((key for key, category in choices.items() if category == (proposed or learned)), _SKIP)
    kinds = click.Choice([*choices, _SKIP, _QUIT])
    try:
        answer = str(click.prompt(_("科目"), type=kinds, default=default, show_choices=False))
    except click.Abort:
        click.echo()
        return _QUIT
    return choices.get(answer, answer)


def _learned_words(learned: Proposal) -> str:
    """What past books suggest, and by which past purchase."""
    from ledger.schemes.categories import category_name

    like = learned.like
    told = _("  依過去帳務推測:{category}(把握 {score}/100),因為 {number}「{item}」是這個科目").format(
        category=category_name(learned.category), score=learned.score, number=like.number, item=like.item
    )
    if learned.same_seller:
        told += _(",同一賣方")
    return told + (_("(案件 {case})").format(case=like.case) if like.case else "")


def _show(decision: Decision, *, as_json: bool, undone: bool = False) -> None:
    from ledger.schemes.categories import category_name

    if as_json:
        print_json(decision.as_json() | {"undone": undone})
        return
    if undone:
        told = _("已取消:憑證 {number} 不再歸到「{category}」")
    elif decision.rebooked:
        told = _("憑證 {number} 已歸到「{category}」,規則已記在 import.toml")
    else:
        told = _("規則已記在 import.toml;憑證 {number} 的月份已月結,沒有改帳(科目「{category}」)")
    category = category_name(decision.rule.category)
    click.echo(told.format(number=decision.number, category=category))
    if not undone and not decision.is_approved:
        click.echo(
            _(
                "  「{item}」不是核定品項,查核仍會指出;指定核定品項請用 grant correct CASE {number} --set item=核定品名 --reason 理由"
            ).format(item=decision.rule.item, number=decision.number)
        )
