"""What travels between the rooms: documents, passages, hits.

Every range is a pair of character offsets into the immutable text of one document
version, half open, so that ``text[start:end]`` gives back the exact words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

BASE_SCOPE = "base"
"""The scope that every Discord server can read; a server's own scope is its id."""

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """A public page that a document rests on (our briefs name several)."""

    publisher: str
    url: str
    published: str
    kind: str


KINDS = ("state media", "government", "agency", "outlet", "think tank", "unknown")
"""The kinds of source that a document can be said to be."""

Detail = Literal[
    "title", "publisher", "author", "published", "event", "as_of", "language", "kind", "url"
]
"""The names of :class:`Metadata`'s fields."""


DATES: tuple[Detail, ...] = ("published", "event", "as_of")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Who says it and when. Dates are ISO strings, possibly partial (``2024-11``).

    ``event`` is when what it tells of happened, ``published`` when it came out, ``as_of`` the
    day up to which it speaks.
    """

    title: str
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    as_of: str | None = None
    language: str | None = None
    kind: str | None = None
    url: str | None = None
    event: str | None = None

    def with_details(self, details: Mapping[Detail, str | None]) -> Metadata:
        """These metadata with some details replaced."""
        values: dict[str, Any] = asdict(self)
        values.update({str(name): value for name, value in details.items()})
        return Metadata(**values)


@dataclass(frozen=True, slots=True)
class Reference:
    """The stretch of a document's text that rests on the named sources."""

    start: int
    end: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class PassageSpan:
    """A run of whole sentences of one document version, before it is stored."""

    start: int
    end: int
    sentences: tuple[Range, ...]
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """One immutable state of a document, ready to be stored.

    ``origin`` says where it came from (absolute path or URL) and identifies the
    document within its scope; ``bytes_sha256`` is the hash of what was read. ``metadata`` is
    what the document itself states, ``corrected`` what whoever adds it says instead.
    ``instructions`` are the ranges that are worded like instructions to a machine, ``None`` where
    nobody has looked yet.
    """

    scope: str
    origin: str
    bytes_sha256: str
    text: str
    metadata: Metadata
    passages: tuple[PassageSpan, ...]
    references: tuple[Reference, ...] = ()
    added_by: str | None = None
    corrected: Mapping[Detail, str | None] = field(default_factory=dict)
    instructions: tuple[Range, ...] | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage with what a reader needs to judge it.

    ``instructions`` are the ranges of the document's text, in this passage at least in part,
    that are worded like instructions to a machine (:mod:`store.instructions`): whoever builds a
    prompt must fence them or leave them out.
    """

    id: str
    document_id: str
    version: int
    scope: str
    start: int
    end: int
    text: str
    sentences: tuple[Range, ...]
    heading_path: tuple[str, ...]
    page: int | None
    metadata: Metadata
    instructions: tuple[Range, ...] = ()

    @property
    def sentence_texts(self) -> list[str]:
        """The words of each sentence, in order."""
        return [self.text[start - self.start : end - self.start] for start, end in self.sentences]

    @property
    def headline(self) -> str:
        """The document's title and the headings above the passage, in one line."""
        return " ".join([self.metadata.title, *self.heading_path])


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found, best first.

    ``ranks`` holds the 1-based rank in each list that found it (``dense``,
    ``lexical``); ``reasons`` says in words what else moved it, ``signs`` in figures, in the order
    of :class:`store.reranking.Signs` and standardised over the passages of one question.
    """

    passage: Passage
    score: float
    similarity: float
    ranks: dict[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    sentence_similarities: tuple[float, ...] = ()
    signs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """One line of the document list."""

    id: str
    scope: str
    origin: str
    version: int
    metadata: Metadata
    passages: int
    added_at: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One detail of a document that was changed; ``corrected_by`` is ``None`` for the operator."""

    detail: Detail
    old: str | None
    new: str | None
    corrected_by: str | None
    corrected_at: str
    reason: str | None = None


Likeness = Literal["bytes", "text", "origin", "details"]


@dataclass(frozen=True, slots=True)
class Twin:
    """A live document that an offered one is like, and by what.

    ``updated``: it has the offered one's origin, so that storing makes a new version of it.
    """

    likeness: Likeness
    updated: bool
    document_id: str
    version: int
    scope: str
    metadata: Metadata


def known_on(metadata: Metadata) -> date | None:
    """The day up to which a document speaks: its ``as_of``, else its publication.

    A partial date counts as its last possible day, so that a filter never lets in
    what may have been written later. Unknown or unreadable dates give ``None``.
    """
    return last_day(metadata.as_of) or last_day(metadata.published)


def last_day(value: str | None) -> date | None:
    """The last day of an ISO date that may lack its day or month; ``None`` if it is none."""
    parts = (value or "")[:10].split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 1:
            return date(numbers[0], 12, 31)
        if len(numbers) == 2:
            year, month = numbers
            date(year, month, 1)
            return date(year + month // 12, month % 12 + 1, 1) - date.resolution
        return date(*numbers[:3])
    except (ValueError, TypeError):
        return None
