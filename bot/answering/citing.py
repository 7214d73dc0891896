"""Citations: the exact words of a passage, checked against the document, with their sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.candidates import SentenceCandidate
from bot.answering.model import Citation
from store.instructions import within
from store.model import Passage, Range, Source
from store.store import Store


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of one passage that will be quoted: one sentence, or with the one before it."""

    passage: Passage
    span: Range

    @classmethod
    def of(cls, candidate: SentenceCandidate) -> Quotation:
        """The quotation of one sentence alone."""
        return cls(candidate.hit.passage, candidate.span)

    @property
    def text(self) -> str:
        """The exact words."""
        start, end = self.span
        return self.passage.text[start - self.passage.start : end - self.passage.start]


def cite(store: Store, quotations: Sequence[Quotation], first: int = 1) -> tuple[Citation, ...]:
    """The citations of quotations, numbered from ``first``, with the public pages they rest on.

    One whose words the document's text does not give back at the place cited is left out.
    """
    holding = [quotation for quotation in quotations if _holds(store, quotation)]
    return tuple(
        citation_of(quotation, number, _sources(store, quotation))
        for number, quotation in enumerate(holding, first)
    )


def citation_of(quotation: Quotation, number: int, sources: tuple[Source, ...] = ()) -> Citation:
    """One citation; where it stands was checked by whoever made the quotation."""
    passage, meta = quotation.passage, quotation.passage.metadata
    return Citation(
        number=number,
        quote=quotation.text,
        document_id=passage.document_id,
        version=passage.version,
        passage_id=passage.id,
        start=quotation.span[0],
        end=quotation.span[1],
        title=meta.title,
        publisher=meta.publisher,
        published=meta.published,
        kind=meta.kind,
        url=meta.url,
        page=passage.page,
        sources=sources,
        author=meta.author,
        event=meta.event,
        as_of=meta.as_of,
        instructions=bool(within(passage.instructions, *quotation.span)),
    )


def _holds(store: Store, quotation: Quotation) -> bool:
    text = store.text(quotation.passage.document_id, quotation.passage.version)
    return text[slice(*quotation.span)] == quotation.text


def _sources(store: Store, quotation: Quotation) -> tuple[Source, ...]:
    passage = quotation.passage
    return store.sources(passage.document_id, passage.version, *quotation.span)
