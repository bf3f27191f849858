"""Damages files the way disks, mails, editors and mean people do; the same seed damages the same way."""

from __future__ import annotations

import io
import random
import re
import zipfile

_BAD = (
    b"9" * 5000, b"-1", b"1e999", b"\xff\xff\xff\xff", b"\x00", b"(" * 200, b"[" * 3000, b"<table>" * 300, b'"', b",,",
    b"\r\n", b"\xe5", b"=1+1", b"../../x", b"&a;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"NaN", "，".encode(), b"\xa1\x40",
    b"colspan=99999999999", b"8,054.-",
)  # fmt: skip

_VALUE = re.compile(rb"[^\x00-\x1f,|;:=<>\"/ ]+")


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content with faults; half of the time those of an archive are inside one of its members.

    Half of all files have one small fault, which a reader may well read past; the others one to four of any kind.
    """
    if content.startswith(b"PK") and chance.random() < 0.5:
        return _inside(content, chance)
    result = bytearray(content)
    if chance.random() < 0.5:
        chance.choice(_SMALL)(result, chance)
        return bytes(result)
    for _time in range(chance.randint(1, 4)):
        chance.choice(_WAYS)(result, chance)
    return bytes(result)


def _inside(content: bytes, chance: random.Random) -> bytes:
    """An archive that is whole, one of its members damaged."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(members))
    members[name] = damaged(members[name], chance)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for each, held in members.items():
            archive.writestr(zipfile.ZipInfo(each), held)  # of a day that is always the same
    return buffer.getvalue()


def _place(result: bytearray, chance: random.Random) -> int:
    return chance.randrange(len(result) + 1)


def _flip(result: bytearray, chance: random.Random) -> None:
    if result:
        result[chance.randrange(len(result))] = chance.randrange(256)


def _cut(result: bytearray, chance: random.Random) -> None:
    start = _place(result, chance)
    del result[start : start + chance.choice((1, 2, 9, 100, 5000))]


def _end(result: bytearray, chance: random.Random) -> None:
    del result[_place(result, chance) :]


def _insert(result: bytearray, chance: random.Random) -> None:
    start = _place(result, chance)
    result[start:start] = chance.choice(_BAD)


def _repeat(result: bytearray, chance: random.Random) -> None:
    start = _place(result, chance)
    part = bytes(result[start : start + chance.choice((1, 10, 200))])
    result[start:start] = part * chance.choice((1, 3, 100))


def _number(result: bytearray, chance: random.Random) -> None:
    digits = [place for place, mark in enumerate(result) if 48 <= mark <= 57]
    if digits:
        start = chance.choice(digits)
        result[start : start + 1] = chance.choice(
            (b"99999999999999999999", b"-", b"0", b"", b".", b"9" * 400)
        )


def _value(result: bytearray, chance: random.Random) -> None:
    """Another value in the place of one: what stands between two marks of the format, which stay."""
    values = [found.span() for found in _VALUE.finditer(result)]
    if values:
        start, end = chance.choice(values)
        result[start:end] = chance.choice((*_BAD, bytes(result[slice(*chance.choice(values))])))


_WAYS = (_flip, _cut, _end, _insert, _repeat, _number, _value)
_SMALL = (_flip, _number, _value, _value)
