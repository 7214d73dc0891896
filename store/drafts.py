"""Documents that were read and wait for somebody's word, so that a restart loses none."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from store import schema
from store.servers import Entry, Used, append_entry

drafts = schema.drafts.c

KEPT = timedelta(days=1)
"""How long a draft waits."""
WAITING, CONFIRMED = "waiting", "confirmed"


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft as data, and for whom it waits.

    ``data`` is whatever the surface reads it from; ``bytes`` the size of what was read;
    ``answer_id`` the question that is to be answered again. ``token`` and ``message_id`` are
    where Discord lets us say how it went, for some minutes.
    """

    scope: str
    user_id: int
    data: bytes
    bytes: int
    answer_id: str | None = None
    token: str | None = None
    message_id: int | None = None
    state: str = WAITING
    id: str = field(default_factory=lambda: secrets.token_hex(6))


COLUMNS = [one.name for one in fields(StoredDraft)]


class DraftRecord:
    """Reads and writes drafts."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def put(self, draft: StoredDraft) -> None:
        """Keep a draft, and drop those that waited too long."""
        now = datetime.now(UTC)
        stale = sa.and_(
            drafts.state == WAITING,
            drafts.created_at < (now - KEPT).isoformat(timespec="seconds"),
        )
        values = asdict(draft) | {
            "user_id": str(draft.user_id),
            "message_id": str(draft.message_id) if draft.message_id else None,
            "created_at": now.isoformat(timespec="seconds"),
        }
        with self._engine.begin() as connection:
            connection.execute(sa.delete(schema.drafts).where(stale))
            connection.execute(sa.insert(schema.drafts).values(**values))

    def get(self, identifier: str) -> StoredDraft | None:
        """The draft with that id."""
        found = self._read(drafts.id == identifier)
        return found[0] if found else None

    def confirmed(self) -> list[StoredDraft]:
        """The drafts that were to be added when the process ended, oldest first."""
        return self._read(drafts.state == CONFIRMED)

    def amend(self, identifier: str, data: bytes) -> bool:
        """Put other data in place of a waiting draft's; ``False`` if it waits no more."""
        return self._update(identifier, WAITING, data=data)

    def confirm(self, identifier: str, token: str, message_id: int | None) -> bool:
        """Note that a draft is to be added; ``False`` if it does not wait any more."""
        told = str(message_id) if message_id else None
        return self._update(identifier, WAITING, state=CONFIRMED, token=token, message_id=told)

    def reopen(self, identifier: str) -> bool:
        """Let a confirmed draft wait again, since it could not be added."""
        return self._update(identifier, CONFIRMED, state=WAITING, token=None)

    def drop(self, identifier: str) -> bool:
        """Forget a waiting draft; ``False`` if it does not wait any more."""
        this = sa.and_(drafts.id == identifier, drafts.state == WAITING)
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(schema.drafts).where(this)).rowcount == 1

    def settle(self, identifier: str, entry: Entry | None) -> int | None:
        """Forget a confirmed draft and write what became of it into the audit log, both or none.

        Returns the id of the log's line.
        """
        with self._engine.begin() as connection:
            connection.execute(sa.delete(schema.drafts).where(drafts.id == identifier))
            return append_entry(connection, entry) if entry else None

    def being_added(self, scope: str) -> Used:
        """What is confirmed and not yet added."""
        query = sa.select(sa.func.count(), sa.func.sum(drafts.bytes)).where(
            drafts.scope == scope, drafts.state == CONFIRMED
        )
        with self._engine.connect() as connection:
            documents, size = connection.execute(query).one()
        return Used(documents, size or 0)

    def _update(self, identifier: str, now: str, **values: object) -> bool:
        change = (
            sa.update(schema.drafts)
            .where(drafts.id == identifier, drafts.state == now)
            .values(**values)
        )
        with self._engine.begin() as connection:
            return connection.execute(change).rowcount == 1

    def _read(self, condition: sa.ColumnElement[bool]) -> list[StoredDraft]:
        query = sa.select(schema.drafts).where(condition).order_by(drafts.created_at)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [_draft(row) for row in rows]


def _draft(row: sa.RowMapping) -> StoredDraft:
    draft = StoredDraft(**{name: row[name] for name in COLUMNS})
    told = int(row["message_id"]) if row["message_id"] else None
    return replace(draft, user_id=int(row["user_id"]), message_id=told)
