"""From bytes to text in the encodings that Taiwanese programs write."""

from __future__ import annotations

_ENCODINGS = ("utf-8-sig", "cp950", "big5hkscs")
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decode(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding, by trial: UTF-8 (with or without mark), cp950, Big5-HKSCS, UTF-16.

    Raises ValueError where none fits: a guessed character in a name or an amount is worse than none.
    """
    if data[:2] in _UTF16:
        return data.decode("utf-16"), "utf-16"
    if (
        len(data) > 1 and not len(data) % 2 and data[0] and not data[1]
    ):  # a first ASCII letter in two bytes, unmarked
        return data.decode("utf-16-le"), "utf-16"
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        marked = encoding == "utf-8-sig" and not data.startswith(b"\xef\xbb\xbf")
        return text, "utf-8" if marked else encoding
    raise ValueError(data[:20])
