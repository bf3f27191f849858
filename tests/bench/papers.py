"""A year of invoices, as files."""

from __future__ import annotations

import datetime
import random

from tests.importers.makers import ITEMS
from tests.importers.makers import UBN

FILES, LINES, ROUNDS = 2_000, 50_000, 3


def message(number: int, day: datetime.date, item: str, supplier: str, net: int) -> str:
    """An invoice as the platform gives it."""
    tax = net // 20
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Invoice xmlns="urn:GEINV:eInvoiceMessage:F0401:4.1"><Main>'
        f"<InvoiceNumber>AB{number:08}</InvoiceNumber><InvoiceDate>{day:%Y%m%d}</InvoiceDate>"
        "<InvoiceTime>13:17:10</InvoiceTime>"
        f"<Seller><Identifier>27715140</Identifier><Name>{supplier}</Name><Address>臺南市</Address></Seller>"
        f"<Buyer><Identifier>{UBN}</Identifier><Name>信沛模具有限公司</Name></Buyer>"
        "<InvoiceType>07</InvoiceType><DonateMark>0</DonateMark><PrintMark>Y</PrintMark></Main><Details>"
        f"<ProductItem><Description>{item}</Description><Quantity>1</Quantity><Unit>台</Unit>"
        f"<UnitPrice>{net}</UnitPrice><TaxType>1</TaxType><Amount>{net}</Amount>"
        "<SequenceNumber>001</SequenceNumber></ProductItem></Details>"
        f"<Amount><SalesAmount>{net}</SalesAmount><FreeTaxSalesAmount>0</FreeTaxSalesAmount>"
        "<ZeroTaxSalesAmount>0</ZeroTaxSalesAmount><TaxType>1</TaxType><TaxRate>0.05</TaxRate>"
        f"<TaxAmount>{tax}</TaxAmount><TotalAmount>{net + tax}</TotalAmount></Amount></Invoice>"
    )


def papers() -> dict[str, str]:
    """The messages of 2,000 invoices over a year, by file name."""
    chance = random.Random(1)  # noqa: S311 -- the same files every time
    start = datetime.date(2023, 7, 1)
    made = {}
    for number in range(FILES):
        _category, item, supplier = ITEMS[number % len(ITEMS)]
        day = start + datetime.timedelta(days=chance.randrange(360))
        made[f"AB{number:08}.xml"] = message(number, day, item, supplier, chance.randrange(100, 900))
    return made
