"""What goes into the answering engine and what comes out. No Discord, no terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from store.model import BASE_SCOPE, Hit, Source

Verdict = Literal["answered", "abstained"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of the conversation and its answer, as plain text."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks: where (``scope``), after what (``history``), and as of which day."""

    text: str
    scope: str = BASE_SCOPE
    history: tuple[Exchange, ...] = ()
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words of a document that a statement rests on.

    ``start`` and ``end`` are character offsets into the document version's text, which gives
    back ``quote``. ``sources`` are the public pages that the document itself names there.
    Dates are ISO strings, possibly partial. ``instructions``: words of the quote are worded like
    instructions to a machine.
    """

    number: int
    quote: str
    document_id: str
    version: int
    passage_id: str
    start: int
    end: int
    title: str
    publisher: str | None
    published: str | None
    kind: str | None
    url: str | None
    page: int | None
    sources: tuple[Source, ...] = ()
    author: str | None = None
    event: str | None = None
    as_of: str | None = None
    instructions: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the numbers of the citations that say so."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PassageScore:
    """A passage that the search found, with what the search made of it."""

    passage_id: str
    title: str
    score: float
    similarity: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence that a chat model was shown, by the id it could cite, and where it stands."""

    id: str
    passage_id: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class SentenceCheck:
    """What became of one sentence that a chat model wrote, and why."""

    text: str
    cited: tuple[str, ...]
    outcome: Literal["kept", "mended", "dropped"]
    problems: tuple[str, ...] = ()
    covered: float = 0.0
    similarity: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelRun:
    """What a chat model was asked and took: tokens, dollars where the price is known, time."""

    model: str
    prompts: tuple[str, ...] = ()
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    first_sentence_ms: float | None = None
    fault: str | None = None
    shown: tuple[ShownSentence, ...] = ()
    sentences: tuple[SentenceCheck, ...] = ()

    @property
    def dropped(self) -> int:
        """How many sentences were left out because their sources do not bear them out."""
        return sum(sentence.outcome == "dropped" for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Details:
    """How an answer came about: what was searched, what was found, what a model made of it."""

    searched: tuple[str, ...]
    passages: tuple[PassageScore, ...] = ()
    run: ModelRun | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome: statements with citations, or an abstention with the nearest passages.

    ``confidence`` is the calibrated probability (0 to 1) that the evidence answers the
    question; ``more`` holds further sentences that bear on it, best first; ``notice`` is a line
    for the reader: what was left out, or why no model answered.
    """

    question: Question
    standalone_question: str
    verdict: Verdict
    composer: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Hit, ...]
    confidence: float
    more: tuple[Citation, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    notice: str = ""
    details: Details | None = None
