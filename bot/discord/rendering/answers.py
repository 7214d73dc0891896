"""Answers and found passages as pages: sentences, their sources, numbered buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.composing import EXTRACTIVE
from bot.answering.model import Answer, Citation
from bot.discord.buttons import CitationButton, WhyButton, closing_buttons
from bot.discord.keeping.draft_buttons import AddSourceButton
from bot.discord.language import retell, say, say_counted
from bot.discord.rendering.citations import SOURCE_ROOM, cited_hit, source_lines
from bot.discord.rendering.page import (
    Accent,
    Block,
    Item,
    Page,
    boxed,
    cited_once,
    pack,
    rows,
    rule,
)
from bot.discord.rendering.text import day, fitted
from store.model import Hit

LONGEST_SENTENCE = 2_000
LONGEST_PASSAGE = 420
LONGEST_HEADING = 260


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a result: its id, the question where nobody else sees it, who sees it."""

    answer_id: str
    heading: str | None = None
    private: bool = False
    may_add: bool = False
    """Whether who asked can add what is missing."""


def answer_pages(answer: Answer, frame: Frame) -> list[Page]:
    """An answer, or an honest miss with the nearest passages."""
    if answer.verdict == "abstained":
        return _miss_pages(answer, frame)
    quoted = answer.composer == EXTRACTIVE
    by_number = {citation.number: citation for citation in answer.citations}
    blocks = []
    for statement in answer.statements:
        text = fitted(statement.text, LONGEST_SENTENCE)
        marks = " ".join(f"**[{number}]**" for number in statement.citations)
        cited = tuple(by_number[number] for number in statement.citations)
        blocks.append(Block(f"“{text}” {marks}" if quoted else f"{text} {marks}", cited))
    documents = len({citation.document_id for citation in answer.citations})
    sources = say_counted("{n} document", "{n} documents", documents)
    complete = (
        say_counted(
            "✓ Complete: {n} quote. Sources: {documents}. Press a number to read one.",
            "✓ Complete: {n} quotes. Sources: {documents}. Press a number to read one.",
            len(blocks),
            documents=sources,
        )
        if quoted
        else say_counted(
            "✓ Complete: {n} sentence, checked. Sources: {documents}. Press a number to read one.",
            "✓ Complete: {n} sentences, checked. Sources: {documents}. Press a number to read one.",
            len(blocks),
            documents=sources,
        )
    )
    foot = f"{_noticed(answer)}-# {complete}"
    lead = _understood(answer)
    return laid_out(blocks, frame, Accent.COMPLETE, lead=lead, foot=foot, explained=True)


def passage_pages(hits: Sequence[Hit], query: str, frame: Frame) -> list[Page]:
    """Passages that were found, as passages, not as an answer."""
    topic = fitted(query, 150)
    if not hits:
        lead = "### " + say("No passage on “{topic}”", topic=topic)
        told = "-# " + say("Nothing in the corpus comes near this.")
        return [Page((boxed(Accent.MISSING, lead, told),))]
    lead = "### " + say_counted(
        "{n} passage on “{topic}”", "{n} passages on “{topic}”", len(hits), topic=topic
    )
    foot = "-# " + say("Passages as they stand, best first; no answer. Press a number to open one.")
    return laid_out(
        passage_blocks(hits), frame, Accent.OPEN, lead=lead, foot=foot, with_sources=False
    )


def passage_blocks(hits: Sequence[Hit]) -> list[Block]:
    """Each passage with who says it, and a citation that opens it."""
    blocks = []
    for number, hit in enumerate(hits, 1):
        meta = hit.passage.metadata
        who = fitted(meta.publisher or say("unknown publisher"), 60)
        if meta.kind:
            who += f" ({fitted(retell(meta.kind), 30)})"
        head = f"**[{number}]** **{fitted(meta.title, 120)}**\n-# {who}, {day(meta.published)}"
        if hit.passage.page:
            head += ", " + say("page {number}", number=hit.passage.page)
        text = f"{head}\n> {fitted(hit.passage.text, LONGEST_PASSAGE)}"
        blocks.append(Block(text, (cited_hit(hit, number),)))
    return blocks


def laid_out(
    blocks: Sequence[Block],
    frame: Frame,
    accent: Accent,
    *,
    lead: str | None,
    foot: str,
    with_sources: bool = True,
    closing: Sequence[Item] = (),
    explained: bool = False,
) -> list[Page]:
    """Blocks over as many pages as they need, each with its sources and buttons.

    The lead opens the first page; the foot and the feedback buttons close the last, with what
    is ``closing`` before them, and one that opens the details where the result has them
    (``explained``).
    """
    parts = list(pack(blocks, SOURCE_ROOM if with_sources else 0))
    pages = []
    for index, part in enumerate(parts):
        first, last = index == 0, index == len(parts) - 1
        citations = cited_once(part)
        buttons = [CitationButton(frame.answer_id, citation.number) for citation in citations]
        box = boxed(
            accent,
            _heading(frame) if first else None,
            lead if first else None,
            "\n\n".join(block.text for block in part),
            rule() if citations else None,
            source_lines(citations) if citations and with_sources else None,
            *rows(buttons),
            foot
            if last
            else "-# "
            + say("Part {number} of {all}: goes on below.", number=index + 1, all=len(parts)),
            *(rows([*closing, *_closing(frame, explained=explained)]) if last else []),
        )
        pages.append(Page((box,)))
    return pages


def _miss_pages(answer: Answer, frame: Frame) -> list[Page]:
    lead = "### " + say("The corpus does not answer this")
    foot = _noticed(answer) + "-# "
    foot += say("No answer is better than a guess. Other words, or a narrower question, may help.")
    if not answer.nearest:
        adding = rows(_adding(frame))
        box = boxed(Accent.MISSING, _heading(frame), lead, _understood(answer), foot, *adding)
        return [Page((box,))]
    told = say("No sentence in it answers this. The nearest passages, which may not bear on it:")
    understood = _understood(answer)
    return laid_out(
        passage_blocks(answer.nearest),
        frame,
        Accent.MISSING,
        lead="\n".join(part for part in (lead, understood, told) if part),
        foot=foot,
        with_sources=False,
        closing=_adding(frame),
        explained=True,
    )


def nearest_citations(answer: Answer) -> tuple[Citation, ...]:
    """What the buttons under an honest miss open."""
    return tuple(cited_hit(hit, number) for number, hit in enumerate(answer.nearest, 1))


def _adding(frame: Frame) -> Sequence[Item]:
    return [AddSourceButton(frame.answer_id)] if frame.may_add else []


def _closing(frame: Frame, *, explained: bool) -> list[Item]:
    buttons = closing_buttons(frame.answer_id, private=frame.private)
    return [*buttons, WhyButton(frame.answer_id)] if explained else [*buttons]


def _noticed(answer: Answer) -> str:
    """What was left out, or why no model answered, as a line of its own."""
    return f"-# {fitted(retell(answer.notice), 300)}\n" if answer.notice else ""


def _heading(frame: Frame) -> str | None:
    return f"**{fitted(frame.heading, LONGEST_HEADING)}**" if frame.heading else None


def _understood(answer: Answer) -> str | None:
    lines = []
    if answer.standalone_question.strip() != answer.question.text.strip():
        understood = fitted(answer.standalone_question, 300)
        lines.append("-# " + say("Understood as: {question}", question=understood))
    if answer.question.as_of:
        as_of = day(answer.question.as_of.isoformat())
        lines.append("-# " + say("As of {day}", day=as_of))
    return "\n".join(lines) or None
