"""An engine whose chat model says what a generation says, over real HTTP and a real client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.answering.engine import AnswerEngine
from bot.answering.generative.chat import ModelSpec
from bot.answering.generative.models import Models
from bot.answering.model import Answer, Question
from ingest.versions import embed_versions
from store.embedding import Embedder
from store.model import BASE_SCOPE
from store.model_use import open_model_use
from store.store import Store, open_store
from tests.conftest import plain_version
from tests.model_server import Asked, ModelServer, Reply, running_server
from tests.quality.generations import ELSEWHERE, QUESTIONS, Generation, load_sources

_HANDLES = re.compile(r"\{((?:[a-z]\d,?)+)\}")
ENDLESS = 10**9
SCRIPTED = "openai:scripted"


@contextmanager
def open_sources(folder: Path, embedder: Embedder) -> Iterator[Store]:
    """A store with the documents that the generations are about."""
    with open_store(folder, lambda: embedder, "the grounding's evaluation") as store:
        for metadata, sentences in load_sources():
            meta = dict(metadata)
            scope = ELSEWHERE if meta.pop("scope", "") else BASE_SCOPE
            title = meta["title"]
            version = plain_version(embedder, "\n".join(sentences.values()), title, scope, **meta)
            store.add([version], embed_versions([version], embedder, set()))
        yield store


class ScriptedEngine:
    """Answers each generation's question by the words of the generation."""

    def __init__(self, store: Store, models: Models, server: ModelServer) -> None:
        self.engine = AnswerEngine(store, models)
        self.server = server
        self.sentences = {h: t for _, sentences in load_sources() for h, t in sentences.items()}

    def answer(self, generation: Generation, **told: object) -> Answer:
        """The answer, where the model insists on its words when asked to mend them."""

        def script(asked: Asked) -> Reply:
            text = self.with_ids(generation.text, asked)
            if not asked.is_repair:
                return Reply(text)
            return Reply("\n".join(line for line in text.splitlines() if line.strip()))

        self.server.script = script
        answer = self.engine.answer(Question(QUESTIONS[generation.question]), **told)
        assert answer.composer == SCRIPTED, answer.notice
        return answer

    def with_ids(self, text: str, asked: Asked) -> str:
        """A text with the ids under which the prompt shows the sentences that it names."""

        def ids(match: re.Match[str]) -> str:
            handles = match[1].split(",")
            return f"[{', '.join(asked.id_of(self.sentences[h][:60]) for h in handles)}]"

        return _HANDLES.sub(ids, text)


@contextmanager
def scripted_engine(folder: Path, embedder: Embedder) -> Iterator[ScriptedEngine]:
    """A store, a server, and an engine between them."""
    with (
        open_sources(folder, embedder) as store,
        open_model_use(folder) as use,
        running_server() as server,
    ):
        spec = ModelSpec(SCRIPTED, base_url=f"{server.url}/v1", timeout=10)
        yield ScriptedEngine(store, Models([spec], use, ENDLESS), server)
