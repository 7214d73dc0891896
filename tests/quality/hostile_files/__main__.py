"""What hostile and broken files come to: ``python -m tests.quality.hostile_files``.

By class, how many were thrown at the parsers and what came out; then how fast each format
is read. The files are those of this package.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.progress import track
from rich.table import Table

from ingest.formats import parse
from ingest.sandbox import ParserPool
from tests.quality.hostile_files import hostile_files, outcome_of
from tests.quality.hostile_files.case import FILES

RATED = (
    "report.pdf", "report.docx", "report.odt", "report.rtf", "report.epub", "deck.pptx",
    "page.html",
)  # fmt: skip
SECONDS = 2.0
"""For which each format is parsed over and over."""


def main() -> int:
    """Print both tables; 1 if a file did what it must not."""
    console = Console(width=120)
    files = list(hostile_files())
    outcomes: dict[str, Counter[str]] = {}
    slowest: dict[str, float] = {}
    wrong: list[str] = []
    with ParserPool(2) as pool:
        for file in track(files, "Throwing", console=Console(stderr=True)):
            started = time.perf_counter()
            outcome = outcome_of(file, pool.submit(file.make(), file.name))
            seconds = time.perf_counter() - started
            group = outcomes.setdefault(file.group, Counter())
            group[outcome.split(":")[0]] += 1
            slowest[file.group] = max(slowest.get(file.group, 0.0), seconds)
            if outcome.startswith("wrong"):
                wrong.append(f"{file.group}, {file.what}: {outcome}")
    table = Table(
        "class", "thrown", "refused by name", "crash or limit", "read", "wrong", "slowest, s"
    )
    for name, group in outcomes.items():
        counts = (group[kind] for kind in ("refused", "stopped", "read", "wrong"))
        table.add_row(name, str(group.total()), *map(str, counts), f"{slowest[name]:.1f}")
    total = sum(outcomes.values(), Counter())
    counts = (total[kind] for kind in ("refused", "stopped", "read", "wrong"))
    table.add_row("all", str(total.total()), *map(str, counts), f"{max(slowest.values()):.1f}")
    console.print(table)
    for line in wrong:
        console.print(line)
    console.print(rates())
    return 1 if wrong else 0


def rates() -> Table:
    """How fast whole files are read, in one process, by their bytes and their text."""
    table = Table("file", "ms a file", "MB of file/s", "MB of text/s", "pages/s")
    for name, data in rated_files():
        parse(data, name)  # imports the format's libraries
        runs, started = 0, time.perf_counter()
        while (spent := time.perf_counter() - started) < SECONDS:
            document = parse(data, name)
            runs += 1
        pages = max((block.page or 0 for block in document.blocks), default=0)
        text = len(document.text.encode())
        table.add_row(
            name,
            f"{1000 * spent / runs:.1f}",
            *(f"{runs * size / spent / 1e6:.2f}" for size in (len(data), text)),
            f"{runs * pages / spent:.0f}" if pages else "",
        )
    return table


def rated_files() -> Iterator[tuple[str, bytes]]:
    """The test files, and long texts made for the purpose."""
    for name in RATED:
        yield name, (FILES / name).read_bytes()
    sentence = "The ferry leaves at a quarter past six, because the tide leaves little water. "
    paragraph = sentence * 6 + "\n\n"
    yield "plain.txt", (paragraph * 400).encode()
    yield "plain.md", ("## Tides\n\n" + paragraph * 4).encode() * 100
    yield "table.csv", b"Boat,Adult,Child,Note\n" + b"Gull,4,2,leaves at six\n" * 5_000


if __name__ == "__main__":
    sys.exit(main())
