"""Corrections of documents' details: what was changed, by whom, when, and why.

A correction changes the details of the live version at once and stands for every later one,
until it is corrected again. What the derived indexes hold of the old details is marked in the
same transaction, so that they are brought up to date after a crash as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime

import sqlalchemy as sa

from store import schema
from store.errors import StoreError, UnknownDocumentError
from store.model import DATES, KINDS, Correction, Detail, Metadata, last_day

corrections = schema.corrections.c
documents = schema.documents.c
versions = schema.versions.c


class Corrections:
    """Reads and writes corrections through the record's engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def correct(
        self,
        identifier: str,
        scope: str,
        details: Mapping[Detail, str | None],
        corrected_by: str | None,
        reason: str | None,
    ) -> list[Correction]:
        """Correct details of a live document; returns what really changed.

        Raises :class:`UnknownDocumentError` if the scope has no such document, and
        :class:`StoreError` if a value can't be.
        """
        check_details(details)
        live = (
            sa.select(versions.number, versions.metadata)
            .join(schema.documents, documents.id == versions.document_id)
            .where(documents.id == identifier, documents.scope == scope, versions.state == "live")
        )
        with self._engine.begin() as connection:
            row = connection.execute(live).first()
            if row is None:
                raise UnknownDocumentError(
                    f"There is no document {identifier!r}. `tumen documents` lists them with "
                    "their ids."
                )
            before = Metadata(**row.metadata)
            made = list(write(connection, identifier, before, details, corrected_by, reason))
            if made:
                connection.execute(
                    sa.update(schema.versions)
                    .where(versions.document_id == identifier, versions.number == row.number)
                    .values(metadata=asdict(before.with_details(details)), reindex=True)
                )
        return made

    def of(self, identifier: str) -> list[Correction]:
        """The corrections of a document, the earliest first."""
        query = (
            sa.select(schema.corrections)
            .where(corrections.document_id == identifier)
            .order_by(corrections.id)
        )
        with self._engine.connect() as connection:
            return [
                Correction(
                    row.detail, row.old, row.new, row.corrected_by, row.corrected_at, row.reason
                )
                for row in connection.execute(query)
            ]

    def standing(self, identifier: str) -> dict[Detail, str | None]:
        """The details of a document that were corrected, with what holds now."""
        with self._engine.connect() as connection:
            return standing(connection, identifier)

    def unindexed(self) -> list[tuple[str, int]]:
        """The versions (document id, number) whose details the derived indexes may have old."""
        query = sa.select(versions.document_id, versions.number).where(
            versions.reindex, versions.state == "live"
        )
        with self._engine.connect() as connection:
            return [(row.document_id, row.number) for row in connection.execute(query)]

    def note_indexed(self, keys: Iterable[tuple[str, int]]) -> None:
        """Note that the derived indexes have the details of versions as they are now."""
        with self._engine.begin() as connection:
            for identifier, number in keys:
                connection.execute(
                    sa.update(schema.versions)
                    .where(versions.document_id == identifier, versions.number == number)
                    .values(reindex=False)
                )


def check_details(details: Mapping[Detail, str | None]) -> None:
    """Raise :class:`StoreError` if a value is none that a document can have."""
    for detail, value in details.items():
        if detail == "title" and not value:
            raise StoreError("A document needs a title.")
        if detail in DATES and value is not None and last_day(value) is None:
            raise StoreError(f"{value!r} is no date such as 2024-12-04, 2024-12 or 2024.")
        if detail == "kind" and value is not None and value not in KINDS:
            raise StoreError(f"{value!r} is no kind of source; there are: {', '.join(KINDS)}.")


def standing(connection: sa.Connection, identifier: str) -> dict[Detail, str | None]:
    """See :meth:`Corrections.standing`."""
    query = (
        sa.select(corrections.detail, corrections.new)
        .where(corrections.document_id == identifier)
        .order_by(corrections.id)
    )
    return {row.detail: row.new for row in connection.execute(query)}


def write(
    connection: sa.Connection,
    identifier: str,
    before: Metadata,
    details: Mapping[Detail, str | None],
    corrected_by: str | None,
    reason: str | None = None,
) -> Iterator[Correction]:
    """Write down the details that differ from those before, and give them back."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for detail, new in details.items():
        old = getattr(before, detail)
        if old == new:
            continue
        made = Correction(detail, old, new, corrected_by, now, reason)
        connection.execute(
            sa.insert(schema.corrections).values(document_id=identifier, **asdict(made))
        )
        yield made
