"""The main scenes as pictures: ``python -m tests.bot.discord.scenes STORE FOLDER [LANGUAGE]``.

``STORE`` is a store (a TUMEN_HOME) with the starter corpus; the pictures go to ``FOLDER``; the
bot's own texts in them are in ``LANGUAGE``, by default English.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bot.answering.composing import tell_nobody
from bot.answering.engine import AnswerEngine
from bot.answering.model import Exchange
from bot.discord.errors import page_for
from bot.discord.kinds import KINDS
from bot.discord.language import ENGLISH, speak
from bot.discord.library import Library, open_library
from bot.discord.rendering.answers import Frame
from bot.discord.rendering.documents import document_page
from bot.discord.rendering.notices import busy_page, help_page, said_page, writing_page
from bot.discord.rendering.page import Page
from bot.discord.request import KindName, Request
from bot.settings import Settings
from store.embedding import load_embedder
from store.model import BASE_SCOPE
from store.store import open_store
from tests.bot.discord.keepers_scenes import keepers_scenes
from tests.bot.discord.preview import Shown, height, page, picture

CLAIM = (
    "North Korea has sent 30,000 troops to Russia. The treaty was signed in June 2024. "
    "The first North Korean soldiers ate pizza in Moscow."
)


class Stage:
    """Answers requests the way the bot does, without Discord."""

    def __init__(self, engine: AnswerEngine, library: Library) -> None:
        self.engine, self.library = engine, library

    def pages(self, kind: KindName, text: str, **more: object) -> tuple[str, list[Page]]:
        request = Request(kind, text, BASE_SCOPE, 1, 1, **more)  # type: ignore[arg-type]
        how = KINDS[kind]
        result = how.work(self.engine, self.library.store, request, tell_nobody)
        self.library.answers.put(how.keep(result, request), ())
        return request.id, how.pages(result, Frame(request.id, request.heading, request.private))


def scenes(stage: Stage) -> Iterator[tuple[str, list[Shown]]]:
    """Each scene's name and messages."""

    def ours(pages: list[Page], *, only_you: bool = False, reply_to: str = "") -> list[Shown]:
        return [Shown(p.tree(), only_you=only_you, reply_to=reply_to) for p in pages]

    troops = "How many North Korean troops are in Russia?"
    identifier, pages = stage.pages("answer", troops, heading=troops)
    yield "ask", ours(pages)
    opened = asyncio.run(stage.library.open_citation(identifier, 1, BASE_SCOPE))
    yield "citation", ours([opened], only_you=True)
    follow = "and shells?"
    history = (Exchange(troops, ""),)
    _, pages = stage.pages("answer", follow, history=history)
    yield "follow-up", [Shown(text=follow, who="ann"), *ours(pages, reply_to=f"ann  {follow}")]
    missing = "Who won the football world cup in 1998?"
    _, pages = stage.pages("answer", missing, heading=missing)
    yield "honest-miss", ours(pages)
    _, pages = stage.pages("passages", "bridge over the Tumen river")
    yield "sources", ours(pages)
    document = stage.library.store.documents()[3]
    known = asyncio.run(stage.library.document(document.id, BASE_SCOPE))
    yield "document", ours([document_page(known)], only_you=True)
    if "timeline" in KINDS:
        _, pages = stage.pages("timeline", "North Korean troops in Kursk")
        yield "timeline", ours(pages)
    if "fact-check" in KINDS:
        _, pages = stage.pages("fact-check", CLAIM, private=True)
        yield "fact-check", [Shown(text=CLAIM, who="ben"), *ours(pages, only_you=True)]
    yield "busy", [*ours([busy_page(3)]), *ours([writing_page()])]
    yield "error", ours([page_for(RuntimeError(), "4f02c1")], only_you=True)
    yield "help", ours([help_page("<@1>", reads_messages=True)], only_you=True)
    yield "thanks", ours([said_page("Thank you. I noted: **helpful**.")], only_you=True)


def main(home: Path, folder: Path, language: str = ENGLISH) -> None:
    """Write every scene, wide and as on a phone. The store is copied: keepers change it."""
    speak(language)
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings()
    with ExitStack() as stack:
        copy = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "home"
        shutil.copytree(home, copy)
        embedder = load_embedder(settings.embedding_model, settings.tumen_cache)
        store = stack.enter_context(open_store(copy, lambda: embedder, "the scenes"))
        library = stack.enter_context(open_library(store))
        stage = Stage(AnswerEngine(store), library)
        for name, messages in [*scenes(stage), *asyncio.run(keepers_scenes(library, language))]:
            for kind, width in (("", 720), ("-phone", 380)):
                source = folder / f"{name}{kind}.html"
                source.write_text(page(messages, width), "utf-8")
                picture(source, source.with_suffix(".png"), width, height(messages, width))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
