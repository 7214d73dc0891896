"""Questions from the command line or from a file with one JSON object a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.answering.model import Exchange, Question
from bot.errors import UsageError

LONGEST_QUESTION = 4_000
"""Characters; the model reads about a quarter of that."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the asker's own id for it."""

    id: str | None
    question: Question


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    history: list[tuple[str, str]] = []
    as_of: date | None = None

    @field_validator("history", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        """Pairs may also come as objects with "question" and "answer"."""
        if not isinstance(value, list):
            return value or []
        return [
            (item.get("question", ""), item.get("answer", "")) if isinstance(item, dict) else item
            for item in value
        ]


def read_questions(question: str | None, batch: Path | None, as_of: date | None) -> list[Asked]:
    """The one question, or all of a file; raises :class:`UsageError` before anything is asked."""
    if batch is None:
        if not (question or "").strip():
            raise UsageError('No question. Put it in quotes: tumen ask "What is Article 4?"')
        return [Asked(None, Question(checked(question or ""), as_of=as_of))]
    if question is not None:
        raise UsageError("Give a question or --batch, not both.")
    try:
        lines = batch.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{batch} can't be read: {error}.") from error
    return [_read_line(batch, n, line, as_of) for n, line in enumerate(lines, 1) if line.strip()]


def checked(question: str) -> str:
    """A question of sane length; raises :class:`UsageError` otherwise."""
    if len(question) > LONGEST_QUESTION:
        raise UsageError(
            f"The question has {len(question):,} characters; the limit is {LONGEST_QUESTION:,}."
        )
    return question


def _read_line(batch: Path, number: int, line: str, as_of: date | None) -> Asked:
    try:
        item = _Line.model_validate_json(line)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "the line"
        raise UsageError(
            f"{batch}, line {number}: {field}: {problem['msg']}. Nothing was asked."
        ) from error
    history = tuple(Exchange(*pair) for pair in item.history)
    return Asked(item.id, Question(item.question, history=history, as_of=item.as_of or as_of))
