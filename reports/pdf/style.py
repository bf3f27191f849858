"""How the pages look: the workbook's own styles as CSS."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook

_FONTS = '"Microsoft JhengHei","微軟正黑體","PingFang TC","Noto Sans CJK TC",sans-serif'
_BASE = 10


def page_css(stamp: str) -> str:
    """A4 both ways, the stamp and the page's number at the foot of each page."""
    said = stamp.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("<", "")
    return (
        "@page{size:A4;margin:12mm 10mm 15mm}"
        "@page landscape{size:A4 landscape}"
        f'@page{{@bottom-left{{content:"{said}";font:6.5pt {_FONTS};color:#555}}'
        f'@bottom-right{{content:counter(page) " / " counter(pages);font:8pt {_FONTS}}}}}'
        f"body{{font-family:{_FONTS};margin:0;font-variant-numeric:tabular-nums}}"
        "section{break-before:page;bookmark-level:1;bookmark-label:attr(title)}"
        "section:first-child{break-before:auto}"
        "section.landscape{page:landscape}"
        "table{border-collapse:collapse;table-layout:fixed;width:100%}"
        "td{padding:.18em .35em;overflow-wrap:anywhere;white-space:pre-wrap;line-height:1.25;height:1.35em}"
        "tr{break-inside:avoid}td.sign{height:5em}"
        "a{color:#1f4e79;text-decoration:none}svg{display:block;width:100%;height:76mm;margin-top:3mm}"
    )


def style_css(workbook: Workbook) -> str:
    """One class a named style of ours: `grant amount` is `.amount`."""
    named: Any = workbook._named_styles  # type: ignore[attr-defined]  # noqa: SLF001 -- no public way to them
    return "".join(
        f"td.{css_class(style.name)}{{{_rules(style)}}}" for style in named if style.name.startswith("grant ")
    )


def css_class(style: str) -> str:
    """The class of a named style."""
    return style.removeprefix("grant ")


def _rules(style: Any) -> str:
    alignment, font = style.alignment, style.font
    rules = [
        f"text-align:{alignment.horizontal or 'left'}",
        f"vertical-align:{_vertical(alignment.vertical)}",
    ]
    if font.sz != _BASE:
        rules.append(f"font-size:{int(font.sz) * 10}%")
    if font.b:
        rules.append("font-weight:bold")
    if style.border.left is not None and style.border.left.style:
        rules.append("border:.5pt solid #8c8c8c")
    if style.fill.fill_type == "solid":
        rules.append(f"background:#{style.fill.fgColor.rgb[2:]}")
    return ";".join(rules)


def _vertical(vertical: str | None) -> str:
    return {"center": "middle", "top": "top"}.get(vertical or "", "middle")
