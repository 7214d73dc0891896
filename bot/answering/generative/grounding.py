"""Grounding one sentence: its ids, quotation marks and checks, and which citations it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.generative.checks import (
    LEAST_COVERED,
    LEAST_COVERED_IF_SIMILAR,
    Verdict,
    check,
    coverage,
)
from bot.answering.generative.drafts import Draft
from bot.answering.generative.grounds import Meant, grounds_of
from bot.answering.generative.numbered import Shown
from bot.answering.generative.quotes import settle_quotes
from store.embedding import Embedder

MOST_CITED = 6
"""Citations of one sentence that are looked at."""
LEAST_SHARE = 0.3
"""Share of a sentence's content that a citation has, if it is one of several that stay."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft after its checks: the text to show and the shown sentences that it rests on."""

    draft: Draft
    text: str
    cited: tuple[Shown, ...]
    verdict: Verdict
    similarity: float = 0.0
    mended_from: Checked | None = None


class Grounder:
    """Checks drafts against what was shown. It only needs a model that embeds."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def check(self, draft: Draft, shown: Sequence[Shown]) -> Checked:
        """Check a draft against the sentences that it cites; unknown ids don't count."""
        by_id = {one.id: one for one in shown}
        cited = tuple(by_id[i] for i in draft.ids[:MOST_CITED] if i in by_id)
        text = settle_quotes(draft.text, [f"{one.before} {one.text}" for one in cited])
        similarity = self._similarity(text, cited) if _is_borderline(text, cited) else 0.0
        verdict = check(text, cited, similarity)
        if verdict.problems or len(cited) == 1:
            return Checked(draft, text, cited, verdict, similarity)
        needed = _needed(text, cited)
        again = check(text, needed, similarity)
        if again.problems:
            return Checked(draft, text, cited, verdict, similarity)
        return Checked(draft, text, needed, again, similarity)

    def nearby(self, failed: Sequence[Checked], shown: Sequence[Shown], most: int) -> list[Shown]:
        """What the failed sentences cite, and for each the shown sentences most like it."""
        wanted: dict[str, None] = {}
        for one in failed:
            sentence = Meant(one.text)
            ranked = sorted(shown, key=lambda s: -coverage(sentence, grounds_of([s])))
            wanted.update(dict.fromkeys(s.id for s in (*one.cited, *ranked[:most])))
        return [one for one in shown if one.id in wanted]

    def _similarity(self, text: str, cited: Sequence[Shown]) -> float:
        """The cosine of the sentence and the nearest of those it cites."""
        vector = self._embedder.embed_query(text)
        return max(float(vector @ self._embedder.embed_query(one.text)) for one in cited)


def _is_borderline(text: str, cited: Sequence[Shown]) -> bool:
    """Whether the words alone leave it open that the sources say this."""
    covered = coverage(Meant(text), grounds_of(cited))
    return LEAST_COVERED_IF_SIMILAR <= covered < LEAST_COVERED


def _needed(text: str, cited: Sequence[Shown]) -> tuple[Shown, ...]:
    """The citations that say a good part of the sentence, the best of them in any case."""
    sentence = Meant(text)
    shares = {one.id: coverage(sentence, grounds_of([one])) for one in cited}
    best = max(shares.values())
    return tuple(one for one in cited if shares[one.id] >= LEAST_SHARE or shares[one.id] == best)
