"""Persons' names and pay left out of a bundle: each name becomes the same stand-in everywhere, pay is not told.

Left out are the entries of payroll and what pays them, the planned salaries, the papers of payroll and the statements
that its payments were read from, and every other file in which a name still stands. A paper that is no text cannot be
looked through: it stays only where a voucher that is no payroll names it. Of what else lies in the folder, nothing.
"""

from __future__ import annotations

import functools
import io
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping

from ledger.case.case import Case
from ledger.model.identifiers import voucher_link
from ledger.util.i18n import _
from ledger.util.zip_errors import BROKEN_ZIP

_BOOK = ".beancount"
_BLOCK = re.compile(r"(?m)^(?=\d{4}[-/]\d)")
_PAY = re.compile(r"(?m)^[ \t]+(salary|hours|total-hours|month-hours|earned):.*\n")
_KEPT = ("documents/", "schemes/")
_MOST_UNPACKED = 50_000_000
_DEEPEST = 4  # packed in one another
_WIDE = 0xFEE0  # from a letter of ASCII to its full width
_BY_NUMBER = re.compile(
    r"\\u(?P<json>[0-9a-fA-F]{4})|&#(?:[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<decimal>[0-9]{1,7}));"
)
_SUMS = "SHA256SUMS"


def masked_files(case: Case, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a case as they may be shown to who must not see persons' names and pay."""
    stand_ins = _stand_ins(case)
    links = {voucher_link(each.number) for each in case.vouchers if each.kind == "payroll"} - {""}
    papers, own = _payroll_papers(case), _voucher_papers(case)
    kept: dict[str, bytes] = {}
    for name, content in files.items():
        if name.endswith(_BOOK):
            kept[_replaced(name, stand_ins)] = _masked_book(content, stand_ins, links).encode()
        elif name.startswith(_KEPT) and name.rpartition("/")[2] not in {*papers, _SUMS}:
            is_seen = _is_text(content) or name.rpartition("/")[2] in own
            if is_seen and not _holds(name, content, stand_ins):
                kept[name] = content
    return dict(sorted(kept.items())) | _sums(files, kept)


def _stand_ins(case: Case) -> dict[str, str]:
    """A stand-in for each person of the award and of payroll, the longest name first."""
    names = {person.name for person in case.award.persons} if case.award else set()
    names |= {each.seller_name for each in case.vouchers if each.kind == "payroll"}
    names |= {str(each.meta("person") or "") for each in case.vouchers}
    known = {
        name: _("人員{number:02}").format(number=place) for place, name in enumerate(sorted(names - {""}), 1)
    }
    return dict(sorted(known.items(), key=lambda pair: -len(pair[0])))


def _payroll_papers(case: Case) -> set[str]:
    """The names of the papers of payroll, and of the files that it and its payments were read from."""
    found: set[str] = set()
    links = {each.link for each in case.vouchers if each.kind == "payroll"}
    for payment in case.payments:
        if payment.link in links:
            found.update(_sources(case, str(payment.entry.meta.get("source") or "")))
    for each in case.vouchers:
        if each.kind == "payroll":
            found.update(path.name for path in case.voucher_papers.paths(each))
            found.update(name.rpartition("/")[2] for name in each.documents)
            found.update(case.voucher_papers.sources(each))
    return found


def _sources(case: Case, source: str) -> set[str]:
    """The filed names of the files that an entry was read from."""
    named = {name for name in source.split("; ") if name}
    return named | {name for name in case.voucher_papers.filed if {name, name.partition(".")[2]} & named}


def _voucher_papers(case: Case) -> set[str]:
    """The names of the papers of all vouchers that are no payroll."""
    kept = [each for each in case.vouchers if each.kind != "payroll"]
    return {name.rpartition("/")[2] for each in kept for name in each.documents}


def _is_text(content: bytes) -> bool:
    for code in ("utf-8", "cp950"):
        try:
            return "\x00" not in content.decode(code)
        except UnicodeDecodeError:
            continue
    return False


def _masked_book(content: bytes, stand_ins: Mapping[str, str], links: Iterable[str]) -> str:
    """A book without what payroll booked and paid, and without any name."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    marks = {f"^{link}" for link in links}
    kept, left_out = [], 0
    for block in _BLOCK.split(text):
        is_entry = re.match(r"\d{4}[-/]\d+[-/]\d+[ \t]+([*!]|txn)", block) is not None
        is_pay = is_entry and (
            'voucher: "payroll"' in block
            or any(_spellings(name).search(block) for name in stand_ins)
            or bool(marks & set(re.findall(r"\^\S+", block)))
        )
        left_out += is_pay
        if not is_pay:
            kept.append(_PAY.sub("", _replaced(block, stand_ins)))
    note = _("; 人事憑證及其付款 {count} 筆已遮蔽").format(count=left_out) + "\n" if left_out else ""
    return "".join(kept) + note


def _replaced(text: str, stand_ins: Mapping[str, str]) -> str:
    for name, other in stand_ins.items():
        text = _spellings(name).sub(lambda _found, other=other: other, text)  # type: ignore[misc]
    return text


@functools.lru_cache(maxsize=4096)
def _spellings(name: str) -> re.Pattern[str]:
    """A name however it is set: 王大明, 王 大 明 and full width, in any case; an accent with its letter or behind it."""
    letters = [letter for letter in unicodedata.normalize("NFKC", name) if not letter.isspace()]
    spelled = r"[\s\u200b-\u200d\u2060\ufeff]*".join(map(_forms, letters))
    before = "(?<![A-Za-z0-9])" if letters[:1] and letters[0].isascii() else ""  # Lee is not in fleet
    after = "(?![A-Za-z0-9])" if letters and letters[-1].isascii() else ""
    return re.compile(f"{re.escape(name)}|{before}(?i:{spelled}){after}")


def _forms(letter: str) -> str:
    """A letter in the forms that a text may hold."""
    wide = chr(ord(letter) + _WIDE) if "!" <= letter <= "~" else letter
    forms = {letter, wide, unicodedata.normalize("NFD", letter)}
    return f"(?:{'|'.join(map(re.escape, sorted(forms)))})"


def _holds(name: str, content: bytes, stand_ins: Mapping[str, str], depth: int = 0) -> bool:
    """Whether a name stands in a file, in what it packs, or in what it is called."""
    if content.startswith(b"PK"):
        return depth >= _DEEPEST or _unpacked_holds(content, stand_ins, depth + 1)
    texts = [name, *_texts(content)]
    return any(_spellings(person).search(text) for person in stand_ins for text in texts)


def _texts(content: bytes) -> Iterator[str]:
    """What a file's bytes may say: in each coding, and with the letters of XML and JSON that are written by their number."""
    for code in ("utf-8", "cp950", "utf-16-le", "utf-16-be"):
        text = content.decode(code, "ignore")
        yield text
        if _BY_NUMBER.search(text):
            yield _BY_NUMBER.sub(_letter, text)


def _letter(found: re.Match[str]) -> str:
    number = int(found["json"] or found["hex"] or "0", 16) or int(found["decimal"] or "0")
    return chr(number) if 0 < number <= sys.maxunicode else ""


def _unpacked_holds(content: bytes, stand_ins: Mapping[str, str], depth: int) -> bool:
    """Whether a name stands in a packed file (a workbook, a document); what cannot be looked into may hold one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            if sum(member.file_size for member in file.infolist()) > _MOST_UNPACKED:
                return True
            return any(_holds(name, file.read(name), stand_ins, depth) for name in file.namelist())
    except BROKEN_ZIP:
        return True


def _sums(files: Mapping[str, bytes], kept: Mapping[str, bytes]) -> dict[str, bytes]:
    """The lists of checksums, with the lines of the papers that are there."""
    found = {}
    for name, content in files.items():
        folder, _slash, last = name.rpartition("/")
        if last == _SUMS:
            lines = content.decode("utf-8", "replace").splitlines(keepends=True)
            there = [line for line in lines if f"{folder}/{line[64:].strip().lstrip('*')}" in kept]
            found[name] = "".join(there).encode()
    return found
