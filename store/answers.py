"""Answers as they were given, what readers thought of them, and what Discord was told of.

Everything here is small, and written one row at a time. Of what people write, only the
question that was asked is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from store import schema
from store.statistics import Statistics, statistics_of

answers = schema.answers.c
shown = schema.answer_messages.c
feedback = schema.feedback.c
cited = schema.answer_citations.c
synced = schema.synced_commands.c


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as data. ``kind`` says how to read ``data``; ids are Discord's, as text.

    ``cited`` names the documents that support it; an honest miss has none. It is written with
    the answer, and read only in sums.
    """

    id: str
    kind: str
    scope: str
    channel_id: str
    question_message_id: str | None
    asker_id: str
    private: bool
    question: str
    standalone_question: str
    data: dict[str, Any]
    cited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a document came in: when, by whom (``None`` for the starter corpus), from where."""

    added_at: str
    added_by: str | None
    origin: str
    scope: str


COLUMNS = [field.name for field in fields(StoredAnswer) if field.name != "cited"]


class AnswerRecord:
    """Reads and writes answers, feedback and the hash of the commands."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    # --- answers

    def put(self, answer: StoredAnswer, message_ids: Sequence[int]) -> None:
        """Keep an answer with the messages that show it; known already, add the messages."""
        with self._engine.begin() as connection:
            known = connection.scalar(sa.select(answers.id).where(answers.id == answer.id))
            if known is None:
                values = {name: getattr(answer, name) for name in COLUMNS}
                connection.execute(sa.insert(schema.answers).values(**values, created_at=_now()))
                if answer.cited:
                    connection.execute(
                        sa.insert(schema.answer_citations),
                        [{"answer_id": answer.id, "document_id": one} for one in answer.cited],
                    )
            if message_ids:
                connection.execute(
                    sa.insert(schema.answer_messages),
                    [{"message_id": str(m), "answer_id": answer.id} for m in message_ids],
                )

    def get(self, identifier: str) -> StoredAnswer | None:
        """The answer with that id."""
        return self._one(sa.select(schema.answers).where(answers.id == identifier))

    def shown_by(self, message_id: int) -> StoredAnswer | None:
        """The answer that a message shows."""
        return self._one(
            sa.select(schema.answers)
            .join(schema.answer_messages, shown.answer_id == answers.id)
            .where(shown.message_id == str(message_id))
        )

    def publish(self, identifier: str) -> bool:
        """Note that a private answer was shared; ``False`` if it was not private any more."""
        change = (
            sa.update(schema.answers)
            .where(answers.id == identifier, answers.private)
            .values(private=False)
        )
        with self._engine.begin() as connection:
            return connection.execute(change).rowcount == 1

    def _one(self, query: sa.Select[Any]) -> StoredAnswer | None:
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        return StoredAnswer(**{name: row[name] for name in COLUMNS})

    # --- feedback

    def judge(self, answer_id: str, user_id: int, verdict: str) -> None:
        """Keep what a reader thinks of an answer, in place of what they thought before."""
        this = sa.and_(feedback.answer_id == answer_id, feedback.user_id == str(user_id))
        with self._engine.begin() as connection:
            connection.execute(sa.delete(schema.feedback).where(this))
            connection.execute(
                sa.insert(schema.feedback).values(
                    answer_id=answer_id, user_id=str(user_id), verdict=verdict, given_at=_now()
                )
            )

    def judgements(self, answer_id: str) -> dict[str, str]:
        """What readers think of an answer, by their ids."""
        query = sa.select(feedback.user_id, feedback.verdict).where(feedback.answer_id == answer_id)
        with self._engine.connect() as connection:
            return {row.user_id: row.verdict for row in connection.execute(query)}

    def statistics(self, scope: str, days: int) -> Statistics:
        """What was asked and answered in a scope over the last days."""
        return statistics_of(self._engine, scope, days)

    # --- commands

    def synced_commands(self, application_id: int) -> str | None:
        """The hash of the commands that Discord was last told of for this application."""
        query = sa.select(synced.sha256).where(synced.application_id == str(application_id))
        with self._engine.connect() as connection:
            return connection.scalar(query)

    def set_synced_commands(self, application_id: int, sha256: str) -> None:
        """Note what commands Discord has been told of."""
        this = synced.application_id == str(application_id)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(schema.synced_commands).where(this))
            connection.execute(
                sa.insert(schema.synced_commands).values(
                    application_id=str(application_id), sha256=sha256
                )
            )

    # --- documents

    def provenance(self, document_id: str) -> Provenance | None:
        """How a document came in, if it is known."""
        documents = schema.documents.c
        query = sa.select(
            documents.added_at, documents.added_by, documents.origin, documents.scope
        ).where(documents.id == document_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return Provenance(row.added_at, row.added_by, row.origin, row.scope) if row else None

    def times_cited(self, document_id: str, scope: str) -> int:
        """How many answers given in that scope cite a document."""
        query = (
            sa.select(sa.func.count())
            .select_from(schema.answer_citations)
            .join(schema.answers, answers.id == cited.answer_id)
            .where(cited.document_id == document_id, answers.scope == scope)
        )
        with self._engine.connect() as connection:
            return int(connection.scalar(query) or 0)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
