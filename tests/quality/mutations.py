"""Turn the corpus' own sentences into claims: as they are, and with one thing made wrong.

``python -m tests.quality.mutations [how many]``. A sentence as it stands must never be called
contradicted; with a number, a date, a name or its polarity changed it must never be called
supported. Nobody has to write these claims, so nobody can have tuned the rules to them.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from bot.answering import wording
from bot.answering.dates import find_dates
from bot.answering.engine import AnswerEngine
from bot.answering.quantities import quantities
from bot.settings import STARTER_CORPUS, Settings
from ingest.pipeline import ingest_files, scan
from store.embedding import BUNDLED_MODEL, load_embedder
from store.sentences import split_sentences
from store.store import Store, open_store

SEED = 4
SWAPS = {
    "North Korea": "Japan",
    "North Korean": "Japanese",
    "Russia": "Iran",
    "China": "India",
    "Ukraine": "Poland",
    "NIS": "CIA",
    "Putin": "Lukashenko",
    "Kim Jong Un": "Ali Khamenei",
    "Kursk": "Belgorod",
    "Seoul": "Tokyo",
}


def mutations(sentence: str) -> Iterator[tuple[str, str]]:
    """The sentence itself, then each way to make it wrong: (kind, claim)."""
    yield "as it is", sentence
    numbers = [q for q in quantities(sentence) if q.text.replace(",", "").isdigit()]
    if numbers:
        q = numbers[0]
        yield (
            "number",
            f"{sentence[: q.start]}{int(q.value) * 3 + 1:,}{sentence[q.start + len(q.text) :]}",
        )
    dated = [d for d in find_dates(sentence) if d.year and not d.inferred]
    if dated:
        d = dated[0]
        stretch = sentence[d.start : d.end].replace(str(d.year), str((d.year or 0) - 7))
        yield "date", sentence[: d.start] + stretch + sentence[d.end :]
    for name, other in SWAPS.items():
        if re.search(rf"\b{name}\b", sentence):
            yield "name", re.sub(rf"\b{name}\b", other, sentence)
            break
    verb = re.search(r"\b(was|were|had|has|have|is|are|did)\b", sentence)
    if verb and not wording.stances(sentence):
        yield "polarity", f"{sentence[: verb.end()]} not{sentence[verb.end() :]}"
    found = [
        m
        for name in ("Russia", "North Korea", "China", "South Korea", "Ukraine")
        if (m := re.search(rf"(?<!of )(?<!South )(?<!North )\b{name}\b(?!['’n])", sentence))
    ]
    found.sort(key=lambda match: match.start())
    if len(found) == 2 and not re.search(r"\b(and|with|between)\b", sentence):
        one, two = found
        yield (
            "roles",
            (
                f"{sentence[: one.start()]}{two[0]}{sentence[one.end() : two.start()]}{one[0]}"
                f"{sentence[two.end() :]}"
            ),
        )


def sentences(store: Store) -> list[str]:
    """All sentences of the English briefs that could be a message."""
    found: dict[str, None] = {}
    for summary in store.documents():
        if summary.metadata.language != "en":
            continue
        text = store.text(summary.id, summary.version)
        for line in re.finditer(r"[^\n]+", text):
            for start, end in split_sentences(text, *line.span()):
                sentence = " ".join(text[start:end].split())
                if 40 < len(sentence) < 300 and not set(sentence) & set("|?#"):
                    found[sentence] = None
    return list(found)


def main() -> int:
    """Print how often each kind of claim got each verdict, and what went wrong."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    embedder = load_embedder(BUNDLED_MODEL, Settings().tumen_cache)
    console = Console(width=150)
    verdicts: Counter[tuple[str, str]] = Counter()
    times = []
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(Path(folder), lambda: embedder, "the fact-check's evaluation") as store,
    ):
        ingest_files(scan([STARTER_CORPUS]), store)
        engine = AnswerEngine(store)
        picked = random.Random(SEED).sample(sentences(store), many)
        for sentence in picked:
            for kind, claim in mutations(sentence):
                started = time.perf_counter()
                checks = engine.fact_check(claim).claims
                times.append(time.perf_counter() - started)
                verdict = checks[0].verdict if len(checks) == 1 else "no claim"
                verdicts[kind, verdict] += 1
                if verdict == ("contradicted" if kind == "as it is" else "supported"):
                    quotes = " / ".join(c.quote for c in checks[0].citations)
                    console.print(
                        f"FALSE {kind}: {claim}\n  {checks[0].note} > {quotes}", markup=False
                    )
    for (kind, verdict), count in sorted(verdicts.items()):
        console.print(f"{kind:10} {verdict:18} {count}")
    times.sort()
    console.print(
        f"{1000 * times[len(times) // 2]:.0f} ms p50, {1000 * times[-len(times) // 20]:.0f} ms p95"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
