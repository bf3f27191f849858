"""Bytes as they were once seen, told by their digest and length: whether a file still begins with them.

Text that is only added to keeps what was seen of it.
"""

from __future__ import annotations

import hashlib

_DIGITS = 32


def mark_of(content: bytes) -> str:
    """The mark of bytes as they are now: `digest:length`."""
    return f"{hashlib.sha256(content).hexdigest()[:_DIGITS]}:{len(content)}"


def beginning(content: bytes, mark: str) -> bytes | None:
    """What `content` begins with, where that is what the mark was made of; None where it is not."""
    length = mark.rpartition(":")[2]
    if not length.isascii() or not length.isdigit() or len(length) > len(str(len(content))):
        return None
    begins = content[: int(length)]
    return begins if mark_of(begins) == mark else None
