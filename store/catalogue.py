"""The catalogue: which documents there are, what is known of each, and which are alike.

Part of the record, and read by itself: nothing here looks at passages or vectors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store import schema
from store.analysis import fold
from store.errors import UnknownDocumentError
from store.model import DocumentSummary, Likeness, Metadata, Twin, Version

documents = schema.documents.c
versions = schema.versions.c
passages = schema.passages.c


@dataclass(frozen=True, slots=True)
class Known:
    """A live version that equals, or came from the same origin as, one that is offered."""

    document_id: str
    origin: str
    bytes_sha256: str


class Catalogue:
    """Reads what the record knows of documents, through the record's engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def known(self, scope: str, origin: str, bytes_sha256: str) -> Known | None:
        """The live document of that scope with these bytes, whatever its origin."""
        query = (
            sa.select(documents.id, documents.origin, versions.bytes_sha256)
            .join(schema.versions, versions.document_id == documents.id)
            .where(
                documents.scope == scope,
                versions.state == "live",
                versions.bytes_sha256 == bytes_sha256,
            )
            .order_by(documents.origin != origin)
            .limit(1)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return Known(row.id, row.origin, row.bytes_sha256) if row else None

    def has_document(self, identifier: str) -> bool:
        """Whether the document has a live version."""
        query = sa.select(versions.number).where(
            versions.document_id == identifier, versions.state == "live"
        )
        with self._engine.connect() as connection:
            return connection.scalar(query) is not None

    def was_removed(self, scope: str, origin: str, bytes_sha256: str) -> bool:
        """Whether this very file was taken out on purpose and has not come back since."""
        query = (
            sa.select(versions.state)
            .join(schema.documents, versions.document_id == documents.id)
            .where(
                documents.scope == scope,
                documents.origin == origin,
                versions.bytes_sha256 == bytes_sha256,
            )
            .order_by(versions.number.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
            return connection.scalar(query) == "removed"

    def documents(self, scopes: Sequence[str]) -> list[DocumentSummary]:
        """The live documents of the scopes, by title."""
        found = self._summaries(documents.scope.in_(scopes))
        return sorted(found, key=lambda summary: summary.metadata.title.casefold())

    def document(self, identifier: str, scopes: Sequence[str]) -> DocumentSummary:
        """One live document; raises :class:`UnknownDocumentError` if the scopes have it not."""
        found = self._summaries(documents.scope.in_(scopes) & (documents.id == identifier))
        if not found:
            raise UnknownDocumentError(
                f"There is no document {identifier!r}. `tumen documents` lists them with their ids."
            )
        return found[0]

    def _summaries(self, which: sa.ColumnElement[bool]) -> list[DocumentSummary]:
        count = (
            sa.select(sa.func.count())
            .where(
                passages.document_id == versions.document_id, passages.version == versions.number
            )
            .scalar_subquery()
        )
        query = (
            sa.select(schema.documents, versions.number, versions.metadata, count.label("passages"))
            .join(schema.versions, versions.document_id == documents.id)
            .where(which, versions.state == "live")
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            DocumentSummary(
                row.id,
                row.scope,
                row.origin,
                row.number,
                Metadata(**row.metadata),
                row.passages,
                row.added_at,
            )
            for row in rows
        ]

    def publishers(self, scopes: Sequence[str]) -> list[str]:
        """The publishers of the scopes' live documents."""
        publisher = versions.metadata["publisher"].as_string()
        query = (
            sa.select(publisher)
            .distinct()
            .join(schema.documents, versions.document_id == documents.id)
            .where(documents.scope.in_(scopes), versions.state == "live", publisher.is_not(None))
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def twins(self, offered: Version, scopes: Sequence[str]) -> list[Twin]:
        """The live documents of the scopes that say or are the same, the likest first.

        The same are the bytes, the text, or the origin within the same scope. Of each document
        the strongest likeness counts.
        """
        text_sha256 = hashlib.sha256(offered.text.encode()).hexdigest()
        live = _live_in(scopes)
        # A union, so that each of the three is found by its index. With an OR, SQLite would read
        # all that is there, for each file of a folder.
        same = sa.union_all(
            live.where(versions.bytes_sha256 == offered.bytes_sha256),
            live.where(versions.text_sha256 == text_sha256),
            live.where(documents.scope == offered.scope, documents.origin == offered.origin),
        )
        found: dict[str, Twin] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(same):
                updated = (row.scope, row.origin) == (offered.scope, offered.origin)
                likeness: Likeness = "text" if row.text_sha256 == text_sha256 else "origin"
                if row.bytes_sha256 == offered.bytes_sha256:
                    likeness = "bytes"
                meta = Metadata(**row.metadata)
                found[row.id] = Twin(likeness, updated, row.id, row.number, row.scope, meta)
        order = {"bytes": 0, "text": 1, "origin": 2}
        return sorted(found.values(), key=lambda twin: (order[twin.likeness], not twin.updated))

    def namesakes(self, offered: Version, scopes: Sequence[str]) -> list[Twin]:
        """The live documents of the scopes with the same title, publisher and date.

        Looks at all of them, so it is for a person's preview of one document.
        """
        with self._engine.connect() as connection:
            rows = [(row, Metadata(**row.metadata)) for row in connection.execute(_live_in(scopes))]
        return [
            Twin("details", False, row.id, row.number, row.scope, meta)  # noqa: FBT003
            for row, meta in rows
            if _same_details(meta, offered.metadata)
        ]


def _live_in(scopes: Sequence[str]) -> sa.Select[Any]:
    return (
        sa.select(
            schema.documents,
            versions.number,
            versions.metadata,
            versions.bytes_sha256,
            versions.text_sha256,
        )
        .join(schema.versions, versions.document_id == documents.id)
        .where(documents.scope.in_(scopes), versions.state == "live")
    )


def _same_details(one: Metadata, other: Metadata) -> bool:
    """Whether titles are the same but for case and punctuation, and nothing else differs."""
    if _letters(one.title) != _letters(other.title):
        return False
    for mine, others in ((one.publisher, other.publisher), (one.published, other.published)):
        if mine and others and not (mine.startswith(others) or others.startswith(mine)):
            return False
    return True


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))
