"""Reading files on many machines: the steps of :mod:`ingest.reading`, and embedding, over Ray Data.

Workers parse, split and embed; this process alone writes to the store, in the files' order. The
files must lie at the same paths for all workers. Ray is an extra: ``pip install 'tumen[ray]'``.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import ray
from ray.data import ActorPoolStrategy, DataContext
from ray.exceptions import RayError

from ingest.parsed import RefusedError
from ingest.reading import FileToRead, Reader, Reading, Readings, finished, parsing
from ingest.sandbox import ParserPool
from ingest.versions import embed_versions
from store.embedding import Embedder, PassageEmbedding
from store.errors import ModelError, StoreError
from store.model import Version
from store.publishers import PublisherTable
from store.record import embedding_key

BLOCK = 16
"""Files that a worker reads and embeds at a time: some 100 passages, enough for good batches."""
WINDOW = 10_000
"""Files given to Ray at a time, so that neither side ever holds a list of millions."""
OBJECT_STORE_BYTES = 256 * 1024**2
"""Shared memory of a Ray that is started here; a block with its vectors takes under a megabyte."""

LoadEmbedder = Callable[[], Embedder]


def read_over_ray(
    load_embedder: LoadEmbedder,
    publishers: PublisherTable,
    fingerprint: str,
    address: str | None = None,
) -> Reader:
    """A reader that has files parsed, split and embedded by all CPUs of a Ray cluster.

    ``load_embedder`` is called in each worker and must give the model of ``fingerprint``.
    ``address`` is the cluster's; without one, a Ray is started on this machine and ended with the
    reading. What is read raises :class:`StoreError` when the cluster fails.
    """

    def read(files: Iterator[FileToRead], stopping: threading.Event) -> Readings:
        window = list(islice(files, WINDOW))
        if not window:
            return
        with _translated(), _connected(address) as workers:
            stop, told = ray.remote(num_cpus=0)(_Stop).remote(), False
            given = {
                "load_embedder": load_embedder,
                "publishers": publishers,
                "fingerprint": fingerprint,
                "stop": stop,
            }
            while window:
                for place, reading in _read_window(window, given, workers):
                    if reading is not None:
                        yield window[place], reading
                    if stopping.is_set() and not told:
                        told = True
                        stop.set.remote()
                window = list(islice(files, WINDOW))

    return read


def _read_window(
    files: Sequence[FileToRead], given: Mapping[str, Any], workers: int
) -> Iterator[tuple[int, Reading | RefusedError | None]]:
    """Each file's place with what it reads, in order; ``None`` for what was left out."""
    rows = [{"place": place, "file": file} for place, file in enumerate(files)]
    blocks = ray.data.from_items(rows, override_num_blocks=-(-len(rows) // BLOCK)).map_batches(
        _Worker,
        fn_constructor_kwargs=given,
        batch_size=None,
        compute=ActorPoolStrategy(size=min(workers, -(-len(rows) // BLOCK))),
        num_cpus=1,
    )
    for row in blocks.iter_rows():
        yield int(row["place"]), row["reading"]


class _Worker:
    """Reads and embeds a block of files, in a process of its own."""

    def __init__(
        self,
        load_embedder: LoadEmbedder,
        publishers: PublisherTable,
        fingerprint: str,
        stop: Any,  # noqa: ANN401 - a handle of Ray's, which has no types
    ) -> None:
        self._embedder = load_embedder()
        if self._embedder.fingerprint != fingerprint:
            raise ModelError(
                f"A worker has another embedding model ({self._embedder.fingerprint}) than the "
                f"store ({fingerprint}). Install the same release on all machines."
            )
        self._publishers = publishers
        self._stop = stop
        self._pool = ParserPool(1)

    def __call__(self, block: Mapping[str, Any]) -> dict[str, Any]:
        """The block's files with what they read, or with ``None`` once it is told to stop."""
        files: Sequence[FileToRead] = block["file"]
        readings = np.empty(len(files), dtype=object)
        if not ray.get(self._stop.is_set.remote()):
            readings[:] = self._read(files)
        return {"place": block["place"], "reading": readings}

    def _read(self, files: Sequence[FileToRead]) -> list[Reading | RefusedError]:
        waiting = [parsing(file, self._pool) for file in files]
        found = [
            finished(file, parsed, self._embedder, self._publishers)
            for file, parsed in zip(files, waiting, strict=True)
        ]
        known = {key for file in files for key in file.embedded}
        versions = [reading.version for reading in found if isinstance(reading, Reading)]
        vectors = embed_versions(versions, self._embedder, known)
        return [
            replace(reading, vectors=_of(reading.version, vectors))
            if isinstance(reading, Reading)
            else reading
            for reading in found
        ]


def _of(version: Version, vectors: Mapping[str, PassageEmbedding]) -> dict[str, PassageEmbedding]:
    """Those of the vectors that belong to a version's passages."""
    keys = {embedding_key(version.text, span) for span in version.passages}
    return {key: vectors[key] for key in keys & vectors.keys()}


class _Stop:
    """Where workers ask whether they should go on: files already given to Ray can't be recalled."""

    def __init__(self) -> None:
        self._told = False

    def set(self) -> None:
        """Let files be left out from now on."""
        self._told = True

    def is_set(self) -> bool:
        """Whether to leave files out."""
        return self._told


@contextmanager
def _connected(address: str | None) -> Iterator[int]:
    """Ray, quiet and without telemetry, while the context lasts; gives its number of CPUs."""
    # Read by Ray when it starts, and there is no other way to say so.
    os.environ.update(RAY_USAGE_STATS_ENABLED="0", RAY_BACKEND_LOG_LEVEL="fatal")
    started: dict[str, Any] = {"include_dashboard": False}
    if address is None:
        started |= {"address": "local", "object_store_memory": OBJECT_STORE_BYTES}
    else:
        started |= {"address": address}
    try:
        ray.init(logging_level=logging.ERROR, log_to_driver=False, **started)
    except Exception as error:  # Ray raises plain ones where a machine is too slow or not there
        where = f"be reached at {address}" if address else "be started"
        raise StoreError(
            f"Ray can't {where} ({error}). Nothing was changed; try again, or without --ray."
        ) from error
    try:
        context = DataContext.get_current()
        context.enable_progress_bars = False
        context.execution_options.preserve_order = True
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        yield int(ray.cluster_resources()["CPU"])
    finally:
        ray.shutdown()


@contextmanager
def _translated() -> Iterator[None]:
    """Failures of Ray as ours."""
    try:
        yield
    except RayError as error:
        raise StoreError(
            f"Ray gave up ({str(error).strip().splitlines()[-1]}). What was reported until then "
            "is kept; run the same command again to go on, or without --ray."
        ) from error
