"""The tabs of the page: which data each shows, by which template."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from markupsafe import Markup

from audit.case_view import View
from audit.elsewhere import Across
from audit.elsewhere import Find
from audit.filing.csrf import Gate
from audit.pages.account import account_page
from audit.pages.audit_rows import audit_rows_page
from audit.pages.checks import ChecksPage
from audit.pages.checks import checks_page
from audit.pages.overview.page import overview_page
from audit.pages.sample import sample_page
from audit.pages.source import source_page
from audit.pages.voucher import VoucherPage
from audit.pages.voucher import voucher_page
from audit.pages.vouchers import vouchers_page
from audit.pages.what_if import what_if_page
from audit.web.query import Query
from audit.web.render import Links
from audit.web.render import render
from ledger.util.i18n import _

_FILED = re.compile(
    r"[FS]-\d+(、[FS]-\d+)*"
)  # an address can be made by anybody: no other words are repeated


def tabs() -> dict[str, str]:
    """The tabs and their titles, in order."""
    return {
        "overview": _("總覽"),
        "account": _("專戶"),
        "vouchers": _("憑證"),
        "checks": _("檢查"),
        "audit": _("查核"),
        "sample": _("抽樣"),
        "trial": _("結案試算"),
    }


def purposes() -> dict[str, str]:
    """What each tab is for, in a sentence."""
    return {
        "overview": _("這家公司、計畫、預算與支用、上限與待辦,一頁看完。"),
        "account": _("專戶的每一筆收付,與各月可提領、已提領的金額。"),
        "vouchers": _("每一張憑證與它的單據並列,分攤寫成算式;在這裡登錄意見。"),
        "checks": _("程式查到的每一項:哪張憑證、多少錢、哪條規定、怎麼改。"),
        "audit": _("登錄過的查核意見、公司的回覆與複核的簽核。"),
        "sample": _("抽出要查的憑證:依亂數、金額或風險,種子記下,可以重抽出同一批。"),
        "trial": _("試算剔除或待補正某些憑證後,認列、尾款與繳庫會變多少。"),
    }


_PAGES: dict[str, Callable[[View, Query], object]] = {
    "overview": lambda view, _query: overview_page(view),
    "account": account_page,
    "vouchers": vouchers_page,
    "checks": checks_page,
    "audit": audit_rows_page,
    "sample": sample_page,
    "trial": what_if_page,
    "source": source_page,
}
_TEMPLATES = {"trial": "what_if.html"}  # the tab keeps its address of old


def show(
    view: View,
    query: Query,
    links: Links,
    gate: Gate,
    find: Find | None = None,
    across: Callable[[], Across] = Across,
) -> Markup:
    """The tab that the query asks for, or the voucher that it opens.

    `find` finds findings on like vouchers elsewhere, `across` tells what the other cases have against this one.
    """
    tab = query.text("tab") or "overview"
    template, page = _page(view, query, tab)
    filed = _filed(query.text("filed"))
    title = _title(tab, page)
    if find is not None and isinstance(page, VoucherPage):
        page = dataclasses.replace(page, elsewhere=list(find(page.voucher)))
    if isinstance(page, ChecksPage):
        page = dataclasses.replace(page, across=across())
    return render(
        template, links, page=page, view=view, tab=tab, tabs=tabs(), gate=gate, filed=filed, title=title,
        purpose=purposes().get(tab, ""),
    )  # fmt: skip


def _filed(told: str) -> str:
    """What was written, in words; empty where the address says none of ours."""
    if told == "claim":
        return _("已寫入 award.beancount:放行主張,待查核人員核定")
    return _("已寫入 audit.beancount:{ids}").format(ids=told) if _FILED.fullmatch(told) else ""


def _title(tab: str, page: object) -> str:
    """What the window is called: the tab, and the voucher that is open."""
    name = tabs().get(tab, _("查核"))
    if isinstance(page, VoucherPage):
        return f"{name} {page.voucher.number}".strip()
    return name


def _page(view: View, query: Query, tab: str) -> tuple[str, object]:
    if tab == "vouchers" and query.text("voucher"):
        opened = voucher_page(view, query)
        if opened is None:
            return "gone.html", query.text("voucher")
        return ("voucher_print.html" if query.text("print") else "voucher.html"), opened
    make = _PAGES.get(tab)
    if make is None:
        return "gone.html", tab
    page = make(view, query)
    return (_TEMPLATES.get(tab, f"{tab}.html"), page) if page is not None else ("gone.html", "")


def trouble(links: Links, error: str) -> Markup:
    """A page that says what went wrong."""
    return render("trouble.html", links, error=error, tabs=tabs(), tab="", title=_("查核"))
