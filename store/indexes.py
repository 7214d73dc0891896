"""The two derived indexes, kept in step with the record.

Whatever is missing, broken, out of step or made with another model is made anew from the
record, into a new folder (a *generation*) that replaces the old one when it is whole.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from store.embedding import Embedder, Vector
from store.lexical import SCHEMA_VERSION as LEXICAL_SCHEMA
from store.lexical import LexicalIndex, ScoredIds
from store.question import Concept, ParsedQuestion, parse_question
from store.record import Candidate, Record

if TYPE_CHECKING:
    from store.vectors import VectorIndex

log = logging.getLogger(__name__)

REBUILD_BATCH = 2_000
EMBED_BATCH = 256
SAME_VECTOR = 0.99


class Progress(Protocol):
    """Told how far a long job is: how much is done, of how much, and what is counted."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Note that ``done`` of ``total`` are done."""


class DerivedIndexes:
    """The vector and the lexical index of one store, ready to search once constructed."""

    def __init__(
        self, folder: Path, record: Record, embedder: Embedder, progress: Progress | None = None
    ) -> None:
        self._folder = folder
        self._record = record
        self._embedder = embedder
        self._vectors: VectorIndex
        self._lexical: LexicalIndex
        self._embed_missing(progress)
        if not self._open("vectors", embedder.fingerprint, self._open_vectors):
            self._rebuild_vectors(progress)
        if not self._open("lexical", LEXICAL_SCHEMA, self._open_lexical):
            self._rebuild_lexical(progress)
        self.sweep()
        self.refresh()
        live = record.count_live()
        if not self._vectors_answer(live):
            self._rebuild_vectors(progress)
        if self._lexical.count() != live:
            log.warning("The lexical index is out of step with the record and is made anew.")
            self._rebuild_lexical(progress)

    def close(self) -> None:
        """Let go of the folders."""
        self._vectors.close()

    def add(self, entries: Sequence[Candidate]) -> None:
        """Add passages to both indexes."""
        self._vectors.add([(entry.passage, entry.vector) for entry in entries])
        self._lexical.add([entry.passage for entry in entries])

    def sweep(self) -> None:
        """Take what is not live out of the indexes, and half-done versions out of the record."""
        stale = self._record.stale_versions()
        if stale:
            self._vectors.remove(stale)
            self._lexical.remove(stale)
            self._record.retire(stale)

    def refresh(self) -> None:
        """Bring corrected titles, publishers and dates into the indexes."""
        changed = self._record.corrections.unindexed()
        if changed:
            entries = self._record.candidates_of(changed, self._embedder.fingerprint)
            passages = [entry.passage for entry in entries]
            self._vectors.refresh(passages)
            self._lexical.refresh(passages)
            self._record.corrections.note_indexed(changed)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make both indexes anew from the record."""
        self._embed_missing(progress)
        self._rebuild_vectors(progress)
        self._rebuild_lexical(progress)

    def search_vectors(
        self, vector: Vector, scopes: Sequence[str], limit: int, as_of: date | None
    ) -> ScoredIds:
        """See :meth:`store.vectors.VectorIndex.search`."""
        return self._vectors.search(vector, scopes, limit, as_of)

    def search_concepts(
        self, concepts: Sequence[Concept], scopes: Sequence[str], limit: int, as_of: date | None
    ) -> ScoredIds:
        """See :meth:`store.lexical.LexicalIndex.search`."""
        return self._lexical.search(concepts, scopes, limit, as_of)

    def parse_question(self, text: str, scopes: Sequence[str]) -> ParsedQuestion:
        """The concepts of a question, weighed by how rare they are in the corpus."""
        return parse_question(
            text,
            self._lexical.documents_with,
            self._lexical.count(),
            lambda word: self._lexical.respell(word, scopes),
        )

    def counts(self) -> dict[str, int]:
        """The number of passages in each index."""
        return {"vectors": self._vectors.count(), "lexical": self._lexical.count()}

    def _open(self, name: str, fingerprint: str, opener: Callable[[Path], None]) -> bool:
        """Open an index's current generation; ``False`` if it has to be made anew."""
        known = self._record.index_generation(name)
        if known is None or known[1] != fingerprint:
            return False
        folder = self._generation_folder(name, known[0])
        opening = folder / "opening"
        if not folder.exists() or opening.exists():
            return False
        # A damaged index can abort the whole process, which no handler catches: the marker
        # that is then left behind tells the next start not to touch that folder again.
        opening.touch()
        try:
            opener(folder)
        except BaseException as error:  # Chroma's core panics outside of Exception
            _reraise_if_asked_to_stop(error)
            log.warning("The %s index can't be opened (%s) and is made anew.", name, error)
            return False
        finally:
            opening.unlink(missing_ok=True)
        return True

    def _open_vectors(self, folder: Path) -> None:
        from store.vectors import VectorIndex  # chromadb takes most of a second to import

        self._vectors = VectorIndex(folder)
        self._vectors.count()

    def _open_lexical(self, folder: Path) -> None:
        self._lexical = LexicalIndex(folder)

    def _vectors_answer(self, live: int) -> bool:
        """Whether the vector index has every live passage and finds one by its own vector."""
        try:
            if self._vectors.count() == live:
                probe = next(self._record.live(self._embedder.fingerprint), None)
                if probe is None:
                    return True
                found = self._vectors.search(probe.vector, (probe.passage.scope,), 3, None)
                if found and found[0][1] > SAME_VECTOR:
                    return True
            reason = "it is out of step with the record"
        except BaseException as error:  # Chroma's core panics outside of Exception
            _reraise_if_asked_to_stop(error)
            reason = str(error)
        log.warning("The vector index is made anew: %s.", reason)
        return False

    def _embed_missing(self, progress: Progress | None) -> None:
        fingerprint = self._embedder.fingerprint
        missing = list(self._record.missing_embeddings(fingerprint))
        for start in range(0, len(missing), EMBED_BATCH):
            batch = missing[start : start + EMBED_BATCH]
            vectors = self._embedder.embed_passages([(text, ranges) for _, text, ranges in batch])
            keys = [key for key, _, _ in batch]
            self._record.put_embeddings(dict(zip(keys, vectors, strict=True)), fingerprint)
            if progress:
                progress(start + len(batch), len(missing), "passages embedded")

    def _rebuild_vectors(self, progress: Progress | None) -> None:
        from store.vectors import VectorIndex

        with self._next_generation("vectors", self._embedder.fingerprint) as folder:
            self._vectors = VectorIndex(folder)
            for batch in self._live_batches(progress, "passages in the vector index"):
                self._vectors.add([(entry.passage, entry.vector) for entry in batch])

    def _rebuild_lexical(self, progress: Progress | None) -> None:
        with self._next_generation("lexical", LEXICAL_SCHEMA) as folder:
            self._lexical = LexicalIndex(folder)
            for batch in self._live_batches(progress, "passages in the lexical index"):
                self._lexical.add([entry.passage for entry in batch])

    def _live_batches(self, progress: Progress | None, what: str) -> Iterator[list[Candidate]]:
        total = self._record.count_live()
        done = 0
        entries = self._record.live(self._embedder.fingerprint)
        while batch := list(islice(entries, REBUILD_BATCH)):
            yield batch
            done += len(batch)
            if progress:
                progress(done, total, what)

    @contextmanager
    def _next_generation(self, name: str, fingerprint: str) -> Iterator[Path]:
        """A fresh folder for an index, which replaces all others once it has been filled."""
        known = self._record.index_generation(name)
        generation = known[0] + 1 if known else 1
        folder = self._generation_folder(name, generation)
        shutil.rmtree(folder, ignore_errors=True)
        yield folder
        self._record.set_index_generation(name, generation, fingerprint)
        for other in self._folder.glob(f"{name}-*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)

    def _generation_folder(self, name: str, generation: int) -> Path:
        return self._folder / f"{name}-{generation}"


def _reraise_if_asked_to_stop(error: BaseException) -> None:
    if isinstance(error, KeyboardInterrupt | SystemExit):
        raise error
