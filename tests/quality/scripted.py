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
from bot.settings import STARTER_CORPUS
from ingest.pipeline import ingest_files, scan
from ingest.versions import embed_versions
from store.embedding import Embedder
from store.model import BASE_SCOPE
from store.model_use import open_model_use
from store.store import Store, open_store
from tests.conftest import plain_version
from tests.model_server import UNKNOWN_ID, Asked, ModelServer, Reply, running_server
from tests.quality.generations import ELSEWHERE, Generation, Material, invented

HANDLES = re.compile(r"\{((?:[a-z]\d+,?)+)\}")
"""Where a generation names the sentences that it cites."""

ENDLESS = 10**9
SCRIPTED = "openai:scripted"


@contextmanager
def open_sources(folder: Path, embedder: Embedder, material: Material) -> Iterator[Store]:
    """A store with the documents that the generations are about."""
    with open_store(folder, lambda: embedder, "the grounding's evaluation") as store:
        if material.with_corpus:
            ingest_files(scan([STARTER_CORPUS]), store)
        for metadata, sentences in material.documents:
            meta = dict(metadata)
            scope = ELSEWHERE if meta.pop("scope", "") else BASE_SCOPE
            title = meta["title"]
            version = plain_version(embedder, "\n".join(sentences.values()), title, scope, **meta)
            store.add([version], embed_versions([version], embedder, set()))
        yield store


class ScriptedEngine:
    """Answers each generation's question by the words of the generation."""

    def __init__(
        self, store: Store, models: Models, server: ModelServer, material: Material
    ) -> None:
        self.engine = AnswerEngine(store, models)
        self.server = server
        self.material = material
        self.sentences = material.sentences
        self.planted = {h for _, sentences in material.documents for h in sentences}

    def answer(self, generation: Generation, **told: object) -> Answer:
        """The answer, where the model insists on its words when asked to mend them."""

        def script(asked: Asked) -> Reply:
            text = self.with_ids(generation.said, asked)
            if not asked.is_repair:
                return Reply(text)
            return Reply("\n".join(line for line in text.splitlines() if line.strip()))

        self.server.script = script
        self.server.asked.clear()
        answer = self.engine.answer(Question(self.material.questions[generation.question]), **told)
        assert self.server.asked, f"the model was not asked: {generation}"
        return answer

    def with_ids(self, text: str, asked: Asked) -> str:
        """A text with the ids under which the prompt shows the sentences that it names.

        A sentence of the corpus that is not shown is an error: its generation would fail or pass
        for another reason than the one it was written for.
        """

        def identifier(handle: str) -> str:
            found = asked.id_of(self.sentences[handle][:60])
            must_be_shown = self.material.with_corpus and handle not in self.planted
            if found == UNKNOWN_ID and must_be_shown and not asked.is_repair:
                raise LookupError(f"{handle} is not shown")
            return found

        def ids(match: re.Match[str]) -> str:
            return f"[{', '.join(map(identifier, match[1].split(',')))}]"

        return HANDLES.sub(ids, text)


@contextmanager
def scripted_engine(
    folder: Path, embedder: Embedder, material: Material | None = None
) -> Iterator[ScriptedEngine]:
    """A store, a server, and an engine between them."""
    material = material or invented()
    with (
        open_sources(folder, embedder, material) as store,
        open_model_use(folder) as use,
        running_server() as server,
    ):
        spec = ModelSpec(SCRIPTED, base_url=f"{server.url}/v1", timeout=10)
        yield ScriptedEngine(store, Models([spec], use, ENDLESS), server, material)
