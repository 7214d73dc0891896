"""What a Discord server's admins have set, and the log of what its keepers did."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from store import schema

settings = schema.server_settings.c
log = schema.audit_log.c
channels = schema.auto_answer_channels.c

DOCUMENTS_A_DAY, MEGABYTES_A_DAY = 50, 100
"""Quotas of a server that has set none."""
MEGABYTE = 1_000_000

Action = Literal[
    "added",
    "addition undone",
    "refreshed",
    "refresh undone",
    "removed",
    "removal undone",
    "corrected",
    "set",
]
"""What is logged. ``set`` is a change of the server's settings."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What admins have set; ids are Discord's.

    No ``add_roles``: only those with Manage Server add documents. No ``answer_channels``: the
    bot answers everywhere. No ``language``: each reader is spoken to in their own.
    """

    add_roles: tuple[int, ...] = ()
    answer_channels: tuple[int, ...] = ()
    documents_a_day: int = DOCUMENTS_A_DAY
    megabytes_a_day: int = MEGABYTES_A_DAY
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit log. ``scope`` is a server's id or the base."""

    scope: str
    user_id: int
    action: Action
    document_id: str | None = None
    title: str | None = None
    detail: str | None = None
    version: int | None = None
    replaced: int | None = None
    bytes: int = 0
    draft_id: str | None = None
    id: int = 0
    at: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """What was added to a scope within a day."""

    documents: int
    bytes: int


class ServerRecord:
    """Reads and writes the settings of servers and the audit log."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    # --- settings

    def settings(self, guild_id: int) -> ServerSettings:
        """What is set for a server; the defaults if nothing is."""
        query = sa.select(schema.server_settings).where(settings.guild_id == str(guild_id))
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return ServerSettings()
        return ServerSettings(
            tuple(map(int, row["add_roles"])),
            tuple(map(int, row["answer_channels"])),
            row["documents_a_day"],
            row["megabytes_a_day"],
            row["language"],
        )

    def change(self, guild_id: int, user_id: int, detail: str, **changes: Any) -> ServerSettings:  # noqa: ANN401
        """Set some fields and leave the others; ``detail`` tells the audit log what was set."""
        with self._engine.begin() as connection:
            self._ensure(connection, guild_id)
            connection.execute(
                sa.update(schema.server_settings)
                .where(settings.guild_id == str(guild_id))
                .values(**_as_stored(changes))
            )
            append_entry(connection, Entry(str(guild_id), user_id, "set", detail=detail))
        return self.settings(guild_id)

    def languages(self) -> dict[int, str]:
        """The language that servers have chosen, of those that have chosen one."""
        query = sa.select(settings.guild_id, settings.language).where(
            settings.language.is_not(None)
        )
        with self._engine.connect() as connection:
            return {int(guild_id): language for guild_id, language in connection.execute(query)}

    def met(self) -> set[int]:
        """The servers that the bot has seen."""
        query = sa.select(settings.guild_id).where(settings.met_at.is_not(None))
        with self._engine.connect() as connection:
            return {int(guild_id) for guild_id in connection.scalars(query)}

    def meet(self, guild_id: int, *, greeting: bool) -> bool:
        """Note that a server was seen, and greeted or not; ``False`` if it was before."""
        with self._engine.begin() as connection:
            self._ensure(connection, guild_id)
            done = connection.execute(
                sa.update(schema.server_settings)
                .where(
                    settings.guild_id == str(guild_id),
                    settings.met_at.is_(None),
                    settings.greeted_at.is_(None),
                )
                .values(met_at=_now(), greeted_at=_now() if greeting else None)
            )
        return done.rowcount == 1

    @staticmethod
    def _ensure(connection: sa.Connection, guild_id: int) -> None:
        """A row for the server, which two people at once may want."""
        connection.execute(
            sa.insert(schema.server_settings)
            .prefix_with("OR IGNORE", dialect="sqlite")
            .values(guild_id=str(guild_id), **_as_stored(asdict(ServerSettings())))
        )

    # --- channels with auto-answer

    def auto_answer_channels(self, guild_id: int | None = None) -> set[int]:
        """The channels in which every question is answered: a server's, or all there are."""
        query = sa.select(channels.channel_id)
        if guild_id is not None:
            query = query.where(channels.guild_id == str(guild_id))
        with self._engine.connect() as connection:
            return {int(value) for value in connection.scalars(query)}

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
            detail = f"auto-answer {'on' if on else 'off'} in <#{channel_id}>"
            append_entry(connection, Entry(str(guild_id), user_id, "set", detail=detail))

    # --- the audit log

    def append(self, entry: Entry) -> int:
        """Write a line; its id and time are given by the record. Returns the id."""
        with self._engine.begin() as connection:
            return append_entry(connection, entry)

    def entry(self, identifier: int, scope: str) -> Entry | None:
        """A line of that scope."""
        found = self._entries(log.id == identifier, log.scope == scope)
        return found[0] if found else None

    def of_draft(self, draft_id: str, scope: str) -> Entry | None:
        """The line about what a draft became."""
        found = self._entries(log.draft_id == draft_id, log.scope == scope)
        return found[0] if found else None

    def entries(self, scope: str, *, before: int | None = None, limit: int = 10) -> list[Entry]:
        """Lines of a scope, newest first; ``before`` is the id from which to go on."""
        older = () if before is None else (log.id < before,)
        return self._entries(log.scope == scope, *older, limit=limit)

    def history(self, document_id: str, scope: str, limit: int = 20) -> list[Entry]:
        """What was done with a document, newest first."""
        return self._entries(log.scope == scope, log.document_id == document_id, limit=limit)

    def used(self, scope: str, within: timedelta = timedelta(days=1)) -> Used:
        """What was added within the last day; what was undone again counts not."""
        since = (datetime.now(UTC) - within).isoformat(timespec="seconds")
        undone = ("addition undone", "refresh undone")
        sign = sa.case((log.action.in_(undone), -1), else_=1)
        query = sa.select(sa.func.sum(sign), sa.func.sum(sign * log.bytes)).where(
            log.scope == scope,
            log.at >= since,
            log.action.in_(("added", "refreshed", *undone)),
        )
        with self._engine.connect() as connection:
            documents, size = connection.execute(query).one()
        return Used(max(0, documents or 0), max(0, size or 0))

    def _entries(self, *conditions: sa.ColumnElement[bool], limit: int = 1) -> list[Entry]:
        query = sa.select(schema.audit_log).where(*conditions).order_by(log.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [replace(Entry(**row), user_id=int(row["user_id"])) for row in rows]


def append_entry(connection: sa.Connection, entry: Entry) -> int:
    """Write a line of the audit log within a transaction; returns its id."""
    values = asdict(entry) | {"user_id": str(entry.user_id), "at": _now()}
    del values["id"]
    made = connection.execute(sa.insert(schema.audit_log).values(**values).returning(log.id))
    return int(made.scalar_one())


def _as_stored(values: dict[str, Any]) -> dict[str, Any]:
    """Ids as text: they are longer than what JSON numbers hold everywhere."""
    return {
        name: list(map(str, value)) if isinstance(value, list | tuple) else value
        for name, value in values.items()
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
