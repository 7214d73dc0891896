"""Are the figures and dates of a sentence those of its sources, and of the same things there?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from bot.answering import wording
from bot.answering.dates import DateMention, find_dates
from bot.answering.generative.grounds import Ground, Meant, meanings, names_in, own_words
from bot.answering.judging import reach
from bot.answering.quantities import FAR_ABOVE, Quantity, labels
from store.aliases import entities

_DIGITS = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_SEPARATORS = re.compile(r"[.,\u00a0\u202f ]")
_RELATIVE_DAY = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|(?:last|this|next) (?:week|month|year|night)"
    r"|вчера|сегодня|завтра)\b|어제|오늘|내일|昨天|今天|明天|昨日|今日",
    re.IGNORECASE,
)
_RATE = re.compile(r"\b(?:an?|per|each|every) (day|week|month|year)\b|\b(da|week|month|year)ly\b")
_FATES = frozenset(("killed", "wounded", "casualties", "prisoners"))
"""What may become of troops, by the names of the groups of synonyms."""
_TWO = re.compile(r"\b(?:two|both|pair)\b|двое|두|两", re.IGNORECASE)
_PAIR = re.compile(r"\s(?:countries|sides|states|leaders|neighbou?rs|nations|allies|parties)\b")
"""What there are two of without anybody counting."""
_AND = re.compile(r"\b(?:and|и)\b", re.IGNORECASE)
_OF = re.compile(r"\s*(?:\w+\s){0,4}(?:of|out of|из)\s(?:\w+\s){0,2}", re.IGNORECASE)
LEAST_AROUND = 2
"""Content words around a figure by which it can be told what is said of it."""
UNITS = 3
"""Words behind a number that say what it counts; what follows them is said of it."""


def figure_problems(sentence: Meant, grounds: Sequence[Ground]) -> Iterator[str]:
    """What is wrong with the numbers, dates and numbered things of a sentence."""
    yield from _numbers(sentence, grounds)
    yield from _dates(sentence, grounds)
    yield from _pairs(sentence, grounds)
    yield from _other_digits(sentence, grounds)


def _numbers(sentence: Meant, grounds: Sequence[Ground]) -> Iterator[str]:
    for ours in sentence.quantities:
        if ours.value == 2 and (
            _PAIR.match(sentence.text, ours.end) or _points_back(sentence, ours, grounds)
        ):
            continue
        given = [
            (ground, theirs)
            for ground in grounds
            for theirs in ground.quantities
            if _may_be_the_same(ours, theirs, sentence, ground) and _is_stated(ours, theirs)
        ]
        if not given and any(_is_measure(sentence, ours, ground) for ground in grounds):
            continue
        if not given:
            yield f"the number “{ours.text}” is not in what it cites"
        elif all(_is_whole(sentence, ground, theirs) for ground, theirs in given) or not any(
            _stands_for(sentence, ours, ground, theirs, grounds)
            and _rates(sentence, ours) <= _rates(ground, theirs)
            for ground, theirs in given
        ):
            yield f"the number “{ours.text}” belongs to something else in what it cites"


def _points_back(sentence: Meant, ours: Quantity, grounds: Sequence[Ground]) -> bool:
    """Whether "the two" are two that a source speaks of."""
    the_two = sentence.text[: ours.start].casefold().endswith("the ")
    return the_two and any(_TWO.search(ground.text) for ground in grounds)


def _may_be_the_same(ours: Quantity, theirs: Quantity, sentence: Meant, ground: Ground) -> bool:
    """Whether both may count the same thing; other languages have other words for it."""
    if ours.kind == "killed" and theirs.kind is None and _are_of_both(ground, theirs):
        return False
    if ours.may_count_the_same(theirs):
        return True
    if _are_people(sentence, ours, theirs) or _are_people(ground, theirs, ours):
        return True
    if ours.units & theirs.units and not (ours.kind and theirs.kind):
        return ours.percent == theirs.percent
    other_language = sentence.language != ground.language and ours.percent == theirs.percent
    return other_language and not (ours.kind and theirs.kind)


def _are_people(said: Meant, mark: Quantity, other: Quantity) -> bool:
    """Whether the troops that a number counts are those killed, as the other one calls them."""
    if mark.kind != "troops" or other.kind in (None, "troops"):
        return False
    start, end = reach(said.text, mark, _of_kind(mark, said))
    return meanings(said.text[start:end]) & _FATES == other.units & _FATES != frozenset()


def _are_of_both(ground: Ground, mark: Quantity) -> bool:
    """Whether the clauses that a number stands in speak of killed and wounded together."""
    piece = next(
        (p for p in wording.pieces(ground.text) if mark.text in p),
        ground.text,
    )
    return {"killed", "wounded"} <= meanings(piece)


def _is_measure(sentence: Meant, ours: Quantity, ground: Ground) -> bool:
    """Whether a source has the number with the word behind it, as in "152 mm"."""
    unit = re.match(r"[\s-]?(\w+)", sentence.text[ours.end : ours.end + 20])
    if not unit or not ours.text.isdigit():
        return False
    pattern = rf"(?<![\d.,]){ours.text}[\s-]?{re.escape(unit[1])}\b"
    return bool(re.search(pattern, ground.text, re.IGNORECASE))


def _is_stated(ours: Quantity, theirs: Quantity) -> bool:
    """Whether a source gives our number, as firmly; "about" may round it."""
    low, high = theirs.value, theirs.value * FAR_ABOVE
    if ours.bound == "at least":
        above = ours.value < low <= ours.value * FAR_ABOVE
        return above or (ours.value == low and theirs.bound == "at least")
    if ours.bound == "at most":
        below = theirs.value < ours.value <= high
        return below or (ours.value == low and theirs.bound == "at most")
    rounded = ours.bound == "about" and theirs.bound in ("exact", "about")
    return ours.is_stated_by(theirs) or (rounded and ours.agrees_with(theirs))


def _is_whole(sentence: Meant, ground: Ground, theirs: Quantity) -> bool:
    """Whether a source has "1,000 of 11,000 soldiers were killed", and ours has 11,000 killed."""
    for part in ground.quantities:
        between = ground.text[part.end : theirs.start]
        if part.end > theirs.start or not _OF.fullmatch(between):
            continue
        behind = " ".join(ground.text[theirs.end :].split()[UNITS:])
        has_part = any(q.value == part.value for q in sentence.quantities)
        if not has_part and meanings(behind.split(",")[0]) & sentence.meanings:
            return True
    return False


def _dates(sentence: Meant, grounds: Sequence[Ground]) -> Iterator[str]:
    for ours in sentence.dates:
        named = sentence.text[ours.start : ours.end]
        given = [
            (ground, theirs)
            for ground in grounds
            for theirs in ground.dates
            if ours.is_given_by(theirs) or _is_given_with_year(ours, theirs, ground)
        ]
        if given:
            if not any(_stands_for(sentence, ours, g, theirs, grounds) for g, theirs in given):
                yield f"the date “{named}” belongs to something else in what it cites"
        elif not any(_is_published(ours, ground) for ground in grounds):
            yield f"the date “{named}” is not in what it cites"
    for match in _RELATIVE_DAY.finditer(sentence.text):
        if not any(match[0].casefold() in ground.text.casefold() for ground in grounds):
            yield f"“{match[0]}” is no date that the reader can check"


def _pairs(sentence: Meant, grounds: Sequence[Ground]) -> Iterator[str]:
    """Numbers of which we say a date that the source says of another number."""
    for number in sentence.quantities:
        clause = wording.around(sentence.text, (number.start, number.end))
        for date in sentence.dates:
            if not clause[0] <= date.start < clause[1]:
                continue
            for ground in grounds:
                given = [d for d in ground.dates if date.is_given_by(d)]
                if given and all(_is_of_another(number, d, ground) for d in given):
                    named = sentence.text[date.start : date.end]
                    yield f"“{named}” is not the date of “{number.text}” in what it cites"


def _is_of_another(number: Quantity, date: DateMention, ground: Ground) -> bool:
    """Whether a date's clause has a number of the same kind, but not this one."""
    start, end = wording.around(ground.text, (date.start, date.end))
    beside = [q for q in ground.quantities if start <= q.start < end]
    alike = [q for q in beside if number.counts_the_same(q)]
    elsewhere = any(number.value == q.value for q in ground.quantities if q not in beside)
    return bool(alike) and elsewhere and not any(number.value == q.value for q in alike)


def _is_given_with_year(ours: DateMention, theirs: DateMention, ground: Ground) -> bool:
    """Whether a source names the day, and its title or publication the year."""
    if theirs.year is not None or ours.unclear or theirs.unclear or theirs.month is None:
        return False
    years = {d.year for d in ground.about.dates} | {int(day[:4]) for day in ground.shown.days}
    same = ours.month == theirs.month and ours.day in (None, theirs.day)
    return same and ours.year in years


def _is_published(ours: DateMention, ground: Ground) -> bool:
    """Whether the date is the day of publication, or stands in the title."""
    published = [d for day in ground.shown.days for d in find_dates(day)]
    return any(ours.is_given_by(theirs) for theirs in [*published, *ground.about.dates])


def _stands_for(
    sentence: Meant,
    ours: Quantity | DateMention,
    ground: Ground,
    theirs: Quantity | DateMention,
    grounds: Sequence[Ground],
) -> bool:
    """Whether a figure stands for the same thing in a source, rather than one like it does.

    What we say around it is held against what the source says around it and around each
    figure of the same kind: where another one has more of our words, ours is misplaced.
    """
    claimed = _around(sentence, ours)
    here = _around(ground, theirs)
    for other in grounds:
        for rival in _of_kind(theirs, other):
            here_too = other is ground and _is_one_phrase(theirs, rival, ground.text)
            reported = _is_report(rival, other) and not _is_report(theirs, ground)
            if here_too or reported or _says_the_same(ours, rival):
                continue
            there = _around(other, rival)
            if len(claimed & (there - here)) > len(claimed & (here - there)):
                return False
            at_home, elsewhere = here, there
            if other is not ground:
                at_home, elsewhere = ground.meanings | ground.voices.names, other.meanings
            if _bodies(claimed) & (elsewhere - at_home) and _bodies(at_home - claimed):
                return False
    return True


@cache
def _all_bodies() -> frozenset[str]:
    return frozenset(e.name for e in entities() if e.kind in ("organisation", "person"))


def _bodies(content: frozenset[str]) -> frozenset[str]:
    """The people and organisations: one's figure or deed is not another's."""
    return content & _all_bodies()


def _is_report(mark: Quantity | DateMention, source: Ground) -> bool:
    """Whether it is the day on which something was said, and no rival of the day it is of."""
    place = (mark.start, mark.end)
    return isinstance(mark, DateMention) and wording.is_date_of_report(source.text, place)


def _is_one_phrase(mark: Quantity | DateMention, rival: Quantity | DateMention, text: str) -> bool:
    """The same figure, one beside it ("12 million 152 mm shells"), or what it is a part of."""
    beside = rival.start - mark.end <= 1 and mark.start - rival.end <= 1
    return beside or bool(_OF.fullmatch(text[mark.end : rival.start]))


def _of_kind(mark: Quantity | DateMention, said: Meant) -> Sequence[Quantity | DateMention]:
    if isinstance(mark, DateMention):
        return said.dates
    return [other for other in said.quantities if mark.may_count_the_same(other)]


def _says_the_same(ours: Quantity | DateMention, rival: Quantity | DateMention) -> bool:
    if isinstance(ours, DateMention):
        return isinstance(rival, DateMention) and ours.is_given_by(rival)
    return isinstance(rival, Quantity) and ours.value == rival.value


def _rates(said: Meant, mark: Quantity) -> frozenset[str]:
    """By what time a number goes: "a month", "yearly"."""
    start, end = reach(said.text, mark, _of_kind(mark, said))
    found = _RATE.findall(said.text[start:end].casefold())
    return frozenset(period for match in found for period in match if period)


def _around(said: Meant, mark: Quantity | DateMention) -> frozenset[str]:
    start, end = reach(said.text, mark, _of_kind(mark, said))
    before, after = said.text[start : mark.start], said.text[mark.end : max(end, mark.end)]
    rivals = _of_kind(mark, said)
    if any(other.end == start for other in rivals):
        before = _AND.split(before)[-1]
    if any(other.start == end for other in rivals):
        after = _AND.split(after)[0]
    window = f"{before} {after}"
    bare = isinstance(mark, DateMention) and not names_in(window)
    if bare and len(own_words(window)) < LEAST_AROUND:
        window = f"{window} {_next_to(said.text, mark)}"
    return meanings(window) | frozenset(own_words(window))  # imports are trade, and no exports


def _next_to(text: str, mark: Quantity | DateMention) -> str:
    """The clause that a bare "On 9 November, …" or "…, which meant by December" belongs to."""
    start, end = wording.around(text, (mark.start, mark.end))
    if start == 0 and end < len(text):
        return text[slice(*wording.around(text, (end, end)))]
    return text[slice(*wording.around(text, (start - 1, start)))] if start else ""


def _other_digits(sentence: Meant, grounds: Sequence[Ground]) -> Iterator[str]:
    """Digits that are no quantities and no dates: "Article 4", "KN-23", "152 mm"."""
    theirs = {
        _SEPARATORS.sub("", digits)
        for ground in grounds
        for text in (ground.text, ground.shown.about, *ground.shown.voices, *ground.shown.days)
        for digits in (*_DIGITS.findall(text), *re.findall(r"\d+", text))
    }
    for match in _DIGITS.finditer(sentence.text):
        inside = any(start <= match.start() < end for start, end in sentence.places)
        if not inside and _SEPARATORS.sub("", match[0]) not in theirs:
            yield f"“{match[0]}” is not in what it cites"
    known = {pair for ground in grounds for pair in labels(f"{ground.text} {ground.shown.about}")}
    if any(ground.language == sentence.language for ground in grounds):
        for word, number in sorted(labels(sentence.text) - known):
            yield f"“{word} {number}” is not in what it cites"
