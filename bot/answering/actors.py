"""Who is named in a sentence, and whether they do to each other what a claim says they do."""

from __future__ import annotations

from dataclasses import dataclass

from store.aliases import WORD, find_entities
from store.analysis import split_words, terms_of

_ACTORS = ("country", "person", "organisation")
_AWAY = frozenset(terms_of(split_words("from by out")))
_INSIDE = frozenset(terms_of(split_words("in inside at near within")))
_TOWARDS = frozenset(terms_of(split_words("to for against at into onto")))
_JOINING = frozenset(terms_of(split_words("and with")))
_CREDIT = frozenset(terms_of(split_words("according account estimate estimates quoted cited")))
"""Words in front of a speaker."""
_SAYING = frozenset(
    terms_of(
        split_words(
            "said says say announced reported estimated estimate "
            "counted stated account "
            "spoke put gave heard statement count estimates show shows "
            "recorded studied found quoted cited "
            "figures"
        )
    )
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or some state that a text names, with its place among the text's terms."""

    name: str
    first: int
    end: int
    comes_from: bool
    goes_to: bool
    is_place: bool
    speaks: bool


def actors(text: str) -> list[Actor]:
    """The people, states and organisations of a text, in order."""
    terms = terms_of(split_words(text))
    found = []
    for first, end, entity in find_entities(text, terms):
        if entity.kind not in _ACTORS:
            continue
        before = terms[max(0, first - 2) : first]
        if before and before[-1] in ("the", "of"):
            before = before[:-1] if before[-1] == "the" else before
        last = before[-1] if before else ""
        credited = not _CREDIT.isdisjoint(terms[max(0, first - 3) : first])
        found.append(
            Actor(
                entity.name,
                first,
                end,
                comes_from=last in _AWAY,
                goes_to=last in _TOWARDS,
                is_place=last in _INSIDE,
                speaks=credited or not _SAYING.isdisjoint(terms[end : end + 3]),
            )
        )
    return found


def named(text: str) -> frozenset[str]:
    """All names of the alias list that a text has."""
    found = find_entities(text, terms_of(split_words(text)))
    return frozenset(entity.name for _, _, entity in found if entity.kind != WORD)


def others_named(text: str, *, people: bool) -> frozenset[str]:
    """The names in a text but for those of speakers, and of people if they are not asked for."""
    found = find_entities(text, terms_of(split_words(text)))
    kinds = {WORD} if people else {WORD, "person"}
    names = {entity.name for _, _, entity in found if entity.kind not in kinds}
    return frozenset(names - {actor.name for actor in actors(text) if actor.speaks})


def people_named(text: str) -> frozenset[str]:
    """The people that a text names."""
    found = find_entities(text, terms_of(split_words(text)))
    return frozenset(entity.name for _, _, entity in found if entity.kind == "person")


def same_direction(claim: str, sentence: str) -> bool:
    """Whether whoever does something to somebody in the claim may do so in the sentence.

    Two names in the claim's order, or turned round with "from" or "by"; speakers stand anywhere.
    """
    theirs = actors(sentence)
    ours = [actor for actor in actors(claim) if not actor.speaks]
    for place, one in enumerate(ours):
        for other in ours[place + 1 :]:
            joined = set(terms_of(split_words(claim))[one.end : other.first]) <= _JOINING
            if one.name != other.name and not joined and not _pair_fits(one, other, theirs):
                return False
    return True


def _pair_fits(one: Actor, other: Actor, theirs: list[Actor]) -> bool:
    pairs = [(a, b) for a in theirs if a.name == one.name for b in theirs if b.name == other.name]
    if not pairs:
        return True  # names that must be there are asked for elsewhere
    straight = [
        (a, b)
        for a, b in pairs
        if a.first < b.first
        and not (b.comes_from and not other.comes_from)
        and not (b.goes_to and other.comes_from)
        and not (a.goes_to and not one.goes_to)
    ]
    turned = [
        (a, b)
        for a, b in pairs
        if a.first > b.first
        and (
            (a.comes_from and not one.goes_to and not other.comes_from)
            or (b.goes_to and not one.goes_to and not a.goes_to)
            or (a.goes_to and other.comes_from)
        )
    ]
    inside = other.is_place and any(b.is_place for _, b in pairs)
    return bool(straight or turned or inside)
