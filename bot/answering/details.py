"""How an answer came about, in plain lines: for `:why`, the button in Discord, and `replay`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.model import Answer, ModelRun, SentenceCheck

SHOWN_PASSAGES = 5
_OUTCOMES = {"kept": "kept", "mended": "mended", "dropped": "left out"}


def detail_lines(answer: Answer) -> Iterator[str]:
    """What was understood, searched, found, written, checked and dropped, a line each."""
    details = answer.details
    yield f"Understood as: {answer.standalone_question}"
    if details is None:
        yield "Nothing more was kept of this answer."
        return
    for query in details.searched:
        if query != answer.standalone_question:
            yield f"Searched: {query}"
    yield f"The evidence answers it with a probability of {answer.confidence:.0%}."
    for number, passage in enumerate(details.passages[:SHOWN_PASSAGES], 1):
        why = f"; {', '.join(passage.reasons)}" if passage.reasons else ""
        scores = f"score {passage.score:.2f}, likeness {passage.similarity:.2f}"
        yield f"Found {number}: {passage.title} ({scores}{why})"
    if details.run is None:
        yield "Composed of quotes, without a model."
    else:
        yield from _run_lines(details.run)
    yield f"Time: {answer.timings_ms.get('total', 0) / 1000:.1f} s"


def _run_lines(run: ModelRun) -> Iterator[str]:
    if run.fault:
        yield f"Model: {run.model}, which {run.fault}; so the answer was composed of quotes."
    elif not run.calls:
        yield f"Model: {run.model}, which was not asked: the evidence was too thin."
    else:
        yield f"Model: {run.model}; it was shown {len(run.shown)} sentences."
    for sentence in run.sentences:
        yield _sentence_line(sentence)
    if run.calls:
        cost = f", ${run.cost:.4f}" if run.cost is not None else ""
        yield (
            f"Calls: {run.calls}; tokens: {run.tokens_in:,} read, {run.tokens_out:,} written{cost}"
        )
    if run.prompts:
        yield f"Prompts: {', '.join(run.prompts)}"


def _sentence_line(sentence: SentenceCheck) -> str:
    ids = ", ".join(sentence.cited) or "nothing"
    line = f"{_OUTCOMES[sentence.outcome].capitalize()}: “{sentence.text}” citing {ids}"
    problems = "; ".join(sentence.problems)
    if sentence.outcome == "mended":
        return f"{line}. It was sent back because: {problems}"
    if problems:
        return f"{line}: {problems}"
    return f"{line}; {sentence.covered:.0%} of its words are theirs"
