"""Finding sentences, as character ranges, in English, Korean, Russian and Chinese text."""

from __future__ import annotations

import re

from store.model import Range

_CLOSERS = "\"'”’»)\\]）」』】〉》"
_CJK_END = re.compile(rf"[。！？｡]+[{_CLOSERS}]*")
_END = re.compile(rf"(?P<mark>[.!?…]+)(?P<close>[{_CLOSERS}]*)(?=\s|$)")
_OPENER = re.compile(r"\s+[\"'“‘«(\[（「『【—–-]*\s?(?P<first>\S)")
_LAST_WORD = re.compile(r"[^\s\"'“”‘’«»()\[\]—–-]+$")

ABBREVIATIONS = frozenset(
    # titles and ranks
    "mr mrs ms dr prof st sr jr gen maj col lt capt sgt cpl adm cmdr brig rep sen gov pres amb hon "
    # in writing
    "rev vs etc e.g i.e cf al no nos vol pp p fig art para sec ch ed eds approx est ca dept inc "
    "ltd co corp bros u.s u.k u.n e.u d.c a.m p.m "
    # months and days
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun "
    # Russian
    "янв фев февр мар апр июн июл авг сен сент окт ноя нояб дек г гг в вв т.е т.д т.п др пр им ул "
    "тыс млн млрд трлн руб см стр напр акад проф ген полк кап сен деп".split()
)
"""Words whose full stop does not end a sentence when a lower-case word or a digit follows."""
NEVER_LAST = frozenset(
    "mr mrs ms dr prof st gen maj col lt capt sgt adm brig rep sen gov amb vs e.g i.e cf no nos "
    "vol fig art им ул ген полк акад проф т.е напр".split()
)
"""Those of them that no sentence ends with, whatever follows."""
_INITIAL = re.compile(r"[A-ZА-ЯЁ]")


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Range]:
    """The sentences of ``text[start:end]`` as ranges in ``text``, white space trimmed.

    Together they hold every character of the stretch that is not white space.
    """
    end = len(text) if end is None else end
    cuts = [m.end() for m in _END.finditer(text, start, end) if _ends_sentence(text, m, end)]
    cuts += [match.end() for match in _CJK_END.finditer(text, start, end)]
    ranges = []
    begin = start
    for cut in [*sorted(set(cuts)), end]:
        piece = _trimmed(text, begin, cut)
        if piece:
            ranges.append(piece)
        begin = cut
    return ranges


def _ends_sentence(text: str, match: re.Match[str], end: int) -> bool:
    following = _OPENER.match(text, match.end(), end)
    if following is None:
        return True
    first = following["first"]
    if match["mark"] != ".":
        return not first.islower() or (match["mark"] in "?!" and not match["close"])
    word_match = _LAST_WORD.search(text, max(0, match.start() - 40), match.start())
    word = word_match[0] if word_match else ""
    bare = word.casefold().strip(".")
    if bare in NEVER_LAST and not match["close"]:
        return False
    if len(word) == 1 and _INITIAL.match(word):
        # "J. Smith" goes on; "Article V. The" and a list's "A. The" are rare enough.
        return False
    if first.islower():
        return False
    if bare in ABBREVIATIONS or re.fullmatch(r"(?:\w\.)+\w", word):
        return not first.isdigit() and _starts_sentence(text, following)
    return True


def _starts_sentence(text: str, following: re.Match[str]) -> bool:
    """After an abbreviation ("in the U.S. The army …"): does a common opening word follow?"""
    word = re.match(r"\w+", text[following.start("first") : following.start("first") + 12])
    return word is not None and word[0].casefold() in _OPENING_WORDS


_OPENING_WORDS = frozenset(
    "the a an in on at by for from with but and it he she they we i this that these those there "
    "its his her their as after before when while since if although however meanwhile according "
    "on under no not so then в на по но и он она они это эти после когда если с к из".split()
)


def _trimmed(text: str, start: int, end: int) -> Range | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
