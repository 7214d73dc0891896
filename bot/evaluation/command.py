"""What `tumen eval` does."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from bot.answering.engine import AnswerEngine
from bot.app import opened_engine
from bot.errors import UsageError
from bot.evaluation.cases import read_cases
from bot.evaluation.report import render_report
from bot.evaluation.scoring import Score, examine
from bot.evaluation.tables import groups_table, summary, trades_table
from bot.settings import Settings
from bot.taking_in import take_in
from bot.terminal import Terminal
from store.store import Store

Asked = Literal["open", "kept", "all"]


def run_evaluation(
    settings: Settings,
    terminal: Terminal,
    questions: Sequence[Path],
    *,
    corpus: Path | None,
    half: Asked,
    failures: bool,
    html: Path | None,
) -> list[Score]:
    """Ask the questions, print the tables, write the report.

    Without a ``corpus`` folder they are asked of the settings' own. Raises
    :class:`UsageError` if the questions can't be read or the report can't be written.
    """
    cases = [case for case in read_cases(questions) if half in ("all", case.half)]
    if not cases:
        raise UsageError(f"There is no question in the {half} half.")
    if html is not None and not html.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {html.absolute().parent} for the report.")
    with _corpus(settings, terminal, corpus) as (engine, store):
        asked = terminal.track(cases, "Asking", shown=True)
        scores = [examine(case, engine, store) for case in asked]
    terminal.out.print(
        groups_table(scores), trades_table(scores, settings.abstain_below), summary(scores)
    )
    if failures:
        for score in scores:
            if score.trouble:
                terminal.say(f"{score.case.id} {score.case.question.text}\n    {score.trouble}")
    if html is not None:
        html.write_text(
            render_report(scores, str(corpus or settings.tumen_home), settings.abstain_below),
            "utf-8",
        )
        terminal.say(f"The report is in {html}.")
    return scores


@contextmanager
def _corpus(
    settings: Settings, terminal: Terminal, corpus: Path | None
) -> Iterator[tuple[AnswerEngine, Store]]:
    """The settings' own corpus, or a folder's documents in a store for this run alone."""
    if corpus is None:
        with opened_engine(settings, "tumen eval", terminal.store_progress) as opened:
            yield opened
        return
    with tempfile.TemporaryDirectory() as home:
        apart = settings.model_copy(update={"tumen_home": Path(home)})
        with opened_engine(apart, "tumen eval", terminal.store_progress) as (engine, store):
            take_in(terminal, store, [corpus], quiet_if_unchanged=True)
            yield engine, store
