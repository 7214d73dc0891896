"""Whether one sentence says what a claim says, or gives another figure for the same thing.

Rules only, each of which may turn a sentence away, none of which may guess. A sentence of
several figures or dates counts only for what stands around the one that matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering import wording
from bot.answering.actors import actors, named, others_named, people_named, same_direction
from bot.answering.claims import ALIKE, Claim, Said
from bot.answering.dates import DateMention
from bot.answering.quantities import Quantity, labels
from store.analysis import split_words, terms_of
from store.model import Range

LIKE_ENOUGH = 0.6
"""Cosine from which a sentence without any figure to check may support a claim."""
FAR_OFF = 10
"""Times by which a number of all times must differ from one of a limited time."""
SAME_YEAR = 366
"""Days by which the date of one and the same event may be given wrongly."""
_ONCE = frozenset(
    terms_of(
        split_words(
            "signed sign signing ratified ratification force effect adopted died death admitted "
            "admission acknowledged confirmed confirmation mandate removed ousted presidency "
            "founded museum first подписан подписали умер вступил силу"
        )
    )
) | {"sign", "admit", "ratify", "take effect"}
"""Terms of what happens but once, so that another date for it is a contradiction."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the claim says and what a sentence has in its place, in both their words."""

    ours: str
    theirs: str


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
        and same_direction(claim.text, piece.text)
        and all(does(name, deed, piece) for name, deed in claim.deeds)
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

    With no rival in the piece all of it stands for the figure; else its reach.
    """
    if all(other.start == mark.start for other in rivals):
        return True
    start, end = reach(piece.text, mark, rivals)
    window = piece.text[start:end]
    return claim.covered(window) and all(start <= date.start < end for date in with_dates)


def reach(
    text: str, mark: Quantity | DateMention, rivals: Sequence[Quantity | DateMention]
) -> Range:
    """The stretch of a sentence that stands for a figure: its clause, up to those of its kind.

    A date in the midst of a clause closes what comes before it.
    """
    clause = wording.around(text, (mark.start, mark.end))
    others = [other for other in rivals if other.start != mark.start]
    start = max([clause[0], *(o.end for o in others if o.end <= mark.start)])
    end = min([clause[1], *(o.start for o in others if o.start >= mark.end)])
    if isinstance(mark, DateMention) and len(text[start : mark.start].split()) > 2:
        end = mark.end
    return start, end


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
    ours = named(claim.text)
    if isinstance(mark, DateMention):
        if len(people_named(claim.text)) > 1:
            return True
        if not ours:
            return False
    _, end = wording.around(sentence.text, (mark.start, mark.end))
    people = not isinstance(mark, DateMention)
    return others_named(sentence.text[:end], people=people) <= ours


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


def does(name: str, deed: str, sentence: Said) -> bool:
    """Whether the deed, where the sentence has it in this very word, is that actor's."""
    theirs = actors(sentence.text)
    alike = next((group for group in ALIKE if deed in group), frozenset({deed}))
    places = [place for place, term in enumerate(sentence.terms) if term in alike]
    if not places:
        return True
    for place in places:
        given = [a for a in theirs if a.comes_from and place < a.first <= place + 3]
        left = [a for a in theirs if a.end <= place and not a.speaks] or [
            a for a in theirs if a.end <= place
        ]
        doers = given[:1] or left[-1:]
        for before, after in zip(reversed(left[:-1]), reversed(left), strict=False):
            if given or sentence.terms[before.end : after.first] not in (["and"], []):
                break
            doers.append(before)
        if any(actor.name == name for actor in doers):
            return True
    return False
