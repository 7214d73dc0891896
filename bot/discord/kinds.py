"""The kinds of request: what each asks of the engine, and how its result is kept and shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from bot.answering.composing import Tell
from bot.answering.details import detail_lines
from bot.answering.engine import AnswerEngine
from bot.answering.factcheck import FactCheck
from bot.answering.model import Answer, Citation, Question
from bot.answering.timeline import Timeline
from bot.discord.rendering.answers import (
    Frame,
    answer_pages,
    nearest_citations,
    passage_blocks,
    passage_pages,
)
from bot.discord.rendering.findings import fact_check_pages, timeline_pages
from bot.discord.rendering.page import Page, cited_once
from bot.discord.request import Request
from store.answers import StoredAnswer
from store.model import Hit
from store.store import Store

T = TypeVar("T")

FOUND_PASSAGES = 5
CITATIONS = TypeAdapter(tuple[Citation, ...])


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that a query found."""

    query: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """How one kind of request is worked on (in a thread), kept, and shown.

    ``work`` may tell sentences of the result that are certain before it is whole.
    """

    work: Callable[[AnswerEngine, Store, Request, Tell], T]
    adapter: TypeAdapter[T]
    opens: Callable[[T], tuple[Citation, ...]]
    """What its numbered buttons open."""
    cites: Callable[[T], tuple[Citation, ...]]
    """What supports it; nothing, where it is no answer."""
    standalone: Callable[[T], str]
    pages: Callable[[T, Frame], list[Page]]

    def keep(self, result: T, request: Request) -> StoredAnswer:
        """The result as data; read back by :func:`pages_again` and :func:`citations_in`."""
        return StoredAnswer(
            id=request.id,
            kind=request.kind,
            scope=request.scope,
            channel_id=str(request.channel_id),
            question_message_id=str(request.message_id) if request.message_id else None,
            asker_id=str(request.user_id),
            private=request.private,
            question=request.text,
            standalone_question=self.standalone(result),
            data={
                "heading": request.heading,
                "result": self.adapter.dump_python(result, mode="json"),
                "citations": CITATIONS.dump_python(self.opens(result), mode="json"),
            },
            cited=frozenset(citation.document_id for citation in self.cites(result)),
        )


def citations_in(stored: StoredAnswer) -> tuple[Citation, ...]:
    """The citations of a kept answer."""
    return CITATIONS.validate_python(stored.data["citations"])


def pages_again(stored: StoredAnswer) -> list[Page]:
    """A kept answer shown once more, to everybody."""
    kind = KINDS[stored.kind]
    result = kind.adapter.validate_python(stored.data["result"])
    return kind.pages(result, Frame(stored.id, stored.data["heading"] or stored.question))


def said_in(stored: StoredAnswer) -> str:
    """The sentences of a kept answer as plain text."""
    return " ".join(s["text"] for s in stored.data["result"].get("statements", ()))


def was_missed(stored: StoredAnswer) -> bool:
    """Whether a kept answer is that the corpus does not answer."""
    return stored.kind == "answer" and stored.data["result"]["verdict"] == "abstained"


def details_in(stored: StoredAnswer) -> list[str]:
    """How a kept answer came about, line by line."""
    return list(detail_lines(KINDS["answer"].adapter.validate_python(stored.data["result"])))


def _answer(engine: AnswerEngine, _: Store, request: Request, tell: Tell) -> Answer:
    answer = engine.answer(
        Question(request.text, request.scope, history=request.history, as_of=request.as_of), tell
    )
    # What was said before is not ours to keep.
    return replace(answer, question=replace(answer.question, history=()))


def _find(_: AnswerEngine, store: Store, request: Request, __: Tell) -> Found:
    result = store.search(
        request.text, scope=request.scope, limit=FOUND_PASSAGES, as_of=request.as_of
    )
    return Found(request.text, tuple(result.hits))


def _dated(timeline: Timeline) -> tuple[Citation, ...]:
    return tuple(entry.citation for entry in timeline.entries)


KINDS: dict[str, Kind[Any]] = {
    "answer": Kind(
        work=_answer,
        adapter=TypeAdapter(Answer),
        opens=lambda answer: answer.citations or nearest_citations(answer),
        cites=lambda answer: answer.citations,
        standalone=lambda answer: answer.standalone_question,
        pages=answer_pages,
    ),
    "passages": Kind(
        work=_find,
        adapter=TypeAdapter(Found),
        opens=lambda found: cited_once(passage_blocks(found.hits)),
        cites=lambda _: (),
        standalone=lambda found: found.query,
        pages=lambda found, frame: passage_pages(found.hits, found.query, frame),
    ),
    "fact-check": Kind(
        work=lambda engine, _, request, __: engine.fact_check(
            request.text, request.scope, request.as_of
        ),
        adapter=TypeAdapter(FactCheck),
        opens=lambda checked: checked.citations,
        cites=lambda checked: tuple(
            citation
            for claim in checked.claims
            if claim.verdict != "not in the corpus"
            for citation in claim.citations
        ),
        standalone=lambda checked: checked.text,
        pages=fact_check_pages,
    ),
    "timeline": Kind(
        work=lambda engine, _, request, __: engine.timeline(
            request.text, request.scope, request.as_of
        ),
        adapter=TypeAdapter(Timeline),
        opens=_dated,
        cites=_dated,
        standalone=lambda timeline: timeline.topic,
        pages=timeline_pages,
    ),
}
"""By the name of the kind."""
