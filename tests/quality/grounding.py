"""Measure the grounding on scripted generations: ``python -m tests.quality.grounding``.

Prints, for each set (``tests.quality.generations`` says what they are), how many bad generations
reached the reader and how many sentences of good ones were lost, beside a baseline that checks only
that the ids exist; the precision and recall of citations in the manner of ALCE (Gao et al., 2023);
and what the checks cost. ``--failures SET`` shows what went wrong in that set.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.answering.generative.drafts import DraftReader
from bot.answering.generative.grounding import Grounder
from bot.answering.generative.numbered import Shown
from bot.answering.model import Answer, Question
from bot.settings import Settings
from store.embedding import BUNDLED_MODEL, load_embedder
from tests.model_server import Asked, Reply
from tests.quality.generations import QUESTIONS, Generation, blind
from tests.quality.scripted import HANDLES, SCRIPTED, ScriptedEngine, scripted_engine

SETS = ("open", "kept", "fresh", "blind 1", "blind 2")
PACE = 50
"""Tokens a second of the model that the time to the first sentence is measured with."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a generation became, and what it would have become had only its ids been checked."""

    generation: Generation
    answer: Answer
    by_ids: int

    @property
    def shown(self) -> int:
        return len(self.answer.statements) if self.answer.composer == SCRIPTED else 0

    @property
    def leaked(self) -> bool:
        return not self.generation.good and self.shown > 0

    @property
    def lost(self) -> int:
        return max(0, self.generation.sentences - self.shown)


def outcomes(engine: ScriptedEngine) -> list[Outcome]:
    """Ask every generation's question."""
    found = []
    for generation in engine.material.generations:
        answer = engine.answer(generation)
        found.append(Outcome(generation, answer, _with_known_ids(engine, generation)))
    return found


def _with_known_ids(engine: ScriptedEngine, generation: Generation) -> int:
    """The baseline: a sentence is shown if an id in it was shown."""
    asked = next(a for a in engine.server.asked if not a.is_repair)
    reader = DraftReader()
    drafts = [*reader.feed(engine.with_ids(generation.said, asked)), *reader.end()]
    return sum(any(f"[{i}]" in asked.user for i in draft.ids) for draft in drafts)


def citation_scores(sentences: Mapping[str, str], found: Sequence[Outcome]) -> tuple[float, float]:
    """Recall and precision of citations over all that was shown, as shares.

    Recall: of the sentences shown, those that their citations bear out, which those of bad
    generations never are. Precision: of the citations shown, those of sentences borne out that
    the generation's writer gave. Who wrote the lists stands in for ALCE's entailment model.
    """
    shown = supported = citations = right = 0
    for outcome in found:
        given = {sentences[h] for h in _handles(outcome.generation.text)}
        for statement in outcome.answer.statements[: outcome.shown]:
            shown += 1
            supported += outcome.generation.good
            by_number = {c.number: c.quote for c in outcome.answer.citations}
            for number in statement.citations:
                citations += 1
                right += outcome.generation.good and any(
                    by_number[number].endswith(sentence) for sentence in given
                )
    return supported / shown, right / citations


def _handles(text: str) -> list[str]:
    return [h for group in HANDLES.findall(text) for h in group.split(",")]


def times_of_checks(engine: ScriptedEngine) -> list[float]:
    """Milliseconds that each sentence's checks take, its embedding included."""
    grounder = Grounder(engine.engine._store.embedder)
    shown = [
        Shown(f"S{n}", None, text, "x", about="x")  # type: ignore[arg-type]
        for n, text in enumerate(engine.sentences.values(), 1)
    ]
    ids = {h: f"S{n}" for n, h in enumerate(engine.sentences, 1)}
    times = []
    for generation in engine.material.generations:
        text = generation.text
        for handle, identifier in ids.items():
            text = text.replace(handle, identifier)
        reader = DraftReader()
        for draft in [*reader.feed(text.replace("{", "[").replace("}", "]")), *reader.end()]:
            started = time.perf_counter()
            grounder.check(draft, shown)
            times.append(1000 * (time.perf_counter() - started))
    return sorted(times)


def first_sentences(engine: ScriptedEngine, times: int = 5) -> tuple[float, float]:
    """Milliseconds from the request to the first sentence: (shown, as the model wrote it)."""
    first = "The treaty entered into force on 4 December 2024 {e2}."
    text = f"{first} It was signed by Putin and Kim Jong Un in Pyongyang on 19 June 2024 {{e1}}."
    shown = []
    for _ in range(times):

        def script(asked: Asked) -> Reply:
            return Reply(engine.with_ids(text, asked), piece=4, pace=PACE)

        engine.server.script = script
        heard: list[float] = []
        answer = engine.engine.answer(
            Question(QUESTIONS["treaty"]),
            tell=lambda _: heard.append(0),  # noqa: B023
        )
        run = answer.details.run if answer.details else None
        shown.append((run.first_sentence_ms if run else None) or float("inf"))
    written = 1000 * len(first.replace("{e2}", "[S12]")) / 4 / PACE
    return sorted(shown)[len(shown) // 2], written


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", choices=SETS, metavar="SET")
    asked = parser.parse_args()
    embedder = load_embedder(BUNDLED_MODEL, Settings().tumen_cache)
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as folder:
        with scripted_engine(Path(folder) / "invented", embedder) as engine:
            found = outcomes(engine)
            checks = times_of_checks(engine)
            seen, written = first_sentences(engine)
            recall, precision = citation_scores(engine.sentences, found)
        with scripted_engine(Path(folder) / "blind", embedder, blind()) as engine:
            found += outcomes(engine)
    console.print(_table(found))
    console.print(f"citations, ALCE-like: recall {recall:.1%}, precision {precision:.1%}")
    console.print(
        f"checks per sentence: {checks[len(checks) // 2]:.1f} ms p50, "
        f"{checks[-len(checks) // 20]:.1f} ms p95 (load {os.getloadavg()[0]:.1f})"
    )
    console.print(
        f"first sentence shown after {seen:.0f} ms, written by a model of {PACE} tokens/s after "
        f"{written:.0f} ms"
    )
    if asked.failures:
        _show_failures([o for o in found if o.generation.half == asked.failures], console)
    return 0


def _table(found: Sequence[Outcome]) -> Table:
    table = Table("set", "bad", "reached the reader", "only ids checked", "good", "lost", "share")
    for half in (*SETS, "all"):
        some = [o for o in found if half in (o.generation.half, "all")]
        bad = [o for o in some if not o.generation.good]
        good = [o for o in some if o.generation.good]
        sentences = sum(o.generation.sentences for o in good)
        lost = sum(o.lost for o in good)
        table.add_row(
            half,
            str(len(bad)),
            str(sum(o.leaked for o in bad)),
            str(sum(o.by_ids > 0 for o in bad)),
            str(sentences),
            str(lost),
            f"{lost / sentences:.1%}",
        )
    return table


def _show_failures(found: Sequence[Outcome], console: Console) -> None:
    for outcome in found:
        if outcome.leaked or outcome.lost:
            label = "REACHED" if outcome.leaked else "LOST"
            generation, run = outcome.generation, outcome.answer.details
            console.print(f"\n{label} {generation.id} ({generation.kind}): {generation.text}")
            console.print(run.run.sentences if run and run.run else outcome.answer, markup=False)


if __name__ == "__main__":
    raise SystemExit(main())
