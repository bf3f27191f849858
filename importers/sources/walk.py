"""Which files are to be read: folders walked, the system's own litter left out."""

from __future__ import annotations

from pathlib import Path

_JUNK_STARTS = ("~$", ".~lock", "._")  # of Office, LibreOffice, and macOS on disks of others
_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", ".ds_store", ".gitkeep", "icon\r"})


def files_in(paths: list[Path]) -> list[Path]:
    """The files that `paths` name, folders walked, in a stable order; the system's own litter left out.

    What is no regular file (a pipe, a link out of the folder) is there too, to be refused in words.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [
            file
            for file in inside
            if (file.is_symlink() or not file.is_dir() or not path.is_dir()) and not is_litter(file.name)
        ]
    return found


def is_litter(name: str) -> bool:
    """Whether a file is the system's own and nobody's paper."""
    return name.lower() in _JUNK_NAMES or name.startswith(_JUNK_STARTS)
