"""Fact-checks and timelines as pages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.answering.factcheck import ClaimCheck, ClaimVerdict, FactCheck
from bot.answering.model import Citation
from bot.answering.timeline import Day, Timeline, TimelineEntry
from bot.discord.language import mark, retell, say
from bot.discord.rendering.answers import Frame, laid_out
from bot.discord.rendering.citations import source_name
from bot.discord.rendering.page import Accent, Block, Page, boxed
from bot.discord.rendering.text import day, fitted

LONGEST_ENTRY = 500
MOST_TOGETHER = 4
"""Sentences of one day that stay on one page."""
LONGEST_CLAIM = 300
LONGEST_QUOTE = 600

_VERDICTS: dict[ClaimVerdict, str] = {
    "supported": mark("✓ Supported by the corpus"),
    "contradicted": mark("✗ The corpus has other figures"),
    "not in the corpus": mark("○ Not in the corpus"),
}


def fact_check_pages(checked: FactCheck, frame: Frame) -> list[Page]:
    """Each claim of a message with its verdict and the quotes that it rests on."""
    lead = "### " + say("Fact-check")
    foot = "-# " + say(_FACT_CHECK_FOOT)
    if not checked.claims:
        told = say("I found no claim in this message that could be checked.")
        return [Page((boxed(Accent.MISSING, lead, told, foot),))]
    verdicts = {claim.verdict for claim in checked.claims}
    accent = Accent.MISSING if verdicts != {"supported"} else Accent.COMPLETE
    blocks = [_claim_block(claim) for claim in checked.claims]
    return laid_out(blocks, frame, accent, lead=lead, foot=foot)


def timeline_pages(timeline: Timeline, frame: Frame) -> list[Page]:
    """Dated sentences on a topic, oldest first."""
    topic = fitted(timeline.topic, 150)
    if not timeline.entries:
        lead = "### " + say("No dated sentences on “{topic}”", topic=topic)
        told = "-# " + say("The corpus has nothing on this topic.")
        return [Page((boxed(Accent.MISSING, lead, told),))]
    blocks = [
        _day_block(named, together[start : start + MOST_TOGETHER])
        for named, said in groupby(timeline.entries, lambda entry: entry.day)
        for together in [list(said)]
        for start in range(0, len(together), MOST_TOGETHER)
    ]
    lead = "### " + say("Timeline: {topic}", topic=topic)
    foot = "-# " + say(
        "✓ Complete. Dates are those that the sentences name. Press a number for the source."
    )
    return laid_out(blocks, frame, Accent.COMPLETE, lead=lead, foot=foot, with_sources=False)


def _claim_block(claim: ClaimCheck) -> Block:
    lines = [f"**{say(_VERDICTS[claim.verdict])}**", f"> {fitted(claim.claim, LONGEST_CLAIM)}"]
    if claim.note:
        lines.append(fitted(retell(claim.note), LONGEST_CLAIM))
    if claim.verdict == "not in the corpus":
        if claim.citations:
            lines.append("-# " + say("The nearest sentence, which may not bear on it:"))
            lines += [f"-# {_quoted(citation)}" for citation in claim.citations]
    else:
        lines += [f"- {_quoted(citation)}" for citation in claim.citations]
    return Block("\n".join(lines), claim.citations)


def _quoted(citation: Citation) -> str:
    return f"“{fitted(citation.quote, LONGEST_QUOTE)}” **[{citation.number}]**"


def _day_block(named: Day, said: Sequence[TimelineEntry]) -> Block:
    lines = [f"**{day(iso(named))}**"]
    for entry in said:
        citation = entry.citation
        quote = fitted(citation.quote, LONGEST_ENTRY)
        lines += [f"“{quote}” **[{citation.number}]**", f"-# {source_name(citation)}"]
    return Block("\n".join(lines), tuple(entry.citation for entry in said))


def iso(named: Day) -> str:
    """A date as far as it is named, as an ISO string."""
    year, month, day_of_month = named
    parts = [f"{year:04}", f"{month:02}", f"{day_of_month:02}"]
    return "-".join(parts[: 1 + bool(month) + bool(month and day_of_month)])


_FACT_CHECK_FOOT = mark(
    "Checked by rule, claim by claim; “not in the corpus” says nothing about its truth."
)
