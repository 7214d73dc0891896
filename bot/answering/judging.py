"""Whether one sentence says what a claim says, or gives another figure for the same thing.

Rules only, each of which may turn a sentence away, none of which may guess. A sentence of
several figures or dates counts only for what stands around the one that matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answering import wording
from bot.answering.dates import DateMention, find_dates
from bot.answering.quantities import Quantity, labels, quantities
from store.analysis import STOP_TERMS, document_terms, split_words, terms_of
from store.model import Range
from store.question import Concept, ParsedQuestion

FEWEST_CONCEPTS = 2
LIKE_ENOUGH = 0.6
"""Cosine from which a sentence without any figure to check may support a claim."""
COVERED_ELSEWHERE = 0.75
"""Share of a claim's weight that a sentence in Korean or Chinese must have: where words are
cut into pairs of characters, endings and particles never all agree."""
FAR_OFF = 10
"""Times by which a number of all times must differ from one of a limited time."""
SAME_YEAR = 366
"""Days by which the date of one and the same event may be given wrongly."""


def _terms(words: str) -> frozenset[str]:
    return frozenset(terms_of(split_words(words)))


_LIGHT = _terms(
    "number total figure estimate estimated count counted put report reported announced stated "
    "according account official officials roughly approximately nearly almost around least amount "
    "dollars dollar usd bn billion million thousand percent cent "
    "year month day already until since "
    "overall carried out reach reached came took place stood worth "
    "roughly been went been gave spoke "
    "circa fyi per mostly whole including about over up some been there now "
    "currently still recently late early mid "
    "сообщила сообщил заявила заявил насчитал около примерно года году год человек тысяч "
    "млн млрд всего и в на с по что"
) | _terms("밝혔다 보고했다 추정했다 发表 报告 估计 年 月 日 个")
"""Terms that a supporting sentence need not have: the figures and names beside them decide."""
_ALIKE = tuple(
    _terms(words)
    for words in (
        (
            "sent send sends sending went gone goes go deployed deploy dispatched ship "
            "shipped supplied delivered provided "
            "provide transferred moved gone brought carried"
        ),
        "began begun begin started start launched opened",
        "ended end over expired ran last finished",
        "flew fly flight flown air",
        "stole stolen steal took theft",
        "fell fall dropped shrank declined",
        "rose rise grew climbed increased growth",
        "направила отправила послала направили отправили",
    )
)
_ONCE = _terms(
    "signed sign signing ratified ratification force effect adopted died death admitted admission "
    "acknowledged confirmed confirmation mandate removed ousted presidency founded museum first "
    "подписан подписали умер вступил силу"
) | {"sign", "admit", "ratify", "take effect"}
"""Terms of what happens but once, so that another date for it is a contradiction."""
_NOT_A_DEED = _terms("first also already has had have been was were itself himself too then")


@dataclass(frozen=True, slots=True)
class Difference:
    """What the claim says and what a sentence has in its place, in both their words."""

    ours: str
    theirs: str


class Said:
    """A text read once: its figures, dates and terms."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The numbers with what they count."""
        return quantities(self.text)

    @cached_property
    def dates(self) -> list[DateMention]:
        """The dates, as exactly as they are given."""
        return find_dates(self.text)

    @cached_property
    def terms(self) -> list[str]:
        """The terms, in order."""
        return terms_of(split_words(self.text))

    @cached_property
    def places(self) -> list[Range]:
        """Where numbers and dates stand."""
        numbers = [(quantity.start, quantity.end) for quantity in self.quantities]
        return numbers + [(date.start, date.end) for date in self.dates]


class Claim(Said):
    """A claim, with the concepts that a sentence must name to speak of it."""

    def __init__(self, text: str, parsed: ParsedQuestion) -> None:
        super().__init__(text)
        marks = [text[start:end] for start, end in self.places]
        inside = {term for mark in marks for term in document_terms(mark)}
        inside |= {re.sub(r"\s", "", mark) for mark in marks}  # "90,000개" keeps its comma
        rest = text
        for start, end in sorted(self.places, reverse=True):
            rest = f"{rest[:start]} {rest[end:]}"
        outside = set(document_terms(rest))
        self.concepts = [
            concept
            for concept in parsed.concepts
            if concept.is_name or not _only_of(concept, (inside - outside) | _LIGHT)
        ]
        if "according to" in text.casefold():  # not an accord
            self.concepts = [c for c in self.concepts if not _only_as(c, "accord", outside)]
        spelt = {
            term for concept in parsed.concepts for wording in concept.wordings for term in wording
        }
        self.loose_digits = set(re.findall(r"(?<![\w.])\d+(?![\w.])", rest))
        self.is_readable = all(
            term in spelt or term in STOP_TERMS or term in inside or not word[:1].isupper()
            for word in rest.split()
            for term in document_terms(word)
        )
        """Whether no name was taken for the misspelling of another."""
        self.is_spaced = not any("\u3000" < char < "\ud7ff" for char in text)
        self.stances = wording.stances(text)
        self.parts = wording.parts(text)
        self.deeds = list(_deeds(text, self.terms))

    def is_checkable(self) -> bool:
        """Whether there is enough in it to be held against a sentence."""
        enough = len(self.concepts) + len(self.places) > FEWEST_CONCEPTS - 1
        return self.is_readable and enough and bool(self.concepts)

    def covered(self, text: str) -> bool:
        """Whether a stretch of text names all that the claim does."""
        terms = frozenset(document_terms(text))
        missing = [concept for concept in self.concepts if not _names(concept, terms)]
        if self.is_spaced or any(concept.is_name for concept in missing):
            return not missing
        return self._share_missing(missing) <= 1 - COVERED_ELSEWHERE

    def is_near(self, text: str) -> bool:
        """Whether a sentence speaks of about the same: its figures are then worth a look."""
        terms = frozenset(document_terms(text))
        missing = [concept for concept in self.concepts if not _names(concept, terms)]
        return self._share_missing(missing) <= 0.5

    def _share_missing(self, missing: Sequence[Concept]) -> float:
        total = sum(concept.weight for concept in self.concepts) or 1.0
        return sum(concept.weight for concept in missing) / total


def supports(claim: Claim, sentence: Said, similarity: float) -> bool:
    """Whether a sentence, or one piece of it, says all that the claim says."""
    if not claim.is_checkable() or (not claim.places and similarity < LIKE_ENOUGH):
        return False
    if not claim.places and not claim.is_spaced:
        return False
    if not claim.dates and claim.quantities and wording.is_replaced(sentence.text):
        return False
    return any(_says(claim, piece) for piece in _pieces(claim, sentence))


def difference(claim: Claim, sentence: Said) -> Difference | None:
    """Another figure, or another date, that a sentence gives for the very thing of the claim."""
    if not claim.is_checkable() or wording.is_replaced(sentence.text):
        return None
    for piece in _pieces(claim, sentence):
        if _speaks_of(claim, piece):
            found = _other_number(claim, piece) or _other_date(claim, piece)
            if found:
                return found
    return None


def may_agree(claim: Claim, sentence: Said) -> bool:
    """Whether a sentence on about the same has the claim's figures, whatever else it says."""
    if not claim.is_near(sentence.text) or not claim.places:
        return False
    if {"denied", "doubted"} & (wording.stances(sentence.text) - claim.stances):
        return False
    numbers = all(
        any(q.may_count_the_same(s) and q.agrees_with(s) for s in sentence.quantities)
        for q in claim.quantities
    )
    return numbers and all(any(d.is_given_by(s) for s in sentence.dates) for d in claim.dates)


def lies_between(claim: Claim, sentences: Sequence[Said]) -> bool:
    """Whether an undated claim's number lies among those that sentences of any day give.

    What grew from 3,000 to 15,000 was 14,000 one day, though no sentence may say so.
    """
    if claim.dates or len(claim.quantities) != 1:
        return False
    [ours] = claim.quantities
    values = [
        other.value
        for sentence in sentences
        if claim.is_near(sentence.text)
        for other in sentence.quantities
        if ours.counts_the_same(other)
        and not {"denied", "doubted"} & (wording.stances(sentence.text) - claim.stances)
    ]
    return bool(values) and min(values) <= ours.value <= max(values)


def _pieces(claim: Claim, sentence: Said) -> list[Said]:
    """The sentence's pieces between "but", "which" and the like, each to be taken by itself.

    A claim of several pieces is held against the whole sentence.
    """
    if len(wording.pieces(claim.text)) > 1:
        return [sentence]
    return [Said(piece) for piece in wording.pieces(sentence.text)]


def _speaks_of(claim: Claim, piece: Said) -> bool:
    """Whether a piece names all that the claim names, as firmly, and who does what to whom."""
    return (
        claim.covered(piece.text)
        and wording.stances(piece.text) == claim.stances
        and wording.parts(piece.text) == claim.parts
        and labels(claim.text) <= labels(piece.text)
        and claim.loose_digits <= set(piece.terms)
        and all(city in piece.text.casefold() for city in wording.cities_in(claim.text))
        and wording.same_direction(claim.text, piece.text)
        and all(_does(name, deed, piece) for name, deed in claim.deeds)
    )


def _says(claim: Claim, piece: Said) -> bool:
    if not _speaks_of(claim, piece):
        return False
    dates = []
    for ours in claim.dates:
        date = next((d for d in piece.dates if _same_date(claim, ours, piece, d)), None)
        if date is None or not _stands_for(claim, piece, date, piece.dates):
            return False
        dates.append(date)
    return all(
        any(
            quantity.may_count_the_same(other)
            and quantity.is_stated_by(other)
            and _stands_for(claim, piece, other, _rivals(other, piece), dates)
            for other in piece.quantities
        )
        for quantity in claim.quantities
    )


def _same_date(claim: Claim, ours: DateMention, sentence: Said, theirs: DateMention) -> bool:
    """Whether a sentence has the claim's date, bound in the same way."""
    if not ours.is_given_by(theirs):
        return False
    reported = wording.is_date_of_report(sentence.text, (theirs.start, theirs.end))
    if reported:
        return ours.relation == "until" or wording.says_reported(claim.text)
    if ours.relation != theirs.relation:
        return False
    return not wording.is_date_of_report(claim.text, (ours.start, ours.end)) or (
        wording.says_reported(sentence.text)
    )


def _rivals(mark: Quantity, piece: Said) -> list[Quantity]:
    return [other for other in piece.quantities if mark.may_count_the_same(other)]


def _stands_for(
    claim: Claim,
    piece: Said,
    mark: Quantity | DateMention,
    rivals: Sequence[Quantity | DateMention],
    with_dates: Sequence[DateMention] = (),
) -> bool:
    """Whether what stands around a figure is what the claim says of it.

    With no rival in the piece all of it stands for the figure; else its clause, up to the
    rivals on either side (a date in the midst of a clause closes what comes before it).
    """
    others = [other for other in rivals if other.start != mark.start]
    if not others:
        return True
    clause = wording.around(piece.text, (mark.start, mark.end))
    start = max([clause[0], *(o.end for o in others if o.end <= mark.start)])
    end = min([clause[1], *(o.start for o in others if o.start >= mark.end)])
    if isinstance(mark, DateMention):
        opens = len(piece.text[start : mark.start].split()) <= 2
        end = end if opens else mark.end
    window = piece.text[start:end]
    return claim.covered(window) and all(start <= date.start < end for date in with_dates)


def _other_number(claim: Claim, sentence: Said) -> Difference | None:
    if len(claim.quantities) != 1:
        return None
    [ours] = claim.quantities
    same = [other for other in sentence.quantities if ours.counts_the_same(other)]
    rivals = [other for other in sentence.quantities if ours.may_count_the_same(other)]
    if not same or any(ours.agrees_with(other) for other in rivals):
        return None
    if not _of_nobody_else(claim, sentence, same[0]):
        return None
    if claim.dates and not _stands_for(claim, sentence, same[0], rivals):
        return None
    for date in claim.dates:
        given = [d for d in sentence.dates if _same_date(claim, date, sentence, d)]
        if not given or not _stands_for(claim, sentence, given[0], sentence.dates):
            return None
    limited = any(date.relation != "on" for date in sentence.dates)
    if limited and not claim.dates and _times(ours.value, same[0].value) < FAR_OFF:
        return None
    return Difference(ours.text, same[0].text)


def _of_nobody_else(claim: Claim, sentence: Said, mark: Quantity | DateMention) -> bool:
    """Whether up to its figure a sentence names none whom the claim does not, but speakers.

    "2,000 soldiers of the Storm Corps" is no count of all soldiers. Two people in the claim
    tell an event well enough for further names to make no other of it.
    """
    ours = wording.named(claim.text)
    if isinstance(mark, DateMention):
        if len(wording.people_named(claim.text)) > 1:
            return True
        if not ours:
            return False
    _, end = wording.around(sentence.text, (mark.start, mark.end))
    people = not isinstance(mark, DateMention)
    return wording.others_named(sentence.text[:end], people=people) <= ours


def _other_date(claim: Claim, sentence: Said) -> Difference | None:
    """Another day for what happens but once, not far from the claim's."""
    if len(claim.dates) != 1 or len(sentence.dates) != 1:
        return None
    [ours], [theirs] = claim.dates, sentence.dates
    known = ours.year and ours.month and theirs.year and theirs.month and not theirs.inferred
    once = {name for c in claim.concepts for wording_ in c.wordings for name in wording_} & _ONCE
    if (
        not known
        or not once
        or ours.relation != theirs.relation
        or not ours.excludes(theirs)
        or not _of_nobody_else(claim, sentence, theirs)
        or _days_between(ours, theirs) > SAME_YEAR
        or wording.is_date_of_report(sentence.text, (theirs.start, theirs.end))
        or wording.is_date_of_report(claim.text, (ours.start, ours.end))
        or not all(
            any(q.counts_the_same(s) and q.is_stated_by(s) for s in sentence.quantities)
            for q in claim.quantities
        )
    ):
        return None
    return Difference(claim.text[ours.start : ours.end], sentence.text[theirs.start : theirs.end])


def _times(one: float, other: float) -> float:
    low, high = sorted((one, other))
    return high / low if low else float("inf")


def _days_between(one: DateMention, other: DateMention) -> int:
    def days(date: DateMention) -> int:
        year, month, day = date.parts
        return 365 * year + 30 * month + day

    return abs(days(one) - days(other))


def _only_of(concept: Concept, terms: Iterable[str]) -> bool:
    known = frozenset(terms)
    return all(len(w) == 1 and w[0] in known for w in concept.wordings)


def _only_as(concept: Concept, term: str, terms: Iterable[str]) -> bool:
    """Whether of all its wordings a text has but this term."""
    known = frozenset(terms)
    return (term,) in concept.wordings and not any(
        known.issuperset(w) for w in concept.wordings if w != (term,)
    )


def _names(concept: Concept, terms: frozenset[str]) -> bool:
    """Whether a text speaks of a concept, in its own words or in those that mean the same."""
    if concept.in_terms(terms):
        return True
    own = {term for w in concept.wordings if len(w) == 1 for term in w}
    return any(own & alike and terms & alike for alike in _ALIKE)


def _deeds(text: str, terms: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Who does what: each actor with the word behind it, where there are two actors or more."""
    found = [actor for actor in wording.actors(text) if not actor.speaks]
    if len({actor.name for actor in found}) < 2:
        return
    for actor in found:
        behind = [term for term in terms[actor.end : actor.end + 3] if term not in _NOT_A_DEED]
        if behind and behind[0] not in STOP_TERMS | _LIGHT and not behind[0][0].isdigit():
            yield actor.name, behind[0]


def _does(name: str, deed: str, sentence: Said) -> bool:
    """Whether the deed, where the sentence has it in this very word, is that actor's."""
    actors = wording.actors(sentence.text)
    alike = next((group for group in _ALIKE if deed in group), frozenset({deed}))
    places = [place for place, term in enumerate(sentence.terms) if term in alike]
    if not places:
        return True
    for place in places:
        given = [a for a in actors if a.comes_from and place < a.first <= place + 3]
        left = [a for a in actors if a.end <= place and not a.speaks] or [
            a for a in actors if a.end <= place
        ]
        doers = given[:1] or left[-1:]
        for before, after in zip(reversed(left[:-1]), reversed(left), strict=False):
            if given or sentence.terms[before.end : after.first] not in (["and"], []):
                break
            doers.append(before)
        if any(actor.name == name for actor in doers):
            return True
    return False
