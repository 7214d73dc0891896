"""`/setup`, `/audit` and `/doctor`; where the bot answers; the first contact."""

from __future__ import annotations

import discord
import pytest
from simcord.backend.errors import SetupError

from bot.discord.keeping.greeting import Greeting
from store import schema
from store.servers import Entry, ServerSettings
from tests.bot.discord.conftest import Scene
from tests.bot.discord.reading import buttons, labels, texts, tree, walk

TREATY = "What does Article 4 of the treaty say?"


def settings(scene: Scene) -> ServerSettings:
    return scene.bot.library.servers.settings(scene.guild.id)


def last_entry(scene: Scene) -> Entry:
    return scene.bot.library.servers.entries(str(scene.guild.id))[0]


async def test_setup_shows_all_settings_in_one_message(scene):
    manager = scene.manager()
    shown = await manager.slash(scene.channel, "setup")
    assert shown.ephemeral
    said = texts(shown.response)
    for what in ("Where I answer", "every question", "Who may add", "a day", "My language"):
        assert what in said
    selects = [part["type"] for part in walk(tree(shown.response)) if part["type"] in (3, 5, 6, 8)]
    assert selects == [8, 8, 6, 3]


@pytest.mark.parametrize("command", ["setup", "audit", "doctor", "stats"])
async def test_only_who_manages_the_server_is_offered_the_keepers_commands(scene, command):
    with pytest.raises(SetupError):
        await scene.ann.slash(scene.channel, command)
    registered = scene.env.backend.find_command(command, scene.guild.id, type=1)
    registered["default_member_permissions"] = None  # were Discord to let it through
    refused = await scene.ann.slash(scene.channel, command)
    assert "Manage Server" in texts(refused.response)
    scene.env.errors  # noqa: B018 - seen


async def test_each_setting_is_kept_shown_and_logged(scene):
    manager = scene.manager()
    role = scene.guild.create_role("Librarians")
    shown = (await manager.slash(scene.channel, "setup")).response
    await manager.select(shown, [scene.channel], custom_id="tumen:set:answer")
    assert settings(scene).answer_channels == (scene.channel.id,)
    await manager.select(shown, [role], custom_id="tumen:set:roles")
    assert settings(scene).add_roles == (role.id,)
    assert f"<@&{role.id}>" in last_entry(scene).detail
    await manager.select(shown, [scene.channel], custom_id="tumen:set:auto")
    assert scene.bot.auto_answered == {scene.channel.id}
    await manager.select(shown, [], custom_id="tumen:set:auto")
    assert scene.bot.auto_answered == set()
    opened = await manager.click(shown, label="Change quotas…")
    await manager.submit_modal(opened, {"documents": "7", "megabytes": "12"})
    assert (settings(scene).documents_a_day, settings(scene).megabytes_a_day) == (7, 12)
    assert settings(scene).add_roles == (role.id,)  # each change leaves the others
    log = await manager.slash(scene.channel, "audit")
    said = texts(log.response)
    assert "quotas: 7 documents and 12 MB a day" in said
    assert f"<@{manager.id}>" in said


async def test_the_settings_message_shows_what_is_set_also_after_a_restart(scene, shelf):
    manager = scene.manager()
    shown = (await manager.slash(scene.channel, "setup")).response
    await scene.restart(shelf)
    changed = await manager.select(shown, [scene.channel], custom_id="tumen:set:answer")
    chosen = next(part for part in walk(tree(changed.response or shown)) if part["type"] == 8)
    assert [int(one["id"]) for one in chosen["default_values"]] == [scene.channel.id]


@pytest.mark.parametrize("typed", ["many", "-1", "1.5", "99999", ""])
async def test_a_quota_that_is_none_changes_nothing(scene, typed):
    manager = scene.manager()
    shown = (await manager.slash(scene.channel, "setup")).response
    opened = await manager.click(shown, label="Change quotas…")
    if not typed:
        with pytest.raises(SetupError):
            await manager.submit_modal(opened, {"documents": typed, "megabytes": "1"})
        return
    refused = await manager.submit_modal(opened, {"documents": typed, "megabytes": "1"})
    assert "whole numbers from 0" in texts(refused.response)
    assert settings(scene) == ServerSettings()


async def test_who_loses_the_role_in_the_middle_changes_nothing_more(scene):
    manager = scene.manager()
    shown = (await manager.slash(scene.channel, "setup")).response
    scene.demote(manager)
    refused = await manager.select(shown, [scene.channel], custom_id="tumen:set:answer")
    assert "Manage Server" in texts(refused.response)
    assert settings(scene).answer_channels == ()


async def test_a_deleted_channel_is_not_offered_as_chosen(scene):
    manager = scene.manager()
    servers = scene.bot.library.servers
    servers.change(scene.guild.id, manager.id, "x", answer_channels=[scene.channel.id, 42])
    shown = await manager.slash(scene.channel, "setup")
    chosen = next(part for part in walk(tree(shown.response)) if part["type"] == 8)
    assert [int(one["id"]) for one in chosen["default_values"]] == [scene.channel.id]


async def test_settings_are_one_server_s_own(scene):
    other = scene.env.create_guild(name="Others")
    servers = scene.bot.library.servers
    servers.change(scene.guild.id, 1, "quotas", documents_a_day=3)
    assert servers.settings(other.id) == ServerSettings()
    assert servers.entries(str(other.id)) == []


# Where it answers


async def test_outside_of_the_chosen_channels_it_answers_only_in_private(scene):
    elsewhere = scene.guild.create_text_channel("elsewhere")
    servers = scene.bot.library.servers
    servers.change(scene.guild.id, 1, "x", answer_channels=[scene.channel.id])
    refused = await scene.ann.slash(elsewhere, "ask", question=TREATY)
    assert refused.ephemeral
    assert f"I answer in <#{scene.channel.id}>" in texts(refused.response)
    scene.env.errors  # noqa: B018 - seen
    private = await scene.ann.slash(elsewhere, "ask", question=TREATY, private=True)
    assert "**[1]**" in texts(private.response)
    shared = await scene.ann.click(private.response, label="Share to channel")
    assert f"I answer in <#{scene.channel.id}>" in texts(shared.followups[-1])
    await scene.ann.send(elsewhere, f"<@{scene.bot.me.id}> {TREATY}")
    assert elsewhere.last_message.author.id == scene.ann.id
    assert "I answer in" in texts(scene.ann.user.dm_channel.last_message)
    here = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    assert "**[1]**" in texts(here.response)


async def test_where_all_chosen_channels_were_deleted_it_answers_everywhere(scene):
    servers = scene.bot.library.servers
    servers.change(scene.guild.id, 1, "x", answer_channels=[42])
    answered = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    assert "**[1]**" in texts(answered.response)


# The audit log


async def test_the_audit_log_is_read_page_by_page(scene):
    manager = scene.manager()
    scope = str(scene.guild.id)
    servers = scene.bot.library.servers
    for number in range(23):
        servers.append(Entry(scope, manager.id, "added", title=f"Document {number:02}"))
    servers.append(Entry("42", manager.id, "added", title="Of another server"))
    shown = (await manager.slash(scene.channel, "audit")).response
    seen = texts(shown)
    assert "Document 22" in seen
    assert "Document 12" not in seen
    for _ in range(2):
        shown = (await manager.click(shown, label="Older")).response or shown
        seen += texts(shown)
    assert all(f"Document {number:02}" in seen for number in range(23))
    assert "another server" not in seen
    assert "Older" not in labels(shown)


# The doctor


async def test_the_doctor_finds_a_healthy_server_healthy(scene):
    manager = scene.manager()
    told = await manager.slash(scene.channel, "doctor")
    said = texts(told.response)
    assert "all is well" in said
    assert "Commands: Discord knows all" in said
    assert "vectors index" in said
    [invite] = [b["url"] for b in buttons(told.response)]
    assert "scope=bot+applications.commands" in invite
    assert f"client_id={scene.bot.application_id}" in invite


async def test_the_doctor_names_each_fault_with_its_remedy(open_scene, shelf):
    scene = await open_scene(shelf, message_content=False)
    manager = scene.manager()
    quiet = scene.guild.create_text_channel(
        "quiet",
        overwrites={
            scene.guild.default_role: discord.PermissionOverwrite(send_messages=False),
        },
    )
    servers = scene.bot.library.servers
    servers.set_auto_answer(scene.channel.id, scene.guild.id, manager.id, on=True)
    scene.bot.library.answers.set_synced_commands(scene.bot.application_id, "older ones")
    told = await manager.slash(scene.channel, "doctor")
    said = texts(told.response)
    assert "3 things to mend" in said
    assert "Intent “Message Content”: off" in said
    assert "turns “Message Content Intent” on" in said
    assert f"<#{quiet.id}>: “Send Messages” missing" in said
    assert "allow “Send Messages”" in said
    assert "restarts me" in said


async def test_a_hidden_channel_is_a_fault_only_where_the_bot_was_told_to_answer(scene):
    manager = scene.manager()
    hidden = scene.guild.create_text_channel(
        "hidden",
        overwrites={
            scene.guild.default_role: discord.PermissionOverwrite(view_channel=False),
        },
    )
    told = texts((await manager.slash(scene.channel, "doctor")).response)
    assert "all is well" in told
    assert "can't see, which is fine: 1" in told
    servers = scene.bot.library.servers
    servers.change(scene.guild.id, manager.id, "x", answer_channels=[hidden.id])
    told = texts((await manager.slash(scene.channel, "doctor")).response)
    assert f"<#{hidden.id}>: “View Channels” missing" in told


# First contact


async def test_a_server_is_greeted_once_and_where_the_bot_may_write(scene):
    guild = scene.env.create_guild(name="New")
    may_not = discord.PermissionOverwrite(send_messages=False)
    guild.create_text_channel("rules", overwrites={guild.default_role: may_not})
    chat = guild.create_text_channel("chat")
    joined = scene.bot.get_guild(guild.id)
    greeting = Greeting(scene.bot)
    for _ in range(2):
        await greeting.on_guild_join(joined)
    [said] = chat.history()
    told = texts(said)
    assert told.count("\n> ") == 3
    assert "/setup" in told
    assert guild.channels["rules"].history() == []


async def test_where_the_bot_may_write_nowhere_it_says_nothing(scene):
    guild = scene.env.create_guild(name="Mute")
    may_not = discord.PermissionOverwrite(send_messages=False)
    rules = guild.create_text_channel("rules", overwrites={guild.default_role: may_not})
    await Greeting(scene.bot).on_guild_join(scene.bot.get_guild(guild.id))
    assert rules.history() == []


async def test_a_server_that_invited_the_bot_while_it_was_off_is_greeted_at_the_start(scene, shelf):
    guild = scene.env.create_guild(name="서울", preferred_locale="ko")
    lobby = guild.create_text_channel("lobby")
    for _ in range(2):
        await scene.restart(shelf)
        await scene.env.settle()
        [said] = lobby.history()  # once
    assert "안녕하세요, Tumen입니다" in texts(said)
    assert f"> {'러시아에 북한군이 몇 명 있습니까?'}" in texts(said)


async def test_servers_from_before_the_bot_noted_whom_it_met_are_not_greeted(scene, shelf):
    guild = scene.env.create_guild(name="Old")
    lobby = guild.create_text_channel("lobby")
    with shelf.answers._engine.begin() as connection:  # as a release before this one left it
        connection.execute(schema.server_settings.delete())
    for _ in range(2):
        await scene.restart(shelf)
        await scene.env.settle()
    assert lobby.history() == []
    assert scene.channel.history() == []
    newer = scene.env.create_guild(name="New")
    lobby = newer.create_text_channel("lobby")
    await scene.restart(shelf)
    await scene.env.settle()
    assert len(lobby.history()) == 1
