"""Are the names of a sentence those of its sources, in the same parts?"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache

from rapidfuzz import fuzz

from bot.answering import wording
from bot.answering.actors import Actor, actors
from bot.answering.claims import LIGHT
from bot.answering.generative.grounds import Ground, Meant, homes
from store.aliases import WORD, entities, find_entities
from store.analysis import STOP_TERMS, document_terms
from store.mentions import MONTHS

_TITLES = frozenset(
    "president minister ministry general chief leader secretary spokesman spokeswoman spokesperson "
    "chairman mr mrs ms dr foreign defence defense prime government region article state war "
    "kremlin monday tuesday wednesday thursday friday saturday sunday".split()
)
"""Words that some write with a capital, and that name nobody."""
_OPENERS = frozenset(
    "according additionally after afterwards all also although altogether among analysts "
    "another as at because before besides both but by currently despite during earlier each "
    "estimates figures "
    "finally first for from further furthermore he her his however in instead it its later "
    "meanwhile moreover most nearly no none nor not of officials on once one only other others "
    "overall previously recently reports second separately she similarly since so some "
    "soon sources still such that the their then there these they this those three thus "
    "to today together two under until up when where which while with within yet".split()
)
_TELLING = frozenset(
    document_terms("told tells said says reported estimated spoke confirmed put counted warned")
)
_CALLED = re.compile(r"\b(?:calls?|called|named|dubbed|known as|codenamed) (?:the )?([A-Z]\w+)")
"""What somebody is called, where no other name of theirs will do."""
_RECEIVING = frozenset(document_terms("received receives got obtained acquired accepted"))
_CREDIT = frozenset(document_terms("according"))
_COPULAS = frozenset(("is", "was", "are", "were", "be"))
_ROMAN = str.maketrans(
    dict(
        zip(
            "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
            "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya".split(),
            strict=True,
        )
    )
    | {"ъ": "", "ь": ""}
)
SAME_NAME = 78
"""Similarity (0 to 100) from which a name and its transliteration count as one."""
SHORTEST_NAME = 3


def name_problems(sentence: Meant, grounds: Sequence[Ground]) -> Iterator[str]:
    """Names that no source has, and deeds given to others than in the sources."""
    allowed = frozenset(name for ground in grounds for name in ground.all_names)
    known = _known_terms(grounds)
    for name in sorted(sentence.names - allowed):
        if not _is_told_of(name, allowed, grounds):
            yield f"{name} is not named in what it cites"
    cities = {city for ground in grounds for city in wording.cities_in(ground.text)}
    texts = " ".join(f"{g.text} {g.shown.about}" for g in grounds).casefold()
    for city in sorted(wording.cities_in(sentence.text) - cities):
        if city not in texts:
            yield f"{city.title()} is not named in what it cites"
    for city in _misplaced(sentence, grounds):
        yield f"{city.title()} is where something else happened in what it cites"
    miscalled = [name for name in _CALLED.findall(sentence.text) if not _is_known(name, known)]
    for word in [*_unknown_names(sentence, grounds, known), *miscalled]:
        yield f"“{word}” is not named in what it cites"
    yield from _wrongly_attached(sentence, grounds)
    theirs = {pair for ground in grounds for pair in _roles(ground.text)}
    for agent, other in sorted(_roles(sentence.text)):
        if (other, agent) in theirs and (agent, other) not in theirs:
            yield f"it turns round what {other} does and what {agent} does"


def _misplaced(sentence: Meant, grounds: Sequence[Ground]) -> Iterator[str]:
    """A city of one source in which we put what another source puts in another city."""
    for city in wording.cities_in(sentence.text):
        there = [g for g in grounds if city in g.text.casefold()]
        elsewhere = [g for g in grounds if g not in there and wording.cities_in(g.text)]
        in_common = [
            [len(sentence.meanings & g.meanings) for g in some] for some in (there, elsewhere)
        ]
        if all(in_common) and max(in_common[1]) > max(in_common[0]):
            yield city


def _known_terms(grounds: Sequence[Ground]) -> frozenset[str]:
    return frozenset(
        term
        for ground in grounds
        for text in (ground.text, ground.shown.about, *ground.shown.voices)
        for term in document_terms(text)
    )


def _is_known(name: str, known: frozenset[str]) -> bool:
    return not known.isdisjoint(document_terms(name))


def _is_told_of(name: str, allowed: frozenset[str], grounds: Sequence[Ground]) -> bool:
    """Whether a body is named by half: "the General Staff", where its state is named, too."""
    state = homes().get(name)
    if state not in allowed:
        return False
    known = _known_terms(grounds)
    whole = document_terms(name)
    rest = [term for term in whole if term not in document_terms(state or "")]
    others = {
        country
        for ground in grounds
        for country, word in _attached(ground.text)
        if word == rest[0] and country != state
    }
    return len(rest) < len(whole) and known.issuperset(rest) and not others


def _wrongly_attached(sentence: Meant, grounds: Sequence[Ground]) -> Iterator[str]:
    """Names in front of a word that in the sources has another name in front of it.

    "Japanese missiles" is wrong where the source has "North Korean missiles", although it may
    name Japan as well.
    """
    theirs = [pair for ground in grounds for pair in _attached(ground.text)]
    for name, word in _attached(sentence.text):
        before = {other for other, same in theirs if same == word}
        if before and name not in before and not before & {homes().get(name)}:
            yield f"“{name}” does not go with “{word}” in what it cites"


def _attached(text: str) -> list[tuple[str, str]]:
    """Each state or person with the word right behind it."""
    terms = document_terms(text)
    found = find_entities(text, terms)
    inside = {place for first, end, entity in found for place in range(first, end)}
    groups = {first: entity.name for first, _, entity in found if entity.kind == WORD}
    pairs = []
    for _, end, entity in found:
        if entity.kind not in ("country", "person") or end >= len(terms):
            continue
        word = groups.get(end) or (terms[end] if end not in inside else "")
        if word and word not in STOP_TERMS | LIGHT and word[0].isalpha() and word.isascii():
            pairs.append((entity.name, word))
    return pairs


def _roles(text: str) -> set[tuple[str, str]]:
    """Who does something to whom: (agent, the other), as far as the order of words tells.

    "By", "from" and words of receiving turn the order round; each clause stands for itself.
    Speakers, places, and names that are only joined or compared ("and", "is") do nothing to each
    other.
    """
    pairs = set()
    for piece in wording.pieces(text):
        terms = document_terms(piece)
        named = actors(piece)
        found = [
            actor
            for place, actor in enumerate(named)
            if actor.name in _doers() and not actor.is_place and not _speaks(place, named, terms)
        ]
        for one, two in itertools.combinations(found, 2):
            between = terms[one.end : two.first]
            if one.name == two.name or _is_joined(between):
                continue
            turned = _is_turned(one, two) or not _RECEIVING.isdisjoint(between)
            pairs.add((two.name, one.name) if turned else (one.name, two.name))
    return pairs


@cache
def _doers() -> frozenset[str]:
    """States and people: who does something to whom, as far as we look."""
    return frozenset(e.name for e in entities() if e.kind in ("country", "person"))


def _speaks(place: int, named: Sequence[Actor], terms: Sequence[str]) -> bool:
    """Whether an actor, or the body that belongs to it, says what the sentence reports."""
    actor = named[place]
    after = named[place + 1] if place + 1 < len(named) else None
    if after and after.first == actor.end:
        return _speaks(place + 1, named, terms)
    end = min(actor.end + 5, after.first if after else len(terms))
    behind = frozenset(terms[actor.end : end])
    credited = _CREDIT.isdisjoint(terms[max(0, actor.first - 7) : actor.first])
    if not credited:
        return True
    return not _TELLING.isdisjoint(behind) or (actor.speaks and "gave" not in behind)


def _is_turned(one: Actor, two: Actor) -> bool:
    return not one.comes_from and (two.comes_from or one.goes_to)


def _is_joined(between: Sequence[str]) -> bool:
    return all(term in ("and", "with") for term in between) or between[-1] in _COPULAS


def _unknown_names(
    sentence: Meant, grounds: Sequence[Ground], known: frozenset[str]
) -> Iterator[str]:
    """Words with a capital that stand in no source and belong to no known name."""
    spelt = _spelt_names(sentence)
    for place, word in enumerate(sentence.words):
        bare = word.removesuffix("’s").removesuffix("'s")
        if not bare[:1].isupper() or len(bare) < SHORTEST_NAME or _is_in_a_date(word, sentence):
            continue
        terms = document_terms(bare)
        opens = place == 0 and (bare.casefold() in _OPENERS or bare.islower())
        if opens or bare.casefold() in _TITLES or not terms:
            continue
        if all(term in known or term in spelt or term in STOP_TERMS for term in terms):
            continue
        if place == 0 and not _is_name_like(sentence):
            continue
        if not _is_transliterated(bare, grounds):
            yield bare


def _is_in_a_date(word: str, sentence: Meant) -> bool:
    """Whether a word is a month, in full or in short."""
    if word.casefold() in MONTHS:
        return True
    return any(word in sentence.text[date.start : date.end] for date in sentence.dates)


def _spelt_names(sentence: Meant) -> frozenset[str]:
    """The terms of all names of the alias list in a sentence."""
    terms = document_terms(sentence.text)
    return frozenset(
        term for first, end, _ in find_entities(sentence.text, terms) for term in terms[first:end]
    )


def _is_name_like(sentence: Meant) -> bool:
    """Whether the first word is a name although every first word has a capital.

    It is where another capital follows ("Viktor Smirnov"), or a comma, or a verb of saying.
    """
    words = sentence.words
    following = words[1] if len(words) > 1 else ""
    head = sentence.text.lstrip()[len(words[0]) :]
    return following[:1].isupper() or head[:1] == "," or wording.says_reported(following)


def _is_transliterated(name: str, grounds: Sequence[Ground]) -> bool:
    """Whether a name stands in a source in the other alphabet ("Смирнов" and "Smirnov")."""
    ours = _roman(name)
    return any(
        fuzz.ratio(ours, _roman(word)) >= SAME_NAME
        for ground in grounds
        for word in [*ground.words, *ground.about.words, *ground.voices.words]
        if word[:1].isupper() and word.isascii() != name.isascii()
    )


def _roman(word: str) -> str:
    return re.sub(r"[^a-z]", "", word.casefold().translate(_ROMAN))
