"""The evaluation as a page: each question, what was found, what was answered, why it failed."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.evaluation.measures import by_group, trades
from bot.evaluation.scoring import Score
from bot.evaluation.tables import MEASURES, group_cells, summary, trade_cells


def render_report(scores: Sequence[Score], corpus: str, in_use: float) -> str:
    """The report as one HTML page without scripts; what failed comes first and lies open.

    ``corpus`` names what was asked, ``in_use`` is the threshold of abstention.
    """
    environment = Environment(
        loader=PackageLoader("bot.evaluation", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        corpus=corpus,
        summary=summary(scores),
        threshold=f"{in_use:.2f}",
        measures=MEASURES,
        groups=[(group.name, group_cells(group)) for group in by_group(scores)],
        trades=[(f"{trade.threshold:.2f}", trade_cells(trade)) for trade in trades(scores)],
        failed=[score for score in scores if score.trouble],
        fine=[score for score in scores if not score.trouble],
    )
