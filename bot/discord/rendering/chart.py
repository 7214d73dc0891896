"""The questions of each day as a small picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

from bot.discord.language import chart_date
from store.statistics import Day

GROUND, TEXT = "#2b2d31", "#dbdee1"
ANSWERED, ABSTAINED = "#3ba55d", "#f0b232"
LETTERS = 15
"""Points; on a phone the picture is shown at less than half of its width."""
INCHES, DOTS_PER_INCH = (6.0, 2.4), 150


def questions_chart(days: Sequence[Day]) -> bytes:
    """A PNG: a bar a day, what was answered below, what was not above. Takes a second at first.

    It has no legend: the font lacks half of our languages, so the text above it says the colours.
    """
    # A Figure of its own and not pyplot, which keeps global state and is not for threads.
    from matplotlib.figure import Figure  # half a second to import, and only admins need it
    from matplotlib.ticker import MaxNLocator

    figure = Figure(INCHES, DOTS_PER_INCH, facecolor=GROUND, layout="constrained")
    axes = figure.add_subplot(facecolor=GROUND)
    places = range(len(days))
    answered = [day.answered for day in days]
    axes.bar(places, answered, color=ANSWERED, width=0.6)
    axes.bar(
        places,
        [day.abstained for day in days],
        bottom=answered,
        color=ABSTAINED,
        width=0.6,
        hatch="///",  # told apart without colours, too
        edgecolor=GROUND,
    )
    axes.set_xticks(places, [chart_date(day.day) for day in days])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    axes.tick_params(colors=TEXT, length=0, labelsize=LETTERS)
    axes.grid(axis="y", color="#3f4147", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    made = io.BytesIO()
    figure.savefig(made, format="png")
    return made.getvalue()
