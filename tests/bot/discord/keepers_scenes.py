"""The scenes of those who keep a library, played in simcord's Discord by a real bot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import sqlalchemy as sa
from simcord.env import Env

from bot.answering.engine import AnswerEngine
from bot.discord.client import TumenBot
from bot.discord.language import LANGUAGES, say, speak
from bot.discord.library import Library
from bot.discord.rendering.notices import welcome_page
from ingest.fetching import Fetched
from store import schema
from tests.bot.discord.files import BRIDGE, HOSTILE, PICTURE, letter
from tests.bot.discord.preview import Shown
from tests.bot.discord.reading import tree

Scene = tuple[str, list[Shown]]
CANNERY = (
    b"Sea cucumbers from Wonsan\n\nThe cannery of Wonsan shipped 512 crates of sea cucumbers to "
    b"Vladivostok in May 2025, said its director.\n"
)
CANNERY_QUESTION = "How many crates of sea cucumbers did the cannery of Wonsan ship?"


async def keepers_scenes(library: Library, language: str) -> list[Scene]:
    """Each scene's name and messages; what is said in it stays in the library."""
    speak(language)
    env = Env(_bot(library, message_content=True), settle_timeout=60.0)
    await env.start()
    try:
        return await _play(env, language)
    finally:
        await env.shutdown()


def _bot(library: Library, *, message_content: bool) -> TumenBot:
    async def fetch(url: str) -> Fetched:
        return Fetched(url, BRIDGE, "bridge.md", "text/markdown", None, datetime.now(UTC))

    return TumenBot(
        AnswerEngine(library.store),
        library,
        shard_count=1,
        message_content=message_content,
        fetch_link=fetch,
    )


async def _play(env: Env, language: str) -> list[Scene]:
    guild = env.create_guild(name="Border watchers")
    env.bot.speaking.choose(guild.id, language)
    channel = guild.create_text_channel("questions")
    role = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    librarians = guild.create_role("Librarians")
    olga = guild.add_member(env.create_user("olga"), roles=[role])
    ann = guild.add_member(env.create_user("ann"))
    chosen = f"language: {LANGUAGES[language]}"
    env.bot.library.servers.change(guild.id, olga.id, chosen, language=language)
    scenes: list[Scene] = []

    def take(name: str, *messages: Any, said: list[Shown] | None = None) -> None:
        shown = [Shown(tree(one), only_you=one.flags.ephemeral) for one in messages]
        scenes.append((name, [*(said or []), *shown]))

    def form(opened: Any) -> Shown:
        box = {"type": 17, "accent_color": 0x5865F2, "components": []}
        title = {"type": 10, "content": f"### {opened.modal['title']}"}
        box["components"] = [title, *opened.modal["components"]]
        return Shown([box], who="Form", only_you=True)

    take_page = welcome_page(env.bot.me.mention)
    scenes.append(("welcome", [Shown(take_page.tree())]))

    added = await olga.slash(channel, "add", file=("coal.txt", letter(12)))
    take("add-file-preview", added.response)
    details = await olga.click(added.response, label=say("Edit details"))
    scenes.append(("add-edit-details", [form(details)]))
    typed = {"title": "Coal in Rajin", "publisher": "KCNA", "published": "2025-03"}
    await olga.submit_modal(details, typed | {"kind": ["state media"]})
    await olga.click(added.response, label=say("Confirm"))
    take("add-file-added", added.response)
    await olga.click(added.response, label=say("Undo"))
    take("undo", added.response)

    linked = await olga.slash(channel, "add", link="https://news.example/bridge")
    take("add-link-preview", linked.response)

    opened = await olga.slash(channel, "add")
    sent = await olga.submit_modal(
        opened, {"files": [("map.png", PICTURE), ("letter.txt", letter(7))]}
    )
    take("add-form", sent.response, *sent.followups, said=[form(opened)])

    said = await ann.send(channel, "Look at this", attachments=[("ferry.txt", HOSTILE)])
    menu = await olga.context_menu(channel, "Add to corpus", said)
    look = Shown(text="Look at this\n📎 ferry.txt", who="ann")
    take("add-from-message-with-warnings", menu.response, said=[look])

    miss = await ann.slash(channel, "ask", question=CANNERY_QUESTION)
    details = await olga.click(miss.response, label=say("Details"))
    asked = await olga.click(details.response, label=say("Add a source"))
    brought = await olga.submit_modal(asked, {"files": [("cannery.txt", CANNERY)]})
    take("miss-with-add-a-source", miss.response, details.response)
    await olga.click(brought.response, label=say("Confirm"))
    await env.settle()
    take("miss-answered-again", channel.last_message)

    again = await olga.slash(channel, "add", file=("copy.txt", CANNERY))
    take("add-duplicate", again.response)
    refused = await ann.slash(channel, "add", file=("copy.md", BRIDGE))
    take("add-not-allowed", refused.response)
    listed = await olga.slash(channel, "documents")
    take("documents", listed.response)
    found = await olga.slash(channel, "documents", search="troops")
    take("documents-search", found.response)
    store = env.bot.library.store
    own = next(d for d in store.documents(str(guild.id)) if d.scope == str(guild.id))
    page = await olga.slash(channel, "document", id=own.id)
    take("document-kept", page.response)
    removed = await olga.slash(channel, "remove", id=own.id)
    take("remove", removed.response)

    setup = (await olga.slash(channel, "setup")).response
    await olga.select(setup, [channel], custom_id="tumen:set:answer")
    await olga.select(setup, [librarians], custom_id="tumen:set:roles")
    take("setup", setup)
    quotas = await olga.click(setup, label=say("Change quotas…"))
    scenes.append(("setup-quotas", [form(quotas)]))
    healthy = await olga.slash(channel, "doctor")
    take("doctor-healthy", healthy.response)
    for question in ("What is the price of rice in Wonsan?", "Who commands the 11th corps?") * 2:
        await ann.slash(channel, "ask", question=question)
    for question in ("When did the treaty come into force?", "What does Article 4 say?"):
        answer = await ann.slash(channel, "ask", question=question)
        await ann.click(answer.response, label=say("Helpful"))
    _spread_over_the_week(env.bot.library)
    stats = (await olga.slash(channel, "stats")).response
    chart = {one.filename: await one.read() for one in stats.attachments}
    components = tree(stats)
    _name_pictures(components)
    scenes.append(("stats", [Shown(components, only_you=True, files=chart)]))
    audit = await olga.slash(channel, "audit")
    take("audit", audit.response)

    # Three real faults: the intent is off, a channel is closed, Discord knows older commands.
    may_not = discord.PermissionOverwrite(send_messages=False)
    guild.create_text_channel("archive", overwrites={guild.default_role: may_not})
    library = env.bot.library
    library.servers.set_auto_answer(channel.id, guild.id, olga.id, on=True)
    await env.restart_bot(_bot(library, message_content=False))
    library.answers.set_synced_commands(env.bot.application_id, "older ones")
    take("doctor-three-faults", (await olga.slash(channel, "doctor")).response)
    return scenes


def _spread_over_the_week(library: Library) -> None:
    """Let some questions have been asked on the days before."""
    answers = schema.answers.c
    with library.answers._engine.begin() as connection:
        rows = connection.execute(sa.select(answers.id).order_by(answers.id)).scalars().all()
        for number, identifier in enumerate(rows):
            at = datetime.now(UTC) - timedelta(days=number % 6)
            connection.execute(
                sa.update(schema.answers)
                .where(answers.id == identifier)
                .values(created_at=at.isoformat(timespec="seconds"))
            )


def _name_pictures(components: list[dict[str, Any]]) -> None:
    """Pictures by their names again, which Discord has made into addresses."""
    for part in components:
        _name_pictures(part.get("components") or [])
        for item in part.get("items") or ():
            item["media"]["url"] = "attachment://questions.png"
