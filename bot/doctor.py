"""`tumen doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from bot.app import opened_store
from bot.errors import exit_code_and_message
from bot.settings import Settings
from store.embedding import BUNDLED_MODEL, Embedder, bundled_model_path, load_embedder
from store.errors import StoreBusyError
from store.onnx_export import check_weights
from store.store import Store

LITTLE_DISK = 500_000_000
"""Bytes free below which an ingest may fail."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``remedy`` says what to do where it is not healthy."""

    healthy: bool
    what: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at the state folder, the model, the store and the settings, in that order."""
    return [
        finding
        for look in (_home, _model, _store, _discord)
        for finding in _carefully(look, settings)
    ]


def _carefully(look: Callable[[Settings], list[Finding]], settings: Settings) -> list[Finding]:
    try:
        return look(settings)
    except Exception as error:  # the doctor looks on, whatever is broken
        _, message = exit_code_and_message(error)
        remedy = "Set TUMEN_HOME to a folder that can be written, or free disk space in it."
        return [
            Finding(healthy=False, what=f"{look.__name__.strip('_')}: {message}", remedy=remedy)
        ]


def _home(settings: Settings) -> list[Finding]:
    home = settings.tumen_home
    home.mkdir(parents=True, exist_ok=True)
    probe = home / "doctor.probe"
    probe.touch()
    probe.unlink()
    free = shutil.disk_usage(home).free
    return [
        Finding(
            free > LITTLE_DISK,
            f"state folder {home}: writable, {free / 1e9:.1f} GB free",
            "" if free > LITTLE_DISK else "Free some disk space before you ingest.",
        )
    ]


def _model(settings: Settings) -> list[Finding]:
    if settings.embedding_model == BUNDLED_MODEL:
        check_weights(bundled_model_path())
    return [look_at_model(load_embedder(settings.embedding_model, settings.tumen_cache))]


def _store(settings: Settings) -> list[Finding]:
    try:
        with opened_store(settings, "tumen doctor") as store:
            return look_at_store(store)
    except StoreBusyError as busy:
        return [Finding(healthy=True, what=f"store: in use, so not looked into. {busy}")]


def _discord(settings: Settings) -> list[Finding]:
    state = "set" if settings.discord_token else "not set: the chat in the terminal is used"
    return [Finding(healthy=True, what=f"DISCORD_TOKEN: {state}")]


def look_at_model(embedder: Embedder) -> Finding:
    """Whether the embedding model works."""
    length = len(embedder.embed_query("Tumen"))
    return Finding(
        healthy=True, what=f"embedding model {embedder.fingerprint}: {length} dimensions"
    )


def look_at_store(store: Store) -> list[Finding]:
    """What the record of an open store holds, and whether the indexes are in step with it."""
    live = store.record.count_live()
    documents = len(store.documents())
    found = [
        Finding(
            documents > 0,
            f"record: {documents} documents, {live:,} passages",
            "" if documents else "The corpus is empty: `tumen ingest corpus` adds the starters.",
        )
    ]
    found += [
        Finding(
            count == live,
            f"{name} index: {count:,} passages",
            "" if count == live else "Run `tumen rebuild`.",
        )
        for name, count in store.index_counts().items()
    ]
    return found
