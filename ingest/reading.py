"""Reading files: parsed, cut into passages and, where that is done elsewhere, embedded.

:func:`read_here` does it on this machine; :mod:`ingest.over_ray` does the same on many.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from ingest.parsed import ParsedDocument, RefusedError
from ingest.sandbox import ParserPool
from ingest.versions import read_version
from store.embedding import Embedder, PassageEmbedding
from store.model import Version
from store.publishers import PublisherTable

AHEAD = 4
"""Files that wait, parsed, for each parsing process while others are embedded."""


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file with what its reader must know.

    ``embedded`` are the embedding keys of its former version's passages: what stands in them
    unchanged needs no vectors.
    """

    path: Path
    bytes_sha256: str
    scope: str
    added_by: str | None
    embedded: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read; ``vectors`` are those that were made already, by embedding key."""

    version: Version
    warnings: tuple[str, ...]
    vectors: Mapping[str, PassageEmbedding] = field(default_factory=dict)


Readings = Generator[tuple[FileToRead, Reading | RefusedError], None, None]
Reader = Callable[[Iterator[FileToRead], threading.Event], Readings]
"""Reads files as they come, in their order. Once the event is set, files that nobody has read yet
are left out."""


def read_here(embedder: Embedder, publishers: PublisherTable) -> Reader:
    """A reader that parses with all cores of this machine and leaves embedding to the caller.

    So a batch is embedded while the files after it are parsed.
    """

    def read(files: Iterator[FileToRead], stopping: threading.Event) -> Readings:
        workers = os.cpu_count() or 1
        waiting: deque[tuple[FileToRead, Future[ParsedDocument]]] = deque()
        with ParserPool(workers) as pool:
            while not stopping.is_set():
                while len(waiting) < AHEAD * workers and (file := next(files, None)):
                    waiting.append((file, parsing(file, pool)))
                if not waiting:
                    return
                file, parsed = waiting.popleft()
                yield file, finished(file, parsed, embedder, publishers)

    return read


def parsing(file: FileToRead, pool: ParserPool) -> Future[ParsedDocument]:
    """Have a file parsed."""
    return pool.submit(file.path, Path(origin_of(file.path)).name)


def finished(
    file: FileToRead, parsed: Future[ParsedDocument], embedder: Embedder, publishers: PublisherTable
) -> Reading | RefusedError:
    """Cut a file that is being parsed into passages."""
    try:
        document = parsed.result()
        version = read_version(
            document,
            embedder,
            publishers,
            scope=file.scope,
            origin=origin_of(file.path),
            bytes_sha256=file.bytes_sha256,
            added_by=file.added_by,
        )
    except RefusedError as refusal:
        return refusal
    return Reading(version, document.warnings)


def origin_of(path: Path) -> str:
    """A path as the record names it; bytes that are no UTF-8 are written out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
