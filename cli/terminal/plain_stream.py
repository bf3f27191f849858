"""What a terminal is told: text, and of what steers it only the styles that our own output has.

Names of files, narrations and messages about them are a stranger's. A terminal obeys control sequences in them: one
moves up a line and writes "no errors" over what was found, another names the window, a third hides what follows.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
from typing import Any
from typing import TextIO
from typing import cast

# Our styles (plain, bold, dim, slanted), line ends and tabs stay.
_STEERING = re.compile(r"(\x1b\[(?:[0-3](?:;[0-3])*)?m|\r\n)|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """The text with what would steer a terminal written out by its code, which inside JSON is the same string."""
    if text.isprintable():
        return text
    return _STEERING.sub(lambda found: found[1] or f"\\u{ord(found[0]):04x}", text)


class _PlainStream:
    """A text stream that writes plain text; all else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write it; gives its length, as a stream does."""
        self._stream.write(plain(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def plain_output() -> Iterator[None]:
    """Write plain text to standard output while the block runs."""
    before = sys.stdout
    if isinstance(before, _PlainStream):
        yield
        return
    sys.stdout = cast("TextIO", _PlainStream(before))
    try:
        yield
    finally:
        sys.stdout = before
