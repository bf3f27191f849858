"""How the index grows with the cases, and what 100,000 would take: the table of docs/portfolio.md.

    python -m tests.bench.portfolio_growth [SIZE…]

Each step is a process of its own, so that its memory is its own. What a case costs is the slope of the line nearest to
what was measured at the sizes, and 100,000 cases are read off that line: a calculation, not a measurement.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from portfolio import FILE
from portfolio.cross_checks import cross_findings
from portfolio.index import reading
from portfolio.index import update_index
from portfolio.synthetic import make_portfolio
from tests.bench.portfolio import DAY
from tests.bench.portfolio import processor_seconds

SIZES = (100, 300, 1000)
VOUCHERS = 120
MANY = 100_000
_STEPS = ("cold", "unchanged", "check")
_ROWS = (
    ("帳本(位元組)", "books"),
    ("索引檔(位元組)", "index"),
    ("第一次建索引(處理器秒,全部程序合計)", "cold seconds"),
    ("沒有變動時再跑(處理器秒)", "unchanged seconds"),
    ("跨案比對(處理器秒)", "check seconds"),
    ("建索引時主程序的記憶體(MB)", "cold memory"),
    ("建索引時工作程序的記憶體(MB)", "cold worker"),
    ("跨案比對的記憶體(MB)", "check memory"),
)


def step(name: str, folder: Path) -> dict[str, float]:
    """Do one step in this process: seconds of the processor and the peak of the memory, MB."""
    if name == "check":
        with reading(folder) as connection:
            cross_findings(connection, folder)
    else:
        update_index(folder, day=DAY)
    return {
        "seconds": processor_seconds(),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "worker": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def measured(cases: int) -> dict[str, float]:
    """What so many cases took."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make_portfolio(folder, cases=cases, vouchers=VOUCHERS, seed=1)
        found: dict[str, float] = {
            "books": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        }
        for name in _STEPS:
            command = [sys.executable, "-m", "tests.bench.portfolio_growth", name, made]
            printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found |= {f"{name} {what}": each for what, each in json.loads(printed).items()}
        found["index"] = (folder / FILE).stat().st_size
    return found


def line(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The slope and the start of the line nearest to some points."""
    xs, ys = zip(*points, strict=True)
    middle, height = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((x - middle) * (y - height) for x, y in points) / sum((x - middle) ** 2 for x in xs)
    return slope, height - slope * middle


def shown(number: float) -> str:
    """A number with three digits that count."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def main(sizes: list[int]) -> None:
    """Measure at each size, and print the table."""
    found = {size: measured(size) for size in sizes}
    sys.stdout.write(
        f"每案 {VOUCHERS} 張憑證;{os.cpu_count()} 核心。\n\n"
        f"| | {' | '.join(f'{size:,} 案' for size in sizes)} | 每多一案 | 推算 {MANY:,} 案 |\n"
        f"|---|{'---:|' * (len(sizes) + 2)}\n"
    )
    for title, key in _ROWS:
        slope, start = line([(size, found[size][key]) for size in sizes])
        cells = [*(found[size][key] for size in sizes), slope, start + slope * MANY]
        sys.stdout.write(f"| {title} | {' | '.join(map(shown, cells))} |\n")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in _STEPS:
        sys.stdout.write(json.dumps(step(sys.argv[1], Path(sys.argv[2]))))
    else:
        main([int(each) for each in sys.argv[1:]] or list(SIZES))
