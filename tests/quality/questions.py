"""The question set: what members of a Discord server would ask, with what a good answer holds."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.answering.model import Answer, Exchange, Question

FILE = Path(__file__).parent / "questions.jsonl"
Half = Literal["open", "kept"]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its gold points (each a set of alternative strings) and passages."""

    id: str
    kind: str
    language: str
    question: Question
    answerable: bool
    points: tuple[tuple[str, ...], ...]
    passages: tuple[str, ...]

    @property
    def half(self) -> Half:
        """The open half is looked at while working; the kept one only before a claim."""
        return "kept" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "open"


@dataclass(frozen=True, slots=True)
class Score:
    """How one answer did. ``coverage`` and ``precision`` are ``None`` where they say nothing."""

    case: Case
    answer: Answer
    coverage: float | None
    precision: float | None

    @property
    def right_verdict(self) -> bool:
        """Whether it was answered exactly if the corpus can."""
        return (self.answer.verdict == "answered") == self.case.answerable


def load_cases() -> list[Case]:
    """All questions of the set."""
    return [_case(json.loads(line)) for line in FILE.read_text("utf-8").splitlines() if line]


def judge(case: Case, answer: Answer) -> Score:
    """Measure an answer against the gold.

    Coverage is the share of gold points that the cited sentences hold; precision the share of
    cited sentences that hold a gold point or are (part of) a gold passage.
    """
    quotes = [_plain(citation.quote) for citation in answer.citations]
    if not case.answerable or not quotes:
        return Score(case, answer, 0.0 if case.answerable else None, None)
    everything = " ".join(quotes)
    found = [any(_plain(text) in everything for text in point) for point in case.points]
    bearing = [
        any(_plain(text) in quote for point in case.points for text in point)
        or any(_plain(passage) in quote for passage in case.passages)
        for quote in quotes
    ]
    return Score(case, answer, sum(found) / len(found), sum(bearing) / len(bearing))


def _case(row: dict) -> Case:
    history = tuple(Exchange(*pair) for pair in row.get("history") or [])
    return Case(
        row["id"],
        row["kind"],
        row["language"],
        Question(row["question"], history=history),
        row["answerable"],
        tuple(tuple(point) for point in row["points"]),
        tuple(passage["text"] for passage in row["passages"]),
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold().strip()
