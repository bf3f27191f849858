"""Bytes as they were once seen, told by their digest and length: whether a file still begins with them.

Text that is only added to keeps what was seen of it.
"""

from __future__ import annotations

import hashlib

_DIGITS = 32


def mark_of(content: bytes | memoryview) -> str:
    """The mark of bytes as they are now: `digest:length`."""
    return f"{hashlib.sha256(content).hexdigest()[:_DIGITS]}:{len(content)}"


def seen_of(content: bytes, mark: str) -> int | None:
    """How many bytes the mark was made of, where `content` begins with these; None where it does not."""
    length = mark.rpartition(":")[2]
    if not length.isascii() or not length.isdigit() or len(length) > len(str(len(content))):
        return None
    begins = memoryview(content)[: int(length)]
    return len(begins) if mark_of(begins) == mark else None
