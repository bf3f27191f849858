"""The words of the pages that the sheets do not have (those are in `reports.labels`)."""

from __future__ import annotations

from ledger.util.i18n import _
from reports.labels import finding_state


def state(name: str) -> str:
    """The state of an auditor's row; nothing filed is a state too."""
    return finding_state(name) if name else _("未查")


def moment(name: str) -> str:
    """When an instalment falls due."""
    names = {"signing": _("簽約"), "interim": _("期中"), "final": _("期末"), "progress": _("依進度")}
    return names.get(name, name)


def guarantee(name: str) -> str:
    """How much of the grant the company guarantees."""
    return {"none": _("無保證"), "partial": _("部分保證"), "full": _("全額保證")}.get(name, name)


def fund(name: str) -> str:
    """Who pays."""
    names = {"government": _("政府補助款"), "self": _("業者自籌款"), "disallowed": _("不予認列")}
    return names.get(name, name)


def filter_state(name: str) -> str:
    """What a filter on the auditor's rows is called: a state, or one of the other marks of a row."""
    names = {
        "none": _("未查"),
        "changed": _("簽核後異動"),
        "signed": _("已簽核"),
        "sampled": _("在樣本內"),
        "overdue": _("逾期未回覆"),
    }
    return names.get(name) or finding_state(name)


def paid(name: str) -> str:
    """Paid or not."""
    return {"yes": _("已付清"), "no": _("未付清")}.get(name, name)


def xml_field(name: str) -> str:
    """The name of a field of an e-invoice message (MIG), with its own name after it."""
    names = {
        "InvoiceNumber": _("發票號碼"),
        "InvoiceDate": _("發票日期"),
        "InvoiceTime": _("發票時間"),
        "InvoiceType": _("發票類別"),
        "Seller": _("賣方"),
        "Buyer": _("買方"),
        "Identifier": _("統一編號"),
        "Name": _("名稱"),
        "Description": _("品名"),
        "Quantity": _("數量"),
        "Unit": _("單位"),
        "UnitPrice": _("單價"),
        "Amount": _("金額"),
        "SalesAmount": _("應稅銷售額"),
        "FreeTaxSalesAmount": _("免稅銷售額"),
        "ZeroTaxSalesAmount": _("零稅率銷售額"),
        "TaxType": _("課稅別"),
        "TaxRate": _("稅率"),
        "TaxAmount": _("營業稅額"),
        "TotalAmount": _("總計"),
        "RandomNumber": _("防偽隨機碼"),
        "SequenceNumber": _("序號"),
        "MainRemark": _("總備註"),
    }
    said = names.get(name, name)
    is_same = said.replace(" ", "").casefold() == name.casefold()
    return said if is_same else f"{said} {name}"
