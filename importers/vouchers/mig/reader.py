"""E-invoice XML of the Ministry of Finance (MIG 3.1 to 4.1, e-receipt 1.0): format `mig-xml`.

One message a file, or an InvoiceEnvelope of up to a thousand. Every message becomes one record, in the order
of the file; confirmations and number ranges become a warning. Nothing is fetched and no entity is expanded:
a file with a DOCTYPE is refused.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element as Element

from importers.records import ReadError
from importers.records import Reading
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.sources.source import decode
from importers.vouchers.mig.fields import local_name
from importers.vouchers.mig.messages import MESSAGES
from importers.vouchers.mig.messages import NO_VOUCHER
from importers.vouchers.mig.messages import SIGNS
from ledger.util.i18n import _

_NAMESPACES = ("urn:GEINV:", "urn:GERCP:")
_ENVELOPE = "InvoiceEnvelope"
_OURS = re.compile(
    rb"urn:GEINV:|urn:GERCP:|<(?:\w+:)?(?:" + "|".join([_ENVELOPE, *MESSAGES]).encode() + rb")[\s>]"
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UTF16 = (b"\xff\xfe<\x00", b"\xfe\xff\x00<")
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
)


def read(source: Source) -> Reading | None:
    """The records of the messages in `source`, or None where it is no MIG file.

    Raises ReadError where the XML is broken, has a DOCTYPE, or a message lacks its number, date or amounts.
    """
    if source.kind != "xml" and not source.data.startswith(_UTF16):
        return None
    warnings: list[str] = []
    parsed = _parse(source.data, warnings)
    if parsed is None:
        return None
    root, encoding = parsed
    messages = _messages(root)
    if not messages:
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError(_("XML 含 DOCTYPE 宣告,拒絕讀取"))
    _check_packs(root, warnings)
    records = _records(messages, warnings)
    return Reading(source.name, "mig-xml", encoding, records=tuple(records), warnings=tuple(warnings))


def _parse(data: bytes, warnings: list[str]) -> tuple[Element, str] | None:
    """The root element and the encoding; None where the bytes are no XML and do not look like ours."""
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        if recoded := _parse_recoded(data):
            warnings.append(_("XML 宣告的編碼與內容不符,已改以內容判斷"))
            return recoded
        if _OURS.search(data[:4096]):
            raise ReadError(_("XML 不完整或格式錯誤(第 {line} 行)").format(line=error.lineno)) from error
        return None
    return root, (root.getroottree().docinfo.encoding or "utf-8").lower()


def _parse_recoded(data: bytes) -> tuple[Element, str] | None:
    """The root and the true encoding of a file not written in the one it claims (cp950 called UTF-8)."""
    try:
        text, encoding = decode(data)
        return etree.fromstring(_DECLARATION.sub("", text).encode(), _PARSER), encoding
    except (ReadError, UnicodeError, etree.XMLSyntaxError):
        return None


def _messages(root: Element) -> list[Element]:
    """The messages: the root itself, or what an envelope or other wrapper holds; maybe none."""
    if _is_message(root):
        return [root]
    held = [message for child in root for message in (child, *child) if _is_message(message)]
    if not held and local_name(root) == _ENVELOPE:
        raise ReadError(_("InvoiceEnvelope 內沒有任何訊息"))
    return held


def _is_message(element: Element) -> bool:
    """Whether the element is a MIG message: by its namespace, or without one by the number it bears."""
    tag: str = element.tag
    name = tag.rpartition("}")[2]
    if name not in MESSAGES and name not in NO_VOUCHER:
        return False
    if tag[1:].startswith(_NAMESPACES):
        return True
    return _bears_number(element, SIGNS.get(name, (f"{name}Number",)))


def _bears_number(element: Element, path: tuple[str, ...]) -> bool:
    names = {local_name(child) for child in element}
    if len(path) == 1:
        return path[0] in names or any(name.endswith("Number") for name in names)
    inside = (local_name(part) for child in element if local_name(child) == path[0] for part in child)
    return path[-1] in names or path[-1] in inside


def _check_packs(root: Element, warnings: list[str]) -> None:
    """Tell of an envelope whose pack holds another number of messages than it says, or any that we do not know."""
    if local_name(root) != _ENVELOPE:
        return
    for pack in root:
        count = pack.get("count")
        if count is not None and count.strip() != str(len(pack)):
            warnings.append(
                _("InvoicePack 標示 {count} 筆,實有 {held} 筆").format(count=count[:12], held=len(pack))
            )
        unknown = [local_name(child) for child in pack if not _is_message(child)] if count is not None else []
        if unknown:
            warnings.append(_("InvoicePack 有不認得的訊息: {names}").format(names=" ".join(unknown[:5])))


def _records(messages: list[Element], warnings: list[str]) -> list[VoucherRecord]:
    records: list[VoucherRecord] = []
    for position, message in enumerate(messages, 1):
        name = local_name(message)
        if name in NO_VOUCHER:
            warnings.append(_("第 {position} 筆 {name} 不是憑證,略過").format(position=position, name=name))
            continue
        told: list[str] = []
        try:
            record = MESSAGES[name](message, told)
        except ReadError as error:
            raise ReadError(
                _("第 {position} 筆 {name}: {reason}").format(position=position, name=name, reason=error)
            ) from None
        warnings.extend(f"{record.number}: {text}" for text in told)
        records.append(record)
    return records
