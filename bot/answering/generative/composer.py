"""The generative composer: a chat model writes from numbered sentences, and each is checked."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import prompts
from bot.answering.citing import cite
from bot.answering.composing import Composed, Found, Tell, tell_nobody
from bot.answering.generative.chat import ChatModel, Meter
from bot.answering.generative.drafts import Draft, DraftReader
from bot.answering.generative.faults import ModelFaultError
from bot.answering.generative.grounding import Checked, Grounder
from bot.answering.generative.numbered import Shown, harmless, number_sentences
from bot.answering.model import (
    Citation,
    Exchange,
    ModelRun,
    SentenceCheck,
    ShownSentence,
    Statement,
)
from store.store import Store

MOST_STATEMENTS = 8
MOST_DRAFTS = 16
"""Sentences read of one answer; a model that goes on is cut short."""
MOST_READ = 24
"""Sentences read at all, those that claim nothing or repeat themselves included."""
MOST_MENDED = 4
"""Sentences sent back to be mended; the others are dropped."""
LONGEST_EXCHANGE = 600
NEARBY = 6
"""Sentences shown with one that is to be mended, besides those it cites."""
_NO_CLAIM = (":", "?", "：", "？")
_ORDINAL = re.compile(r"^\s*\d{1,2}[.)]\s*")


@dataclass(slots=True)
class _Sheet:
    """An answer while it is being written."""

    shown: tuple[Shown, ...]
    checked: list[Checked]
    abstained: bool = False

    @property
    def kept(self) -> list[Checked]:
        return [one for one in self.checked if not one.verdict.problems]


class GenerativeComposer:
    """Lets a chat model write, and shows only what the cited sentences bear out."""

    def __init__(self, store: Store, model: ChatModel, meter: Meter) -> None:
        self._store = store
        self._model = model
        self._meter = meter
        self._grounder = Grounder(store.embedder)

    @property
    def name(self) -> str:
        """The model's."""
        return self._model.spec.name

    def compose(self, found: Found, tell: Tell = tell_nobody) -> Composed:
        """Write and check; raises :class:`ModelFaultError` where the model gives no answer."""
        started = time.perf_counter()
        first: list[float] = []

        def told(text: str) -> None:
            if not first:
                first.append(1000 * (time.perf_counter() - started))
            tell(text)

        sheet = _Sheet(number_sentences(self._store, found.hits, found.candidates), [])
        self._write(sheet, found, told)
        mended = self._mend(sheet, told)
        kept = [one for one in mended if not one.verdict.problems][:MOST_STATEMENTS]
        statements, citations = self._cited(kept)
        run = ModelRun(
            model=self.name,
            prompts=(_version("answer"), _version("repair")),
            first_sentence_ms=round(first[0], 1) if first else None,
            shown=tuple(_shown(one) for one in sheet.shown),
            sentences=tuple(_record(one) for one in mended),
        )
        notice = _notice(run.dropped, abstained=sheet.abstained and not statements)
        return Composed(self.name, statements, citations, notice=notice, run=run)

    def _write(self, sheet: _Sheet, found: Found, tell: Tell) -> None:
        question = found.question
        system, user = prompts.load("answer").fill(
            today=f"{date.today():%d %B %Y}",  # noqa: DTZ011 - the reader's day
            as_of=_as_of(question.as_of),
            conversation=_conversation(question.history),
            sources="\n".join(one.line for one in sheet.shown),
            question=harmless(found.standalone),
        )
        asked = " ".join(found.standalone.split()).casefold()
        for draft in itertools.islice(self._drafts(system, user), MOST_READ):
            if draft.text.upper().startswith(prompts.ABSTENTION):
                sheet.abstained = True
            elif _claims_nothing(draft, asked) or _is_known(draft, sheet.checked):
                continue
            else:
                checked = self._grounder.check(draft, sheet.shown)
                sheet.checked.append(checked)
                if not checked.verdict.problems:
                    tell(checked.text)
            if len(sheet.checked) >= MOST_DRAFTS or len(sheet.kept) >= MOST_STATEMENTS:
                break

    def _drafts(self, system: str, user: str) -> Iterator[Draft]:
        reader = DraftReader()
        for chunk in self._model.stream(system, user, self._meter):
            yield from reader.feed(chunk)
        yield from (draft for draft in reader.end(cut=self._meter.cut) if draft.whole)

    def _mend(self, sheet: _Sheet, tell: Tell) -> list[Checked]:
        """Ask once for better wordings of what failed; gives all sentences in their order."""
        failed = [one for one in sheet.checked if one.verdict.problems][:MOST_MENDED]
        if not failed:
            return sheet.checked
        near = self._grounder.nearby(failed, sheet.shown, NEARBY)
        system, user = prompts.load("repair").fill(
            sources="\n".join(shown.line for shown in near),
            sentences="\n".join(_complaint(one) for one in failed),
        )
        try:
            written = self._model.say(system, user, self._meter)
        except ModelFaultError:
            return sheet.checked  # what failed stays out; the rest stands
        lines = [_ORDINAL.sub("", line) for line in written.splitlines() if line.strip()]
        better: dict[int, Checked] = {}
        for one, line in zip(failed, lines, strict=False):
            reader = DraftReader()
            drafts = [*reader.feed(line), *reader.end()]
            if len(drafts) != 1 or _is_known(drafts[0], sheet.kept):
                continue
            again = self._grounder.check(drafts[0], sheet.shown)
            if not again.verdict.problems:
                better[id(one)] = replace(again, mended_from=one)
                tell(again.text)
        return [better.get(id(one), one) for one in sheet.checked]

    def _cited(self, kept: Sequence[Checked]) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
        """Statements with numbered citations; a sentence whose words are not found goes."""
        quotations = dict.fromkeys(shown.quotation for one in kept for shown in one.cited)
        citations = cite(self._store, list(quotations))
        numbers = {(c.passage_id, c.start, c.end): c.number for c in citations}
        statements = []
        for one in kept:
            places = [(s.quotation.passage.id, *s.quotation.span) for s in one.cited]
            found = tuple(dict.fromkeys(numbers[p] for p in places if p in numbers))
            if found:
                statements.append(Statement(one.text, found))
        return tuple(statements), citations


def _claims_nothing(draft: Draft, question: str) -> bool:
    """A lead-in ("Here is what …:"), a question, or the question once more."""
    if draft.ids:
        return False
    return (
        draft.text.endswith(_NO_CLAIM)
        or draft.text.casefold() == question
        or (len(draft.text.split()) == 1)
    )


def _is_known(draft: Draft, checked: Sequence[Checked]) -> bool:
    return any(draft.text == one.draft.text for one in checked)


def _complaint(one: Checked) -> str:
    ids = "".join(f"[{identifier}]" for identifier in one.draft.ids) or "(no ids)"
    return f"{harmless(one.draft.text)} {ids}\n  Wrong: {'; '.join(one.verdict.problems)}."


def _conversation(history: Sequence[Exchange]) -> str:
    lines = []
    for exchange in history:
        lines.append(f"Asked: {harmless(exchange.question)[:LONGEST_EXCHANGE]}")
        if exchange.answer:
            lines.append(f"Answered: {harmless(exchange.answer)[:LONGEST_EXCHANGE]}")
    return "\n".join(lines) or "(none)"


def _as_of(day: date | None) -> str:
    return f" Answer as of {day:%d %B %Y}: only what was known by then." if day else ""


def _notice(dropped: int, *, abstained: bool) -> str:
    if dropped:
        what = "1 sentence was" if dropped == 1 else f"{dropped} sentences were"
        return f"{what} left out: the sources do not bear {'it' if dropped == 1 else 'them'} out."
    return "The chat model found no answer in the sources." if abstained else ""


def _version(name: str) -> str:
    return f"{name}@{prompts.load(name).version}"


def _shown(one: Shown) -> ShownSentence:
    start, end = one.quotation.span
    return ShownSentence(one.id, one.quotation.passage.id, start, end, one.score)


def _record(one: Checked) -> SentenceCheck:
    before = one.mended_from
    return SentenceCheck(
        text=one.text,
        cited=one.draft.ids,
        outcome="mended" if before else "dropped" if one.verdict.problems else "kept",
        problems=before.verdict.problems if before else one.verdict.problems,
        covered=one.verdict.covered,
        similarity=round(one.similarity, 3),
    )
