"""Speed beside the tutorial's way, in one run: ``python -m tests.benchmarks.speed``.

Each side ingests the same files in a process of its own (so that peak memory is its own) and
answers the same questions. The tutorial: LangChain's splitter (1000/200), the same MiniLM
through langchain-huggingface, langchain-chroma, top 4. The files are MultiHop-RAG's articles
where they are at hand, else the starter corpus.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.settings import STARTER_CORPUS, Settings
from store.embedding import BUNDLED_MODEL, load_embedder
from tests.benchmarks import multihop

ARTICLES = 100
QUESTIONS = [
    "How many North Korean soldiers are in Russia?",
    "when did the treaty come into force",
    "why does china keep quiet about the troops",
    "who is choe son hui",
    "what did scholz say at the g20",
    "how much oil did russia send",
    "best pizza in rome?",
    "what is the MSMT",
    "did putin admit the deployment",
    "how many shells were sent in containers",
] * 6


def main() -> int:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "files"
        if multihop.DATA.exists():
            multihop.write_articles(multihop.read("corpus.json.gz")[:ARTICLES], files)
        else:
            files = STARTER_CORPUS
        results = {
            side: json.loads(
                subprocess.run(
                    [sys.executable, "-m", __spec__.name, side, str(files), folder],
                    stdout=subprocess.PIPE,
                    check=True,
                ).stdout
            )
            for side in ("tumen", "tutorial")
        }
        starts = start_up(Path(folder) / "tumen")
        title = f"{len(list(files.iterdir()))} files, {os.cpu_count()} cores"
    table = Table("", *results, title=title)
    for name in results["tumen"]:
        table.add_row(name, *(str(results[side].get(name, "-")) for side in results))
    Console(width=100).print(table)
    more = Table("", "seconds", title="Start-up of the command line, warm store")
    for name, seconds in starts.items():
        more.add_row(name, f"{seconds:.2f}")
    Console(width=100).print(more)
    return 0


def tumen(files: Path, folder: Path) -> dict[str, str]:
    """Ingest and ask with Tumen."""
    from bot.answering.engine import AnswerEngine
    from bot.answering.model import Question
    from ingest.pipeline import ingest_files, scan
    from store.store import open_store

    embedder = load_embedder(BUNDLED_MODEL, Settings().tumen_cache)
    home = folder / "tumen"
    with open_store(home, lambda: embedder, "the benchmark") as store:
        started = time.perf_counter()
        report = ingest_files(scan([files]), store)
        seconds = time.perf_counter() - started
        engine = AnswerEngine(store)
        return {
            **ingest_rates(report.done, report.tokens, seconds),
            **latencies("search, question embedded", lambda q: store.search(q, limit=4)),
            **latencies("question embedded alone", embedder.embed_query),
            **latencies("question to answer", lambda q: engine.answer(Question(q))),
            **footprint(home, report.passages),
        }


def tutorial(files: Path, folder: Path) -> dict[str, str]:
    """Ingest and search the tutorial's way; the texts are read as they are."""
    from tests.benchmarks.baseline import TutorialIndex

    texts = [file.read_text("utf-8") for file in sorted(files.iterdir())]
    index = TutorialIndex(folder / "tutorial")
    started = time.perf_counter()
    chunks = index.add(texts)
    seconds = time.perf_counter() - started
    counter = load_embedder(BUNDLED_MODEL, Settings().tumen_cache)
    return {
        **ingest_rates(len(texts), sum(counter.count_tokens(chunks)), seconds),
        **latencies("search, question embedded", lambda q: index.find(q, 4)),
        **latencies("question embedded alone", index.embeddings.embed_query),
        **footprint(folder / "tutorial", len(chunks)),
    }


def ingest_rates(documents: int, tokens: int, seconds: float) -> dict[str, str]:
    """Throughput of an ingest; tokens are those embedded, overlaps counted as often as read."""
    return {
        "ingest, documents/s": f"{documents / seconds:.1f}",
        "ingest, tokens/s": f"{tokens / seconds:,.0f}",
    }


def latencies(name: str, call: Callable[[str], object]) -> dict[str, str]:
    """p50 and p95 of a call over the questions, in milliseconds, after three to warm up."""
    for question in QUESTIONS[:3]:
        call(question)
    taken = []
    for question in QUESTIONS:
        started = time.perf_counter()
        call(question)
        taken.append(1000 * (time.perf_counter() - started))
    return {f"{name}, ms p50 / p95": f"{np.median(taken):.1f} / {np.percentile(taken, 95):.1f}"}


def footprint(folder: Path, passages: int) -> dict[str, str]:
    """Peak memory of this process and disk used."""
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {
        "passages": f"{passages:,}",
        "disk per 1,000 passages, MB": f"{size / passages / 1000:.1f}",
        "peak memory, MB": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f}",
    }


def start_up(home: Path) -> dict[str, float]:
    """Wall seconds of whole commands on a store that is there already; the best of three."""

    def timed(*arguments: str) -> float:
        runs = []
        for _ in range(3):
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "bot.cli", *arguments],
                env=os.environ | {"TUMEN_HOME": str(home)},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=True,
            )
            runs.append(time.perf_counter() - started)
        return min(runs)

    return {
        "tumen --help": timed("--help"),
        "tumen chat, until the first prompt": timed("chat"),
        "tumen ask, whole": timed("ask", QUESTIONS[0]),
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sides = {"tumen": tumen, "tutorial": tutorial}
        print(json.dumps(sides[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))))
        sys.exit(0)
    sys.exit(main())
