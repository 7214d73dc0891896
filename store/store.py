"""The store: the record and its derived indexes, behind one door.

A document becomes searchable whole or not at all. Its passages enter the indexes while its
version is only staged; one transaction of the record then makes it live. A crash at any
instant leaves stale entries in the indexes, which no search shows (each asks the record
what is live) and which the next start sweeps out.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from store.database import open_database
from store.embedding import Embedder, PassageEmbedding
from store.errors import StoreError
from store.indexes import DerivedIndexes, Progress
from store.lock import lock_store
from store.model import (
    BASE_SCOPE,
    Correction,
    Detail,
    DocumentSummary,
    Hit,
    Source,
    Version,
)
from store.publishers import PublisherTable, default_publishers
from store.question import ParsedQuestion
from store.record import Record, VersionKey
from store.search import POOL, rank

RECORD_FILE = "record.sqlite"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, and what they took: ``timings_ms`` has ``embed`` and ``search``."""

    question: ParsedQuestion
    hits: list[Hit]
    timings_ms: dict[str, float]


def readable_scopes(scope: str) -> tuple[str, ...]:
    """The scopes that a question asked in ``scope`` may see: the base and its own."""
    return (BASE_SCOPE,) if scope == BASE_SCOPE else (BASE_SCOPE, scope)


@contextmanager
def open_record(folder: Path) -> Iterator[Record]:
    """The record alone, without the indexes or the lock: enough to list documents."""
    _prepare(folder)
    record = Record(open_database(folder / RECORD_FILE))
    try:
        yield record
    finally:
        record.close()


@contextmanager
def open_store(
    folder: Path,
    load_embedder: Callable[[], Embedder],
    purpose: str,
    progress: Progress | None = None,
    publishers: PublisherTable | None = None,
) -> Iterator[Store]:
    """Open the store in ``folder`` under its exclusive lock.

    Repairs what an interrupted run left behind, and rebuilds what is missing or broken.
    ``purpose`` names this process to others that want the store; ``publishers`` is the table to
    tell kinds of source by, instead of the one that comes with Tumen. Raises
    :class:`store.errors.StoreBusyError` if one has it, :class:`StoreError` otherwise.
    """
    _prepare(folder)
    lock = lock_store(folder, purpose)
    try:
        with open_record(folder) as record:
            record.mark_instructions()
            store = Store(record, load_embedder(), folder, progress, publishers)
            try:
                yield store
            finally:
                store.close()
    finally:
        lock.release()


class Store:
    """Everything we know. Open it with :func:`open_store`."""

    def __init__(
        self,
        record: Record,
        embedder: Embedder,
        folder: Path,
        progress: Progress | None = None,
        publishers: PublisherTable | None = None,
    ) -> None:
        self.record = record
        self.embedder = embedder
        self.publishers = publishers or default_publishers()
        self.folder = folder
        self._indexes = DerivedIndexes(folder, record, embedder, progress)
        self._publishers_of: dict[tuple[str, ...], list[str]] = {}
        self._writing = threading.RLock()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold off all other writers of this store, from looking what is there to changing it."""
        with self._writing:
            yield

    def close(self) -> None:
        """Let go of the indexes; :func:`open_store` does it."""
        self._indexes.close()

    def add(
        self, versions: Sequence[Version], vectors: Mapping[str, PassageEmbedding]
    ) -> list[VersionKey]:
        """Make versions searchable, all of them or none.

        ``vectors`` holds the embeddings of their passages by
        :func:`store.record.embedding_key`, but for those that the record already has. Raises
        :class:`StoreError` if an index can't be written; then nothing has changed.
        """
        for version in versions:
            _check_ranges(version)
        with self.writing():
            staged = self.record.stage(versions, vectors, self.embedder.fingerprint)
            self._put_live(staged)
        return staged

    def remove(self, document_id: str, scope: str = BASE_SCOPE) -> None:
        """Take a document out of every search; raises ``UnknownDocumentError``."""
        with self.writing():
            self.record.take_down(document_id, scope)
            self._changed()

    def go_back(self, document_id: str, version: int, scope: str = BASE_SCOPE) -> None:
        """Make a former version of a document the one that a search finds, all or nothing.

        Raises ``UnknownDocumentError`` if the scope has no such version.
        """
        with self.writing():
            self.record.take_up(document_id, version, scope)
            self._put_live([(document_id, version)])

    def correct(
        self,
        document_id: str,
        details: Mapping[Detail, str | None],
        *,
        scope: str = BASE_SCOPE,
        corrected_by: str | None = None,
        reason: str | None = None,
    ) -> list[Correction]:
        """Correct details of a document, for every search and answer from now on.

        ``corrected_by`` is a Discord id, or ``None`` for the operator; ``None`` as a value
        clears a detail. A publisher in the table brings its kind along. Returns what really
        changed. Raises ``UnknownDocumentError`` if the scope itself has no such document (a
        server can't correct the base), and :class:`StoreError` if a value can't be, or if an
        index can't be written: then the correction is kept, and the indexes follow at the next
        start.
        """
        with self.writing():
            made = self.record.corrections.correct(
                document_id, scope, self.publishers.with_kind(details), corrected_by, reason
            )
            try:
                self._indexes.refresh()
            except Exception as error:  # Chroma and tantivy raise types of their own
                raise StoreError(
                    f"The correction is kept, but the search indexes could not be written "
                    f"({error}). Free disk space; they follow at the next start."
                ) from error
            self._publishers_of.clear()
        return made

    def corrections(self, document_id: str) -> list[Correction]:
        """The corrections of a document, the earliest first."""
        return self.record.corrections.of(document_id)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make both derived indexes anew from the record; returns the number of passages."""
        with self.writing():
            self._indexes.rebuild(progress)
            self._changed()
            return self.record.count_live()

    def search(
        self, question: str, *, scope: str = BASE_SCOPE, limit: int = 10, as_of: date | None = None
    ) -> SearchResult:
        """The passages that best answer a question, from the base and the asker's own scope.

        ``as_of`` leaves out what is dated later, or not at all.
        """
        started = time.perf_counter()
        scopes = readable_scopes(scope)
        parsed = self._indexes.parse_question(question, scopes)
        read = time.perf_counter()
        vector = self.embedder.embed_query(parsed.dense_text)
        embedded = time.perf_counter()
        dense = self._indexes.search_vectors(vector, scopes, POOL, as_of)
        lexical = self._indexes.search_concepts(parsed.concepts, scopes, POOL, as_of)
        ids = list(dict.fromkeys(i for i, _ in [*dense, *lexical]))
        candidates = self.record.candidates(ids, scopes, self.embedder.fingerprint)
        hits = rank(parsed, vector, dense, lexical, candidates, self._known_publishers(scopes))
        ended = time.perf_counter()
        timings = {
            "embed": 1000 * (embedded - read),
            "search": 1000 * (ended - embedded + read - started),
        }
        return SearchResult(parsed, hits[:limit], timings)

    def parse(self, question: str, scope: str = BASE_SCOPE) -> ParsedQuestion:
        """What a question asks about, weighed by how rare it is in what ``scope`` may see."""
        return self._indexes.parse_question(question, readable_scopes(scope))

    def documents(self, scope: str = BASE_SCOPE) -> list[DocumentSummary]:
        """The documents that ``scope`` may see, by title."""
        return self.record.catalogue.documents(readable_scopes(scope))

    def text(self, document_id: str, version: int) -> str:
        """The whole text of a version; raises ``UnknownDocumentError``."""
        return self.record.text(document_id, version)

    def sources(self, document_id: str, version: int, start: int, end: int) -> tuple[Source, ...]:
        """The public pages on which a stretch of a document rests, if it names them."""
        return self.record.sources(document_id, version, start, end)

    def index_counts(self) -> dict[str, int]:
        """Passages in each derived index; both equal ``record.count_live()`` when in step."""
        return self._indexes.counts()

    def _put_live(self, staged: Sequence[VersionKey]) -> None:
        """Put versions that no search sees yet into the indexes, then make them live."""
        try:
            self._indexes.add(self.record.candidates_of(staged, self.embedder.fingerprint))
        except Exception as error:  # Chroma and tantivy raise types of their own
            raise StoreError(
                f"The search indexes could not be written ({error}). What was searchable before "
                "still is; free disk space or run `tumen rebuild`, then add the documents again."
            ) from error
        self.record.go_live(staged)
        self._changed()

    def _changed(self) -> None:
        self._indexes.sweep()
        self._publishers_of.clear()

    def _known_publishers(self, scopes: tuple[str, ...]) -> list[str]:
        if scopes not in self._publishers_of:
            self._publishers_of[scopes] = self.record.catalogue.publishers(scopes)
        return self._publishers_of[scopes]


def _prepare(folder: Path) -> None:
    """Make the folder; raises :class:`StoreError` if it can't hold a store."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StoreError(
            f"The state folder {folder} can't be written ({error.strerror}). Set TUMEN_HOME to a "
            "folder that can."
        ) from error


def _check_ranges(version: Version) -> None:
    """Refuse a version whose ranges don't lie in its text: no citation may ever be off."""
    length = len(version.text)
    for span in version.passages:
        ranges = [(span.start, span.end), *span.sentences]
        inside = all(0 <= start < end <= length for start, end in ranges)
        if not inside or any(s < span.start or e > span.end for s, e in span.sentences):
            raise StoreError(f"{version.origin}: a passage lies outside of the document's text.")
