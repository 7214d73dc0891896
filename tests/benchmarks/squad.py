"""Sentences, near misses and languages: ``python -m tests.benchmarks.squad``.

SQuAD 2.0 (Rajpurkar et al. 2018): does the best sentence over all paragraphs hold the answer,
and does confidence tell answerable questions from near misses? XQuAD (Artetxe et al. 2020): is
the paragraph found in English, Russian and Chinese? Beside ours, MiniLM and BM25 alone, from the
same run. The data (CC BY-SA 4.0) is read from ``../shared/squad``.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.metrics import roc_auc_score

from bot.answering.candidates import SentenceCandidate, sentence_candidates, wanted_by
from bot.answering.evidence import confidence, read_signs
from bot.settings import Settings
from store.embedding import BUNDLED_MODEL, load_embedder
from store.model import Hit
from store.store import SearchResult, Store, open_store
from tests.quality.fit_abstention import add_paragraphs

DATA = Path(__file__).resolve().parents[3] / "shared" / "squad"
LANGUAGES = ("en", "ru", "zh")
T = TypeVar("T")
Order = Callable[[Hit], float]
ORDERS: dict[str, Order] = {
    "Tumen": lambda hit: hit.score,
    "MiniLM alone": lambda hit: hit.similarity,
    "BM25 alone": lambda hit: -hit.ranks.get("lexical", 1000),
}


def main() -> int:
    """Print the tables; 0 unless the data is absent."""
    if not DATA.exists():
        print(f"SQuAD's half is not at {DATA}; nothing was measured.")
        return 0
    console = Console(width=120)
    console.print(sentences())
    console.print(languages())
    return 0


def sentences() -> Table:
    """Answers in the best sentences, and answerable questions told from near misses."""
    paragraphs = read("squad2_half.json.gz")
    asked = [qa for paragraph in paragraphs for qa in paragraph["qas"]]
    best: list[tuple[bool, bool]] = []
    nearest: list[tuple[bool, bool]] = []
    sure, dense, answerable = [], [], []
    with paragraph_store([p["context"] for p in paragraphs]) as store:
        for qa in shown(asked, "SQuAD"):
            result = store.search(qa["question"], limit=20)
            found = sentence_candidates(result.question, result.hits, wanted_by(qa["question"]))
            sure.append(confidence(read_signs(result.question, result.hits, found)))
            dense.append(max((hit.similarity for hit in result.hits), default=0.0))
            answerable.append(qa["answerable"])
            if qa["answerable"]:
                best.append((holds(found[:1], qa), holds(found[:3], qa)))
                by_cosine = sorted(found, key=lambda candidate: -candidate.similarity)
                nearest.append((holds(by_cosine[:1], qa), holds(by_cosine[:3], qa)))
    ours, theirs = np.mean(best, axis=0), np.mean(nearest, axis=0)
    table = Table(
        "", "answer in the best sentence", "in the best three", "near-miss AUROC",
        title=f"SQuAD 2.0, {len(best)} answerable questions, {len(asked) - len(best)} near misses",
    )  # fmt: skip
    areas = [roc_auc_score(answerable, scores) for scores in (sure, dense)]
    table.add_row("Tumen", f"{ours[0]:.3f}", f"{ours[1]:.3f}", f"{areas[0]:.3f}")
    table.add_row("MiniLM alone", f"{theirs[0]:.3f}", f"{theirs[1]:.3f}", f"{areas[1]:.3f}")
    return table


def languages() -> Table:
    """Where the right paragraph is ranked, by language and way of ranking."""
    table = Table("", "", "paragraph at 1", "at 5", title="XQuAD")
    for language in LANGUAGES:
        paragraphs = read(f"xquad_{language}_half.json.gz")
        asked = [(qa["question"], p["context"]) for p in paragraphs for qa in p["qas"]]
        ranks: dict[str, list[int]] = {name: [] for name in ORDERS}
        with paragraph_store([p["context"] for p in paragraphs]) as store:
            for question, context in shown(asked, f"XQuAD {language}"):
                result = store.search(question, limit=80)
                for name, order in ORDERS.items():
                    ranks[name].append(rank_of(context, result, order))
        for name, found in ranks.items():
            at = [f"{np.mean([rank <= k for rank in found]):.3f}" for k in (1, 5)]
            table.add_row(language if name == "Tumen" else "", name, *at)
    return table


def rank_of(context: str, result: SearchResult, order: Order) -> int:
    """The rank of the first passage out of a paragraph; 1,000 where there is none."""
    hits = sorted(result.hits, key=order, reverse=True)
    inside = [squeeze(hit.passage.text) in squeeze(context) for hit in hits]
    return inside.index(True) + 1 if any(inside) else 1000


def holds(candidates: Sequence[SentenceCandidate], qa: dict) -> bool:
    """Whether one of the sentences has one of the gold answers in it."""
    return any(answer in candidate.text for candidate in candidates for answer in qa["answers"])


@contextmanager
def empty_store() -> Iterator[Store]:
    """A store of its own, with the default model."""
    embedder = load_embedder(BUNDLED_MODEL, Settings().tumen_cache)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(Path(folder), lambda: embedder, "the benchmark") as store,
    ):
        yield store


@contextmanager
def paragraph_store(texts: Sequence[str]) -> Iterator[Store]:
    """A store with each text as a document of its own."""
    with empty_store() as store:
        add_paragraphs(store, store.embedder, texts)
        yield store


def shown(items: Sequence[T], what: str) -> Iterator[T]:
    """The items, with a progress bar on standard error."""
    return iter(track(items, what, console=Console(stderr=True)))


def squeeze(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s", "", text)


def read(name: str) -> list[dict]:
    """A gzipped JSON file of the data folder."""
    return json.loads(gzip.decompress((DATA / name).read_bytes()))


if __name__ == "__main__":
    sys.exit(main())
