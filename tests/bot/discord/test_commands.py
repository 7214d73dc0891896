"""Every other command, menu and button; who may use them; what Discord is told of them."""

from __future__ import annotations

import re

import discord
import pytest
from simcord.backend.errors import SetupError

from bot.discord.client import TumenBot
from bot.discord.errors import Declined
from bot.discord.sync import fingerprint
from tests.bot.discord.reading import answer_id, buttons, labels, texts

TREATY = "What does Article 4 of the treaty say?"
TROOPS = "How many North Korean troops are in Russia?"
NOTHING = "Who won the football world cup in 1998?"


async def test_an_honest_miss_shows_the_nearest_passages_as_such(scene):
    result = await scene.ann.slash(scene.channel, "ask", question=NOTHING)
    shown = texts(result.response)
    assert "The corpus does not answer this" in shown
    assert "nearest passages, which may not bear on it" in shown
    opened = await scene.ann.click(result.response, label="[1]")
    assert "> " in texts(opened.response)


async def test_as_of_leaves_out_what_came_later(scene):
    result = await scene.ann.slash(scene.channel, "ask", question=TROOPS, as_of="2024-12")
    shown = texts(result.response)
    assert "10,000" in shown
    assert "12,000" not in shown
    assert "As of 31 Dec 2024" in shown


async def test_a_date_that_is_none_is_refused_in_plain_words(scene):
    result = await scene.ann.slash(scene.channel, "ask", question=TROOPS, as_of="soon")
    assert result.ephemeral
    assert "Write it like 2024-12-31" in texts(result.response)
    scene.env.errors  # noqa: B018 - seen


async def test_an_answer_keeps_what_it_showed_and_a_new_one_shows_the_correction(
    open_scene, own_shelf
):
    scene = await open_scene(own_shelf)
    first = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    treaty = next(d for d in own_shelf.store.documents() if d.metadata.publisher == "TASS")
    own_shelf.store.correct(treaty.id, {"publisher": "Harbour Watch", "event": "2024-06-19"})
    opened = texts((await scene.ann.click(first.response, label="[1]")).response)
    assert "**TASS**" in opened
    assert "TASS → Harbour Watch" in opened
    second = texts((await scene.ann.slash(scene.channel, "ask", question=TREATY)).response)
    assert "Harbour Watch" in second
    assert "(on 19 Jun 2024)" in second


async def test_dates_are_offered_while_typing(scene):
    choices = await scene.ann.autocomplete(scene.channel, "ask", "as_of", "2024", question="x")
    assert [choice["value"] for choice in choices] == ["2024-12-31"]


async def test_a_private_answer_can_be_shared_once_by_who_asked(scene):
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY, private=True)
    assert result.response.ephemeral
    assert "Share to channel" in labels(result.response)
    shared = await scene.ann.click(result.response, label="Share to channel")
    [public] = shared.followups
    assert not public.ephemeral
    assert "shall provide military" in texts(public)
    assert "Share to channel" not in labels(public)
    again = await scene.ann.click(result.response, label="Share to channel")
    assert "shared already" in texts(again.followups[-1])
    assert again.followups[-1].ephemeral
    opened = await scene.ben.click(public.message, label="[1]")
    assert "**Article 4" in texts(opened.response)


async def test_nobody_else_can_share_a_private_answer(scene):
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY, private=True)
    with pytest.raises(Declined, match="Only who asked"):
        await scene.bot.library.publish(answer_id(result.response), scene.ben.id)
    assert await scene.bot.library.publish(answer_id(result.response), scene.ann.id)


async def test_a_public_answer_has_nothing_to_share(scene):
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    assert "Share to channel" not in labels(result.response)


@pytest.mark.parametrize(
    ("label", "verdict"),
    [("Helpful", "helpful"), ("Wrong", "wrong"), ("Source is wrong", "source")],
)
async def test_feedback_is_kept_with_the_answer(scene, shelf, label, verdict):
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    pressed = await scene.ben.click(result.response, label=label)
    assert pressed.ephemeral
    assert "Thank you" in texts(pressed.response)
    assert shelf.answers.judgements(answer_id(result.response)) == {str(scene.ben.id): verdict}


async def test_a_reader_can_change_their_mind(scene, shelf):
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    await scene.ben.click(result.response, label="Helpful")
    await scene.ben.click(result.response, label="Wrong")
    assert shelf.answers.judgements(answer_id(result.response)) == {str(scene.ben.id): "wrong"}


async def test_ask_about_this_answers_a_message_privately(scene):
    asked = await scene.ben.send(scene.channel, TREATY)
    result = await scene.ann.context_menu(scene.channel, "Ask about this", asked)
    assert result.response.ephemeral
    assert "shall provide military" in texts(result.response)


async def test_a_message_without_text_can_not_be_asked_about(scene):
    asked = await scene.ben.send(scene.channel, attachments=[("a.png", b"x")])
    result = await scene.ann.context_menu(scene.channel, "Ask about this", asked)
    assert "no text" in texts(result.response)
    scene.env.errors  # noqa: B018 - seen


async def test_sources_finds_passages_without_answering(scene):
    result = await scene.ann.slash(scene.channel, "sources", query="treaty Article 4")
    shown = texts(result.response)
    assert "no answer" in shown
    assert "The treaty between Russia and North Korea" in shown
    opened = await scene.ben.click(result.response, label="[1]")
    assert "**Article 4" in texts(opened.response)


async def test_a_document_is_picked_by_its_title_and_shown(scene):
    choices = await scene.ann.autocomplete(scene.channel, "document", "id", "korea treaty")
    assert [choice["name"] for choice in choices] == ["The treaty between Russia and North Korea"]
    result = await scene.ann.slash(scene.channel, "document", id=choices[0]["value"])
    shown = texts(result.response)
    assert result.ephemeral
    assert "TASS" in shown
    assert "signed in Pyongyang" in shown
    assert [b["url"] for b in buttons(result.response)] == ["https://tass.com/politics/1882599"]


async def test_help_has_examples(scene):
    result = await scene.ann.slash(scene.channel, "help")
    assert result.ephemeral
    assert "/ask" in texts(result.response)
    assert TROOPS in texts(result.response)


# Auto-answer


async def test_auto_answer_answers_without_a_mention_also_after_a_restart(scene, shelf):
    manager = scene.manager()
    turned = await manager.slash(scene.channel, "auto-answer", state="on")
    assert turned.ephemeral
    await scene.ann.send(scene.channel, TREATY)
    assert "**[1]**" in scene.said()
    await scene.restart(shelf)
    await scene.ben.send(scene.channel, TREATY)
    assert scene.channel.last_message.author.id == scene.bot.me.id
    await manager.slash(scene.channel, "auto-answer", state="off")
    await scene.ann.send(scene.channel, TREATY)
    assert scene.channel.last_message.author.id == scene.ann.id


async def test_auto_answer_leaves_talk_among_people_alone(scene):
    manager = scene.manager()
    await manager.slash(scene.channel, "auto-answer", state="on")
    said = await scene.ann.send(scene.channel, f"<@{scene.ben.id}> what do you think?")
    await scene.ben.send(scene.channel, "I don't know", reply_to=said)
    assert all(m.author.id != scene.bot.me.id for m in scene.channel.history())


async def test_a_forum_post_is_answered_where_auto_answer_is_on(scene):
    manager = scene.manager()
    forum = scene.guild.create_forum_channel("questions")
    await manager.slash(scene.channel, "auto-answer", state="on", channel=forum)
    thread = scene.env.backend.create_thread(forum.id, "A post", scene.ann.id)
    handle = type(forum)(scene.env, scene.guild, thread)
    await scene.ann.send(handle, TREATY)
    assert "**[1]**" in texts(handle.last_message)


async def test_a_forum_post_that_is_not_there_yet_is_tried_again(scene):
    manager = scene.manager()
    forum = scene.guild.create_forum_channel("questions")
    await manager.slash(scene.channel, "auto-answer", state="on", channel=forum)
    thread = scene.env.backend.create_thread(forum.id, "A post", scene.ann.id)
    handle = type(forum)(scene.env, scene.guild, thread)
    scene.env.inject_error("POST", f"/channels/{thread.id}/messages", status=403, code=40058)
    await scene.ann.send(handle, TREATY)
    assert "**[1]**" in texts(handle.last_message)


async def test_only_who_manages_the_server_turns_auto_answer_on(scene):
    with pytest.raises(SetupError):
        await scene.ann.slash(scene.channel, "auto-answer", state="on")
    # Were Discord to let it through:
    command = scene.env.backend.find_command("auto-answer", scene.guild.id, type=1)
    command["default_member_permissions"] = None
    refused = await scene.ann.slash(scene.channel, "auto-answer", state="on")
    assert "“Manage Server”" in texts(refused.response)
    assert scene.bot.auto_answered == set()
    scene.env.errors  # noqa: B018 - seen


async def test_auto_answer_names_the_permission_that_the_bot_lacks(scene):
    manager = scene.manager()
    quiet = scene.guild.create_text_channel(
        "quiet",
        overwrites={
            scene.guild.default_role: discord.PermissionOverwrite(send_messages=False),
        },
    )
    refused = await manager.slash(scene.channel, "auto-answer", state="on", channel=quiet)
    assert "“Send Messages”" in texts(refused.response)
    scene.env.errors  # noqa: B018 - seen


# Without the intent


async def test_without_the_intent_mentions_and_commands_still_work(open_scene, shelf):
    scene = await open_scene(
        shelf, message_content=False, sim={"approved_intents": discord.Intents.default()}
    )
    await scene.ann.send(scene.channel, TREATY)
    await scene.ann.send(scene.channel, f"<@{scene.bot.me.id}> {TREATY}")
    ours = [m for m in scene.channel.history() if m.author.id == scene.bot.me.id]
    assert len(ours) == 1
    assert "**[1]**" in texts(ours[0])
    told = await scene.ann.slash(scene.channel, "help")
    assert "only messages that mention me" in texts(told.response)


async def test_without_the_intent_auto_answer_says_why_not(open_scene, shelf):
    scene = await open_scene(shelf, message_content=False)
    manager = scene.manager()
    refused = await manager.slash(scene.channel, "auto-answer", state="on")
    assert "Message Content" in texts(refused.response)
    scene.env.errors  # noqa: B018 - seen


# What Discord is told


def puts(scene) -> int:
    return sum(r.method == "PUT" and r.path.endswith("/commands") for r in scene.env.http_requests)


async def test_commands_are_synced_once_and_again_only_when_they_change(scene, shelf):
    assert puts(scene) == 1
    await scene.restart(shelf)
    assert puts(scene) == 1
    shelf.answers.set_synced_commands(scene.env.backend.application_id, "something else")
    await scene.restart(shelf)
    assert puts(scene) == 2


async def test_the_hash_follows_the_texts(scene):
    before = await fingerprint(scene.bot.tree)
    scene.bot.tree.get_command("help").description = "Something else."
    assert await fingerprint(scene.bot.tree) != before


async def test_discord_is_told_the_translations(scene):
    command = scene.env.backend.find_command("ask", None, type=1)
    assert command["name_localizations"] == {"ko": "질문", "ru": "спросить", "zh-CN": "提问"}
    for each in scene.env.backend.visible_commands(
        user_id=scene.ann.id, channel_id=scene.channel.id
    ):
        names = [each["name"], *(each.get("name_localizations") or {}).values()]
        if each.get("type", 1) == 1:
            assert all(re.fullmatch(r"[-_\w]{1,32}", name) for name in names)
            assert all(name == name.lower() for name in names)


async def test_the_app_can_be_installed_by_servers_and_by_users(scene):
    command = scene.env.backend.find_command("ask", None, type=1)
    assert sorted(command["integration_types"]) == [0, 1]
    assert sorted(command["contexts"]) == [0, 1, 2]
    admin = scene.env.backend.find_command("auto-answer", None, type=1)
    assert admin["integration_types"] == [0]
    assert admin["contexts"] == [0]


async def test_a_server_that_never_invited_the_bot_gets_the_base_corpus_alone(scene):
    assert isinstance(scene.bot, TumenBot)
    command = scene.bot.tree.get_command("ask")
    assert command is not None

    class Elsewhere:
        guild_id = 42

        def is_guild_integration(self) -> bool:
            return False

    assert scene.bot.scope_of(Elsewhere()) == "base"
