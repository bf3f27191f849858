"""The program of the process that opens workbooks and PDFs; started by `child.py` with its limits.

Run by its path and isolated: it reads jobs from its standard input and answers in frames, whose parts are plain
values. It imports a library only when the first file wants it.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import marshal
import os
import struct
import sys
from collections.abc import Iterator
from typing import IO
from typing import Any

FRAME = ">16sQ"  # what it is, and how many bytes follow

_AT_ONCE = 1000  # rows
_MOST_CELLS = 3_000_000
_MOST_SHOWN_ROWS, _MOST_SHOWN_COLUMNS = 300, 40  # of a sheet, on a page
_MOST_PICTURES = 60  # pages of one paper
_SCALE, _LONGEST_SIDE = 1.6, 2400  # pixels a point, and pixels


class ChildError(Exception):
    """The file cannot be taken: a code, and a detail."""


def main(root: str, memory: int, seconds: int) -> None:
    """Serve jobs until the input ends. `root` is where our packages are, `memory` bytes, `seconds` of processor time."""
    sys.path.insert(0, root)  # before any other copy of ours that is installed
    sys.modules["importers.sources.child_main"] = sys.modules[
        "__main__"
    ]  # one ChildError, however it is imported
    reader, writer = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    frame = struct.Struct(FRAME)
    baseline: dict[bytes, int] = {}  # what the process takes with a job's library loaded
    while header := reader.read(frame.size):
        name, length = frame.unpack(header)
        data = reader.read(length)
        job = _JOBS[name.rstrip(b"\0")]
        try:
            parts = job(data)
            baseline.setdefault(name, _memory_now())
            _set_memory(baseline[name] + memory)
            _set_seconds(seconds)
            for part in parts:
                _answer(writer, frame, b"part", part)
                _set_seconds(seconds)
            _answer(writer, frame, b"end", None)
        except ChildError as problem:
            _answer(writer, frame, b"problem", problem.args)
        except MemoryError:
            os._exit(1)
        except BaseException as error:  # noqa: BLE001 -- a panic of Rust is none of Exception
            _answer(writer, frame, b"problem", ("broken", f"{type(error).__name__} {error}"[:200]))


def _answer(writer: IO[bytes], frame: struct.Struct, kind: bytes, part: Any) -> None:
    content = marshal.dumps(part)
    writer.write(frame.pack(kind, len(content)) + content)
    writer.flush()


def _memory_now() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 -- no import for one line
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _set_memory(most: int) -> None:
    """Let the process take `most` bytes; on a system without such limits the clock remains."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _set_seconds(more: int) -> None:
    """Let the process use `more` seconds of the processor than it has used."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (int(used) + 1 + more, resource.RLIM_INFINITY))


def _workbook(data: bytes) -> Iterator[Any]:
    """The sheets: a name, then its rows in blocks, every cell as stripped text."""
    from python_calamine import CalamineWorkbook

    def parts() -> Iterator[Any]:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = 0
        for name in book.sheet_names:
            yield name
            rows = book.get_sheet_by_name(name).to_python()
            for start in range(0, len(rows), _AT_ONCE):
                block = [[cell_text(cell) for cell in row] for row in rows[start : start + _AT_ONCE]]
                cells += sum(map(len, block))
                if cells > _MOST_CELLS:
                    raise ChildError("cells", str(_MOST_CELLS))
                yield block

    return parts()


def cell_text(cell: object) -> str:
    """A cell as text; a number that is whole shows no decimals, a date is ISO."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _pdf(data: bytes) -> Iterator[Any]:
    """The pages of a PDF, each as plain values."""
    from importers.bank.pdf_pages import pages_of

    return pages_of(data)


def _formulas(data: bytes) -> Iterator[Any]:
    """Where a workbook has a formula and no value stored for it: sheet, row and column from 0, and the formula."""
    from openpyxl import load_workbook

    written = load_workbook(io.BytesIO(data), read_only=True)
    stored = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    rows, columns = _MOST_SHOWN_ROWS, _MOST_SHOWN_COLUMNS
    for place, (sheet, values) in enumerate(zip(written.worksheets, stored.worksheets, strict=True)):
        pairs = zip(
            sheet.iter_rows(max_row=rows, max_col=columns, values_only=True),
            values.iter_rows(max_row=rows, max_col=columns, values_only=True),
            strict=False,
        )
        for number, (formulas, results) in enumerate(pairs):
            for column, (formula, result) in enumerate(zip(formulas, results, strict=False)):
                if result is None and isinstance(formula, str) and formula.startswith("="):
                    yield place, number, column, formula


def _pictures(data: bytes) -> Iterator[Any]:
    """The pages of a PDF, or of a TIFF picture, each as a PNG."""
    if b"%PDF" in data[:1024]:
        import pypdfium2

        for page in itertools.islice(pypdfium2.PdfDocument(data), _MOST_PICTURES):
            width, height = page.get_size()
            yield _png(page.render(scale=min(_SCALE, _LONGEST_SIDE / max(width, height, 1))).to_pil())
        return
    from PIL import Image
    from PIL import ImageSequence

    for frame in itertools.islice(ImageSequence.Iterator(Image.open(io.BytesIO(data))), _MOST_PICTURES):
        frame.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        yield _png(frame.convert("RGB"))


def _png(picture: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


_JOBS = {b"workbook": _workbook, b"formulas": _formulas, b"pdf": _pdf, b"pictures": _pictures}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
