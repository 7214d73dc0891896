"""The hold-back parser: what a model streams becomes sentences with their citations.

A sentence is released only when it is certain that it has ended and that no citation follows
that belongs to it. Feeding the same text in any pieces gives the same sentences.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.answering.generative.citation_marks import Mark, MarkReader
from store.sentences import split_sentences

LOOKAHEAD = 24
"""Characters behind a full stop that tell whether it ended the sentence."""
LONGEST_SENTENCE = 700
"""Characters after which a sentence is cut, whatever it says."""
_FULL_STOP = ".!?。！？…"
_ENDED = _FULL_STOP + "\"'”’»)"
_LINE_OPENING = re.compile(r"^\s*(?:[-*+•–—]\s+|\d{1,2}[.)]\s+|#{1,6}\s+|>\s?|\|)+")
_EMPHASIS = re.compile(r"\*\*|__|`+|~~|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_BEFORE_STOP = re.compile(r"\s+([.,;:!?。，；！？])")
_EMPTY_BRACKETS = re.compile(r"[【［〔\[({（][\s,;]*[】］〕\])}）]")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as the model wrote it, without markup, and the ids that it cites."""

    text: str
    ids: tuple[str, ...]
    whole: bool = True
    """Whether it came to its end, rather than to the end of what the model may write."""


class DraftReader:
    """Reads a stream, and gives out each sentence once nothing more can belong to it."""

    def __init__(self) -> None:
        self._marks = MarkReader()
        self._text = ""
        self._cited: list[tuple[int, Mark]] = []
        self._next_look = 0
        self._last: Draft | None = None
        self._fresh_line = True

    def feed(self, chunk: str) -> Iterator[Draft]:
        """The sentences that a chunk completes."""
        for char in chunk:
            for piece in self._marks.feed(char):
                yield from self._take(piece)

    def end(self, *, cut: bool = False) -> Iterator[Draft]:
        """The sentences that are left; ``cut`` says that the model could not finish."""
        for piece in self._marks.end():
            yield from self._take(piece)
        left = without_markup(self._text)
        cited_last = bool(self._cited) and self._cited[-1][0] >= len(self._text.rstrip())
        broken = cut and bool(left) and left[-1] not in _ENDED and not cited_last
        drafts = [*self._line(), *self._give_last()]
        for place, draft in enumerate(drafts, 1):
            yield replace(draft, whole=False) if broken and place == len(drafts) else draft

    def _take(self, piece: str | Mark) -> Iterator[Draft]:
        if isinstance(piece, Mark):
            if (
                not self._text.strip()
                and self._last
                and (not self._fresh_line or not self._last.ids)
            ):
                self._last = Draft(self._last.text, _joined(self._last.ids, piece.ids))
            else:
                self._cited.append((len(self._text), piece))
        elif piece == "\n":
            yield from self._line()
            self._fresh_line = True
        else:
            yield from self._add(piece)

    def _add(self, char: str) -> Iterator[Draft]:
        self._text += char
        if _WORD.match(char):
            self._fresh_line = False
            yield from self._give_last()
        elif char == " " and _LINE_OPENING.fullmatch(self._text):
            self._text, self._next_look = "", 0  # "1." is no sentence
            return
        if char in _FULL_STOP:
            self._next_look = self._next_look or len(self._text) + LOOKAHEAD
        if self._next_look and len(self._text) >= self._next_look:
            self._next_look = 0
            yield from self._release_ended()
        elif len(self._text) >= LONGEST_SENTENCE:
            yield from self._line()

    def _release_ended(self) -> Iterator[Draft]:
        """Release the sentences before the last; look again where a stop is still undecided."""
        ranges = split_sentences(self._text)
        for (_, end), (start, _) in itertools.pairwise(ranges):
            if len(self._text) - end < LOOKAHEAD:
                break
            yield from self._sentence(end, start)
            yield from self._release_ended()
            return
        begin = len(self._text) - LOOKAHEAD + 1
        undecided = [
            n for n in range(max(0, begin), len(self._text)) if self._text[n] in _FULL_STOP
        ]
        if undecided:
            soonest = len(self._text) + LOOKAHEAD // 2  # not at each of "a. b. c."
            self._next_look = max(undecided[0] + 1 + LOOKAHEAD, soonest)

    def _sentence(self, end: int, start: int) -> Iterator[Draft]:
        """Cut off the first sentence, which ends at ``end``; the next one begins at ``start``."""
        own = [mark for place, mark in self._cited if place <= start]
        text, self._text = self._text[:end], self._text[start:]
        self._cited = [(place - start, mark) for place, mark in self._cited if place > start]
        yield from self._keep(text, own)
        if _WORD.search(self._text):
            yield from self._give_last()

    def _line(self) -> Iterator[Draft]:
        """Whatever has been read so far is complete."""
        while len(ranges := split_sentences(self._text)) > 1:
            yield from self._sentence(ranges[0][1], ranges[1][0])
        text, marks = self._text, [mark for _, mark in self._cited]
        self._text, self._cited, self._next_look = "", [], 0
        yield from self._keep(text, marks)

    def _keep(self, text: str, marks: Iterable[Mark]) -> Iterator[Draft]:
        """Hold a sentence until the next begins: citations may still follow it."""
        ids: tuple[str, ...] = ()
        for mark in marks:
            ids = _joined(ids, mark.ids)
        plain = without_markup(text)
        if _WORD.search(plain):
            yield from self._give_last()
            self._last = Draft(plain, ids)
        elif ids and self._last:
            self._last = Draft(self._last.text, _joined(self._last.ids, ids))

    def _give_last(self) -> Iterator[Draft]:
        last, self._last = self._last, None
        if last:
            yield last


def without_markup(text: str) -> str:
    """A sentence on one line without list marks, headings, emphasis and what citations left."""
    plain = _EMPHASIS.sub("", _LINE_OPENING.sub("", " ".join(text.split())))
    plain = _BEFORE_STOP.sub(r"\1", _EMPTY_BRACKETS.sub("", plain))
    return " ".join(plain.replace("..", ".").split()) if "..." not in plain else plain.strip()


def _joined(ids: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*ids, *more)))
