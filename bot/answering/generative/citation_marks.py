"""Telling citations from words in what a model writes, one character at a time.

A citation is ``[S3]``, ``[S1, S3]``, ``(S1)``, ``【S1】``, ``[^1]`` or a bare ordinal ``[1]``, in
however many pieces it arrives. Looking at single characters makes the outcome the same however
the stream was cut, and linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CLOSERS = {"[": "]", "【": "】", "［": "］", "〔": "〕", "(": ")", "（": "）", "{": "}"}
_ROUND = "(（{"
LONGEST_MARK = 120
"""Characters that a citation may have; what is longer is text."""
_LEGAL = re.compile(r"[\sSs^\d,;、，；&†:.\-–\[\]【】和andtouceи]")
_ID = re.compile(r"(?:([Ss])\s?)?(\d{1,4})")
_RANGE = re.compile(r"[Ss]?\d{1,4}\s?(?:-|–|to)\s?[Ss]?\d{1,4}", re.IGNORECASE)
_WORDS = re.compile(r"\b(?:and|to|sources?|и)\b|[和^]", re.IGNORECASE)
_THINK, _END_THINK = "<think>", "</think>"
MOST_OF_A_RANGE = 12
"""Sentences that ``[S3-S9]`` may stand for; a longer range cites nothing in particular."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation: the ids it names, as ``S3``, in order."""

    ids: tuple[str, ...]


class MarkReader:
    """Turns characters into text characters and marks; thoughts between ``<think>`` tags go."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False

    def feed(self, char: str) -> Iterator[str | Mark]:
        """What one more character makes certain."""
        held = self._held + char
        if held[0] == "<" or self._thinking:
            yield from self._feed_tag(held)
        elif held[0] in _CLOSERS:
            yield from self._feed_bracket(held)
        elif char == "<" or char in _CLOSERS:
            self._held = char
        else:
            yield char

    def end(self) -> Iterator[str | Mark]:
        """What is left when the stream ends; an unfinished citation goes."""
        held, self._held = self._held, ""
        if not self._thinking and held[:1] not in _CLOSERS:
            yield from held

    def _feed_tag(self, held: str) -> Iterator[str | Mark]:
        tag = _END_THINK if self._thinking else _THINK
        if held == tag:
            self._thinking, self._held = not self._thinking, ""
        elif tag.startswith(held):
            self._held = held
        elif self._thinking:
            self._held = "<" if held[-1] == "<" else ""
        else:
            yield from self._give_up(held)

    def _feed_bracket(self, held: str) -> Iterator[str | Mark]:
        opening, char = held[0], held[-1]
        if len(held) > 1 and char == _CLOSERS[opening] and not _is_nested(held):
            self._held = ""
            ids = _ids(held[1:-1], needs_letter=opening in _ROUND)
            if ids:
                yield Mark(ids)
            else:
                yield from held
        elif len(held) > LONGEST_MARK or (len(held) > 1 and not _LEGAL.match(char)):
            yield from self._give_up(held)
        else:
            self._held = held

    def _give_up(self, held: str) -> Iterator[str | Mark]:
        """What was held is text after all; its last character may open something new."""
        self._held = ""
        yield from held[:-1]
        yield from self.feed(held[-1])


def _is_nested(held: str) -> bool:
    """Whether another bracket was opened inside, as in ``【[S1]】``, and is still open."""
    return held.count("[") > held.count("]") or held.count("【") > held.count("】")


def _ids(inside: str, *, needs_letter: bool) -> tuple[str, ...]:
    bare = _WORDS.sub(" ", inside)
    if not _ID.search(bare) or re.search(r"[^\s\dSs,;、，；&†:.\-–\[\]【】]", bare):
        return ()
    if needs_letter and not re.search(r"[Ss]\s?\d", bare):
        return ()
    if not re.search(r"[Ss]\s?\d", bare) and re.search(r"\d[:.\-–]|\d{3}", bare):
        return ()  # "[2024]" and "[12.5]" are no ordinals
    found: dict[str, None] = {}
    for part in re.split(r"[,;、，；&\s\[\]【】]+", re.sub(r"\s?(-|–|\bto\b)\s?", "-", inside)):
        if _RANGE.fullmatch(part):
            first, last = (int(number) for number in re.findall(r"\d+", part))
            last = min(last, first + MOST_OF_A_RANGE)
            found.update(dict.fromkeys(f"S{n}" for n in range(first, last + 1)))
        else:
            found.update(dict.fromkeys(f"S{int(m[2])}" for m in _ID.finditer(part)))
    return tuple(found)
