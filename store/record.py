"""The record: documents, versions, passages and their vectors in SQL. It is the truth.

Everything that a search needs can be rebuilt from here. A version is first *staged* (its
rows exist, no search sees it), then *live*, and in the same transaction the former one
becomes *superseded*; a *removed* document has no live version. What the derived indexes
still hold of a version that is not live is swept out afterwards and found by no search
in between, because every search asks the record which passages are live.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import numpy as np
import sqlalchemy as sa

from store import corrections as corrected
from store import schema
from store.catalogue import Catalogue
from store.corrections import Corrections
from store.embedding import PassageEmbedding, Vector
from store.errors import UnknownDocumentError
from store.instructions import find_instructions, within
from store.model import (
    Metadata,
    Passage,
    PassageSpan,
    Range,
    Reference,
    Source,
    Version,
)

NOT_LIVE = ("staged", "superseded", "removed")
CHUNK = 500
"""Ids in one IN list, well under SQLite's limit on bound values."""

documents = schema.documents.c
versions = schema.versions.c
passages = schema.passages.c
embeddings = schema.embeddings.c
index_state = schema.index_state.c

_OF_VERSION = (versions.document_id == passages.document_id) & (versions.number == passages.version)

VersionKey = tuple[str, int]
"""A document's id and a version's number."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A live passage with its vectors: unit float32 of shapes (d,) and (sentences, d)."""

    passage: Passage
    vector: Vector
    sentence_vectors: Vector


def document_id(scope: str, origin: str) -> str:
    """The id of a document: the same scope and origin always give the same one."""
    return hashlib.sha256(f"{scope}\0{origin}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


def embedding_key(text: str, span: PassageSpan) -> str:
    """The content hash under which a passage's vectors are kept; ``text`` is the document's."""
    ranges = [(start - span.start, end - span.start) for start, end in span.sentences]
    content = json.dumps([text[span.start : span.end], ranges], ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


class Record:
    """Reads and writes the SQL record through one engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self.catalogue = Catalogue(engine)
        self.corrections = Corrections(engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    # --- writing

    def stage(
        self,
        offered: Sequence[Version],
        vectors: Mapping[str, PassageEmbedding],
        fingerprint: str,
    ) -> list[VersionKey]:
        """Write new versions that no search sees yet.

        ``vectors`` holds the new embeddings by :func:`embedding_key`; those that the record
        already has may be left out.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        marked = [
            find_instructions(version.text)
            if version.instructions is None
            else version.instructions
            for version in offered
        ]
        with self._engine.begin() as connection:
            self._put_embeddings(connection, vectors, fingerprint)
            return [
                _stage_one(connection, version, instructions, now)
                for version, instructions in zip(offered, marked, strict=True)
            ]

    def mark_instructions(self) -> None:
        """Look for instruction-like text in the versions in which nobody has looked yet."""
        unread = sa.select(versions.document_id, versions.number).where(
            versions.instructions.is_(sa.null())
        )
        with self._engine.connect() as connection:
            keys = [(row.document_id, row.number) for row in connection.execute(unread)]
        for identifier, number in keys:
            found = find_instructions(self.text(identifier, number))
            with self._engine.begin() as connection:
                connection.execute(
                    sa.update(schema.versions)
                    .where(versions.document_id == identifier, versions.number == number)
                    .values(instructions=found)
                )

    def put_embeddings(self, vectors: Mapping[str, PassageEmbedding], fingerprint: str) -> None:
        """Keep the vectors of passages that the record already has, made by another model."""
        with self._engine.begin() as connection:
            self._put_embeddings(connection, vectors, fingerprint)

    @staticmethod
    def _put_embeddings(
        connection: sa.Connection, vectors: Mapping[str, PassageEmbedding], fingerprint: str
    ) -> None:
        if not vectors:
            return
        connection.execute(
            sa.insert(schema.embeddings).prefix_with("OR IGNORE", dialect="sqlite"),
            [
                {
                    "key": key,
                    "fingerprint": fingerprint,
                    "vector": embedding.vector.astype(np.float32).tobytes(),
                    "sentence_vectors": embedding.sentence_vectors.astype(np.float16).tobytes(),
                }
                for key, embedding in vectors.items()
            ],
        )

    def go_live(self, staged: Sequence[VersionKey]) -> None:
        """Make staged versions the ones that a search finds, in place of their forerunners."""
        with self._engine.begin() as connection:
            for identifier, number in staged:
                connection.execute(
                    sa.update(schema.versions)
                    .where(versions.document_id == identifier, versions.state == "live")
                    .values(state="superseded")
                )
                connection.execute(
                    sa.update(schema.versions)
                    .where(versions.document_id == identifier, versions.number == number)
                    .values(state="live")
                )

    def take_down(self, identifier: str, scope: str) -> None:
        """Hide a document from every search; its text stays for the answers that cite it.

        Raises :class:`UnknownDocumentError` if the scope has no such document.
        """
        in_scope = sa.select(documents.id).where(
            documents.id == identifier, documents.scope == scope
        )
        with self._engine.begin() as connection:
            done = connection.execute(
                sa.update(schema.versions)
                .where(versions.document_id.in_(in_scope), versions.state == "live")
                .values(state="removed")
            )
        if done.rowcount == 0:
            raise UnknownDocumentError(
                f"There is no document {identifier!r}. `tumen documents` lists them with their ids."
            )

    def take_up(self, identifier: str, number: int, scope: str) -> None:
        """Note that a former version is about to enter the derived indexes again.

        Raises :class:`UnknownDocumentError` if the scope has no such version.
        """
        in_scope = sa.select(documents.id).where(
            documents.id == identifier, documents.scope == scope
        )
        with self._engine.begin() as connection:
            done = connection.execute(
                sa.update(schema.versions)
                .where(versions.document_id.in_(in_scope), versions.number == number)
                .values(indexed=True)
            )
        if done.rowcount == 0:
            raise UnknownDocumentError(f"There is no version {number} of document {identifier!r}.")

    def stale_versions(self) -> list[VersionKey]:
        """The versions that the derived indexes may hold and no search may find."""
        query = sa.select(versions.document_id, versions.number).where(
            versions.indexed, versions.state.in_(NOT_LIVE)
        )
        with self._engine.connect() as connection:
            return [(row.document_id, row.number) for row in connection.execute(query)]

    def retire(self, stale: Iterable[VersionKey]) -> None:
        """Note that versions have left the derived indexes; half-done ones are deleted whole.

        The vectors of a deleted one stay, so that the next attempt embeds nothing again.
        """
        with self._engine.begin() as connection:
            for identifier, number in stale:
                this = sa.and_(versions.document_id == identifier, versions.number == number)
                if connection.scalar(sa.select(versions.state).where(this)) != "staged":
                    connection.execute(sa.update(schema.versions).where(this).values(indexed=False))
                    continue
                connection.execute(
                    sa.delete(schema.passages).where(
                        passages.document_id == identifier, passages.version == number
                    )
                )
                connection.execute(sa.delete(schema.versions).where(this))
            kept = sa.select(versions.document_id)
            gone = schema.corrections.c.document_id.not_in(kept)
            connection.execute(sa.delete(schema.corrections).where(gone))
            connection.execute(sa.delete(schema.documents).where(documents.id.not_in(kept)))

    # --- reading

    def embedded(self, keys: Iterable[str], fingerprint: str) -> set[str]:
        """Those of the embedding keys whose vectors the record has for this model."""
        found: set[str] = set()
        with self._engine.connect() as connection:
            for some in _chunks(keys):
                query = sa.select(embeddings.key).where(
                    embeddings.key.in_(some), embeddings.fingerprint == fingerprint
                )
                found.update(connection.scalars(query))
        return found

    def embedding_keys(self, identifier: str) -> frozenset[str]:
        """The embedding keys of all passages that a document has or had."""
        query = sa.select(passages.embedding_key).where(passages.document_id == identifier)
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(query))

    def text(self, identifier: str, number: int) -> str:
        """The whole text of a version; raises :class:`UnknownDocumentError` if it isn't there."""
        query = sa.select(versions.text).where(
            versions.document_id == identifier, versions.number == number
        )
        with self._engine.connect() as connection:
            text = connection.scalar(query)
        if text is None:
            raise UnknownDocumentError(f"There is no version {number} of document {identifier!r}.")
        return str(text)

    def sources(self, identifier: str, number: int, start: int, end: int) -> tuple[Source, ...]:
        """The public pages that a stretch of a version rests on, as its document names them."""
        query = sa.select(versions.references).where(
            versions.document_id == identifier, versions.number == number
        )
        with self._engine.connect() as connection:
            stored = connection.scalar(query) or []
        references = [_reference(item) for item in stored]
        overlapping = [item for item in references if item.start < end and start < item.end]
        return tuple(dict.fromkeys(source for item in overlapping for source in item.sources))

    def candidates(
        self, ids: Sequence[str], scopes: Sequence[str], fingerprint: str
    ) -> dict[str, Candidate]:
        """Those passages that are live and in the scopes, by id. The wall between servers."""
        found: dict[str, Candidate] = {}
        with self._engine.connect() as connection:
            for some in _chunks(ids):
                query = _passages_with_vectors(fingerprint).where(
                    versions.state == "live",
                    passages.id.in_(some),
                    documents.scope.in_(scopes),
                )
                found.update((row.id, _candidate(row)) for row in connection.execute(query))
        return found

    def candidates_of(self, staged: Iterable[VersionKey], fingerprint: str) -> list[Candidate]:
        """The passages of versions, live or not, with their vectors."""
        found = []
        with self._engine.connect() as connection:
            for identifier, number in staged:
                query = _passages_with_vectors(fingerprint).where(
                    passages.document_id == identifier, passages.version == number
                )
                found += [_candidate(row) for row in connection.execute(query)]
        return found

    def live(self, fingerprint: str) -> Iterator[Candidate]:
        """Every live passage that has vectors of this model, in a steady order, streamed."""
        query = (
            _passages_with_vectors(fingerprint)
            .where(versions.state == "live")
            .order_by(passages.id)
        )
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=CHUNK).execute(query):
                yield _candidate(row)

    def count_live(self) -> int:
        """The number of passages that a search can find."""
        query = (
            sa.select(sa.func.count())
            .select_from(schema.passages)
            .join(schema.versions, _OF_VERSION)
            .where(versions.state == "live")
        )
        with self._engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    def missing_embeddings(self, fingerprint: str) -> Iterator[tuple[str, str, list[Range]]]:
        """Live passages without vectors of this model: (embedding key, text, sentences in it)."""
        have = sa.select(embeddings.key).where(embeddings.fingerprint == fingerprint)
        query = (
            sa.select(schema.passages)
            .join(schema.versions, _OF_VERSION)
            .where(versions.state == "live", passages.embedding_key.not_in(have))
        )
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=CHUNK).execute(query):
                ranges = [(start - row.start, end - row.start) for start, end in row.sentences]
                yield row.embedding_key, row.text, ranges

    # --- the derived indexes' whereabouts

    def index_generation(self, name: str) -> tuple[int, str] | None:
        """The generation and fingerprint of a derived index, if it was ever built whole."""
        query = sa.select(schema.index_state).where(index_state.name == name)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return (row.generation, row.fingerprint) if row else None

    def set_index_generation(self, name: str, generation: int, fingerprint: str) -> None:
        """Note that a derived index has been built whole in that generation."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(schema.index_state).where(index_state.name == name))
            connection.execute(
                sa.insert(schema.index_state).values(
                    name=name, generation=generation, fingerprint=fingerprint
                )
            )


def _passages_with_vectors(fingerprint: str) -> sa.Select[Any]:
    return (
        sa.select(
            schema.passages,
            documents.scope,
            versions.metadata,
            versions.instructions,
            embeddings.vector,
            embeddings.sentence_vectors,
        )
        .join(schema.versions, _OF_VERSION)
        .join(schema.documents, documents.id == passages.document_id)
        .join(
            schema.embeddings,
            (embeddings.key == passages.embedding_key) & (embeddings.fingerprint == fingerprint),
        )
    )


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _stage_one(
    connection: sa.Connection, version: Version, instructions: Sequence[Range], now: str
) -> VersionKey:
    identifier = document_id(version.scope, version.origin)
    if not connection.scalar(sa.select(documents.id).where(documents.id == identifier)):
        connection.execute(
            sa.insert(schema.documents).values(
                id=identifier,
                scope=version.scope,
                origin=version.origin,
                added_at=now,
                added_by=version.added_by,
            )
        )
    newest = connection.scalar(
        sa.select(sa.func.max(versions.number)).where(versions.document_id == identifier)
    )
    number = (newest or 0) + 1
    stated = version.metadata.with_details(corrected.standing(connection, identifier))
    list(corrected.write(connection, identifier, stated, version.corrected, version.added_by))
    metadata = stated.with_details(version.corrected)
    connection.execute(
        sa.insert(schema.versions).values(
            document_id=identifier,
            number=number,
            text=version.text,
            text_sha256=hashlib.sha256(version.text.encode()).hexdigest(),
            bytes_sha256=version.bytes_sha256,
            metadata=asdict(metadata),
            references=[asdict(reference) for reference in version.references],
            created_at=now,
            state="staged",
            indexed=True,
            instructions=instructions,
        )
    )
    connection.execute(
        sa.insert(schema.passages),
        [
            {
                "id": f"{identifier}.{number}.{ordinal}",
                "document_id": identifier,
                "version": number,
                "start": span.start,
                "end": span.end,
                "text": version.text[span.start : span.end],
                "page": span.page,
                "heading_path": list(span.heading_path),
                "sentences": [list(sentence) for sentence in span.sentences],
                "tokens": span.tokens,
                "embedding_key": embedding_key(version.text, span),
            }
            for ordinal, span in enumerate(version.passages)
        ],
    )
    return identifier, number


def _candidate(row: sa.Row[Any]) -> Candidate:
    vector = np.frombuffer(row.vector, np.float32)
    sentence_vectors = np.frombuffer(row.sentence_vectors, np.float16).astype(np.float32)
    passage = Passage(
        id=row.id,
        document_id=row.document_id,
        version=row.version,
        scope=row.scope,
        start=row.start,
        end=row.end,
        text=row.text,
        sentences=tuple((start, end) for start, end in row.sentences),
        heading_path=tuple(row.heading_path),
        page=row.page,
        metadata=Metadata(**row.metadata),
        instructions=within(((s, e) for s, e in row.instructions or ()), row.start, row.end),
    )
    return Candidate(passage, vector, sentence_vectors.reshape(-1, len(vector)))


def _reference(stored: dict[str, Any]) -> Reference:
    sources = tuple(Source(**source) for source in stored["sources"])
    return Reference(stored["start"], stored["end"], sources)
