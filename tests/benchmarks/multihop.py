"""Retrieval on MultiHop-RAG's development half: ``python -m tests.benchmarks.multihop``.

Beside it, in the same run, what a tutorial gives: 1000/200 characters by LangChain's
splitter, the same MiniLM through langchain-huggingface, langchain-chroma, top 10. The data
(Tang and Yang 2024, arXiv 2401.15391) is read from ``../shared/multihop``.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.metrics import roc_auc_score

from bot.answering.engine import AnswerEngine
from bot.answering.model import Question
from bot.settings import Settings
from ingest.pipeline import ingest_files, scan
from store.embedding import BUNDLED_MODEL, load_embedder
from store.mentions import MONTHS
from store.store import Store, open_store
from tests.benchmarks.baseline import TutorialIndex

DATA = Path(__file__).resolve().parents[3] / "shared" / "multihop"
TOP = 10
METRICS = ("Hits@10", "Hits@4", "MRR@10", "MAP@10", "EvRecall@10", "AllEv@10")
Finder = Callable[[str], list[str]]
_DATE = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b\.?(?: \d{{1,2}})?,?(?: \d{{4}})?", re.IGNORECASE)


def main() -> int:
    """Print the table; 0 unless the data is absent."""
    if not DATA.exists():
        print(f"MultiHop-RAG's development half is not at {DATA}; nothing was measured.")
        return 0
    articles = read("corpus.json.gz")
    asked = read("queries_dev.json.gz")
    questions = [q for q in asked if q["question_type"] != "null_query"]
    publishers = sorted({article["source"] for article in articles}, key=len, reverse=True)
    settings = Settings()
    embedder = load_embedder(BUNDLED_MODEL, settings.tumen_cache)
    table = Table("", *METRICS, "ms a question", title=f"{len(questions)} questions")
    with tempfile.TemporaryDirectory() as folder:
        files = write_articles(articles, Path(folder) / "articles")
        with open_store(Path(folder) / "home", lambda: embedder, "the benchmark") as store:
            ingest_files(scan([files]), store)

            def tumen(question: str) -> list[str]:
                return [hit.passage.text for hit in store.search(question, limit=TOP).hits]

            measure(table, "Tumen", questions, tumen)
            masked = [q | {"query": mask(q["query"], publishers)} for q in questions]
            measure(table, "Tumen, publishers and dates masked", masked, tumen)
            abstention = measure_abstention(asked, store)
        tutorial = TutorialIndex(Path(folder) / "tutorial")
        tutorial.add([article["body"] for article in articles])
        name = "tutorial (1000/200, MiniLM, Chroma)"
        measure(table, name, questions, lambda question: tutorial.find(question, TOP))
    Console(width=140).print(table, abstention)
    return 0


def measure(table: Table, name: str, questions: Sequence[dict], find: Finder) -> None:
    """Add a row to the table: the metrics' means over the questions."""
    started = time.perf_counter()
    found = [find(q["query"]) for q in track(questions, name, console=Console(stderr=True))]
    milliseconds = 1000 * (time.perf_counter() - started) / len(questions)
    scores = [score(q, texts) for q, texts in zip(questions, found, strict=True)]
    means = np.mean(scores, axis=0)
    table.add_row(name, *(f"{mean:.4f}" for mean in means), f"{milliseconds:.1f}")


def measure_abstention(asked: Sequence[dict], store: Store) -> Table:
    """How well confidence tells the null questions, which the articles can't answer.

    Nothing was fitted to them. Beside it, the cosine of the nearest passage.
    """
    engine = AnswerEngine(store)
    answerable, sure, dense = [], [], []
    for question in track(asked, "Abstention", console=Console(stderr=True)):
        answerable.append(question["question_type"] != "null_query")
        sure.append(engine.answer(Question(question["query"])).confidence)
        hits = store.search(question["query"], limit=TOP).hits
        dense.append(max((hit.similarity for hit in hits), default=0.0))
    can = np.array(answerable)
    table = Table(
        "", "AUROC", "caught at 1% refused wrongly", "at 5%", title=f"{(~can).sum()} null questions"
    )
    for name, scores in (("Tumen's confidence", np.array(sure)), ("dense top 1", np.array(dense))):
        caught = [np.mean(scores[~can] < np.quantile(scores[can], share)) for share in (0.01, 0.05)]
        table.add_row(name, *(f"{v:.3f}" for v in (roc_auc_score(can, scores), *caught)))
    return table


def score(question: dict, texts: Sequence[str]) -> list[float]:
    """One question's six metrics, as the dataset's own script counts: white space removed."""
    facts = [squeeze(evidence["fact"]) for evidence in question["evidence"]]
    passages = [squeeze(text) for text in texts[:TOP]]
    hits = [any(fact in passage for fact in facts) for passage in passages]
    first = hits.index(True) + 1 if any(hits) else 0
    seen: set[str] = set()
    precision = 0.0
    for rank, passage in enumerate(passages, 1):
        for fact in facts:
            if fact in passage and fact not in seen:
                seen.add(fact)
                precision += len(seen) / rank
    return [
        float(first > 0),
        float(0 < first <= 4),
        1 / first if first else 0.0,
        precision / min(len(facts), TOP),
        len(seen) / len(set(facts)),
        float(len(seen) == len(set(facts))),
    ]


def mask(question: str, publishers: Sequence[str]) -> str:
    """The question without names of publishers and dates, which chat questions rarely have."""
    for publisher in publishers:
        question = re.sub(re.escape(publisher), "a report", question, flags=re.IGNORECASE)
    return _DATE.sub("then", question)


def write_articles(articles: Sequence[dict], folder: Path) -> Path:
    """The articles as Markdown files with front matter, as a user would have them."""
    folder.mkdir(parents=True)
    for number, article in enumerate(articles):
        meta = {
            "title": article["title"],
            "publisher": article["source"],
            "published": article["published_at"][:10],
            "url": article["url"],
        }
        head = yaml.safe_dump(meta, allow_unicode=True)
        body = article["body"].replace("\r\n", "\n")
        (folder / f"{number:04}.txt").write_text(f"---\n{head}---\n{body}\n", "utf-8")
    return folder


def squeeze(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s", "", text)


def read(name: str) -> list[dict]:
    """A gzipped JSON file of the data folder."""
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        return json.load(file)


if __name__ == "__main__":
    sys.exit(main())
