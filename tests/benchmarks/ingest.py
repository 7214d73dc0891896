"""Ingest at scale: ``python -m tests.benchmarks.ingest FOLDER [--documents N] [--sample N]``.

First rates: Tumen, Tumen over a local Ray (where it is installed) and the LangChain tutorial
(:mod:`tests.benchmarks.baseline`) take in the same sample of files, each in a process of its own.
Then one long run of Tumen alone, whose memory is drawn over the documents taken in, into
``FOLDER/memory.png``. The files are cut from MultiHop-RAG's articles, no two passages alike, and
stay in ``FOLDER/files`` for another run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from bot.settings import Settings
from store.embedding import BUNDLED_MODEL, load_embedder
from tests.benchmarks import multihop

SAMPLE_EVERY = 2.0
MOST_PARAGRAPHS = 10
VECTOR_BYTES = 384 * 4


def main() -> int:
    """Print the table, draw the picture; 0 unless the data is absent."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", type=Path, help="where files, stores and the picture go")
    options.add_argument("--documents", type=int, default=10_000, help="files of the long run")
    options.add_argument("--sample", type=int, default=300, help="files for the rates")
    asked = options.parse_args()
    if not multihop.DATA.exists():
        print(f"MultiHop-RAG's articles are not at {multihop.DATA}; nothing was measured.")
        return 0
    console = Console(width=110)
    asked.folder.mkdir(parents=True, exist_ok=True)
    sample = write_documents(asked.sample, asked.folder / "sample")
    sides = ["tumen", *(["ray"] if find_spec("ray") else []), "tutorial"]
    rates = Table("", "documents/s", "tokens/s", "seconds", "peak memory, MB")
    for side in sides:
        before = os.getloadavg()[0]
        *_, last = list(run(side, sample, asked.folder / f"home-{side}"))
        rates.add_row(
            f"{side} (load before {before:.1f})",
            f"{last['documents'] / last['seconds']:.1f}",
            f"{last['tokens'] / last['seconds']:,.0f}",
            f"{last['seconds']:.1f}",
            f"{last['peak']:,.0f}",
        )
    rates.title = f"{asked.sample} files, {os.cpu_count()} cores"
    console.print(rates)
    if asked.documents:
        files = write_documents(asked.documents, asked.folder / "files")
        samples = []
        for sample in run("tumen", files, asked.folder / "home-long"):
            samples.append(sample)
            print(json.dumps(sample), file=sys.stderr)
        console.print(over_time(samples))
        picture = asked.folder / "memory.png"
        draw(samples, picture)
        console.print(f"The picture is in {picture}.")
    return 0


def write_documents(count: int, folder: Path) -> Path:
    """Write documents of one to ten paragraphs of an article, each paragraph marked as its own."""
    if folder.exists() and len(list(folder.iterdir())) == count:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    articles = multihop.read("corpus.json.gz")
    chance = random.Random(count)
    made = []
    for number in range(count):
        article = articles[number % len(articles)]
        paragraphs = [line for line in article["body"].splitlines() if line.strip()]
        length = chance.randint(1, min(len(paragraphs), MOST_PARAGRAPHS))
        first = chance.randint(0, len(paragraphs) - length)
        cut = paragraphs[first : first + length]
        body = "\n\n".join(f"({number}.{place}) {line}" for place, line in enumerate(cut))
        made.append(article | {"title": f"{article['title']} ({number})", "body": body})
    return multihop.write_articles(made, folder)


def run(side: str, files: Path, home: Path) -> Iterator[dict[str, float]]:
    """Run a side in a process of its own; its samples of memory and counts, the last at its end."""
    shutil.rmtree(home, ignore_errors=True)
    with subprocess.Popen(
        [sys.executable, "-m", __spec__.name, side, str(files), str(home)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode:
        sys.exit(f"{side} failed with {process.returncode}.")


class Sampler:
    """Prints a line of JSON every few seconds: counts, and resident memory in MB."""

    def __init__(self) -> None:
        self.documents = self.passages = self.tokens = 0
        self._peak = 0.0
        self._started = time.perf_counter()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()

    def _sample(self) -> None:
        while not self._ended.wait(SAMPLE_EVERY):
            self._print()

    def _print(self) -> None:
        me = psutil.Process()
        own = me.memory_info().rss / 1024**2
        others = 0.0
        for child in me.children(recursive=True):
            try:
                # What a child shares with others, such as Ray's object store, counts once for each.
                others += child.memory_info().rss / 1024**2
            except psutil.Error:  # it has ended
                continue
        self._peak = max(self._peak, own + others)
        print(
            json.dumps(
                {
                    "seconds": round(time.perf_counter() - self._started, 2),
                    "documents": self.documents,
                    "passages": self.passages,
                    "tokens": self.tokens,
                    "own": round(own, 1),
                    "others": round(others, 1),
                    "peak": round(self._peak, 1),
                    "load": os.getloadavg()[0],
                }
            ),
            flush=True,
        )

    def end(self) -> None:
        """Print the last line."""
        self._ended.set()
        self._thread.join()
        self._print()


def tumen(files: Path, home: Path, *, ray: bool = False) -> None:
    """Take the files in with Tumen."""
    from ingest.pipeline import IngestResult, ingest_files, scan
    from store.publishers import default_publishers
    from store.store import open_store

    load = partial(load_embedder, BUNDLED_MODEL, Settings().tumen_cache)
    with open_store(home, load, "the benchmark") as store:
        sampler = Sampler()
        read = None
        if ray:
            from ingest.over_ray import read_over_ray

            read = read_over_ray(
                partial(load, threads=1), default_publishers(), store.embedder.fingerprint
            )

        def count(result: IngestResult, done: int, _: int) -> None:
            sampler.documents = done
            sampler.passages += result.passages
            sampler.tokens += result.tokens

        ingest_files(scan([files]), store, on_result=count, read=read)
        sampler.end()


def tutorial(files: Path, home: Path) -> None:
    """Take the files in the tutorial's way; the texts are read as they are."""
    from tests.benchmarks.baseline import TutorialIndex

    index = TutorialIndex(home)
    counter = load_embedder(BUNDLED_MODEL, Settings().tumen_cache)
    sampler = Sampler()
    texts = [file.read_text("utf-8") for file in sorted(files.iterdir())]
    chunks = index.add(texts)
    sampler.documents, sampler.passages = len(texts), len(chunks)
    sampler.tokens = sum(counter.count_tokens(chunks))
    sampler.end()


def over_time(samples: list[dict[str, float]]) -> Table:
    """Rates and memory at the ends of ten equal parts of the long run."""
    table = Table("documents", "passages", "documents/s", "tokens/s", "memory, MB", "parsers, MB")
    total = samples[-1]["documents"]
    last = dict.fromkeys(samples[0], 0.0)
    for part in range(1, 11):
        now = next(sample for sample in samples if sample["documents"] >= total * part / 10)
        seconds = now["seconds"] - last["seconds"]
        table.add_row(
            f"{now['documents']:,}",
            f"{now['passages']:,}",
            f"{(now['documents'] - last['documents']) / seconds:.1f}",
            f"{(now['tokens'] - last['tokens']) / seconds:,.0f}",
            f"{now['own']:.0f}",
            f"{now['others']:.0f}",
        )
        last = now
    load = sum(sample["load"] for sample in samples) / len(samples)
    table.title = f"{total:,} documents in {samples[-1]['seconds']:,.0f} s, mean load {load:.1f}"
    return table


def draw(samples: list[dict[str, float]], picture: Path) -> None:
    """Draw memory over documents."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    documents = [sample["documents"] for sample in samples]
    figure, axes = plt.subplots(figsize=(8, 4))
    axes.plot(documents, [sample["own"] for sample in samples], label="Tumen")
    axes.plot(documents, [sample["others"] for sample in samples], label="its parsing processes")
    vectors = [sample["passages"] * VECTOR_BYTES / 1024**2 for sample in samples]
    axes.plot(documents, vectors, "--", label="the passages' vectors, which Chroma holds")
    axes.set(xlabel="documents taken in", ylabel="resident memory, MB", ylim=0)
    axes.legend()
    figure.tight_layout()
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] in ("tumen", "ray", "tutorial"):
        where = (Path(sys.argv[2]), Path(sys.argv[3]))
        if sys.argv[1] == "tutorial":
            tutorial(*where)
        else:
            tumen(*where, ray=sys.argv[1] == "ray")
        sys.exit(0)
    sys.exit(main())
