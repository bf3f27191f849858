"""Where the manual is: its pages are served by the server that serves the case."""

from __future__ import annotations

from urllib.parse import quote

PLACE = "/grant/manual/"


def anchor_of(heading: str) -> str:
    """The id of a section: its heading, white space out."""
    return "".join(heading.split())


def manual(page: str, section: str = "") -> str:
    """The address of a page of the manual (`accountant`), or of a section of it by its heading."""
    return f"{PLACE}{page}" + (f"#{quote(anchor_of(section))}" if section else "")
