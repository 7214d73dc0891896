"""The sentences that a model may cite: numbered, with who says them and when, fenced as data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.candidates import SentenceCandidate
from bot.answering.citing import Quotation
from store.instructions import find_instructions
from store.model import Hit, Source
from store.store import Store

MOST_CHARACTERS = 20_000
"""Of all sentences shown together: about 5,000 tokens of English."""
MOST_SOURCES = 3
"""Publishers named in front of a sentence that rests on several."""
LONGEST_LINE = 900
_FORGED = re.compile(r"([\[(（【〔［])(?=\s?[Ss]?\s?\d)")
_TAGS = str.maketrans("<>", "‹›")


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence under its id, with all that a sentence citing it may take from it.

    ``about`` is the document's title and headings, ``before`` the sentence in front where this
    one opens with a pronoun; ``voices`` are its publishers, ``days`` its dates of publication.
    """

    id: str
    quotation: Quotation
    text: str
    label: str
    before: str = ""
    about: str = ""
    voices: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    score: float = 0.0

    @property
    def line(self) -> str:
        """The sentence as the model reads it; nothing in it can look like an id or a fence."""
        return f"[{self.id}] {harmless(self.label)}: {harmless(self.text)[:LONGEST_LINE]}"


def harmless(text: str) -> str:
    """Text from outside on one line, without what could pass for our ids or tags."""
    return _FORGED.sub(r"\1 №", " ".join(text.split()).translate(_TAGS))


def number_sentences(
    store: Store, hits: Sequence[Hit], candidates: Sequence[SentenceCandidate]
) -> tuple[Shown, ...]:
    """Number the sentences of the passages, best passage first, each as it stands there.

    Of a passage those are shown that are fit to be quoted (``candidates``) and that give no
    orders to a model.
    """
    by_place = {(c.hit.passage.id, c.index): c for c in candidates}
    shown: list[Shown] = []
    room = MOST_CHARACTERS
    for hit in hits:
        for index in range(len(hit.passage.sentences)):
            candidate = by_place.get((hit.passage.id, index))
            if candidate is None or find_instructions(candidate.text):
                continue
            made = _shown(store, candidate, f"S{len(shown) + 1}")
            room -= len(made.line)
            if room < 0:
                return tuple(shown)
            shown.append(made)
    return tuple(shown)


def _shown(store: Store, candidate: SentenceCandidate, identifier: str) -> Shown:
    passage, meta = candidate.hit.passage, candidate.hit.passage.metadata
    start, end = candidate.span
    before = ""
    if candidate.opens_with_pronoun and candidate.index > 0:
        start = passage.sentences[candidate.index - 1][0]
        before = passage.text[start - passage.start : candidate.span[0] - passage.start]
    sources = store.sources(passage.document_id, passage.version, *candidate.span)
    return Shown(
        id=identifier,
        quotation=Quotation(passage, (start, end)),
        text=candidate.text,
        label=_label(meta.publisher, meta.kind, meta.published, sources),
        before=before.strip(),
        about=" · ".join([meta.title, *passage.heading_path]),
        voices=tuple(filter(None, (meta.publisher, *(s.publisher for s in sources)))),
        days=tuple(filter(None, (meta.published, *(s.published for s in sources)))),
        score=round(candidate.score, 4),
    )


def _label(
    publisher: str | None, kind: str | None, published: str | None, sources: Sequence[Source]
) -> str:
    """Who says it and when: the sources that a summary rests on, else the publisher."""
    if sources:
        named = [f"{s.publisher} ({s.kind}), {s.published or 'undated'}" for s in sources]
        more = len(named) - MOST_SOURCES
        return "; ".join(named[:MOST_SOURCES]) + (f"; {more} more" if more > 0 else "")
    who = publisher or "unknown publisher"
    return f"{who} ({kind or 'kind unknown'}), {published or 'undated'}"
