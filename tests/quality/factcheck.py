"""Measure the fact-check on our claims: ``python -m tests.quality.factcheck [open|kept|all]``.

Prints, by verdict, how many claims got it, how many of those rightly (precision) and how many
that should have it did (recall), and the rights by kind. A wrong "supported" or "contradicted"
is the worst outcome, a needless "not in the corpus" only a pity; ``--failures`` lists both.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from rich.console import Console
from rich.table import Table

from bot.answering.engine import AnswerEngine
from bot.answering.factcheck import ClaimCheck, ClaimVerdict
from bot.settings import STARTER_CORPUS, Settings
from ingest.pipeline import ingest_files, scan
from store.embedding import BUNDLED_MODEL, load_embedder
from store.store import open_store

FILE = Path(__file__).parent / "claims.jsonl"
OPEN: ClaimVerdict = "not in the corpus"


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """A claim with the verdict that a careful reader of the starter corpus would give."""

    id: str
    kind: str
    language: str
    verdict: ClaimVerdict
    claim: str

    @property
    def half(self) -> str:
        """The open half came first; the kept one was written later, against its rules."""
        return "kept" if self.id.startswith("k") else "open"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the fact-check made of one claim; no check where it saw no claim at all."""

    case: ClaimCase
    check: ClaimCheck | None

    @property
    def verdict(self) -> ClaimVerdict:
        return self.check.verdict if self.check else OPEN

    @property
    def is_false(self) -> bool:
        """Whether it says more than the corpus does: the worst outcome."""
        return self.verdict not in (OPEN, self.case.verdict)


def load_claims() -> list[ClaimCase]:
    """All claims of the set."""
    return [ClaimCase(**json.loads(line)) for line in FILE.read_text("utf-8").splitlines()]


def outcomes(engine: AnswerEngine, cases: Sequence[ClaimCase]) -> list[Outcome]:
    """Check every claim as a message of its own."""
    found = []
    for case in cases:
        checks = engine.fact_check(case.claim).claims
        found.append(Outcome(case, checks[0] if len(checks) == 1 else None))
    return found


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", nargs="?", choices=["open", "kept", "all"], default="open")
    parser.add_argument("--failures", action="store_true")
    asked = parser.parse_args()
    cases = [case for case in load_claims() if asked.half in (case.half, "all")]
    embedder = load_embedder(BUNDLED_MODEL, Settings().tumen_cache)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(Path(folder), lambda: embedder, "the fact-check's evaluation") as store,
    ):
        ingest_files(scan([STARTER_CORPUS]), store)
        found = outcomes(AnswerEngine(store), cases)
    console = Console(width=120)
    console.print(_by_verdict(found))
    console.print(_by_kind(found))
    if asked.failures:
        for outcome in sorted(found, key=lambda o: not o.is_false):
            if outcome.verdict != outcome.case.verdict:
                _show(outcome, console)
    return 0


def _by_verdict(found: Sequence[Outcome]) -> Table:
    table = Table("verdict", "given", "precision", "should be", "recall")
    for verdict in get_args(ClaimVerdict):
        given = [o for o in found if o.verdict == verdict]
        wanted = [o for o in found if o.case.verdict == verdict]
        right = sum(o.case.verdict == verdict for o in given)
        table.add_row(
            verdict,
            str(len(given)),
            f"{right / len(given):.1%}" if given else "-",
            str(len(wanted)),
            f"{right / len(wanted):.1%}" if wanted else "-",
        )
    return table


def _by_kind(found: Sequence[Outcome]) -> Table:
    table = Table("kind", "claims", "right", "false")
    for kind in dict.fromkeys(o.case.kind for o in found):
        of_kind = [o for o in found if o.case.kind == kind]
        right = sum(o.verdict == o.case.verdict for o in of_kind)
        table.add_row(kind, str(len(of_kind)), str(right), str(sum(o.is_false for o in of_kind)))
    return table


def _show(outcome: Outcome, console: Console) -> None:
    label = "FALSE" if outcome.is_false else "missed"
    case = outcome.case
    console.print(
        f"\n{label} {case.id} ({case.kind}): {case.claim}\n"
        f"  {outcome.verdict}, should be {case.verdict}",
        markup=False,
    )
    if outcome.check:
        console.print(f"  {outcome.check.note}", markup=False)
        for cited in outcome.check.citations:
            console.print(f"  > {cited.quote}", markup=False)


if __name__ == "__main__":
    raise SystemExit(main())
