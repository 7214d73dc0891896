"""How a reader tells the bot's messages apart: by what is written and what can be pressed."""

from __future__ import annotations

import re

from tests.discord_double.world import Message

CITATION = re.compile(r"^\[\d+\]$")
HELPFUL = re.compile(r"^Helpful$")
TREATY = "What does Article 4 of the treaty say?"
SHELLS = "How many shells did North Korea send to Russia?"
UNKNOWN = "What is the capital of Brazil?"


def citations(message: Message) -> list[str]:
    """The labels of the numbered buttons."""
    labels = [button.get("label") or "" for button in message.buttons]
    return [label for label in labels if CITATION.match(label)]


def complete(message: Message) -> bool:
    """Whether this is a whole answer: it can be judged."""
    return any(HELPFUL.match(button.get("label") or "") for button in message.buttons)


def answered(message: Message) -> bool:
    """Whether this is a whole answer with citations."""
    return complete(message) and bool(citations(message))
