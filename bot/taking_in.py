"""Documents taken in from the command line, under a progress bar that can be interrupted."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from rich.text import Text

from bot.errors import StoppedError
from bot.interrupt import stopping_on_ctrl_c
from bot.terminal import Terminal, cut, printable
from ingest.fetching import Fetched
from ingest.links import Fetch, ingest_links
from ingest.pipeline import OUTCOMES, IngestReport, IngestResult, ingest_files, scan
from ingest.reading import Reader, origin_of
from store.store import Store

TOLD_AT_INGEST = ("instructions", "left out", "other address")
"""Cautions that are told of each file; what merely is not stated would be said of most."""


def take_in(
    terminal: Terminal,
    store: Store,
    sources: Sequence[Path | str],
    fetch: Fetch | None = None,
    *,
    read: Reader | None = None,
    quiet_if_unchanged: bool = False,
) -> IngestReport:
    """Take in files, and with ``fetch`` links, and say what is not plain of each.

    Files show under a progress bar, since they are many; each link gets a line. ``read`` is
    another way to read files than :func:`ingest.reading.read_here`. Raises
    :class:`StoppedError`, which says what was kept, when the user has stopped it.
    """
    paths = [source for source in sources if isinstance(source, Path)]
    links = [source for source in sources if isinstance(source, str)] if fetch else []
    files = scan(paths)
    total = len(files) + len(links)
    report = IngestReport()
    started = time.perf_counter()
    with terminal.bar("{task.fields[rate]}") as progress:
        task = progress.add_task("Taking in documents", total=total, rate="")

        def on_result(result: IngestResult) -> None:
            report.add(result)
            rate = report.tokens / (time.perf_counter() - started)
            shown = f"{report.passages:,} passages, {rate:,.0f} tokens/s"
            progress.update(task, completed=report.done, rate=shown)
            for line in _remarks(result):
                progress.console.print(line)

        def on_ctrl_c() -> None:
            progress.update(task, description="Finishing what is in hand")
            progress.console.print("Finishing what is in hand. Ctrl-C again stops at once.")

        try:
            with stopping_on_ctrl_c(on_ctrl_c) as stopping:
                ingest_files(
                    files,
                    store,
                    named=[path for path in paths if path.is_file()],
                    on_result=lambda result, *_: on_result(result),
                    read=read,
                    stopping=stopping,
                )
                if fetch:

                    async def shown(link: str) -> Fetched:
                        progress.update(task, rate=f"fetching {printable(cut(link, 60))}")
                        return await fetch(link)

                    left = takewhile(lambda _: not stopping.is_set(), links)
                    for result in ingest_links(left, store, shown):
                        on_result(result)
        except KeyboardInterrupt:
            raise StoppedError(_kept(report, total)) from None
    if report.done < total:
        raise StoppedError(_kept(report, total))
    if not quiet_if_unchanged or report.count("added") or report.count("updated"):
        seconds = time.perf_counter() - started
        terminal.err.print(Text(_summary(report, seconds)))
    return report


def _summary(report: IngestReport, seconds: float) -> str:
    counts = [f"{report.count(name):,} {name}" for name in OUTCOMES if report.count(name)]
    what = ", ".join(counts) or "no files found"
    return f"{what}: {report.passages:,} passages, {report.tokens:,} tokens in {seconds:.1f} s."


def _kept(report: IngestReport, total: int) -> str:
    return (
        f"Stopped after {report.done:,} of {total:,}: {report.count('added'):,} added and "
        f"{report.count('updated'):,} updated documents with {report.passages:,} passages are kept "
        "and can be searched. The same command goes on from there."
    )


def _remarks(result: IngestResult) -> Iterator[Text]:
    """What to say of a file where not all is plain, and of each link."""
    source = result.source
    name = Path(origin_of(source)).name if isinstance(source, Path) else source
    colour = {"refused": "red", "duplicate": "yellow", "skipped": "yellow"}.get(result.outcome)
    if colour or isinstance(source, str):
        line = ": ".join(filter(None, (result.outcome, name, result.note)))
        yield Text(printable(line), style=colour or "")
    for caution in result.cautions:
        if caution.kind in TOLD_AT_INGEST:
            line = f"{result.outcome}: {name}: {caution.message}"
            yield Text(printable(line), style="yellow")
