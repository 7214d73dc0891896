"""The extractive composer: the best sentences, verbatim, in an order that reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.candidates import SentenceCandidate, Wanted
from bot.answering.citing import Quotation

MOST_STATEMENTS = 4
MOST_MORE = 6
MARGIN = 0.25
"""How far below the best sentence's score another may lie and still be shown."""
NEAR_DUPLICATE = 0.6
"""Share of terms in common (Jaccard) from which on two sentences say the same."""
SAME_FIGURES = 0.4
"""The same where one has no number or date that the other lacks: a fact told in other words."""
SAME_DOCUMENT_COST = 0.03
"""What a sentence loses when its document already speaks, so that others are heard."""
YEAR_COST = 0.1
"""What a figure loses for each year that it is older than the newest."""
OLDEST = 3
"""Years from which on older makes no difference; undated ones count as that old."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What an answer says, and what else bears on the question."""

    chosen: tuple[Quotation, ...]
    more: tuple[Quotation, ...]


def select(
    candidates: Sequence[SentenceCandidate], wanted: Wanted, *, newer_first: bool = False
) -> Selection:
    """Choose at most four sentences: the best, then others that add to it.

    Near-duplicates are collapsed, other documents preferred, and sentences left out that lack
    what is asked for (a number, a date) where some have it. ``newer_first`` prefers what is
    dated later, for figures that supersede each other.
    """
    if not candidates:
        return Selection((), ())
    pool = [c for c in candidates if c.fitness == candidates[0].fitness]
    best = pool[0].score
    newest = max(c.latest_date[0] for c in pool) if newer_first else 0
    chosen: list[SentenceCandidate] = []
    while len(chosen) < MOST_STATEMENTS + MOST_MORE:
        fresh = [c for c in pool if c not in chosen and not any(alike(c, d) for d in chosen)]
        if not fresh:
            break
        chosen.append(max(fresh, key=lambda c: _worth(c, chosen, newest)))
    said = [c for c in chosen[:MOST_STATEMENTS] if c.score >= best - MARGIN]
    more = [c for c in chosen if c not in said]
    return Selection(
        tuple(_merge([_with_context(c) for c in _ordered(said, wanted)])),
        tuple(_with_context(c) for c in more),
    )


def _worth(candidate: SentenceCandidate, chosen: Sequence[SentenceCandidate], newest: int) -> float:
    """What a sentence would add; ``newest`` is the year up to which newer is better, or 0."""
    spoken = [c.hit.passage.document_id for c in chosen].count(candidate.hit.passage.document_id)
    age = max(0, newest - candidate.latest_date[0]) if newest else 0
    return candidate.score - SAME_DOCUMENT_COST * spoken - YEAR_COST * min(age, OLDEST)


def _ordered(said: Sequence[SentenceCandidate], wanted: Wanted) -> list[SentenceCandidate]:
    """Put the chosen sentences into an order that reads.

    Figures newest first, since they supersede each other; else the best sentence first, and
    sentences of one document together, as they stand there.
    """
    if wanted == "number":
        return sorted(said, key=lambda c: c.latest_date, reverse=True)
    documents = list(dict.fromkeys(c.hit.passage.document_id for c in said))
    rest = sorted(said[1:], key=lambda c: (documents.index(c.hit.passage.document_id), c.span))
    return [*said[:1], *rest]


def _with_context(candidate: SentenceCandidate) -> Quotation:
    """A sentence that opens with a pronoun brings the one before it."""
    passage, (start, end) = candidate.hit.passage, candidate.span
    if candidate.opens_with_pronoun and candidate.index > 0:
        start = passage.sentences[candidate.index - 1][0]
    return Quotation(passage, (start, end))


def _merge(quotations: Sequence[Quotation]) -> list[Quotation]:
    """Join those that overlap in one passage, at the place of the first of them."""
    merged: list[Quotation] = []
    for quotation in quotations:
        place = next((n for n, one in enumerate(merged) if _overlap(one, quotation)), None)
        if place is None:
            merged.append(quotation)
        else:
            (start, end), (first, last) = merged[place].span, quotation.span
            merged[place] = replace(quotation, span=(min(start, first), max(end, last)))
    return merged


def _overlap(one: Quotation, other: Quotation) -> bool:
    same = one.passage.id == other.passage.id
    return same and one.span[0] < other.span[1] and other.span[0] < one.span[1]


def alike(one: SentenceCandidate, other: SentenceCandidate) -> bool:
    """Whether two sentences say the same, in the same words or with the same figures."""
    fewer, more = sorted((one.numbers, other.numbers), key=len)
    same_figures = bool(fewer) and fewer <= more
    return one.overlap(other) >= (SAME_FIGURES if same_figures else NEAR_DUPLICATE)
