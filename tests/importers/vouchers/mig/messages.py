"""Messages of the e-invoice standard, as texts."""

from __future__ import annotations

MAIN = (
    "<Main><InvoiceNumber>AB12345678</InvoiceNumber><InvoiceDate>20230712</InvoiceDate>"
    "<InvoiceTime>10:15:00</InvoiceTime>"
    "<Seller><Identifier>12345675</Identifier><Name>精密機械股份有限公司</Name></Seller>"
    "<Buyer><Identifier>04595257</Identifier><Name>範例研發股份有限公司</Name></Buyer>"
    "<BuyerRemark>1</BuyerRemark><InvoiceType>07</InvoiceType></Main>"
)


ITEM = (
    "<ProductItem><Description>主軸冷卻模組</Description><Quantity>2</Quantity><Unit>組</Unit>"
    "<UnitPrice>50000</UnitPrice><Amount>{amount}</Amount><SequenceNumber>1</SequenceNumber></ProductItem>"
)


FLAT_MAIN = (
    "<Main><InvoiceNumber>AB12345678</InvoiceNumber><InvoiceDate>20230712</InvoiceDate>"
    "<CurrentStatus>1</CurrentStatus><SellerId>12345675</SellerId><SellerName>精密機械股份有限公司</SellerName>"
    "<BuyerId>04595257</BuyerId></Main>"
)


ALLOWANCE_MAIN = (
    "<Main><AllowanceNumber>AL001</AllowanceNumber><AllowanceDate>20230820</AllowanceDate>"
    "<Seller><Identifier>12345675</Identifier><Name>精密</Name></Seller>"
    "<Buyer><Identifier>04595257</Identifier></Buyer><AllowanceType>2</AllowanceType></Main>"
)


def totals(sales: str = "100000", tax: str = "5000", total: str = "105000", free: str = "0") -> str:
    return (
        f"<Amount><FreeTaxSalesAmount>{free}</FreeTaxSalesAmount><ZeroTaxSalesAmount>0</ZeroTaxSalesAmount>"
        f"<TaxType>1</TaxType><TaxRate>0.05</TaxRate><SalesAmount>{sales}</SalesAmount>"
        f"<TaxAmount>{tax}</TaxAmount><TotalAmount>{total}</TotalAmount></Amount>"
    )


def details(amount: str = "100000") -> str:
    return f"<Details>{ITEM.format(amount=amount)}</Details>"


def original(number: str, net: int, tax: int, name: str = "主軸冷卻模組") -> str:
    return (
        f"<ProductItem><OriginalInvoiceDate>20230712</OriginalInvoiceDate>"
        f"<OriginalInvoiceNumber>{number}</OriginalInvoiceNumber><OriginalDescription>{name}</OriginalDescription>"
        f"<Quantity>1</Quantity><Amount>{net}</Amount><Tax>{tax}</Tax></ProductItem>"
    )


def message(root: str, code: str, body: str, version: str = "4.1") -> str:
    family = "GERCP:eReceiptMessage" if code[0] in "RS" else "GEINV:eInvoiceMessage"
    return f'<{root} xmlns="urn:{family}:{code}:{version}">{body}</{root}>'


INVOICE = MAIN + details() + totals()


def envelope(count: int, *messages: str) -> str:
    return (
        '<InvoiceEnvelope xmlns="urn:GEINV:InvoiceEnvelope:4.1"><From><PartyId>1</PartyId></From>'
        f'<InvoicePack messageType="F0401" count="{count}" version="4.1">{"".join(messages)}</InvoicePack>'
        "</InvoiceEnvelope>"
    )
