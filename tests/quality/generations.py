"""Scripted generations, bad and good, over a few sources: what the grounding is measured on.

``{a1}`` in a text stands for the id under which the sentence ``a1`` was shown. All lists were
written before the rules that they measure, or the mending of these, had seen them.

- ``INVENTED``: over a dozen short invented documents. Split in halves by the hash of their ids;
  the checks were tuned on the open half. The fresh set came last.
- ``BLIND``: over the starter corpus as it is searched and shown, plus two planted documents, one
  that gives orders and one of another server. Each set was run once before anybody looked at what
  failed; the figures of these first runs are in LOG.md. A second run is no longer blind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent

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
    ``times`` is how often it says its text without a pause.
    """

    id: str
    kind: str
    question: str
    text: str
    sentences: int = 0
    times: int = 1

    @property
    def good(self) -> bool:
        return self.sentences > 0

    @property
    def said(self) -> str:
        """All that the model says."""
        return self.text * self.times

    @property
    def half(self) -> str:
        """Which set it belongs to, by its id."""
        if self.id[0].isdigit():
            return f"blind {self.id[0]}"
        if self.id.startswith("f"):
            return "fresh"
        return "open" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "kept"


Document = tuple[dict[str, str], dict[str, str]]
"""Metadata, and sentences by handle, each a paragraph."""


@dataclass(frozen=True, slots=True)
class Material:
    """What generations are about: questions by key, documents, and sentences by handle."""

    questions: dict[str, str]
    documents: list[Document]
    sentences: dict[str, str]
    generations: list[Generation]
    with_corpus: bool = False


def invented() -> Material:
    """The lists over invented documents."""
    documents = load_sources()
    sentences = {h: t for _, said in documents for h, t in said.items()}
    return Material(QUESTIONS, documents, sentences, load_generations())


def blind() -> Material:
    """The lists over the starter corpus."""
    scenes = list(_rows("blind/scenes.jsonl"))
    planted = _documents("blind/planted.jsonl")
    sentences = {h: t for scene in scenes for h, t in scene["sentences"].items()}
    sentences |= {h: t for _, said in planted for h, t in said.items()}
    generations = [Generation(**row) for row in _rows("blind/generations.jsonl")]
    questions = {scene["key"]: scene["question"] for scene in scenes}
    return Material(questions, planted, sentences, generations, with_corpus=True)


def load_generations() -> list[Generation]:
    """The generations over invented documents."""
    return [Generation(**row) for row in _rows("generations.jsonl")]


def load_sources() -> list[Document]:
    """The invented documents."""
    return _documents("generation_sources.jsonl")


def _documents(name: str) -> list[Document]:
    return [(row["metadata"], row["sentences"]) for row in _rows(name)]


def _rows(name: str) -> Iterator[dict[str, Any]]:
    for line in (_HERE / name).read_text("utf-8").splitlines():
        yield json.loads(line)
