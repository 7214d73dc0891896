"""A topic's dated sentences in order, each quoted and cited."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.answering.candidates import SentenceCandidate, sentence_candidates
from bot.answering.evidence import confidence, read_signs
from bot.answering.extractive import Quotation, alike, citation
from bot.answering.model import Citation
from store.mentions import named_dates
from store.store import Store

Day = tuple[int, int, int]
"""Year, month and day; 0 where the sentence does not say."""

HITS = 60
MOST_ENTRIES = 12
ON_TOPIC = 0.3
"""The confidence below which the corpus is taken to have nothing on the topic."""
SHARE_OF_BEST = 0.6
"""Share of the best sentence's coverage of the topic that another must have."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A dated sentence; ``day`` is the first date that it names."""

    day: Day
    citation: Citation


@dataclass(frozen=True, slots=True)
class Timeline:
    """A topic's entries, oldest first; none where the corpus has nothing on it."""

    topic: str
    entries: tuple[TimelineEntry, ...]


def timeline(
    store: Store, topic: str, scope: str, as_of: date | None = None, limit: int = MOST_ENTRIES
) -> Timeline:
    """The sentences on a topic that name a date, the most telling ``limit`` of them, in order."""
    result = store.search(topic, scope=scope, limit=HITS, as_of=as_of)
    candidates = sentence_candidates(result.question, result.hits, "anything", passages=HITS)
    if confidence(read_signs(result.question, result.hits, candidates)) < ON_TOPIC:
        return Timeline(topic, ())
    enough = SHARE_OF_BEST * candidates[0].context_coverage
    chosen: list[tuple[Day, SentenceCandidate]] = []
    for candidate in candidates:
        day = first_day(candidate.text)
        if day is None or candidate.context_coverage < enough:
            continue
        if any(day == other and alike(candidate, known) for other, known in chosen):
            continue
        chosen.append((day, candidate))
        if len(chosen) == limit:
            break
    chosen.sort(key=lambda pair: pair[0])
    return Timeline(
        topic,
        tuple(
            TimelineEntry(
                day,
                citation(
                    Quotation(candidate, candidate.span),
                    number,
                    store.sources(
                        candidate.hit.passage.document_id,
                        candidate.hit.passage.version,
                        *candidate.span,
                    ),
                ),
            )
            for number, (day, candidate) in enumerate(chosen, 1)
        ),
    )


def first_day(sentence: str) -> Day | None:
    """The first date that a sentence names with its year, as far as it names it."""
    dated = [d for d in named_dates(sentence) if d.year]
    if dated:
        return (dated[0].year or 0, dated[0].month, dated[0].day or 0)
    year = re.search(r"\b(?:19|20)\d\d\b", sentence)
    return (int(year[0]), 0, 0) if year else None
