"""Lines of VAT media files."""

from __future__ import annotations


def line(
    code: str = "25",
    month: str = "11207",
    *,
    buyer: str = "04595257",
    seller: str = "12345675",
    number: str = "AB12345678",
    net: int = 100000,
    kind: str = "1",
    tax: int = 5000,
    deduction: str = "1",
    mark: str = " ",
) -> str:
    record = (
        f"{code}{'123456789'}{'0000001'}{month}{buyer:8}{seller:8}{number:10}{net:012}{kind}{tax:010}"
        f"{deduction:1}{'':5}{'':1}{mark:1}{'':1}"
    )
    assert len(record) == 81
    return record
