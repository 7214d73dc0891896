"""Scripted generations, bad and good, over a few sources: what the grounding is measured on.

``{a1}`` in a text stands for the id under which the sentence ``a1`` was shown. The lists were
written before the checks. They are split in halves by the hash of their ids: the checks were
tuned on the open half alone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "generations.jsonl"
SOURCES = Path(__file__).parent / "generation_sources.jsonl"

ELSEWHERE = "999"
"""The scope of a document of another server, that nobody here may see."""

QUESTIONS = {
    "troops": "How many North Korean troops are in the Kursk region?",
    "kursk": "Was the Kursk region fully liberated, and what did Ukraine's General Staff say?",
    "treaty": "When was the treaty between Russia and North Korea signed, when did it enter into "
    "force, and what does Article 4 say?",
    "shells": "How many shells and containers has North Korea shipped to Russia?",
    "china": "What did China's Foreign Ministry say about Russia and North Korea?",
    "oil": "How many barrels of oil has Russia supplied to North Korea?",
    "dead": "How many North Korean soldiers were killed?",
    "admit": "When did North Korea confirm the deployment of troops to Russia?",
    "trade": "How much trade did China and North Korea have in 2025?",
    "ru": "Сколько сапёров КНДР направит в Курскую область?",
    "ko": "북한군 전사자는 몇 명인가?",
}


@dataclass(frozen=True, slots=True)
class Generation:
    """What a scripted model says to a question.

    ``sentences`` is how many of its sentences are true to what they cite: 0 for bad ones.
    """

    id: str
    kind: str
    question: str
    text: str
    sentences: int = 0

    @property
    def good(self) -> bool:
        return self.sentences > 0

    @property
    def half(self) -> str:
        """Which half it belongs to, by its id; those of the fresh set came last."""
        if self.id.startswith("f"):
            return "fresh"
        return "open" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "kept"


def load_generations() -> list[Generation]:
    """All generations of the set."""
    return [Generation(**json.loads(line)) for line in FILE.read_text("utf-8").splitlines()]


def load_sources() -> list[tuple[dict[str, str], dict[str, str]]]:
    """The documents: (metadata, sentences by handle), each sentence a paragraph."""
    rows = [json.loads(line) for line in SOURCES.read_text("utf-8").splitlines()]
    return [(row["metadata"], row["sentences"]) for row in rows]
