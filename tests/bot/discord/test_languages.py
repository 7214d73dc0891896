"""The bot's own texts in other languages: that none is missing, and who is spoken to in which."""

from __future__ import annotations

import ast
import asyncio
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
import simcord.interactions

import ingest
from bot.answering.details import detail_lines
from bot.answering.factcheck import ClaimVerdict
from bot.answering.generative.faults import Fault, notice
from bot.answering.generative.models import Models
from bot.answering.model import (
    Answer,
    Details,
    ModelRun,
    PassageScore,
    Question,
    SentenceCheck,
)
from bot.discord.commands.model import ModelChoice
from bot.discord.language import (
    COMMAND,
    ENGLISH,
    LANGUAGES,
    chart_date,
    decimal,
    read_catalogue,
    retell,
    say,
    say_counted,
    speak,
    written_date,
)
from bot.discord.rendering.settings import entry_line
from store.model import KINDS
from store.model_use import open_model_use
from store.servers import Action, Entry
from tests.bot.discord.catalogues import asked, unasked
from tests.bot.discord.conftest import Scene, Shelf
from tests.bot.discord.reading import labels, texts, tree, walk

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
IDENTIFIERS = {*get_args(Action), *get_args(ClaimVerdict)}
DROPPED = {"n", "article"}
"""Placeholders that a translation may leave out: one as a word, a and an."""
SENTENCE = re.compile(r"^(A|The|That|There|It|Its|No|Tumen|\{7\}|“).{18,}\.$", re.DOTALL)


@pytest.fixture(autouse=True)
def _back_to_english() -> Iterator[None]:
    yield
    speak(ENGLISH)


# The catalogues


def wordings(identifier: object) -> tuple[str, ...]:
    return tuple(identifier) if isinstance(identifier, tuple | list) else (str(identifier),)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_that_is_asked_for_is_there_and_no_other(language):
    catalogue = read_catalogue(language)
    there = {(m.context, *wordings(m.id)) for m in catalogue if m.id}
    assert asked() - there == set()
    assert {key for key in there if key[0] is None} - asked() == set()
    unfinished = [m.id for m in catalogue if not all(wordings(m.string)) or m.fuzzy]
    assert unfinished == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_placeholders_of_the_english(language):
    catalogue = read_catalogue(language)
    for message in catalogue:
        if not message.id:
            continue
        forms = wordings(message.string)
        if message.pluralizable:
            assert len(forms) == catalogue.num_plurals
        wanted = placeholders(wordings(message.id)[-1])
        for form in forms:
            assert placeholders(form) | DROPPED == wanted | DROPPED, message.id
            assert form.count("**") == wordings(message.id)[-1].count("**"), message.id
            assert form.count("`") == wordings(message.id)[-1].count("`"), message.id


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_text_goes_past_the_catalogues():
    passed = [one for one in unasked() if one.rpartition(": ")[2] not in IDENTIFIERS]
    assert passed == []


async def test_every_text_of_every_command_is_translated(scene: Scene, shelf: Shelf):
    with open_model_use(shelf.folder) as use:
        await scene.bot.add_cog(ModelChoice(scene.bot, Models([], use, 0)))
    shown = {
        text
        for command in scene.bot.tree.get_commands()
        for text in shown_of(command.to_dict(scene.bot.tree))
    }
    for language in OTHERS:
        there = {m.id for m in read_catalogue(language) if m.context == COMMAND}
        assert there == shown


def shown_of(payload: dict) -> set[str]:
    """The texts that people see."""
    found = {payload["name"], payload.get("description") or payload["name"]}
    for option in payload.get("options", ()):
        found |= shown_of(option)
        found |= {choice["name"] for choice in option.get("choices", ())}
    return found


# What other rooms say


def sentences_of_ingest() -> set[str]:
    """Every sentence in the code of the room, with 7 for what is filled in."""
    found = set()
    for path in Path(ingest.__file__).parent.rglob("*.py"):
        parsed = ast.parse(path.read_text("utf-8"))
        inner = {
            id(part)
            for node in ast.walk(parsed)
            for part in (
                node.values
                if isinstance(node, ast.JoinedStr)
                else [node.value]
                if isinstance(node, ast.Expr)
                else []
            )
        }
        for node in ast.walk(parsed):
            if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in inner:
                text = filled(node)
                if SENTENCE.match(text):
                    found.add(text)
    return found


def filled(node: ast.Constant | ast.JoinedStr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(one.value) if isinstance(one, ast.Constant) else "7" for one in parts)


@pytest.mark.parametrize("language", OTHERS)
def test_what_other_rooms_say_is_retold(language):
    sentences = sentences_of_ingest() - {"It is no regular file.", "It can't be read (7)."}
    sentences = {one for one in sentences if not one.startswith("A worker has another")}  # terminal
    assert len(sentences) > 70
    told = sentences | {notice(fault) for fault in Fault} | set(KINDS)
    speak(language)
    assert [one for one in sorted(told) if retell(one) == one] == []


def test_what_is_filled_in_is_retold_too():
    speak("ru")
    told = retell(
        "It is an Excel workbook; Tumen reads PDF, DOCX, ODT, RTF, PPTX, EPUB, HTML, Markdown, "
        "CSV, TSV and plain text. Save each sheet as CSV, and add that."
    )
    assert told.startswith("Это книга Excel; Tumen читает PDF")
    assert told.endswith("Сохраните каждый лист как CSV и добавьте.")
    assert retell("A title that nobody translated") == "A title that nobody translated"


RUN = ModelRun(
    "some model",
    prompts=("answer@1",),
    calls=2,
    tokens_in=2400,
    tokens_out=80,
    cost=0.01,
    sentences=(
        SentenceCheck("One.", ("S1",), "kept", covered=0.5),
        SentenceCheck("Two.", ("S1", "S2"), "kept", ("its date is not there",)),
        SentenceCheck("Three.", ("S3",), "mended", ("its date is not there",)),
        SentenceCheck("Four.", (), "dropped", ("it cites nothing",)),
        SentenceCheck("Five.", ("S4",), "dropped"),
    ),
)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    "run",
    [
        None,
        RUN,
        replace(RUN, cost=None),
        ModelRun("some model"),
        ModelRun("some model", fault="took too long"),
    ],
)
def test_how_an_answer_came_about_is_retold(language, run):
    passage = PassageScore("p", "A title", 7.1, 0.4, ("a name",))
    found = (passage, replace(passage, reasons=()))
    details = Details(("Where?", "Whence?"), found, run)
    answer = Answer(
        Question("Where?"), "Where?", "abstained", "extractive", (), (), (), 0.1, details=details
    )
    lines = [*detail_lines(answer), *detail_lines(replace(answer, details=None))]
    assert len(lines) > 7
    speak(language)
    assert [line for line in lines if retell(line) == line] == []


@pytest.mark.parametrize("language", OTHERS)
async def test_the_doctor_names_the_indexes_in_the_language(scene, monkeypatch, language):
    locale_of(monkeypatch, "zh-CN" if language == "zh" else language)
    shown = texts((await scene.manager().slash(scene.channel, "doctor")).response)
    assert "vectors" not in shown
    assert "lexical" not in shown


# Numbers and dates


def test_numbers_and_dates_are_written_as_the_language_has_them():
    day = date(2024, 12, 4)
    assert (written_date(day), written_date(day, 2), decimal(1234)) == (
        "4 Dec 2024",
        "Dec 2024",
        "1,234",
    )
    speak("ru")
    assert (written_date(day), decimal(1234.5, 1)) == ("4 дек. 2024", "1\xa0234,5")
    speak("ko")
    assert (written_date(day), written_date(day, 1)) == ("2024년 12월 4일", "2024년")
    assert chart_date(day).isascii()  # the chart's font has no Hangul
    speak("zh")
    assert written_date(day, 2) == "2024年12月"


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_on_the_chart_are_short_enough_not_to_touch(language):
    speak(language)
    days = [date(2024, month, 28) for month in range(1, 13)]
    assert max(len(line) for day in days for line in chart_date(day).split("\n")) <= 6


def test_a_russian_verb_has_a_colon_only_before_a_title():
    speak("ru")
    entry = Entry("1", 5, "added", "d", "Письмо", detail="1 passage")
    assert "добавлено: **Письмо** (1 отрывок)" in entry_line(entry)
    assert "добавлено (1 отрывок)" in entry_line(entry, with_title=False)


@pytest.mark.parametrize(
    ("number", "told"),
    [(1, "1 документ"), (3, "3 документа"), (11, "11 документов"), (22, "22 документа")],
)
def test_russian_counts_as_russian_does(number, told):
    speak("ru")
    assert say_counted("{n} document", "{n} documents", number) == told


# Who is spoken to in which


def locale_of(monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    """Members' Discord is in a language from here on; simcord has but English."""
    before = simcord.interactions.base_payload

    def payload(*args, **options):
        record, made = before(*args, **options)
        return record, made | {"locale": locale}

    monkeypatch.setattr(simcord.interactions, "base_payload", payload)


async def test_each_member_is_answered_in_the_language_of_their_discord(scene, monkeypatch):
    locale_of(monkeypatch, "ko")
    shown = await scene.ann.slash(scene.channel, "help")
    assert "북한, 러시아, 중국에 대해 물어보세요" in texts(shown.response)
    locale_of(monkeypatch, "de")
    shown = await scene.ann.slash(scene.channel, "help")
    assert "Ask me about North Korea" in texts(shown.response)


async def test_admins_choose_one_language_for_all(scene, shelf, monkeypatch):
    manager = scene.manager()
    setup = (await manager.slash(scene.channel, "setup")).response
    await manager.select(setup, ["ru"], custom_id="tumen:set:language")
    assert "### Настройки: Watchers" in texts(setup)
    chosen = next(c for c in walk(tree(setup)) if c.get("custom_id") == "tumen:set:language")
    assert [o["value"] for o in chosen["options"] if o.get("default")] == ["ru"]
    locale_of(monkeypatch, "ko")
    answer = (
        await scene.ann.slash(scene.channel, "ask", question="What does Article 4 say?")
    ).response
    assert "Ответ завершён" in texts(answer) or "нет ответа" in texts(answer)
    assert "Полезно" in labels(answer)
    refused = await scene.ben.slash(scene.channel, "add", link="https://example.org/a")
    scene.env.errors  # noqa: B018 - declined
    assert "«Управлять сервером»" in texts(refused.response)
    audit = await manager.slash(scene.channel, "audit")
    assert "⚙️ настройка: язык: Русский" in texts(audit.response)
    # It holds after a restart, and can be given back to each member.
    await scene.restart(shelf)
    shown = await scene.ann.slash(scene.channel, "help")
    assert "Спросите меня" in texts(shown.response)
    setup = (await manager.slash(scene.channel, "setup")).response
    await manager.select(setup, ["each"], custom_id="tumen:set:language")
    shown = await scene.ann.slash(scene.channel, "help")
    assert "물어보세요" in texts(shown.response)


async def test_a_message_is_answered_in_its_own_language_and_else_in_the_servers(open_scene, shelf):
    scene = await open_scene(shelf)
    me = scene.bot.me.mention
    await scene.ann.send(scene.channel, f"{me} Сколько стоит рис в Вонсане?")
    assert "Полезно" in labels(scene.channel.last_message)
    guild = scene.env.create_guild(name="서울", preferred_locale="ko")
    channel = guild.create_text_channel("general")
    kim = guild.add_member(scene.env.create_user("kim"))
    await kim.send(channel, f"{me} Rason 2025?")
    assert "도움이 됨" in labels(channel.last_message)
    await kim.send(channel, f"{me} What does the treaty say?")
    assert "Helpful" in labels(channel.last_message)


async def test_a_refusal_of_another_room_is_told_in_the_members_language(scene, monkeypatch):
    locale_of(monkeypatch, "zh-CN")
    manager = scene.manager()
    refused = await manager.slash(scene.channel, "add", file=("a.txt", b""))
    assert "内容为空" in texts(refused.response)


async def test_what_runs_at_the_same_time_is_told_to_each_in_their_own():
    async def hear(language: str) -> str:
        speak(language)
        await asyncio.sleep(0)
        return say("Undo")

    assert await asyncio.gather(*map(hear, ("en", "ko", "ru", "zh"))) == [
        "Undo",
        "되돌리기",
        "Отменить",
        "撤销",
    ]
