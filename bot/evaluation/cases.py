"""Question sets: a JSON object a line, each a question with what a good answer to it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.answering.model import Exchange, Question
from bot.errors import UsageError

Half = Literal["open", "kept"]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its gold.

    ``points`` are what an answer should hold, each given as the wordings that count;
    ``passages`` the sentences of the corpus that hold them. A question that the corpus can't
    answer has neither and is not ``answerable``.
    """

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

    @property
    def group(self) -> str:
        """What the tables show it under: its kind, or its language where that is not English."""
        return self.kind if self.language == "en" else f"in {self.language}"


class _Gold(BaseModel):
    text: str = Field(min_length=1)


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    question: str = Field(min_length=1)
    answerable: bool
    kind: str = "question"
    language: str = "en"
    history: list[tuple[str, str]] = []
    points: list[list[str]] = []
    passages: list[_Gold] = []


def read_cases(files: Iterable[Path]) -> list[Case]:
    """All questions of the files; raises :class:`UsageError` naming the line that is wrong."""
    cases: dict[str, Case] = {}
    for file in files:
        try:
            lines = file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file} can't be read: {error}.") from error
        for number, line in enumerate(lines, 1):
            if line.strip():
                case = _read_case(line, f"{file}, line {number}")
                if case.id in cases:
                    raise UsageError(f"{file}, line {number}: the id {case.id} is there twice.")
                cases[case.id] = case
    if not cases:
        raise UsageError("There is no question in what was given.")
    return list(cases.values())


def _read_case(line: str, where: str) -> Case:
    try:
        item = _Line.model_validate_json(line)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "the line"
        raise UsageError(f"{where}: {field}: {problem['msg']}.") from error
    if item.answerable and not item.points:
        raise UsageError(f"{where}: it is answerable, but names no points that an answer holds.")
    history = tuple(Exchange(*pair) for pair in item.history)
    return Case(
        item.id,
        item.kind,
        item.language,
        Question(item.question, history=history),
        item.answerable,
        tuple(tuple(point) for point in item.points),
        tuple(passage.text for passage in item.passages),
    )
