"""Many files in, searchable passages out: scanned, parsed and accepted in batches.

Parsing happens in other processes, and a batch is embedded while the next is parsed. What
is already known is not touched; a batch is stored whole or not at all, so an interrupted
run goes on where it was.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ingest.cautions import Caution
from ingest.formats import SUFFIXES, check_size
from ingest.intake import Accepted, Draft, accept_all, draft_of
from ingest.parsed import ParsedDocument, RefusedError
from ingest.sandbox import ParserPool
from store.model import BASE_SCOPE
from store.record import document_id
from store.store import Store

BATCH_PASSAGES = 256
"""Passages embedded and stored together: enough for good batches, little to lose or repeat."""
AHEAD = 8
"""Files being parsed while others are embedded."""

Outcome = Literal["added", "updated", "unchanged", "duplicate", "skipped", "refused"]


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
    """What became of all files and links."""

    results: list[IngestResult] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """How many files and links had this outcome."""
        return Counter(result.outcome for result in self.results)[outcome]


@dataclass(frozen=True, slots=True)
class _Read:
    path: Path
    draft: Draft


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
) -> IngestReport:
    """Take files into the store.

    Files that were not ``named`` one by one are skipped when their suffix is not a document's.
    Raises :class:`store.errors.StoreError` if the store can't be written; every file reported
    until then is kept.
    """
    report = IngestReport()

    def done(result: IngestResult) -> None:
        report.results.append(result)
        if on_result:
            on_result(result, len(report.results), len(files))

    explicit = {path.absolute() for path in named}
    batch: list[_Read] = []
    with ParserPool() as pool:
        for item in _parse_all(files, explicit, store, pool, scope, added_by):
            if isinstance(item, IngestResult):
                done(item)
                continue
            batch.append(item)
            if sum(read.draft.passages for read in batch) >= BATCH_PASSAGES:
                for result in _store_batch(batch, store):
                    done(result)
                batch = []
    for result in _store_batch(batch, store):
        done(result)
    return report


def origin_of(path: Path) -> str:
    """A path as the record names it; bytes that are no UTF-8 are written out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _parse_all(
    files: Sequence[Path],
    explicit: set[Path],
    store: Store,
    pool: ParserPool,
    scope: str,
    added_by: str | None,
) -> Iterator[IngestResult | _Read]:
    """Parse what is new, a few files ahead of whoever consumes this, in the files' order."""
    waiting: list[tuple[Path, str, IngestResult | Future[ParsedDocument]]] = []
    seen: dict[str, Path] = {}
    for path in files:
        digest, early = _look(path, explicit, store, scope, seen)
        waiting.append((path, digest, early or pool.submit(path, Path(origin_of(path)).name)))
        if len(waiting) > AHEAD:
            yield _finish(*waiting.pop(0), store, scope, added_by)
    for item in waiting:
        yield _finish(*item, store, scope, added_by)


def _look(
    path: Path, explicit: set[Path], store: Store, scope: str, seen: dict[str, Path]
) -> tuple[str, IngestResult | None]:
    """The hash of a file's bytes, and its result where it needs no parsing."""
    if path.suffix.lower() not in SUFFIXES and path not in explicit:
        return "", IngestResult(
            path, "skipped", f"{path.suffix or 'no suffix'} is no document format"
        )
    try:
        if not path.is_file():
            return "", IngestResult(path, "refused", "It is no regular file.")
        check_size(path.stat().st_size)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except RefusedError as refusal:
        return "", IngestResult(path, "refused", str(refusal))
    except OSError as error:
        return "", IngestResult(path, "refused", f"It can't be read ({error.strerror}).")
    origin = origin_of(path)
    known = store.record.catalogue.known(scope, origin, digest)
    if known and known.origin == origin:
        return digest, IngestResult(path, "unchanged", document_id=known.document_id)
    if path not in explicit and store.record.catalogue.was_removed(scope, origin, digest):
        return digest, IngestResult(
            path, "skipped", "it was removed; ingest it by its own name to bring it back"
        )
    if known or digest in seen:
        twin = known.origin if known else origin_of(seen[digest])
        return digest, IngestResult(
            path,
            "duplicate",
            f"the same bytes as {twin}",
            document_id=known.document_id if known else None,
        )
    seen[digest] = path
    return digest, None


def _finish(
    path: Path,
    digest: str,
    item: IngestResult | Future[ParsedDocument],
    store: Store,
    scope: str,
    added_by: str | None,
) -> IngestResult | _Read:
    if isinstance(item, IngestResult):
        return item
    try:
        drafted = draft_of(
            item.result(),
            store,
            scope=scope,
            origin=origin_of(path),
            bytes_sha256=digest,
            added_by=added_by,
        )
    except RefusedError as refusal:
        return IngestResult(path, "refused", str(refusal))
    return _Read(path, drafted)


def _store_batch(batch: Sequence[_Read], store: Store) -> Iterator[IngestResult]:
    settled = accept_all([read.draft for read in batch], store)
    for read, accepted in zip(batch, settled, strict=True):
        yield result_of(read.path, read.draft, accepted)


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
