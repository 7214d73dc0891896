"""The command line: `tumen`. Heavy imports wait until a command needs them."""

from __future__ import annotations

import json
import logging
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from bot.answering.engine import AnswerEngine
    from bot.settings import Settings
    from bot.terminal import Terminal
    from store.store import Store

app = typer.Typer(
    help="Answers on the North Korea-Russia-China situation: every sentence a quote, cited.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], help="Only documents that speak up to this day count."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print data instead of text.")]
Batch = Annotated[
    Path | None,
    typer.Option(
        "--batch",
        metavar="FILE.jsonl",
        help='A question a line: {"id", "question", "history"?, "as_of"?}; prints a line each.',
    ),
]

Correctable = Annotated[str | None, typer.Option(help="What it should say.")]
CorrectableDate = Annotated[
    str | None, typer.Option(help="A day, a month or a year: 2024-12-04, 2024-12 or 2024.")
]


@app.callback(invoke_without_command=True)
def tumen(context: typer.Context) -> None:
    """Without a command, opens the chat in the terminal."""
    if context.invoked_subcommand is None:
        chat()


@app.command(epilog="Example: tumen start")
def start() -> None:
    """Take in the starter corpus, then open the chat, or go live on Discord with its token set."""
    from bot.settings import STARTER_CORPUS
    from bot.taking_in import take_in
    from bot.terminal import Terminal

    settings = _settings()
    terminal = Terminal()
    with _engine(settings, "tumen start", terminal) as (engine, store):
        take_in(terminal, store, [STARTER_CORPUS], quiet_if_unchanged=True)
        if settings.discord_token:
            _go_live(settings, engine, store)
        else:
            terminal.chat(engine, store)


@app.command(epilog="Example: tumen bot")
def bot() -> None:
    """Go live on Discord with the corpus as it is. Needs DISCORD_TOKEN."""
    from bot.terminal import Terminal

    settings = _settings()
    terminal = Terminal()
    with _engine(settings, "tumen bot", terminal) as (engine, store):
        _go_live(settings, engine, store)


@app.command(epilog="Example: tumen chat")
def chat() -> None:
    """Ask questions in the terminal."""
    from bot.terminal import Terminal

    terminal = Terminal()
    with _engine(_settings(), "tumen chat", terminal) as (engine, store):
        terminal.chat(engine, store)


@app.command(epilog='Example: tumen ask "How many North Korean troops are in Russia?"')
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    as_of: AsOf = None,
    as_json: Json = False,
    batch: Batch = None,
) -> None:
    """Answer a question, or a file of questions, and exit."""
    from bot.answering.serialise import answer_data
    from bot.batch import read_questions
    from bot.terminal import Terminal

    terminal = Terminal()
    asked = read_questions(question, batch, as_of.date() if as_of else None)
    with _engine(_settings(), "tumen ask", terminal) as (engine, store):
        for item in terminal.track(asked, "Answering", shown=batch is not None):
            answer = engine.answer(item.question)
            if as_json or batch:
                _print_json(answer_data(answer, item.id))
            else:
                terminal.show_answer(answer, store)


@app.command(epilog='Example: tumen search "Article 4 of the treaty" -k 5')
def search(
    question: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    limit: Annotated[int, typer.Option("-k", min=1, max=80, help="How many passages.")] = 10,
    as_of: AsOf = None,
    as_json: Json = False,
    batch: Batch = None,
) -> None:
    """Show the passages that a question finds, without answering it."""
    from bot.answering.serialise import hit_data
    from bot.app import opened_store
    from bot.batch import read_questions
    from bot.terminal import Terminal

    terminal = Terminal()
    asked = read_questions(question, batch, as_of.date() if as_of else None)
    with opened_store(_settings(), "tumen search", terminal.store_progress) as store:
        for item in terminal.track(asked, "Searching", shown=batch is not None):
            text, day = item.question.text, item.question.as_of
            result = store.search(text, limit=limit, as_of=day)
            if as_json or batch:
                passages = [hit_data(hit) for hit in result.hits]
                timings = {name: round(value, 2) for name, value in result.timings_ms.items()}
                _print_json(
                    {"id": item.id, "question": text, "passages": passages, "timings_ms": timings}
                )
            else:
                terminal.show_hits(result.hits)


@app.command(
    epilog="Example: tumen ingest report.pdf folder/with/articles https://example.org/news"
)
def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|URL...", help="Files, folders to search for files, and links to pages."
        ),
    ],
    over_ray: Annotated[
        bool, typer.Option("--ray", help="Read files with a Ray cluster (see RAY_ADDRESS).")
    ] = False,
) -> None:
    """Add documents: PDF, DOCX, ODT, RTF, PPTX, EPUB, HTML, Markdown, CSV, TSV or text.

    Files, folders of them, and the pages and files behind links. Known ones are left alone.
    Ctrl-C finishes what is in hand, twice stops at once; the same command goes on from there.
    """
    from functools import partial

    from bot.app import opened_store, reader_over_ray
    from bot.taking_in import take_in
    from bot.terminal import Terminal
    from ingest.fetching import fetch, is_link

    settings = _settings()
    terminal = Terminal()
    found = [source if is_link(source) else Path(source) for source in sources]
    with opened_store(settings, "tumen ingest", terminal.store_progress) as store:
        report = take_in(
            terminal,
            store,
            found,
            partial(fetch, proxy=settings.proxy_address),
            read=reader_over_ray(settings, store) if over_ray else None,
        )
    if report.count("refused"):
        raise typer.Exit(1)


@app.command(epilog="Example: tumen documents 3f2a9c1b7d04")
def documents(
    document_id: Annotated[
        str | None, typer.Argument(help="Show this one with its details and corrections.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the documents of the corpus with their ids, or show one."""
    from dataclasses import asdict

    from bot.terminal import Terminal
    from store.model import BASE_SCOPE
    from store.store import open_record

    with open_record(_settings().tumen_home) as record:
        if document_id is not None:
            found = record.catalogue.document(document_id, [BASE_SCOPE])
            corrections = record.corrections.of(document_id)
            if as_json:
                _print_json({**asdict(found), "corrections": [asdict(c) for c in corrections]})
            else:
                Terminal().show_document(found, corrections)
            return
        listed = record.catalogue.documents([BASE_SCOPE])
    if as_json:
        _print_json([asdict(summary) for summary in listed])
    else:
        Terminal().show_documents(listed)


@app.command(epilog="Example: tumen correct 3f2a9c1b7d04 --publisher TASS --published 2024-12-04")
def correct(
    document_id: Annotated[str, typer.Argument(help="The id that `tumen documents` shows.")],
    title: Correctable = None,
    publisher: Correctable = None,
    author: Correctable = None,
    published: CorrectableDate = None,
    event: CorrectableDate = None,
    as_of: CorrectableDate = None,
    language: Correctable = None,
    kind: Annotated[
        str | None,
        typer.Option(help="state media, government, agency, outlet, think tank or unknown."),
    ] = None,
    url: Correctable = None,
    why: Annotated[str | None, typer.Option("--why", help="The reason, for the record.")] = None,
) -> None:
    """Correct details of a document; "" clears one. What was there before stays on record."""
    from bot.app import opened_store
    from bot.errors import UsageError
    from bot.terminal import Terminal
    from ingest.details import Detail, read_details

    options: dict[Detail, str | None] = {
        "title": title,
        "publisher": publisher,
        "author": author,
        "published": published,
        "event": event,
        "as_of": as_of,
        "language": language,
        "kind": kind,
        "url": url,
    }
    typed = {detail: value for detail, value in options.items() if value is not None}
    if not typed:
        raise UsageError("Nothing to correct. Name a detail, such as --published 2024-12-04.")
    details = read_details(typed)
    terminal = Terminal()
    with opened_store(_settings(), "tumen correct", terminal.store_progress) as store:
        made = store.correct(document_id, details, reason=why)
    terminal.show_corrections(made)
    if not made:
        terminal.say("It says so already: nothing was changed.")


@app.command(epilog="Example: tumen remove 3f2a9c1b7d04")
def remove(
    document_id: Annotated[str, typer.Argument(help="The id that `tumen documents` shows.")],
) -> None:
    """Take a document out of every search."""
    from bot.app import opened_store
    from bot.terminal import Terminal

    terminal = Terminal()
    with opened_store(_settings(), "tumen remove", terminal.store_progress) as store:
        store.remove(document_id)
    terminal.say(
        f"Removed {document_id}: no search finds it any more. Its text stays in the record for "
        "answers that cite it; ingest the file by its name to bring it back."
    )


@app.command(epilog="Example: tumen rebuild")
def rebuild() -> None:
    """Make the search indexes anew from the record. Embeds nothing that it has."""
    from bot.app import opened_store
    from bot.terminal import Terminal

    terminal = Terminal()
    with opened_store(_settings(), "tumen rebuild", terminal.store_progress) as store:
        count = store.rebuild(terminal.store_progress)
    terminal.say(f"Both indexes hold {count:,} passages again.")


@app.command(name="eval", epilog="Example: tumen eval --corpus corpus --html report.html")
def evaluate(
    questions: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE.jsonl]...", help="Question sets; without one, Tumen's own."),
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(help="Ask over this folder's documents alone instead of your corpus."),
    ] = None,
    half: Annotated[
        Literal["open", "kept", "all"],
        typer.Option(help="The half to look at while working, the one for claims, or both."),
    ] = "open",
    failures: Annotated[bool, typer.Option("--failures", help="List what went wrong.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a report with each question.")] = None,
) -> None:
    """Ask question sets with known answers and print how well they were answered."""
    from bot.evaluation.command import run_evaluation
    from bot.settings import QUESTION_SET
    from bot.terminal import Terminal

    run_evaluation(
        _settings(),
        Terminal(),
        questions or [QUESTION_SET],
        corpus=corpus,
        half=half,
        failures=failures,
        html=html,
    )


@app.command(epilog="Example: tumen models")
def models() -> None:
    """List the chat models that LLM names, and test each with one short call."""
    from bot.app import models_of
    from bot.terminal import Terminal
    from store.model_use import open_model_use
    from store.store import open_record

    settings, terminal = _settings(), Terminal()
    if not settings.llm_names:
        terminal.say(
            "No chat model is configured: answers are quotes. Set LLM=provider:name, for example "
            "LLM=ollama:qwen3, in the environment or in .env."
        )
        return
    with open_record(settings.tumen_home), open_model_use(settings.tumen_home) as use:
        works = [terminal.show_check(check) for check in models_of(settings, use).try_out()]
    if not all(works):
        raise typer.Exit(1)


@app.command(epilog="Example: tumen doctor")
def doctor() -> None:
    """Check the installation, the model and the store, and say how to mend what is wrong."""
    from bot.doctor import examine
    from bot.terminal import Terminal

    findings = examine(_settings())
    Terminal().show_findings(findings)
    if not all(finding.healthy for finding in findings):
        raise typer.Exit(1)


def _settings() -> Settings:
    from pydantic import ValidationError

    from bot.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        problem = error.errors()[0]
        name = "_".join(str(part) for part in problem["loc"]).upper()
        raise typer.BadParameter(f"The setting {name} is wrong: {problem['msg']}.") from error


def _engine(
    settings: Settings, purpose: str, terminal: Terminal
) -> AbstractContextManager[tuple[AnswerEngine, Store]]:
    from bot.app import opened_engine

    return opened_engine(settings, purpose, terminal.store_progress)


def _go_live(settings: Settings, engine: AnswerEngine, store: Store) -> None:
    from bot.discord.run import go_live
    from bot.errors import UsageError

    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    if not token:
        raise UsageError("There is no DISCORD_TOKEN. Put the bot's token into .env.")
    go_live(token, engine, store)


def _print_json(data: object) -> None:
    def plain(value: object) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    print(json.dumps(data, ensure_ascii=False, default=plain), flush=True)


def main() -> None:
    """Run the command line; every expected failure is one sentence and a non-zero exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    from bot.errors import exit_code_and_message

    try:
        app(standalone_mode=True)
    except Exception as error:  # the last line of defence: no traceback reaches a user
        code, message = exit_code_and_message(error)
        print(f"tumen: {message}", file=sys.stderr)
        sys.exit(code)


if __name__ == "__main__":
    main()
