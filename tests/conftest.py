"""Shared by all tests: the real embedding model, and stores filled with real documents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from ingest.parsed import Block, ParsedDocument
from ingest.pipeline import ingest_files, scan
from ingest.versions import embed_versions, make_version
from store.embedding import Embedder, load_embedder
from store.model import BASE_SCOPE, Metadata, Version
from store.store import Store, open_store

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default embedding model."""
    return load_embedder("all-MiniLM-L6-v2", Settings().tumen_cache)


@pytest.fixture
def store(tmp_path: Path, embedder: Embedder) -> Iterator[Store]:
    """An empty store."""
    with open_store(tmp_path / "home", lambda: embedder, "a test") as opened:
        yield opened


@pytest.fixture(scope="session")
def corpus_store(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Store]:
    """A store with the whole starter corpus; tests only read from it."""
    home = tmp_path_factory.mktemp("corpus") / "home"
    with open_store(home, lambda: embedder, "the tests") as opened:
        report = ingest_files(scan([ROOT / "corpus"]), opened)
        assert report.count("refused") == 0
        yield opened


@pytest.fixture
def version(embedder: Embedder) -> Callable[..., Version]:
    """Makes a version from plain text, a paragraph a line."""

    def make(text: str, origin: str = "/doc.md", scope: str = BASE_SCOPE, **meta: str) -> Version:
        return plain_version(embedder, text, origin, scope, **meta)

    return make


@pytest.fixture
def add(store: Store, version: Callable[..., Version]) -> Callable[..., str]:
    """Adds a plain-text document to the store; gives its id."""

    def put(text: str, origin: str = "/doc.md", scope: str = BASE_SCOPE, **meta: str) -> str:
        made = version(text, origin, scope, **meta)
        [(identifier, _)] = store.add([made], embed_versions([made], store.embedder, set()))
        return identifier

    return put


def plain_version(
    embedder: Embedder, text: str, origin: str, scope: str = BASE_SCOPE, **meta: str
) -> Version:
    """A version of plain text whose every line is a paragraph."""
    blocks, place = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block(place, place + len(line), "paragraph"))
        place += len(line) + 1
    parsed = ParsedDocument(text, tuple(blocks), Metadata(**{"title": "A document", **meta}))
    return make_version(
        parsed,
        embedder,
        scope=scope,
        origin=origin,
        bytes_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
