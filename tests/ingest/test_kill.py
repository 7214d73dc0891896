"""Killed at any moment, an ingest loses nothing, doubles nothing, and leaves nothing half done."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from store.store import Store, open_store

DOCUMENTS = 14
NOTES = 560
"""Some batches of documents of one passage."""
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


def start(home: Path, folder: Path, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "ingest", *options, str(folder)],
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


needs_ray = pytest.mark.skipif(
    find_spec("ray") is None, reason='Ray is not installed; `pip install "ray[data]"` brings it'
)
at_length = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.mark.parametrize(
    ("kills", "options"),
    [
        (5, ()),
        pytest.param(60, (), marks=at_length),
        pytest.param(3, ("--ray",), marks=needs_ray),
        pytest.param(20, ("--ray",), marks=[needs_ray, *at_length]),
    ],
)
def test_sigkill_at_any_moment(tmp_path, embedder, kills, options):
    home, folder = tmp_path / "home", tmp_path / "reports"
    write_documents(folder, edition=1)
    began = time.monotonic()
    first = start(home, folder, *options)
    assert first.wait(LONGEST_RUN) == 0, first.stderr.read()
    whole_run = time.monotonic() - began
    chance = random.Random(kills)
    killed = 0
    for edition in range(2, kills + 2):
        write_documents(folder, edition)
        # The interesting moments come once the process has started up.
        killed += kill_after(start(home, folder, *options), whole_run * chance.uniform(0.3, 1.05))
        with open_store(home, lambda: embedder, "a test") as store:
            editions = check_whole(store)
            assert len(store.documents()) == DOCUMENTS
            assert all(int(seen) <= edition for seen in editions)
    last = start(home, folder, *options)
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


def has_documents(home: Path) -> bool:
    """Whether some of the documents are in; only looks, beside whoever makes the record."""
    try:
        with closing(sqlite3.connect(f"file:{home}/record.sqlite?mode=ro", uri=True)) as record:
            return bool(record.execute("SELECT 1 FROM versions WHERE state = 'live'").fetchone())
    except sqlite3.OperationalError:  # it is not there, or has no tables yet
        return False


def press_ctrl_c(process: subprocess.Popen[bytes], home: Path) -> None:
    """Once some of the documents are in."""
    while process.poll() is None and not has_documents(home):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_says_what_was_kept_and_the_same_command_goes_on(tmp_path, embedder, times):
    home, folder = tmp_path / "home", tmp_path / "notes"
    folder.mkdir()
    for number in range(NOTES):
        (folder / f"{number:03}.md").write_text(f"Barge {number} passed Khasan on Monday.\n")
    process = start(home, folder)
    press_ctrl_c(process, home)
    if times == 2:
        assert b"Ctrl-C again stops at once" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=LONGEST_RUN)
    told = re.search(rf"Stopped after (\d+) of {NOTES}: (\d+) added and 0 updated", said.decode())
    assert process.returncode == 130, said
    assert told, said
    with open_store(home, lambda: embedder, "a test") as store:
        kept = len(store.documents())
        assert store.index_counts() == {"vectors": kept, "lexical": kept}
    assert int(told[2]) <= kept < NOTES
    again = start(home, folder)
    _, said = again.communicate(timeout=LONGEST_RUN)
    assert f"{NOTES - kept} added, {kept} unchanged" in said.decode()
