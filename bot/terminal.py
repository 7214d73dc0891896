"""The terminal: rendering answers, the chat, progress. No thinking here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.answering.composing import EXTRACTIVE
from bot.answering.details import detail_lines
from bot.answering.engine import AnswerEngine
from bot.answering.generative.models import NO_MODEL, ModelCheck
from bot.answering.model import Answer, Citation, Exchange, Question
from bot.batch import checked
from bot.doctor import Finding
from bot.errors import UsageError
from store.model import BASE_SCOPE, Correction, DocumentSummary, Hit, Source
from store.store import Store

T = TypeVar("T")

SURROUNDINGS = 400
"""Characters shown before and after a quote."""
PIPE_WIDTH = 400
LONGEST_TITLE = 120
LONGEST_AUTHOR = 60
REMEMBERED = 6
"""Exchanges of a conversation that a follow-up can look back on."""
SPEED_SECONDS = 300
"""The stretch of time from whose speed the time left is told."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
HELP = """\
Ask anything about North Korea, Russia and China. Follow-ups ("and in 2025?") are understood.
  :source 2   the passage behind citation 2, the quoted words marked
  :more       further sentences that bear on the last question
  :why        how the last answer came about: what was searched, found, checked and dropped
  :model      which chat model answers; `:model NAME` switches, `:model none` quotes only
  :new        start afresh: the next question is no follow-up
  :documents  what the corpus holds
  :help       this text
  :quit       leave (Ctrl-D does, too)"""


def cut(text: str, length: int) -> str:
    """The beginning of a text, marked where it was cut."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"


def printable(text: str) -> str:
    """Text from outside without what could steer a terminal or turn its direction."""
    return _UNPRINTABLE.sub("", text)


class Terminal:
    """Everything that is printed: results to standard output, progress to standard error."""

    def __init__(self) -> None:
        self.out = Console(highlight=False)
        self.err = Console(stderr=True, highlight=False)
        self._jobs: tuple[Progress, dict[str, TaskID]] | None = None

    def say(self, message: str) -> None:
        """Print a plain sentence."""
        self.out.print(Text(printable(message)))

    # --- progress

    def track(self, items: Sequence[T], what: str, *, shown: bool) -> Iterator[T]:
        """The items one by one, with a progress bar where somebody sees it."""
        if not shown or not self.err.is_terminal:
            yield from items
            return
        with self.bar() as progress:
            yield from progress.track(items, description=what)

    def store_progress(self, done: int, total: int, what: str) -> None:
        """Show how far the store's own work is (see :class:`store.indexes.Progress`)."""
        if self._jobs is None:
            self._jobs = (self.bar(), {})
            self._jobs[0].start()
        progress, tasks = self._jobs
        if what not in tasks:
            tasks[what] = progress.add_task(what.capitalize(), total=total)
        progress.update(tasks[what], completed=done, total=total)
        if all(task.finished for task in progress.tasks):
            progress.stop()
            self._jobs = None

    def bar(self, extra: str | None = None) -> Progress:
        """A progress bar; ``extra`` is a further column, as rich writes columns of text."""
        columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
        if extra:
            columns.append(TextColumn(extra))
        return Progress(
            *columns,
            TimeRemainingColumn(),
            console=self.err,
            # Documents come in batches: the time left is guessed from some dozens of these.
            speed_estimate_period=SPEED_SECONDS,
        )

    # --- answers

    def show_answer(self, answer: Answer, store: Store) -> None:
        """Print an answer with its citations, or an abstention with the nearest passages."""
        if answer.standalone_question != answer.question.text.strip():
            self.out.print(Text(f"understood as: {answer.standalone_question}", style="dim"))
        if answer.verdict == "abstained":
            self._show_abstention(answer, store)
            return
        self.out.print()
        quoted = answer.composer == EXTRACTIVE
        for statement in answer.statements:
            text = printable(statement.text)
            line = Text(f"“{text}”" if quoted else text)
            for number in statement.citations:
                line.append(f" [{number}]", style="bold cyan")
            self.out.print(Padding(line, (0, 0, 1, 0)))
        for citation in answer.citations:
            self.out.print(self._citation_line(citation))
        self._show_notice(answer)

    def _show_notice(self, answer: Answer) -> None:
        """What was left out, or why no model answered."""
        if answer.notice:
            self.out.print(Text(f"\n{answer.notice}", style="yellow"))

    def show_details(self, answer: Answer) -> None:
        """Print how an answer came about."""
        for line in detail_lines(answer):
            self.out.print(Text(printable(line)))

    def show_check(self, check: ModelCheck) -> bool:
        """Print what came of one call to a model, and give back whether it works."""
        mark = Text("ok   ", style="green") if check.works else Text("WRONG", style="red")
        self.out.print(mark.append(f" {printable(check.told)}", style="default"))
        return check.works

    def _show_abstention(self, answer: Answer, store: Store) -> None:
        if not store.index_counts()["vectors"]:
            self.out.print("The corpus is empty. `tumen ingest corpus` adds the starter documents.")
            return
        self.out.print(Text("\nThe corpus does not answer this.", style="bold"))
        if answer.nearest:
            self.out.print(Text("The nearest passages, which may not bear on it:", style="dim"))
            self.show_hits(answer.nearest, length=220)
        self._show_notice(answer)

    def show_hits(self, hits: Sequence[Hit], length: int = 600) -> None:
        """Print passages as passages, with where they are from."""
        for number, hit in enumerate(hits, 1):
            passage = hit.passage
            text = " ".join(passage.text.split())
            shown = cut(text, length)
            head = Text(f"\n{number}. ", style="cyan").append(self._origin(hit))
            self.out.print(head)
            self.out.print(Padding(Text(printable(shown), style="dim"), (0, 0, 0, 3)))

    def show_source(self, citation: Citation, store: Store) -> None:
        """Print a cited passage in its surroundings, the quoted words highlighted."""
        text = store.text(citation.document_id, citation.version)
        before = text[max(0, citation.start - SURROUNDINGS) : citation.start]
        after = text[citation.end : citation.end + SURROUNDINGS]
        if citation.start > SURROUNDINGS:
            before = "… " + before.split(" ", 1)[-1]
        if citation.end + SURROUNDINGS < len(text):
            after = after.rsplit(" ", 1)[0] + " …"
        body = Text(printable(before), style="dim")
        body.append(printable(citation.quote), style="bold black on yellow")
        body.append(printable(after), style="dim")
        self.out.print(self._citation_line(citation, all_sources=True))
        self.out.print(Padding(body, (1, 2)))

    def _citation_line(self, citation: Citation, *, all_sources: bool = False) -> Text:
        line = Text(f"[{citation.number}] ", style="bold cyan")
        line.append(printable(", ".join(_who_and_when(citation))), style="default")
        if citation.instructions:
            line.append("\n    worded like instructions to an AI: only quoted", style="yellow")
        if citation.url:
            line.append(f"\n    {printable(citation.url)}", style="blue")
        if all_sources:
            for source in citation.sources:
                line.append(
                    f"\n    rests on {_source(source)}: {printable(source.url)}", style="dim"
                )
        elif citation.sources:
            line.append("\n    rests on ", style="dim")
            for place, source in enumerate(citation.sources):
                line.append("; " if place else "", style="dim")
                line.append(_source(source), style=Style(dim=True, link=_link(source.url)))
        return line

    def _origin(self, hit: Hit) -> str:
        meta = hit.passage.metadata
        title = cut(meta.title, LONGEST_TITLE)
        parts = [meta.publisher or "unknown publisher", meta.published or "undated", title]
        return printable(", ".join([*parts, *hit.passage.heading_path[-1:]]))

    # --- lists

    def show_documents(self, documents: Sequence[DocumentSummary]) -> None:
        """Print a table of documents."""
        if not documents:
            self.out.print("The corpus is empty. `tumen ingest PATH` adds documents.")
            return
        table = Table(box=None)
        for name in ("id", "title", "publisher", "published", "version", "passages"):
            table.add_column(name, no_wrap=True, overflow="ellipsis")
        for summary in documents:
            meta = summary.metadata
            cells = [summary.id, meta.title, meta.publisher or "", meta.published or ""]
            table.add_row(
                *(Text(printable(cell)) for cell in cells),
                Text(str(summary.version)),
                Text(str(summary.passages)),
            )
        # A pipe has no edge: whoever greps wants each document on one whole line.
        self.out.print(table, width=None if self.out.is_terminal else PIPE_WIDTH)
        self.out.print(Text(f"{len(documents)} documents", style="dim"))

    def show_document(self, document: DocumentSummary, corrections: Sequence[Correction]) -> None:
        """Print all details of one document, and what was corrected."""
        table = Table.grid(padding=(0, 2))
        meta = document.metadata
        passages = "1 passage" if document.passages == 1 else f"{document.passages:,} passages"
        details = {
            "id": document.id,
            "title": meta.title,
            "publisher": meta.publisher or "unknown",
            "kind": meta.kind or "unknown",
            "author": meta.author,
            "published": meta.published or "undated",
            "event": meta.event,
            "speaks as of": meta.as_of,
            "language": meta.language,
            "address": meta.url,
            "came from": document.origin,
            "added": document.added_at,
            "version": f"{document.version}, {passages}",
        }
        for name, value in details.items():
            if value:
                table.add_row(Text(name, style="dim"), Text(printable(value)))
        self.out.print(table)
        self.show_corrections(corrections)

    def show_corrections(self, corrections: Sequence[Correction]) -> None:
        """Print what was corrected, a line each."""
        for made in corrections:
            by = f" by {made.corrected_by}" if made.corrected_by else ""
            why = f" ({made.reason})" if made.reason else ""
            self.say(
                f"{made.corrected_at[:10]}{by}: {made.detail.replace('_', ' ')} was "
                f"{made.old or 'not stated'}, is {made.new or 'not stated'}{why}"
            )

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Print what the doctor found."""
        for finding in findings:
            mark = Text("ok   ", style="green") if finding.healthy else Text("WRONG", style="red")
            self.out.print(mark.append(f" {finding.what}", style="default"))
            if finding.remedy:
                self.out.print(Padding(Text(finding.remedy), (0, 0, 0, 6)))

    # --- the chat

    def chat(self, engine: AnswerEngine, store: Store) -> None:
        """Ask and answer until the user leaves."""
        with suppress(ImportError):
            import readline  # noqa: F401 - line editing and history for input()
        count = len(store.documents())
        self.out.print(
            Text("Tumen", style="bold").append(
                f": {count} documents. Ask a question, or :help.", style="default"
            )
        )
        history: tuple[Exchange, ...] = ()
        last: Answer | None = None
        while True:
            try:
                typed = input("\n> ").strip()
            except (EOFError, KeyboardInterrupt):
                self.out.print()
                return
            if typed in (":quit", ":q", ":exit"):
                return
            if typed == ":new":
                history, last = (), None
                self.say("The next question stands for itself.")
            elif typed.partition(" ")[0] == ":model":
                self._choose_model(engine, typed.partition(" ")[2].strip())
            elif typed.startswith(":"):
                self._command(typed, last, store)
            elif typed:
                try:
                    question = Question(checked(typed), history=history)
                except UsageError as error:
                    self.say(str(error))
                    continue
                last = self._answer(engine, question)
                self.show_answer(last, store)
                if last.statements:
                    hint = "\n:source 1 shows a passage, :more further sentences"
                    self.out.print(Text(hint, style="dim"))
                said = " ".join(statement.text for statement in last.statements)
                history = (*history, Exchange(typed, said))[-REMEMBERED:]

    def _answer(self, engine: AnswerEngine, question: Question) -> Answer:
        """Answer with the sentences of a model in sight as they pass their checks."""
        if not self.out.is_terminal:
            return engine.answer(question)
        heard: list[str] = []
        with self.out.status("Reading the sources …") as status:

            def tell(sentence: str) -> None:
                heard.append(printable(sentence))
                status.update(Text("Writing: " + " ".join(heard)))

            return engine.answer(question, tell)

    def _choose_model(self, engine: AnswerEngine, name: str) -> None:
        models = engine.models
        if models is None or not models.names:
            self.say("No chat model is configured: answers are quotes. Set LLM, see the README.")
            return
        if name:
            try:
                models.choose(BASE_SCOPE, name, "operator")
            except KeyError:
                known = ", ".join((*models.names, NO_MODEL))
                self.say(f"There is no model {name} here. There are: {known}.")
                return
        now = models.name_for(BASE_SCOPE)
        self.say("Answers are quotes." if now == NO_MODEL else f"{now} answers.")

    def _command(self, typed: str, last: Answer | None, store: Store) -> None:
        name, _, argument = typed.partition(" ")
        if name == ":help":
            self.out.print(HELP, markup=False)
        elif name == ":documents":
            self.show_documents(store.documents())
        elif name in (":source", ":more", ":why") and last is None:
            self.say("There is no answer yet. Ask a question first.")
        elif name == ":why" and last:
            self.show_details(last)
        elif name == ":more" and last:
            if not last.more:
                self.say("The corpus has nothing more on this.")
            for citation in last.more:
                self.out.print(Padding(Text(f"“{printable(citation.quote)}”"), (1, 0, 0, 0)))
                self.out.print(self._citation_line(citation))
        elif name == ":source" and last:
            citations = {str(c.number): c for c in (*last.citations, *last.more)}
            if argument.strip() in citations:
                self.show_source(citations[argument.strip()], store)
            else:
                have = f"1 to {len(citations)}" if citations else "none"
                self.say(f"Which one? The last answer has citations {have}: try `:source 1`.")
        else:
            self.say(f"There is no command {name}. :help lists them.")


def _who_and_when(citation: Citation) -> list[str]:
    who = citation.publisher or "unknown publisher"
    said = [f"{who} ({citation.kind})" if citation.kind else who]
    if citation.author:
        said.append(cut(citation.author, LONGEST_AUTHOR))
    said.append(citation.published or "undated")
    if citation.event and citation.event != citation.published:
        said.append(f"on {citation.event}")
    said.append(cut(citation.title, LONGEST_TITLE))
    if citation.page:
        said.append(f"page {citation.page}")
    return said


def _source(source: Source) -> str:
    return printable(f"{source.publisher} ({source.kind}), {source.published or 'undated'}")


def _link(url: str) -> str | None:
    """The address for a terminal's clickable link, if it is a plain web address."""
    return url if re.fullmatch(r"https?://[!-~]+", url) else None
