"""A small case folder that the operations are tried on: one company, two categories, vouchers of two months."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

from ledger.case.case import Case
from ledger.files.writer import CaseWriter
from ledger.loading.loader import load_case
from ledger.operations.apply import apply
from ledger.operations.edit import Context
from ledger.operations.edit import Planned

MAIN = """option "title" "試作案"
option "operating_currency" "TWD"
option "tolerance_multiplier" "0"
option "documents" "documents"

plugin "checks"

include "award.beancount"
include "audit.beancount"
include "books/*.beancount"
"""

AWARD = """2023-06-01 custom "grant-award" "112-試作-0001"
  scheme: "small-manufacturer-112"
  company: "試作精密股份有限公司"
  ubn: "12345675"
  title: "試作計畫"
  start: 2023-06-01
  end: 2024-05-31
  guarantee: "none"

2023-06-01 custom "grant-budget" "consumables" 100000 TWD 110000 TWD

2023-06-01 custom "grant-budget" "equipment" 200000 TWD 220000 TWD

2023-06-01 custom "grant-item" "consumables" "試作軸承" 60000 TWD 66000 TWD
  quantity: 10
  unit: "個"

2023-06-01 custom "grant-item" "consumables" "試作油封" 40000 TWD 44000 TWD

2023-06-01 custom "grant-item" "equipment" "試作量測機" 200000 TWD 220000 TWD

2023-06-01 custom "grant-account" "100200300400"
  role: "dedicated"
  bank: "試作銀行"

2020-01-01 open Assets:1專戶:1政府補助款 TWD
2020-01-01 open Assets:1專戶:2業者自籌款 TWD
2020-01-01 open Assets:2進項稅額 TWD
2020-01-01 open Liabilities:1應付帳款 TWD
2020-01-01 open Liabilities:3預收補助款 TWD
2020-01-01 open Equity:1業者投入 TWD
2020-01-01 open Expenses:1政府補助款:01消耗性器材及原材料費 TWD
2020-01-01 open Expenses:2業者自籌款:01消耗性器材及原材料費 TWD
2020-01-01 open Expenses:9不予認列:01消耗性器材及原材料費 TWD
2020-01-01 open Expenses:1政府補助款:02全新設備之購置費 TWD
2020-01-01 open Expenses:2業者自籌款:02全新設備之購置費 TWD
2020-01-01 open Expenses:9不予認列:02全新設備之購置費 TWD
"""

JUNE = """; 112/06

2023-06-10 * "試作軸承行" "試作軸承" ^AB10000001
  voucher: "invoice"
  number: "AB10000001"
  voucher-date: 2023-06-10
  seller: "12345675"
  buyer: "12345675"
  net: 10001 TWD
  tax: 500 TWD
  item: "試作軸承"
  quantity: 2
  import-id: "invoice:11206:AB10000001"
  Expenses:1政府補助款:01消耗性器材及原材料費   4762 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費   5239 TWD
  Assets:2進項稅額                               500 TWD
  Liabilities:1應付帳款                       -10501 TWD

2023-06-20 * "試作軸承行" "網銀轉帳" ^AB10000001
  import-id: "bank:900800700600:2023-06-20:1"
  Liabilities:1應付帳款   10501 TWD
  Equity:1業者投入       -10501 TWD

"""

JULY = """; 112/07

2023-07-05 * "試作軸承行" "試作油封" ^AB10000002
  voucher: "invoice"
  number: "AB10000002"
  voucher-date: 2023-07-05
  seller: "12345675"
  buyer: "12345675"
  net: 10001 TWD
  tax: 500 TWD
  item: "試作油封"
  import-id: "invoice:11208:AB10000002"
  Expenses:1政府補助款:01消耗性器材及原材料費   4762 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費   5239 TWD
  Assets:2進項稅額                               500 TWD
  Liabilities:1應付帳款                       -10501 TWD

2023-07-08 * "試作儀器行" "試作量測機" ^AB10000003
  voucher: "invoice"
  number: "AB10000003"
  voucher-date: 2023-07-08
  seller: "12345675"
  buyer: "12345675"
  net: 50000 TWD
  tax: 2500 TWD
  item: "試作量測機"
  import-id: "invoice:11208:AB10000003"
  Expenses:1政府補助款:02全新設備之購置費   23809 TWD
  Expenses:2業者自籌款:02全新設備之購置費   26191 TWD
  Assets:2進項稅額                           2500 TWD
  Liabilities:1應付帳款                    -52500 TWD

2023-07-20 * "" "付款 AB10000003" ^AB10000003
  import-id: "paid:invoice:11208:AB10000003"
  Liabilities:1應付帳款   52500 TWD
  Equity:1業者投入       -52500 TWD

"""

JUNE_CLOSED = '2023-06-30 custom "grant-close" "2023-06"\n  entitlement: 4762 TWD\n  withdrawable: 0 TWD\n\n'

BEARING, SEAL, GAUGE = "AB10000001", "AB10000002", "AB10000003"
REASON = "試作理由"


def make_case(folder: Path, *, june_closed: bool = False) -> Path:
    """The case in a folder; with `june_closed` its first month is closed."""
    for name in ("books", "documents", "inbox"):
        (folder / name).mkdir(parents=True)
    texts = {
        "main.beancount": MAIN,
        "award.beancount": AWARD,
        "audit.beancount": "; 查核\n",
        "books/2023-06.beancount": JUNE + (JUNE_CLOSED if june_closed else ""),
        "books/2023-07.beancount": JULY,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of the case but its history and its lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".git", ".grant"} & set(path.relative_to(folder).parts)
    }


def read(folder: Path) -> Case:
    """The case as it stands; its books have no error."""
    loaded = load_case(folder, datetime.date.max)
    assert loaded.errors == []
    return loaded.case


def do(folder: Path, plan: Callable[[Context], Planned], *, reopen: datetime.date | None = None) -> Planned:
    """Plan an operation on a case and write it."""
    with CaseWriter(folder) as writer:
        planned = plan(context_of(folder, writer, reopen))
        apply(writer, planned)
    return planned


def context_of(folder: Path, writer: CaseWriter, reopen: datetime.date | None = None) -> Context:
    """What operations on the case are planned on."""
    return Context(load_case(folder, datetime.date.max), writer.text, None, reopen)


def shares(case: Case) -> dict[str, int]:
    """The government's part of each voucher as booked, by number; what takes back is summed with it."""
    found: dict[str, int] = {}
    for voucher in case.vouchers:
        found[voucher.number] = found.get(voucher.number, 0) + voucher.government
    return found
