"""How long the pages take on a case of 1,000 vouchers, beside Fava's own journal: `python -m tests.audit.bench [N]`."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fava.application import create_app
from fava.core import FavaLedger

from tests.audit.house import MAIN
from tests.audit.house import make_case
from tests.bench.timing import Held

EXTENSION = '2023-06-01 custom "fava-extension" "audit.fava"\n'
VOUCHER = """
2023-{month:02}-{day:02} * "廠商{seller}股份有限公司" "五軸加工機主軸冷卻模組" ^{number}
  voucher: "invoice"
  number: "{number}"
  voucher-date: 2023-{month:02}-{day:02}
  seller: "40953019"
  buyer: "11688527"
  net: {net} TWD
  tax: {tax} TWD
  item: "五軸加工機主軸冷卻模組"
  quantity: 1
  import-id: "mig:{number}"
  Expenses:1政府補助款:03既有設備之改善費   {half} TWD
  Expenses:2業者自籌款:03既有設備之改善費   {rest} TWD
  Assets:2進項稅額          {tax} TWD
  Liabilities:1應付帳款    -{gross} TWD

2023-{month:02}-{day:02} * "廠商{seller}股份有限公司" "付款" ^{number}
  Liabilities:1應付帳款     {gross} TWD
  Equity:1業者投入         -{gross} TWD
"""
LOAD = 1.15  # with the extension, of Fava's own
FIRST, AGAIN = 1.0, 0.25  # a page when it is first opened and afterwards, of Fava's journal
FIRST_TIMES = 3  # loadings, of which the quickest page counts, as for all else
TABS = ("overview", "account", "vouchers", "checks", "audit", "sample", "trial")


def books(count: int) -> str:
    """That many vouchers with their payments."""
    text = []
    for place in range(count):
        net = 100 + place % 97
        tax, half = net // 20, net // 2
        text.append(
            VOUCHER.format(
                month=6 + place % 4,
                day=1 + place % 28,
                seller=place % 40,
                number=f"AB{10_000_000 + place}",
                net=net,
                tax=tax,
                half=half,
                rest=net - half,
                gross=net + tax,
            )
        )
    return "".join(text)


def best(call: Callable[[], object], times: int = 5) -> float:
    """The best of some runs, in seconds of the processor."""
    found = []
    for _time in range(times):
        begun = time.process_time()
        call()
        found.append(time.process_time() - begun)
    return min(found)


def _first(folder: Path, address: str) -> float:
    """How long a page takes that is the first to be opened after the ledger was loaded, in seconds of the processor."""
    client = create_app([str(folder / "main.beancount")], load=True).test_client()
    begun = time.process_time()
    client.get(address)
    return time.process_time() - begun


def main(count: int) -> None:
    """Print the times and whether each limit is held; ends with 1 where one is not."""
    held = Held()
    with tempfile.TemporaryDirectory() as place:
        folder = make_case(Path(place) / "case", books(count))
        plain = folder / "plain.beancount"
        plain.write_text(MAIN.format(language="zh_Hant_TW").replace(EXTENSION, ""), encoding="utf-8")
        FavaLedger(str(folder / "main.beancount"))  # imports are paid once
        without = best(lambda: FavaLedger(str(plain)))
        loaded = best(lambda: FavaLedger(str(folder / "main.beancount")))
        held.told(
            "audit: loading with the extension / without", loaded / without, LOAD, f"{without:.3f} s without"
        )
        small = create_app(
            [str(make_case(Path(place) / "small") / "main.beancount")], load=True
        ).test_client()
        for tab in TABS:  # what the pages import is paid once, as what Fava imports is
            small.get(f"/case/extension/Audit/?tab={tab}")
        client = create_app([str(folder / "main.beancount")], load=True).test_client()

        def journal() -> None:
            client.get("/case/journal/")
            client.get("/case/api/journal_page?page=1&order=desc")

        stock = best(journal)
        for tab in TABS:
            address = f"/case/extension/Audit/?tab={tab}"
            first = min(_first(folder, address) for _time in range(FIRST_TIMES))
            client.get(address)
            size = len(client.get(f"{address}&partial=true").data)  # without what Fava says of the ledger
            again = best(lambda address=address: client.get(address))  # type: ignore[misc]
            shown = f"{first:.3f} s, {size // 1000} KB"
            held.told(f"audit page {tab}, first / Fava's journal", first / stock, FIRST, shown)
            held.told(f"audit page {tab}, again / Fava's journal", again / stock, AGAIN, f"{again:.3f} s")
    sys.exit(held.end())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
