"""Taking back what was done with a document, for an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from store.servers import Action, Entry
from store.store import Store

FOR = timedelta(hours=1)
UNDOINGS: dict[Action, Action] = {
    "added": "addition undone",
    "refreshed": "refresh undone",
    "removed": "removal undone",
}
"""What can be taken back, and how the audit log calls it then."""


def may_undo(entry: Entry, now: datetime | None = None) -> bool:
    """Whether it is of the kind that can be taken back, and not too old."""
    age = (now or datetime.now(UTC)) - datetime.fromisoformat(entry.at)
    return entry.action in UNDOINGS and age <= FOR


def take_back(entry: Entry, store: Store) -> None:
    """Make a document what it was before; raises :class:`store.errors.UnknownDocumentError`."""
    if entry.document_id is None or entry.version is None:
        raise ValueError(f"The entry {entry.id} names no version")
    if entry.action == "added":
        store.remove(entry.document_id, entry.scope)
    else:
        before = entry.version if entry.action == "removed" else entry.replaced
        store.go_back(entry.document_id, before or entry.version, entry.scope)
