"""A topic's dated sentences in order, each quoted and cited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.answering.candidates import SentenceCandidate, sentence_candidates
from bot.answering.citing import Quotation, cite
from bot.answering.dates import find_dates
from bot.answering.evidence import confidence, read_signs
from bot.answering.model import Citation
from store.language import detect_language
from store.store import Store

Day = tuple[int, int, int]
"""Year, month and day; 0 where the sentence does not say."""

HITS = 60
MOST_ENTRIES = 12
ON_TOPIC = 0.3
"""The confidence below which the corpus is taken to have nothing on the topic."""
MOST_OF_A_DAY = 2
SAME_DAY = 0.3
"""Share of terms in common (Jaccard) from which on two sentences of one day say the same."""
ENOUGH = 3
"""Sentences in the topic's own language from which on those in others are left out."""
SHARE_OF_BEST = 0.6
"""Share of the best sentence's coverage of the topic that another must have."""
ITSELF = 0.3
"""The same of what the sentence says itself, headings and neighbours apart."""


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
    dated = [
        (day, candidate)
        for candidate in candidates
        if candidate.context_coverage >= enough and (day := first_day(candidate.text))
    ]
    named = ITSELF * max((candidate.coverage for _, candidate in dated), default=0.0)
    dated = [(day, candidate) for day, candidate in dated if candidate.coverage >= named]
    language = detect_language(topic) or "en"
    own = [(day, c) for day, c in dated if c.hit.passage.metadata.language in (language, None)]
    chosen = _different(own if len(own) >= ENOUGH else dated, limit)
    chosen.sort(key=lambda pair: pair[0])
    days = {(c.hit.passage.document_id, c.span): day for day, c in chosen}
    citations = cite(store, [Quotation.of(candidate) for _, candidate in chosen])
    return Timeline(
        topic,
        tuple(TimelineEntry(days[c.document_id, (c.start, c.end)], c) for c in citations),
    )


def first_day(sentence: str) -> Day | None:
    """The first date that a sentence names with its year, one with a month before bare years."""
    dates = [date for date in find_dates(sentence) if date.year and not date.inferred]
    dates.sort(key=lambda date: date.month is None)
    return dates[0].parts if dates else None


def _different(
    dated: Iterable[tuple[Day, SentenceCandidate]], limit: int
) -> list[tuple[Day, SentenceCandidate]]:
    """The first ``limit`` of them that are not of one day and alike, few of any one day."""
    chosen: list[tuple[Day, SentenceCandidate]] = []
    for day, candidate in dated:
        same = [other for known, other in chosen if known == day]
        told = any(candidate.overlap(other) >= SAME_DAY for other in same)
        if len(same) < MOST_OF_A_DAY and not told:
            chosen.append((day, candidate))
        if len(chosen) == limit:
            break
    return chosen
