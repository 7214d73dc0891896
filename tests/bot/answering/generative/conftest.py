"""A store with the evaluation's sources, and a scripted model behind a real client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.answering.generative import chat
from tests.model_server import ModelServer, running_server
from tests.quality.scripted import ScriptedEngine, scripted_engine


@pytest.fixture(scope="session")
def scripted(tmp_path_factory, embedder) -> Iterator[ScriptedEngine]:
    """An engine over the sources of the generations."""
    with scripted_engine(tmp_path_factory.mktemp("scripted") / "home", embedder) as engine:
        yield engine


@pytest.fixture(scope="session")
def _server() -> Iterator[ModelServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def server(_server, monkeypatch) -> ModelServer:
    """A model that says what a test tells it to; what may pass is tried again at once."""
    monkeypatch.setattr(chat, "FIRST_WAIT", 0.01)
    _server.asked.clear()
    return _server
