"""Holding a message's claims against the corpus, by rule and never by guess.

A claim is *supported* only where one sentence of the corpus speaks of all that it names, has
its numbers and dates, and does not deny what it affirms. It is *contradicted* only where such
a sentence gives another number for the same thing and no sentence found, of whatever date, gives
the claim's. Everything else is not in the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.answering.candidates import SentenceCandidate, sentence_candidates
from bot.answering.citing import Quotation, cite
from bot.answering.claims import Claim, Said
from bot.answering.judging import difference, lies_between, may_agree, supports
from bot.answering.model import Citation
from store.sentences import split_sentences
from store.store import Store

ClaimVerdict = Literal["supported", "contradicted", "not in the corpus"]

MOST_CLAIMS = 5
LONGEST_CLAIM = 400
"""Characters; what is longer is cut into no claim at all."""
FEWEST_CONCEPTS = 2
MOST_QUOTES = 2
HITS = 20
"""Passages whose sentences are looked at."""

_NOISE = re.compile(r"https?://\S+|<[@#:][^>]*>|[*_~`|>]+")


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """One claim and what the corpus says of it; ``note`` says in words what differs."""

    claim: str
    verdict: ClaimVerdict
    citations: tuple[Citation, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class FactCheck:
    """The claims found in a message, in order. Citations are numbered through."""

    text: str
    claims: tuple[ClaimCheck, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations, by number."""
        return tuple(citation for claim in self.claims for citation in claim.citations)


def fact_check(store: Store, text: str, scope: str, as_of: date | None = None) -> FactCheck:
    """Check each claim of a message."""
    checks: list[ClaimCheck] = []
    number = 1
    for claim_text in split_claims(text):
        check = _check(store, claim_text, scope, as_of, number)
        checks.append(check)
        number += len(check.citations)
    return FactCheck(text, tuple(checks))


def split_claims(text: str) -> list[str]:
    """The sentences of a message that claim something: no questions, greetings or bare links."""
    plain = _NOISE.sub(" ", text)
    sentences = [
        " ".join(plain[start:end].split())
        for line in re.finditer(r"[^\n]+", plain)
        for start, end in split_sentences(plain, *line.span())
    ]
    claims = [
        sentence
        for sentence in sentences
        if not sentence.endswith(("?", "？"))
        and len(sentence) <= LONGEST_CLAIM
        and (len(sentence.split()) > FEWEST_CONCEPTS or not sentence.isascii())
    ]
    return claims[:MOST_CLAIMS]


def _check(
    store: Store, text: str, scope: str, as_of: date | None, first_number: int
) -> ClaimCheck:
    result = store.search(text, scope=scope, limit=HITS, as_of=as_of)
    claim = Claim(text, result.question)

    def cited(candidates: Sequence[SentenceCandidate]) -> tuple[Citation, ...]:
        return cite(store, [Quotation.of(c) for c in candidates[:MOST_QUOTES]], first_number)

    candidates = sentence_candidates(result.question, result.hits, "anything", passages=HITS)
    read = [(candidate, Said(candidate.text)) for candidate in candidates]
    supporting = [c for c, said in read if supports(claim, said, c.similarity)]
    if citations := cited(supporting):
        return ClaimCheck(text, "supported", citations)
    differing = [(c, other) for c, said in read if (other := difference(claim, said))]
    agreeing = lies_between(claim, [said for _, said in read]) or any(
        may_agree(claim, said) for _, said in read
    )
    if not agreeing and (citations := cited([candidate for candidate, _ in differing])):
        theirs = ", ".join(dict.fromkeys(other.theirs for _, other in differing[:MOST_QUOTES]))
        note = f"The message says {differing[0][1].ours}; the corpus has {theirs}."
        return ClaimCheck(text, "contradicted", citations, note)
    return ClaimCheck(text, "not in the corpus", cited(candidates[:1]))
