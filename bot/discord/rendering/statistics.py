"""Statistics of a server as a page, with the chart in it."""

from __future__ import annotations

from collections.abc import Mapping

import discord
from discord import ui

from bot.discord.rendering.page import Accent, Item, Page, boxed, rule
from bot.discord.rendering.text import fitted
from store.statistics import Statistics

CHART_NAME = "questions.png"


def statistics_page(found: Statistics, titles: Mapping[str, str]) -> Page:
    """The sums, what is cited most, what was not answered; ``titles`` by document id."""
    asked = found.answered + found.abstained
    lead = f"### The last {len(found.days)} days"
    if not asked and not found.lookups:
        return Page((boxed(Accent.OPEN, lead, "Nobody asked me anything here yet."),))
    judged = found.feedback
    sums = (
        f"**{asked}** questions: **{found.answered}** answered, **{found.abstained}** not in the "
        f"corpus\n**{found.lookups}** look-ups (/sources, /timeline, fact-checks)\n"
        f"Feedback: 👍 {judged.get('helpful', 0)} · 👎 {judged.get('wrong', 0)} · "
        f"📄 source is wrong {judged.get('source', 0)}"
    )
    chart: Item = ui.MediaGallery(
        discord.MediaGalleryItem(
            f"attachment://{CHART_NAME}",
            description=f"Questions a day: {found.answered} answered, {found.abstained} not.",
        )
    )
    return Page(
        (
            boxed(
                Accent.OPEN,
                lead,
                sums,
                chart if asked else None,
                _most_cited(found, titles),
                rule() if found.abstained else None,
                _unanswered(found) if found.abstained else None,
            ),
        )
    )


def _most_cited(found: Statistics, titles: Mapping[str, str]) -> str | None:
    known = [(titles[one], number) for one, number in found.most_cited if one in titles]
    if not known:
        return None
    lines = [f"- {fitted(title, 90)}: {_times(number)}" for title, number in known]
    return "**Most cited**\n" + "\n".join(lines)


def _unanswered(found: Statistics) -> str:
    lines = [
        f"- {fitted(question, 150)}" + (f" ({_times(number)})" if number > 1 else "")
        for question, number in found.unanswered
    ]
    if found.unanswered_privately:
        lines.append(f"-# and {found.unanswered_privately} asked privately, which I don't show")
    return "**Not in the corpus: what to /add next**\n" + "\n".join(lines)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
