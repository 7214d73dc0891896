"""Statistics of a server as a page, with the chart in it."""

from __future__ import annotations

from collections.abc import Mapping

import discord
from discord import ui

from bot.discord.language import say, say_counted
from bot.discord.rendering.page import Accent, Item, Page, boxed, rule
from bot.discord.rendering.text import fitted
from store.statistics import Statistics

CHART_NAME = "questions.png"


def statistics_page(found: Statistics, titles: Mapping[str, str]) -> Page:
    """The sums, what is cited most, what was not answered; ``titles`` by document id."""
    asked = found.answered + found.abstained
    lead = "### " + say_counted("The last {n} day", "The last {n} days", len(found.days))
    if not asked and not found.lookups:
        return Page((boxed(Accent.OPEN, lead, say("Nobody asked me anything here yet.")),))
    judged = found.feedback
    sums = "\n".join(
        (
            say(
                "Questions: **{asked}** · 🟩 answered: **{answered}** · 🟧 not in the corpus: "
                "**{abstained}**",
                asked=asked,
                answered=found.answered,
                abstained=found.abstained,
            ),
            say("Look-ups (/sources, /timeline, fact-checks): **{n}**", n=found.lookups),
            say(
                "Feedback: 👍 {helpful} · 👎 {wrong} · 📄 source is wrong {source}",
                helpful=judged.get("helpful", 0),
                wrong=judged.get("wrong", 0),
                source=judged.get("source", 0),
            ),
        )
    )
    chart: Item = ui.MediaGallery(
        discord.MediaGalleryItem(
            f"attachment://{CHART_NAME}",
            description=say(
                "Questions a day. Answered: {answered}, not in the corpus: {abstained}.",
                answered=found.answered,
                abstained=found.abstained,
            ),
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
    return "**" + say("Most cited") + "**\n" + "\n".join(lines)


def _unanswered(found: Statistics) -> str:
    lines = [
        f"- {fitted(question, 150)}" + (f" ({_times(number)})" if number > 1 else "")
        for question, number in found.unanswered
    ]
    if found.unanswered_privately:
        hidden = found.unanswered_privately
        lines.append("-# " + say("Asked privately, which I don't show: {n}", n=hidden))
    return "**" + say("Not in the corpus: what to /add next") + "**\n" + "\n".join(lines)


def _times(number: int) -> str:
    return say_counted("once", "{n} times", number)
