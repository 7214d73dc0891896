"""Killed at any moment, an ingest loses nothing, doubles nothing, and leaves nothing half done."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store.store import Store, open_store

DOCUMENTS = 14
LONGEST_RUN = 120


def write_documents(folder: Path, edition: int) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(DOCUMENTS):
        body = "\n\n".join(
            f"Report {number} of edition {edition} counts {n} containers of shells at Rajin port. "
            f"In week {n} the ships of report {number} sailed to Vostochny and came back empty."
            for n in range(12)
        )
        (folder / f"report-{number:02}.md").write_text(f"# Report {number}\n\n{body}\n")


def start(home: Path, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "ingest", str(folder)],
        env=os.environ | {"TUMEN_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def kill_after(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Kill the process and its parsers with SIGKILL; whether it was still running."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    running = process.poll() is None
    if running:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return running


def check_whole(store: Store) -> set[str]:
    """Every document is in the record and in both indexes whole; returns the editions seen."""
    live = store.record.count_live()
    assert store.index_counts() == {"vectors": live, "lexical": live}
    documents = store.documents()
    assert len({document.origin for document in documents}) == len(documents)
    assert store.record.stale_versions() == []
    editions = set()
    for document in documents:
        text = store.text(document.id, document.version)
        assert text.count("came back empty.") == 12
        editions.add(text.split("edition ")[1].split()[0])
    return editions


@pytest.mark.parametrize(
    "kills", [5, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])]
)
def test_sigkill_at_any_moment(tmp_path, embedder, kills):
    home, folder = tmp_path / "home", tmp_path / "reports"
    write_documents(folder, edition=1)
    began = time.monotonic()
    first = start(home, folder)
    assert first.wait(LONGEST_RUN) == 0, first.stderr.read()
    whole_run = time.monotonic() - began
    chance = random.Random(kills)
    killed = 0
    for edition in range(2, kills + 2):
        write_documents(folder, edition)
        # The interesting moments come once the process has started up.
        killed += kill_after(start(home, folder), whole_run * chance.uniform(0.3, 1.05))
        with open_store(home, lambda: embedder, "a test") as store:
            editions = check_whole(store)
            assert len(store.documents()) == DOCUMENTS
            assert all(int(seen) <= edition for seen in editions)
    last = start(home, folder)
    assert last.wait(LONGEST_RUN) == 0, last.stderr.read()
    with open_store(home, lambda: embedder, "a test") as store:
        assert check_whole(store) == {str(kills + 1)}
        assert len(store.documents()) == DOCUMENTS
        hits = store.search("report 7 containers of shells at Rajin port", limit=20).hits
        assert all(f"edition {kills + 1} " in hit.passage.text for hit in hits)
    assert killed, "no run was killed: the moments are all too late"


def test_a_run_that_is_interrupted_goes_on_where_it_was(tmp_path, embedder):
    home, folder = tmp_path / "home", tmp_path / "reports"
    write_documents(folder, edition=1)
    kill_after(start(home, folder), 4)
    assert start(home, folder).wait(LONGEST_RUN) == 0
    with open_store(home, lambda: embedder, "a test") as store:
        assert check_whole(store) == {"1"}
        assert len(store.documents()) == DOCUMENTS
