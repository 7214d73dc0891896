"""The figures of an evaluation as tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.table import Column, Table

from bot.evaluation.measures import Group, Trade, auroc, by_group, mean, trades
from bot.evaluation.scoring import Score

MEASURES = (
    "questions",
    "right verdict",
    "points covered",
    "sentences that bear",
    "recall@5",
    "MRR",
)


def groups_table(scores: Sequence[Score]) -> Table:
    """Verdicts, answers and retrieval by kind of question."""
    table = Table(Column("", no_wrap=True), *MEASURES, title="By kind of question")
    for group in by_group(scores):
        table.add_row(group.name, *group_cells(group))
    return table


def group_cells(group: Group) -> list[str]:
    """A row of the table by kind, in the order of :data:`MEASURES`."""
    shares = (
        group.right_verdict,
        group.coverage,
        group.precision,
        group.recall_at_5,
        group.mrr,
    )
    return [str(group.questions), *map(share, shares)]


def trades_table(scores: Sequence[Score], in_use: float) -> Table:
    """What each threshold of abstention would do, beside the one ``in_use``."""
    table = Table(
        "abstain below",
        "answered",
        "of these unanswerable",
        "false abstention",
        "near misses refused",
        "off topic refused",
        title=f"Risk and coverage; the threshold in use is {in_use:.2f}",
    )
    for trade in trades(scores):
        table.add_row(f"{trade.threshold:.2f}", *trade_cells(trade))
    return table


def trade_cells(trade: Trade) -> list[str]:
    """A row of the risk-coverage table, after its threshold."""
    return [
        share(value)
        for value in (
            trade.answered,
            trade.risk,
            trade.false_abstention,
            trade.near_misses_refused,
            trade.off_topic_refused,
        )
    ]


def summary(scores: Sequence[Score]) -> str:
    """What holds for all questions together, in a line."""
    times = [score.answer.timings_ms["total"] for score in scores]
    quotes = sum(len(score.answer.citations) for score in scores)
    exact = mean(score.verbatim for score in scores if score.answer.citations)
    return (
        f"answers with every quote verbatim {share(exact)} ({quotes} quotes) · "
        f"AUROC of confidence {share(auroc(scores))} · "
        f"{np.median(times):.0f} ms p50, {np.percentile(times, 95):.0f} ms p95 an answer"
    )


def share(value: float | None) -> str:
    """A share as it is printed."""
    return "-" if value is None else f"{value:.3f}"
