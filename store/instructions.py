"""Text in a document that is worded like instructions to a chat model, or hidden from readers.

Such text may be quoted, like any other; whoever builds a prompt fences it or leaves it out,
and whoever shows it marks it. What is found is a matter of wording, not of intent: an article
that quotes such an order has it as well. The wordings are in ``instructions.toml``.
"""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from store.model import Range

TABLE = Path(__file__).parent / "instructions.toml"
_PART = re.compile("%([A-Z_]+)%")
_LETTERS = {
    "en": re.compile("[A-Za-z<#]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
}
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
"""Characters without a shape of their own, which break a word up for a program only."""
_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]{4,}")
"""Letters of the tag block, invisible and read by models; flags of regions have some, too."""
_HIDING = re.compile(
    "[\u200b-\u200f\u2060-\u2064\ufeff]{8,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}|[\u202d\u202e]"
)
"""Runs that carry a hidden message, and characters that turn the order of letters around."""
_SPACED = re.compile(r"(?<!\w)(?:\w[,:;'’]?(?:[ .*_|·-]|  +)){7,}\w(?!\w)")
"""Words with their letters set apart, two or more spaces between the words."""
_SEPARATOR = re.compile(r"(?<=[^\W_])[ .*_|·-](?=[^\W_])")
_WIDE = re.compile("(?<= ) +")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,4000}={0,2}(?![A-Za-z0-9+/=])")
_MIXED_WORD = re.compile(r"[A-Za-z\u0370-\u04ff]+")
_LATIN = re.compile("[A-Za-z]")
_OTHER = re.compile("[\u0370-\u04ff]")
_DISGUISED_WORD = re.compile(
    r"(?<![^\W_])(?=[\d@$!]*[A-Za-z])[A-Za-z]*[\d@$!][A-Za-z\d@$!]*(?![^\W_])"
)
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһӏԛԝвкмнтАВЕКМНОРСТХУІЈЅοαεικνρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlqwbkmhtABEKMHOPCTXYIJSoaeikvptuxABEZHIKMNOPTYX",
)
_DIGIT_LETTERS = str.maketrans("013457@$!", "oieastasi")
_TYPOGRAPHY = {0xA0: " ", 0x3000: " ", 0x2009: " ", 0x202F: " ", 0x2011: "-", 0x2019: "'"}


def find_instructions(text: str) -> tuple[Range, ...]:
    """The ranges of ``text`` that are worded like instructions to a machine, or hidden, in order.

    They don't overlap, and are exact: each is what was found, letters that hide included.
    """
    found = [match.span() for pattern in (_TAGS, _HIDING) for match in pattern.finditer(text)]
    seen, places = _as_read(text)
    for pattern in _patterns(seen):
        for match in pattern.finditer(seen):
            start, end = _stripped(seen, *match.span())
            found.append((places[start], places[end - 1] + 1) if places else (start, end))
    found += _encoded(text)
    return tuple(_merged(found))


def within(ranges: Iterable[Range], start: int, end: int) -> tuple[Range, ...]:
    """Those of the ranges that share a character with the stretch from ``start`` to ``end``."""
    return tuple(one for one in ranges if one[0] < end and start < one[1])


def _as_read(text: str) -> tuple[str, list[int] | None]:
    """The text as a reader sees it: disguises taken off, what is invisible left out.

    With it, for each of its characters the place in ``text``; ``None`` where all are the same.
    """
    seen = text if text.isascii() else text.translate(_plain_letters())
    dropped = {match.start() for match in _INVISIBLE.finditer(seen)}
    dropped.update(place for run in _WIDE.finditer(seen) for place in range(*run.span()))
    for run in _SPACED.finditer(seen):
        dropped.update(m.start() for m in _SEPARATOR.finditer(seen, run.start(), run.end()))
    places = None
    if dropped:
        places = [place for place in range(len(seen)) if place not in dropped]
        seen = "".join(seen[place] for place in places)
    seen = _MIXED_WORD.sub(_without_lookalikes, seen)
    seen = _DISGUISED_WORD.sub(lambda match: match[0].translate(_DIGIT_LETTERS), seen)
    # A line break inside of a paragraph is no hiding place; one that ends it is kept.
    return re.sub(r"(?<=[^\n.:!?。：])\n(?=[^\n])", " ", seen), places


def _without_lookalikes(match: re.Match[str]) -> str:
    word = match[0]
    return word.translate(_LOOKALIKES) if _LATIN.search(word) and _OTHER.search(word) else word


@cache
def _plain_letters() -> dict[int, str]:
    """Styled and full-width Latin letters, and typographic spaces, as the plain ones."""
    blocks = ((0x1D400, 0x1D800), (0xFF01, 0xFF5F), (0x24B6, 0x24EA), (0x1F130, 0x1F14A))
    table = dict(_TYPOGRAPHY)
    for first, last in blocks:
        for point in range(first, last):
            plain = unicodedata.normalize("NFKC", chr(point))
            if len(plain) == 1 and plain.isascii() and plain.isalnum():
                table[point] = plain
    return table


def _patterns(text: str) -> Iterator[re.Pattern[str]]:
    """The patterns of the languages whose letters a text has."""
    for language, letters in _LETTERS.items():
        if letters.search(text):
            yield from _wordings()[language]


@cache
def _wordings() -> dict[str, tuple[re.Pattern[str], ...]]:
    """The patterns of each language, one by one: joined to one they take a third longer."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    parts: dict[str, str] = {}

    def filled(wording: str) -> str:
        return _PART.sub(lambda match: parts[match[1]], wording.replace("\n", ""))

    for name, part in table["parts"].items():
        parts[name] = filled(part)
    return {
        language: tuple(re.compile(filled(wording), re.IGNORECASE) for wording in wordings)
        for language, wordings in table["wordings"].items()
    }


def _encoded(text: str) -> Iterator[Range]:
    """Base64 that unfolds to instructions."""
    for match in _BASE64.finditer(text):
        body = match[0].rstrip("=")
        try:
            decoded = base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode()
        except (binascii.Error, ValueError):
            continue
        if any(pattern.search(decoded) for pattern in _patterns(decoded)):
            yield match.span()


def _stripped(text: str, start: int, end: int) -> Range:
    while start < end - 1 and text[start] in " \n\t":
        start += 1
    while end > start + 1 and text[end - 1] in " \n\t,":
        end -= 1
    return start, end


def _merged(ranges: Iterable[Range]) -> Iterator[Range]:
    current: Range | None = None
    for start, end in sorted(ranges):
        if current is None:
            current = (start, end)
        elif start <= current[1]:
            current = (current[0], max(current[1], end))
        else:
            yield current
            current = (start, end)
    if current is not None:
        yield current
