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
from bot.answering.extractive import Quotation, citation
from bot.answering.model import Citation
from bot.answering.quantities import Quantity, quantities
from store.analysis import document_terms
from store.mentions import NamedDate, named_dates
from store.question import Concept, ParsedQuestion
from store.sentences import split_sentences
from store.store import Store

ClaimVerdict = Literal["supported", "contradicted", "not in the corpus"]

MOST_CLAIMS = 5
LONGEST_CLAIM = 400
"""Characters; what is longer is cut into no claim at all."""
SPEAKS_OF = 0.8
"""Share of a claim's weight, numbers apart, that a sentence must have to speak of it."""
FEWEST_CONCEPTS = 2
MOST_QUOTES = 2

SAID_IN_CLAUSE = 0.5

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CLAUSE = re.compile(r"[;:,]|\b(?:and|but|while|until|before|after|whereas)\b")
_NOISE = re.compile(r"https?://\S+|<[@#:][^>]*>|[*_~`|>]+")
_DENIAL = re.compile(
    r"\b(?:not|never|no|none|nobody|cannot|without|den(?:y|ies|ied|ial)|reject\w*|refus\w*|fake"
    r"|false|groundless|dismiss\w*|mistake\w*|misreport\w*|wrong\w*|error|не|нет|отриц\w*)\b|n['’]t\b|否认|没有|부인|않",
    re.IGNORECASE,
)


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


@dataclass(frozen=True, slots=True)
class _Claim:
    text: str
    parsed: ParsedQuestion
    quantities: tuple[Quantity, ...]
    dates: tuple[NamedDate, ...]
    denies: bool


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
    result = store.search(text, scope=scope, limit=20, as_of=as_of)
    claim = _Claim(
        text,
        result.question,
        tuple(quantities(text)),
        tuple(named_dates(text)),
        bool(_DENIAL.search(text)),
    )

    def cited(candidates: Sequence[SentenceCandidate]) -> tuple[Citation, ...]:
        return tuple(
            citation(
                Quotation(candidate, candidate.span),
                number,
                store.sources(
                    candidate.hit.passage.document_id,
                    candidate.hit.passage.version,
                    *candidate.span,
                ),
            )
            for number, candidate in enumerate(candidates[:MOST_QUOTES], first_number)
        )

    candidates = sentence_candidates(result.question, result.hits, "anything")
    same = [c for c in candidates if _speaks_of(claim, c)]
    supporting = [c for c in same if _has_figures(claim, c)]
    if supporting:
        return ClaimCheck(text, "supported", cited(supporting))
    differing = [(c, other) for c in same if (other := _other_figure(claim, c))]
    if differing and not any(_may_agree(claim, c) for c in candidates):
        ours = claim.quantities[0].text
        theirs = ", ".join(dict.fromkeys(other.text for _, other in differing[:MOST_QUOTES]))
        note = f"The message says {ours}; the corpus has {theirs}."
        return ClaimCheck(text, "contradicted", cited([c for c, _ in differing]), note)
    return ClaimCheck(text, "not in the corpus", cited(candidates[:1]))


def _speaks_of(claim: _Claim, candidate: SentenceCandidate) -> bool:
    """Whether a sentence names everyone and everything that the claim does, and as truly."""
    concepts = [concept for concept in claim.parsed.concepts if not _is_number(concept)]
    total = sum(concept.weight for concept in concepts)
    missing = [concept for concept in concepts if not concept.in_terms(candidate.terms)]
    return (
        len(concepts) >= FEWEST_CONCEPTS
        and not any(concept.is_name for concept in missing)
        and sum(concept.weight for concept in missing) <= (1 - SPEAKS_OF) * total
        and bool(_DENIAL.search(candidate.text)) == claim.denies
    )


def _has_figures(claim: _Claim, candidate: SentenceCandidate) -> bool:
    """Whether every number and date of the claim stands in the sentence, or agrees with one."""
    theirs = quantities(candidate.text)
    return _dates_agree(claim, candidate) and all(
        any(
            ours.percent == other.percent
            and (not ours.units or not other.units or ours.counts_the_same(other))
            and ours.agrees_with(other)
            for other in theirs
        )
        for ours in claim.quantities
    )


def _other_figure(claim: _Claim, candidate: SentenceCandidate) -> Quantity | None:
    """The number that the sentence gives for the one thing that the claim counts, if another."""
    if len(claim.quantities) != 1 or not _dates_agree(claim, candidate):
        return None
    [ours] = claim.quantities
    same = [other for other in quantities(candidate.text) if ours.counts_the_same(other)]
    if not same or any(ours.agrees_with(other) for other in same):
        return None
    return same[0]


def _may_agree(claim: _Claim, candidate: SentenceCandidate) -> bool:
    """Whether a sentence, be it on another day or a forecast, has the claim's very figure."""
    return bool(_DENIAL.search(candidate.text)) == claim.denies and any(
        ours.counts_the_same(other) and ours.agrees_with(other)
        for ours in claim.quantities
        for other in quantities(candidate.text)
    )


def _dates_agree(claim: _Claim, candidate: SentenceCandidate) -> bool:
    """Whether every date of the claim is named by the sentence, as far as the claim names it.

    In a sentence of several dates, the clause that has the claim's date has to say what the
    claim says, too.
    """
    bare = set(_YEAR.findall(claim.text))
    if not claim.dates and not bare:
        return True
    if not bare <= set(_YEAR.findall(candidate.text)):
        return False
    if len(named_dates(candidate.text)) < 2:
        return _names_dates(claim, candidate.text)
    telling = [c for c in claim.parsed.concepts if not c.is_name and not _is_number(c)]
    total = sum(concept.weight for concept in telling)
    for clause in _CLAUSE.split(candidate.text):
        terms = frozenset(document_terms(clause))
        said = sum(concept.weight for concept in telling if concept.in_terms(terms))
        if (
            _names_dates(claim, clause)
            and said >= SAID_IN_CLAUSE * total
            and bool(_DENIAL.search(clause)) == claim.denies
        ):
            return True
    return False


def _names_dates(claim: _Claim, text: str) -> bool:
    theirs = named_dates(text)
    return all(
        any(
            ours.month == other.month
            and ours.year in (None, other.year)
            and ours.day in (None, other.day)
            for other in theirs
        )
        for ours in claim.dates
    )


def _is_number(concept: Concept) -> bool:
    return all(term[0].isdigit() for wording in concept.wordings for term in wording)
