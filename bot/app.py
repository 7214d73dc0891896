"""Where the parts are put together from the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.answering.engine import AnswerEngine
from bot.settings import Settings
from store.embedding import load_embedder
from store.indexes import Progress
from store.publishers import load_publishers
from store.store import Store, open_store


@contextmanager
def opened_store(
    settings: Settings, purpose: str, progress: Progress | None = None
) -> Iterator[Store]:
    """The store of the settings, open in this process alone while the context lasts.

    ``purpose`` is the command that others are told about when they want the store, too.
    """
    with open_store(
        settings.tumen_home,
        lambda: load_embedder(settings.embedding_model, settings.tumen_cache),
        purpose,
        progress,
        load_publishers(settings.publishers_file),
    ) as store:
        yield store


@contextmanager
def opened_engine(
    settings: Settings, purpose: str, progress: Progress | None = None
) -> Iterator[tuple[AnswerEngine, Store]]:
    """The answering engine over the settings' store, and that store."""
    with opened_store(settings, purpose, progress) as store:
        yield AnswerEngine(store), store
