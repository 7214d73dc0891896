"""From scores to figures: means by group, and what each threshold of abstention would cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.scoring import Score

OFF_TOPIC = "off-topic"
"""The kind of question that has nothing to do with the corpus; other unanswerable ones are
near misses."""
THRESHOLDS = tuple(step / 20 for step in range(4, 17))


@dataclass(frozen=True, slots=True)
class Group:
    """Means over some questions; ``None`` where none of them has the measure."""

    name: str
    questions: int
    right_verdict: float
    coverage: float | None
    precision: float | None
    recall_at_5: float | None
    mrr: float | None


@dataclass(frozen=True, slots=True)
class Trade:
    """What a threshold of confidence does: shares, 0 to 1, ``None`` without such questions.

    ``answered`` is the share of all questions that get an answer (the coverage of a
    risk-coverage curve), ``risk`` the share of those that the corpus can't answer.
    """

    threshold: float
    answered: float
    risk: float | None
    false_abstention: float | None
    near_misses_refused: float | None
    off_topic_refused: float | None


def by_group(scores: Sequence[Score]) -> list[Group]:
    """A row for each kind and language, then one for all that can and cannot be answered."""
    names = sorted({score.case.group for score in scores})
    groups = [(name, [s for s in scores if s.case.group == name]) for name in names]
    groups.append(("all answerable", [s for s in scores if s.case.answerable]))
    groups.append(("near misses", [s for s in scores if is_near_miss(s)]))
    groups.append(("all unanswerable", [s for s in scores if not s.case.answerable]))
    return [summarise(name, members) for name, members in groups if members]


def summarise(name: str, scores: Sequence[Score]) -> Group:
    """The means over some scores, of which there is at least one."""
    return Group(
        name,
        len(scores),
        sum(score.right_verdict for score in scores) / len(scores),
        mean(score.coverage for score in scores),
        mean(score.precision for score in scores),
        mean(score.recalled for score in scores),
        mean(score.reciprocal_rank for score in scores),
    )


def trades(scores: Sequence[Score], thresholds: Iterable[float] = THRESHOLDS) -> list[Trade]:
    """The risk-coverage curve, from the confidence of each answer."""
    rows = []
    for threshold in thresholds:
        told = [score for score in scores if score.answer.confidence >= threshold]
        wrong = [score for score in told if not score.case.answerable]
        rows.append(
            Trade(
                threshold,
                len(told) / len(scores),
                len(wrong) / len(told) if told else None,
                mean(s.answer.confidence < threshold for s in scores if s.case.answerable),
                mean(s.answer.confidence < threshold for s in scores if is_near_miss(s)),
                mean(s.answer.confidence < threshold for s in scores if is_off_topic(s)),
            )
        )
    return rows


def auroc(scores: Sequence[Score]) -> float | None:
    """The chance that an answerable question gets more confidence than another (Mann-Whitney)."""
    sure = [s.answer.confidence for s in scores if s.case.answerable]
    unsure = [s.answer.confidence for s in scores if not s.case.answerable]
    if not sure or not unsure:
        return None
    wins = sum((a > b) + (a == b) / 2 for a in sure for b in unsure)
    return wins / (len(sure) * len(unsure))


def is_near_miss(score: Score) -> bool:
    """Whether the question is on the subject, but of something that the corpus does not say."""
    return not score.case.answerable and score.case.kind != OFF_TOPIC


def is_off_topic(score: Score) -> bool:
    """Whether the question has nothing to do with the corpus."""
    return score.case.kind == OFF_TOPIC


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of the values that say something."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
