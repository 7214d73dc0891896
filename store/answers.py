"""Answers as they were given, what readers thought of them, and a surface's few settings.

Everything here is small, and written one row at a time. Of what people write, only the
question that was asked is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store import schema
from store.database import open_database
from store.store import RECORD_FILE

answers = schema.answers.c
shown = schema.answer_messages.c
feedback = schema.feedback.c
channels = schema.auto_answer_channels.c
synced = schema.synced_commands.c


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as data. ``kind`` says how to read ``data``; ids are Discord's, as text."""

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


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a document came in: when, by whom (``None`` for the starter corpus), from where."""

    added_at: str
    added_by: str | None
    origin: str


@contextmanager
def open_answers(folder: Path) -> Iterator[AnswerRecord]:
    """The answers in the record of the store in ``folder``, which must exist."""
    engine = open_database(folder / RECORD_FILE)
    try:
        yield AnswerRecord(engine)
    finally:
        engine.dispose()


class AnswerRecord:
    """Reads and writes answers, feedback, auto-answer channels and the hash of the commands."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    # --- answers

    def put(self, answer: StoredAnswer, message_ids: Sequence[int]) -> None:
        """Keep an answer with the messages that show it; known already, add the messages."""
        with self._engine.begin() as connection:
            known = connection.scalar(sa.select(answers.id).where(answers.id == answer.id))
            if known is None:
                connection.execute(
                    sa.insert(schema.answers).values(**asdict(answer), created_at=_now())
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
        return StoredAnswer(**{name: row[name] for name in StoredAnswer.__dataclass_fields__})

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

    # --- settings of servers

    def auto_answer_channels(self) -> set[int]:
        """The channels, of all servers, in which every question is answered."""
        with self._engine.connect() as connection:
            return {int(value) for value in connection.scalars(sa.select(channels.channel_id))}

    def set_auto_answer(self, channel_id: int, guild_id: int, user_id: int, *, on: bool) -> None:
        """Turn auto-answer on or off in a channel; ``user_id`` is who did."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.delete(schema.auto_answer_channels).where(channels.channel_id == str(channel_id))
            )
            if on:
                connection.execute(
                    sa.insert(schema.auto_answer_channels).values(
                        channel_id=str(channel_id),
                        guild_id=str(guild_id),
                        turned_on_by=str(user_id),
                        turned_on_at=_now(),
                    )
                )

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
        query = sa.select(documents.added_at, documents.added_by, documents.origin).where(
            documents.id == document_id
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return Provenance(row.added_at, row.added_by, row.origin) if row else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
