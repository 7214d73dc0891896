"""Composing an answer from what was found: the composers' interface, and the extractive one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.answering.candidates import SentenceCandidate, Wanted, names_a_year
from bot.answering.citing import cite
from bot.answering.extractive import select
from bot.answering.model import Citation, ModelRun, Question, Statement
from store.model import Hit
from store.store import Store

EXTRACTIVE = "extractive"
"""The name of the composer that needs no model."""
Tell = Callable[[str], None]
"""Is told each sentence of an answer as soon as it is certain."""


def tell_nobody(_: str) -> None:
    """For those who want the whole answer only."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found: passages best first, and their sentences, judged."""

    question: Question
    standalone: str
    hits: tuple[Hit, ...]
    candidates: tuple[SentenceCandidate, ...]
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer's sentences with their citations; no sentences where there is no answer."""

    composer: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    more: tuple[Citation, ...] = ()
    notice: str = ""
    run: ModelRun | None = None


class Composer(Protocol):
    """Makes sentences with citations of what was found."""

    def compose(self, found: Found, tell: Tell) -> Composed:
        """Compose an answer; every sentence of it is checked against the words it cites."""


class ExtractiveComposer:
    """Quotes the best sentences word for word. It can't make anything up."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def compose(self, found: Found, tell: Tell = tell_nobody) -> Composed:
        """Choose sentences, and cite each."""
        newer_first = found.wanted == "number" and not names_a_year(found.standalone)
        selection = select(found.candidates, found.wanted, newer_first=newer_first)
        citations = cite(self._store, selection.chosen)
        more = cite(self._store, selection.more, first=len(citations) + 1)
        statements = tuple(Statement(" ".join(c.quote.split()), (c.number,)) for c in citations)
        for statement in statements:
            tell(statement.text)
        return Composed(EXTRACTIVE, statements, citations, more)
