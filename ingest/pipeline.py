"""Many files in, searchable passages out: scanned, read and accepted in batches.

A reader parses files ahead in other processes (:func:`ingest.reading.read_here`), or on other
machines (:mod:`ingest.over_ray`), while a batch is embedded and stored. What is already known
is not touched; a batch is stored whole or not at all, so an interrupted run goes on where it was.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from ingest.cautions import Caution
from ingest.formats import SUFFIXES, check_size
from ingest.intake import Accepted, Draft, accept_all, draft_unseen
from ingest.parsed import RefusedError
from ingest.reading import FileToRead, Reader, Reading, Readings, origin_of, read_here
from store.model import BASE_SCOPE
from store.record import document_id
from store.store import Store

BATCH_PASSAGES = 256
"""Passages embedded and stored together: enough for good batches, little to lose or repeat."""

Outcome = Literal["added", "updated", "unchanged", "duplicate", "skipped", "refused"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of one file or link; ``note`` says why where that is not plain.

    ``source`` is the file's path, or the link as it was given.
    """

    source: Path | str
    outcome: Outcome
    note: str = ""
    document_id: str | None = None
    passages: int = 0
    tokens: int = 0
    cautions: tuple[Caution, ...] = ()


@dataclass(slots=True)
class IngestReport:
    """How many files and links met with which outcome, and what was stored of them.

    Not what became of each: that is told as it happens, and there may be millions.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    passages: int = 0
    tokens: int = 0

    @property
    def done(self) -> int:
        """How many files and links have an outcome."""
        return self.outcomes.total()

    def count(self, outcome: Outcome) -> int:
        """How many files and links had this outcome."""
        return self.outcomes[outcome]

    def add(self, result: IngestResult) -> None:
        """Count a file or link."""
        self.outcomes[result.outcome] += 1
        self.passages += result.passages
        self.tokens += result.tokens


OnResult = Callable[[IngestResult, int, int], None]
"""Called for each file as it is done, with the number of files done and in all."""


def scan(paths: Iterable[Path]) -> list[Path]:
    """The files to take in: named files as they are, folders searched without hidden entries.

    Raises ``FileNotFoundError`` naming a path that is not there.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(path)
        if not path.is_dir():
            found[path.absolute()] = None
            continue
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                file = Path(folder) / name
                if not name.startswith(".") and file.is_file():
                    found[file.absolute()] = None
    return list(found)


def ingest_files(
    files: Sequence[Path],
    store: Store,
    *,
    named: Iterable[Path] = (),
    scope: str = BASE_SCOPE,
    added_by: str | None = None,
    on_result: OnResult | None = None,
    read: Reader | None = None,
    stopping: threading.Event | None = None,
) -> IngestReport:
    """Take files into the store.

    Files that were not ``named`` one by one are skipped when their suffix is not a document's.
    ``read`` is another way to read them than :func:`ingest.reading.read_here`. Once ``stopping``
    is set, what was read is stored, and the other files are left for another time. Raises
    :class:`store.errors.StoreError` if the store can't be written; every file reported until then
    is kept.
    """
    run = _Run(store, {path.absolute() for path in named}, scope, added_by, len(files), on_result)
    stopping = stopping or threading.Event()
    read = read or read_here(store.embedder, store.publishers)
    with closing(read(run.new(files, stopping), stopping)) as readings:
        run.store_all(readings)
    return run.report


class _Run:
    """One folder's way in: what came of its files, and which of them are being read."""

    def __init__(
        self,
        store: Store,
        named: set[Path],
        scope: str,
        added_by: str | None,
        total: int,
        on_result: OnResult | None,
    ) -> None:
        self.report = IngestReport()
        self._store = store
        self._named = named
        self._scope = scope
        self._added_by = added_by
        self._total = total
        self._on_result = on_result
        self._in_hand: dict[str, Path] = {}

    def new(self, files: Iterable[Path], stopping: threading.Event) -> Iterator[FileToRead]:
        """Those of the files that must be read; the others are done at once."""
        for path in files:
            if stopping.is_set():
                return
            looked = self._look(path)
            if isinstance(looked, IngestResult):
                self._done(looked)
            else:
                self._in_hand[looked.bytes_sha256] = path
                yield looked

    def store_all(self, readings: Readings) -> None:
        """Store what is read, a batch at a time."""
        batch: list[tuple[FileToRead, Reading]] = []
        for file, reading in readings:
            if isinstance(reading, RefusedError):
                self._settled(file, IngestResult(file.path, "refused", str(reading)))
                continue
            batch.append((file, reading))
            if sum(len(other.version.passages) for _, other in batch) >= BATCH_PASSAGES:
                self._store_batch(batch)
                batch = []
        self._store_batch(batch)

    def _store_batch(self, batch: Sequence[tuple[FileToRead, Reading]]) -> None:
        drafts = [draft_unseen(read.version, read.warnings, self._store) for _, read in batch]
        ready = {key: vector for _, read in batch for key, vector in read.vectors.items()}
        accepted = accept_all(drafts, self._store, ready=ready)
        for (file, _), drafted, settled in zip(batch, drafts, accepted, strict=True):
            self._settled(file, result_of(file.path, drafted, settled))

    def _settled(self, file: FileToRead, result: IngestResult) -> None:
        del self._in_hand[file.bytes_sha256]
        self._done(result)

    def _done(self, result: IngestResult) -> None:
        self.report.add(result)
        if self._on_result:
            self._on_result(result, self.report.done, self._total)

    def _look(self, path: Path) -> FileToRead | IngestResult:
        """What a reader must know of a file, or its result where it needs no reading."""
        if path.suffix.lower() not in SUFFIXES and path not in self._named:
            why = f"{path.suffix or 'no suffix'} is no document format"
            return IngestResult(path, "skipped", why)
        try:
            if not path.is_file():
                return IngestResult(path, "refused", "It is no regular file.")
            check_size(path.stat().st_size)
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except RefusedError as refusal:
            return IngestResult(path, "refused", str(refusal))
        except OSError as error:
            return IngestResult(path, "refused", f"It can't be read ({error.strerror}).")
        return self._known(path, digest) or FileToRead(
            path,
            digest,
            self._scope,
            self._added_by,
            self._store.record.embedding_keys(document_id(self._scope, origin_of(path))),
        )

    def _known(self, path: Path, digest: str) -> IngestResult | None:
        """The result of a file whose bytes the store has, had, or is about to have."""
        catalogue, origin = self._store.record.catalogue, origin_of(path)
        known = catalogue.known(self._scope, origin, digest)
        if known and known.origin == origin:
            return IngestResult(path, "unchanged", document_id=known.document_id)
        if path not in self._named and catalogue.was_removed(self._scope, origin, digest):
            why = "it was removed; ingest it by its own name to bring it back"
            return IngestResult(path, "skipped", why)
        if known:
            why = f"the same bytes as {known.origin}"
            return IngestResult(path, "duplicate", why, document_id=known.document_id)
        if digest in self._in_hand:
            why = f"the same bytes as {origin_of(self._in_hand[digest])}"
            return IngestResult(path, "duplicate", why)
        return None


def result_of(source: Path | str, drafted: Draft, accepted: Accepted) -> IngestResult:
    """The result for a document that was read and then stored, or known already."""
    identifier = accepted.document_id
    if accepted.outcome != "known":
        return IngestResult(
            source,
            accepted.outcome,
            document_id=identifier,
            passages=accepted.passages,
            tokens=sum(span.tokens for span in drafted.version.passages),
            cautions=drafted.cautions,
        )
    if identifier == document_id(drafted.version.scope, drafted.version.origin):
        return IngestResult(source, "unchanged", document_id=identifier)
    return IngestResult(
        source, "duplicate", f"the same text as document {identifier}", document_id=identifier
    )
