"""Over Ray or not, the same documents come out: the same passages, ids and vectors."""

from __future__ import annotations

import shutil
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bot.settings import Settings
from ingest.pipeline import ingest_files, scan
from store.embedding import BUNDLED_MODEL, load_embedder
from store.errors import StoreError
from store.publishers import default_publishers
from store.store import open_store

pytest.importorskip("ray", reason='Ray is not installed; `pip install "ray[data]"` brings it')

FILES = Path(__file__).parent / "files"
LOAD = partial(load_embedder, BUNDLED_MODEL, Settings().tumen_cache, threads=1)


def over_ray(fingerprint):
    from ingest.over_ray import read_over_ray

    return read_over_ray(LOAD, default_publishers(), fingerprint)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "documents"
    made.mkdir()
    for number in range(40):  # more than two blocks, so that both of two workers have some
        lines = [f"Barge {number} passed Khasan {n} times.\n\n" for n in range(number % 7 + 1)]
        (made / f"{number:02}.md").write_text(f"# Note {number}\n\n{''.join(lines)}")
    shutil.copy(FILES / "briefing.pdf", made)
    shutil.copy(made / "07.md", made / "double.md")
    (made / "broken.docx").write_bytes(b"PK\x03\x04 and then nothing of the sort")
    (made / "empty.txt").write_bytes(b"")
    return made


def taken_in(store, folder, **options):
    """Outcomes and notes by file, and all passages with their vectors."""
    results = {}
    ingest_files(
        scan([folder]),
        store,
        on_result=lambda result, *_: results.update(
            {result.source.name: (result.outcome, result.note, result.passages, result.tokens)}
        ),
        **options,
    )
    return results, list(store.record.live(store.embedder.fingerprint))


def test_a_folder_comes_out_the_same_over_ray_and_without(tmp_path, folder, embedder):
    with open_store(tmp_path / "here", lambda: embedder, "a test") as store:
        results, passages = taken_in(store, folder)
    with open_store(tmp_path / "ray", lambda: embedder, "a test") as store:
        embed = store.embedder.embed_passages
        store.embedder.embed_passages = None  # all of that is the workers' work
        try:
            over, there = taken_in(store, folder, read=over_ray(embedder.fingerprint))
        finally:
            store.embedder.embed_passages = embed
        assert store.search("who passed Khasan").hits
    assert over == results
    assert {outcome for outcome, *_ in results.values()} == {"added", "duplicate", "refused"}
    assert [one.passage for one in there] == [one.passage for one in passages]
    for one, other in zip(there, passages, strict=True):
        assert np.allclose(one.vector, other.vector, atol=1e-5)
        assert np.allclose(one.sentence_vectors, other.sentence_vectors, atol=1e-3)  # float16


def test_stopped_it_keeps_all_that_was_embedded_and_goes_on(tmp_path, folder, embedder):
    stopping = threading.Event()
    with open_store(tmp_path / "home", lambda: embedder, "a test") as store:
        first = ingest_files(
            scan([folder]),
            store,
            read=over_ray(embedder.fingerprint),
            stopping=stopping,
            on_result=lambda *_: stopping.set(),  # the refusals among the first
        )
        kept = len(store.documents())
        assert first.count("added") == kept
        second = ingest_files(scan([folder]), store, read=over_ray(embedder.fingerprint))
        assert second.count("unchanged") == kept
        assert len(store.documents()) == 41


def test_workers_with_another_model_are_refused(tmp_path, folder, embedder):
    with (
        open_store(tmp_path / "home", lambda: embedder, "a test") as store,
        pytest.raises(StoreError, match="another embedding model"),
    ):
        ingest_files(scan([folder]), store, read=over_ray("another-model"))
