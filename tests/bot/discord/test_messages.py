"""Mentions, replies, private messages, auto-answer, edits and deletions."""

from __future__ import annotations

import discord

from tests.bot.discord.reading import labels, texts

TROOPS = "How many North Korean troops are in Russia?"


def mention(scene) -> str:
    return f"<@{scene.bot.me.id}>"


def ours(channel, bot) -> list[discord.Message]:
    return [message for message in channel.history() if message.author.id == bot.me.id]


async def test_a_mention_is_answered_as_a_reply_that_pings_nobody(scene):
    asked = await scene.ann.send(scene.channel, f"{mention(scene)} {TROOPS}")
    answer = scene.channel.last_message
    assert answer.reference.message_id == asked.id
    assert "10,000" in texts(answer)
    assert answer.mentions == []
    sent = next(r for r in scene.env.http_requests if r.path.endswith("/messages"))
    assert sent.json["allowed_mentions"] == {"parse": [], "replied_user": False}


async def test_typing_shows_at_once(scene):
    await scene.ann.send(scene.channel, f"{mention(scene)} {TROOPS}")
    paths = [r.path.rsplit("/", 1)[1] for r in scene.env.http_requests if r.method == "POST"]
    assert paths.index("typing") < paths.index("messages")


async def test_talk_among_people_is_left_alone(scene):
    first = await scene.ann.send(scene.channel, TROOPS)
    await scene.ben.send(scene.channel, "10,000 I think", reply_to=first)
    assert ours(scene.channel, scene.bot) == []


async def test_a_follow_up_understands_what_its_reply_chain_said(scene):
    await scene.ann.send(scene.channel, f"{mention(scene)} {TROOPS}")
    first = scene.channel.last_message
    await scene.ben.send(scene.channel, "and in January 2025?", reply_to=first)
    second = scene.channel.last_message
    assert TROOPS.rstrip("?") in texts(second)
    assert "12,000" in texts(second)


async def test_a_conversation_forks_with_the_history_of_its_branch(scene):
    await scene.ann.send(scene.channel, f"{mention(scene)} {TROOPS}")
    about_troops = scene.channel.last_message
    await scene.ann.send(scene.channel, f"{mention(scene)} Why does China keep quiet?")
    about_china = scene.channel.last_message
    await scene.ann.send(scene.channel, "since when?", reply_to=about_troops)
    assert "troops" in texts(scene.channel.last_message)
    await scene.ann.send(scene.channel, "since when?", reply_to=about_china)
    assert "Understood as: since when? (Why does China keep quiet)" in texts(
        scene.channel.last_message
    )


async def test_a_follow_up_works_after_a_restart_and_without_the_first_question(scene, shelf):
    asked = await scene.ann.send(scene.channel, f"{mention(scene)} {TROOPS}")
    first = scene.channel.last_message
    await scene.restart(shelf)
    await scene.ann.delete(asked)
    await scene.ben.send(scene.channel, "and in January 2025?", reply_to=first)
    assert TROOPS.rstrip("?") in texts(scene.channel.last_message)


async def test_a_follow_up_to_a_command_works_too(scene):
    await scene.ann.slash(scene.channel, "ask", question=TROOPS)
    await scene.ben.send(scene.channel, "and in January 2025?", reply_to=scene.channel.last_message)
    assert TROOPS.rstrip("?") in texts(scene.channel.last_message)


async def test_of_a_conversation_only_the_question_is_kept(scene, shelf):
    said = await scene.ann.send(scene.channel, "Some chatter that nobody needs to keep.")
    await scene.ben.send(scene.channel, f"{mention(scene)} {TROOPS}", reply_to=said)
    stored = shelf.answers.shown_by(scene.channel.last_message.id)
    assert stored.question == TROOPS
    assert "chatter" not in str(stored)


async def test_a_bare_mention_under_a_message_asks_what_it_asks(scene):
    asked = await scene.ann.send(scene.channel, TROOPS)
    await scene.ben.send(scene.channel, mention(scene), reply_to=asked)
    assert "10,000" in texts(scene.channel.last_message)


async def test_a_bare_mention_is_told_how_to_ask(scene):
    await scene.ann.send(scene.channel, mention(scene))
    assert "/ask" in texts(scene.channel.last_message)


async def test_a_private_message_is_a_question(scene):
    await scene.ann.user.send_dm(TROOPS)
    answer = scene.ann.user.dm_channel.last_message
    assert "10,000" in texts(answer)
    opened = await scene.ann.user.click(answer, label="[1]")
    assert "Pentagon" in texts(opened.response) or "12,000" in texts(opened.response)


async def test_bots_and_webhooks_are_ignored(scene):
    other = scene.guild.add_member(scene.env.create_user("parrot", bot=True))
    await other.send(scene.channel, f"{mention(scene)} {TROOPS}")
    hook = scene.guild.create_webhook(scene.channel)
    await hook.send(f"{mention(scene)} {TROOPS}")
    assert ours(scene.channel, scene.bot) == []


async def test_everyone_is_no_mention_of_us(scene):
    await scene.ann.send(scene.channel, "@everyone " + TROOPS)
    assert ours(scene.channel, scene.bot) == []


async def test_a_mention_added_by_an_edit_is_heard_once(scene):
    asked = await scene.ann.send(scene.channel, TROOPS)
    await scene.ann.edit(asked, f"{mention(scene)} {TROOPS}")
    await scene.ann.edit(asked, f"{mention(scene)} {TROOPS} Please.")
    assert len(ours(scene.channel, scene.bot)) == 1


async def test_an_edit_of_a_question_asks_nothing_twice(scene):
    asked = await scene.ann.send(scene.channel, f"{mention(scene)} {TROOPS}")
    await scene.ann.edit(asked, f"{mention(scene)} Why does China keep quiet?")
    assert len(ours(scene.channel, scene.bot)) == 1


async def test_an_answer_to_a_question_that_was_deleted_meanwhile_does_not_fail(scene):
    scene.env.inject_error("POST", "/channels/*/typing", status=404, code=10008)
    await scene.ann.send(scene.channel, f"{mention(scene)} {TROOPS}")
    assert "10,000" in texts(scene.channel.last_message)
    sent = next(r for r in scene.env.http_requests if r.path.endswith("/messages"))
    assert sent.json["message_reference"]["fail_if_not_exists"] is False


async def test_a_missing_permission_is_named_to_the_one_who_asked(scene):
    quiet = scene.guild.create_text_channel(
        "quiet",
        overwrites={
            scene.guild.default_role: discord.PermissionOverwrite(send_messages=False),
            scene.ann: discord.PermissionOverwrite(send_messages=True),
        },
    )
    await scene.ann.send(quiet, f"{mention(scene)} {TROOPS}")
    assert ours(quiet, scene.bot) == []
    told = texts(scene.ann.user.dm_channel.last_message)
    assert "“Send Messages”" in told


async def test_a_thread_is_answered_where_it_is(scene):
    await scene.ann.send(scene.channel, "a topic")
    parent = scene.channel.last_message
    discord_thread = await parent.create_thread(name="topic")
    thread = next(t for t in scene.channel.threads if t.id == discord_thread.id)
    await scene.ann.send(thread, f"{mention(scene)} {TROOPS}")
    assert "10,000" in texts(thread.last_message)
    assert labels(thread.last_message)[0] == "[1]"
