"""What was asked in a scope, what was answered, and what readers thought of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from store import schema

answers = schema.answers.c
cited = schema.answer_citations.c
feedback = schema.feedback.c
versions = schema.versions.c


@dataclass(frozen=True, slots=True)
class Day:
    """The questions of one day (UTC)."""

    day: date
    answered: int
    abstained: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The sums over the last days, oldest day first.

    ``lookups`` counts what was no question: found passages, fact-checks, timelines.
    ``most_cited`` holds document ids with the number of answers. ``unanswered`` holds
    questions and how often each was asked; those asked privately are only counted.
    """

    days: tuple[Day, ...]
    lookups: int
    feedback: dict[str, int]
    most_cited: tuple[tuple[str, int], ...]
    unanswered: tuple[tuple[str, int], ...]
    unanswered_privately: int

    @property
    def answered(self) -> int:
        """Questions that were answered."""
        return sum(day.answered for day in self.days)

    @property
    def abstained(self) -> int:
        """Questions that the corpus did not answer."""
        return sum(day.abstained for day in self.days)


def statistics_of(
    engine: sa.Engine, scope: str, days: int = 7, today: date | None = None, most: int = 5
) -> Statistics:
    """The statistics of what was asked in ``scope`` over the last ``days``, today included."""
    last = today or datetime.now(UTC).date()
    first = last - timedelta(days=days - 1)
    in_time = sa.and_(answers.scope == scope, answers.created_at >= first.isoformat())
    has_citation = sa.exists().where(cited.answer_id == answers.id)
    asked = sa.select(
        answers.created_at,
        answers.kind,
        answers.private,
        answers.standalone_question,
        has_citation.label("answered"),
    ).where(in_time)
    judged = (
        sa.select(feedback.verdict, sa.func.count())
        .join(schema.answers, answers.id == feedback.answer_id)
        .where(in_time)
        .group_by(feedback.verdict)
    )
    count = sa.func.count()
    most_cited = (
        sa.select(cited.document_id, count)
        .join(schema.answers, answers.id == cited.answer_id)
        .where(in_time)
        .group_by(cited.document_id)
        .order_by(count.desc(), cited.document_id)
        .limit(most)
    )
    with engine.connect() as connection:
        rows = connection.execute(asked).all()
        judgements = {row[0]: row[1] for row in connection.execute(judged)}
        documents = tuple((row[0], row[1]) for row in connection.execute(most_cited))
    questions = [row for row in rows if row.kind == "answer"]
    missed = [row for row in questions if not row.answered]
    return Statistics(
        days=_by_day([(row.created_at, row.answered) for row in questions], first, days),
        lookups=len(rows) - len(questions),
        feedback=judgements,
        most_cited=documents,
        unanswered=_repeated([row.standalone_question for row in missed if not row.private], most),
        unanswered_privately=sum(row.private for row in missed),
    )


def _by_day(questions: Sequence[tuple[str, bool]], first: date, days: int) -> tuple[Day, ...]:
    counts = Counter((at[:10], bool(answered)) for at, answered in questions)
    return tuple(
        Day(day, counts[(day.isoformat(), True)], counts[(day.isoformat(), False)])
        for day in (first + timedelta(days=ahead) for ahead in range(days))
    )


def _repeated(questions: Sequence[str], most: int) -> tuple[tuple[str, int], ...]:
    """Questions with how often they were asked, spelt as the first time; most often first."""
    spelt: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for question in questions:
        key = " ".join(question.casefold().split()).rstrip("?!. ")
        spelt.setdefault(key, question)
        counts[key] += 1
    return tuple((spelt[key], number) for key, number in counts.most_common(most))
