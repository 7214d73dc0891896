"""What chat models took, by scope and day, and which model a server chose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from store import schema
from store.database import open_database
from store.store import RECORD_FILE

use = schema.model_use.c
chosen = schema.chosen_models.c


@dataclass(frozen=True, slots=True)
class Spent:
    """Answers and tokens of one scope on one day."""

    answers: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def tokens(self) -> int:
        """All tokens, read and written."""
        return self.tokens_in + self.tokens_out


@contextmanager
def open_model_use(folder: Path) -> Iterator[ModelUse]:
    """The use of models in the record of the store in ``folder``, which must exist."""
    engine = open_database(folder / RECORD_FILE)
    try:
        yield ModelUse(engine)
    finally:
        engine.dispose()


class ModelUse:
    """Keeps what models take, and what servers choose. Days are those of UTC."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def spent_today(self, scope: str) -> Spent:
        """What a scope has used since midnight UTC."""
        query = sa.select(use.answers, use.tokens_in, use.tokens_out).where(
            use.scope == scope, use.day == _today()
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return Spent(*row) if row else Spent()

    def spend(self, scope: str, tokens_in: int, tokens_out: int) -> None:
        """Add one answer's tokens to a scope's day."""
        row = insert(schema.model_use).values(
            scope=scope, day=_today(), answers=1, tokens_in=tokens_in, tokens_out=tokens_out
        )
        added = row.on_conflict_do_update(
            index_elements=["scope", "day"],
            set_={
                "answers": use.answers + 1,
                "tokens_in": use.tokens_in + tokens_in,
                "tokens_out": use.tokens_out + tokens_out,
            },
        )
        with self._engine.begin() as connection:
            connection.execute(added)

    def chosen(self, scope: str) -> str | None:
        """The model that a scope chose, if it did."""
        with self._engine.connect() as connection:
            return connection.scalar(sa.select(chosen.model).where(chosen.scope == scope))

    def choose(self, scope: str, model: str, user_id: str) -> None:
        """Set a scope's model; ``user_id`` is who did."""
        values = {"model": model, "chosen_by": user_id, "chosen_at": _now()}
        row = insert(schema.chosen_models).values(scope=scope, **values)
        with self._engine.begin() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["scope"], set_=values))


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
