"""Making a follow-up question stand alone with a chat model; where it strays, the rules do it."""

from __future__ import annotations

from collections.abc import Sequence

import prompts
from bot.answering.generative.chat import ChatModel, Meter
from bot.answering.generative.grounds import Meant
from bot.answering.generative.numbered import harmless
from bot.answering.model import Exchange

PROMPT = "stand_alone"
LONGEST = 400
MOST_EXCHANGES = 3
LONGEST_EXCHANGE = 500


def rewrite(
    model: ChatModel, meter: Meter, question: str, history: Sequence[Exchange]
) -> str | None:
    """The question with what it takes from the conversation.

    ``None`` where the model gives no single question, or one with a name, number or date that
    neither the question nor the conversation has. Raises :class:`ModelFaultError`.
    """
    lines = [
        f"{who}: {harmless(text)[:LONGEST_EXCHANGE]}"
        for exchange in history[-MOST_EXCHANGES:]
        for who, text in (("Asked", exchange.question), ("Answered", exchange.answer))
        if text
    ]
    system, user = prompts.load(PROMPT).fill(
        conversation="\n".join(lines), question=harmless(question)
    )
    written = [line.strip() for line in model.say(system, user, meter).splitlines()]
    candidates = [line for line in written if line]
    if len(candidates) != 1 or len(candidates[0]) > LONGEST:
        return None
    rewritten = candidates[0].strip('"“”')
    said = " ".join([question, *(f"{e.question} {e.answer}" for e in history)])
    return rewritten if _is_from(Meant(rewritten), Meant(said)) else None


def _is_from(rewritten: Meant, said: Meant) -> bool:
    figures = {q.value for q in rewritten.quantities} <= {q.value for q in said.quantities}
    dates = all(any(d.is_given_by(s) for s in said.dates) for d in rewritten.dates)
    return rewritten.names <= said.names and figures and dates
