"""The double itself, shown good by an unmodified discord.py client."""

from __future__ import annotations

import asyncio
import re

import discord
import pytest

from tests.discord_double.conftest import Scene
from tests.discord_double.small_client import connected
from tests.discord_double.world import COMPONENTS_V2, LOADING, SEND_MESSAGES, Message

DEFER, CHOICES = 5, 8


async def test_a_client_logs_in_syncs_and_knows_its_server(scene: Scene):
    async with connected(scene.double) as client:
        assert client.user.id == scene.double.world.bot.id
        assert [guild.name for guild in client.guilds] == ["Border watchers"]
        assert client.application_flags.gateway_message_content
    [(scope, put)] = scene.double.world.command_puts
    assert scope is None
    assert {command["name"] for command in put} == {"slow", "Look at this", "modal"}


async def test_a_mention_is_answered_by_a_reply_that_is_edited(scene: Scene):
    double = scene.double
    async with connected(double):
        asked = await double.say(scene.channel, scene.ada, f"{double.world.bot.mention} hello")
        reply = await double.wait_message(scene.channel, lambda m: "complete" in m.text)
    assert reply.revisions[0][1] == "draft"
    assert reply.replies_to is asked
    assert reply.flags & COMPONENTS_V2
    assert reply.pings == []
    assert scene.channel.typing


async def test_a_deferred_answer_fills_the_thinking_message(scene: Scene):
    double = scene.double
    async with connected(double):
        asked = await double.slash(scene.ada, scene.channel, "slow", question="why", private=True)
        answer = await double.wait_answer(asked, lambda m: not m.loading)
        await double.until(lambda: asked.followups)
    assert asked.acknowledged == DEFER
    assert answer is asked.original
    assert answer.text == "answer to why"
    assert answer.ephemeral
    assert scene.channel.messages == {asked.followups[0].id: asked.followups[0]}
    assert asked.followups[0].attachments[0]["filename"] == "code.py"


async def test_autocomplete_modal_and_context_menu_work(scene: Scene):
    double = scene.double
    async with connected(double):
        typed = await double.autocomplete(
            scene.ada, scene.channel, "slow", "question", question="wh"
        )
        assert await double.wait_acknowledged(typed) == CHOICES
        assert typed.choices == [{"name": "wh?", "value": "wh"}]

        opened = await double.slash(scene.ada, scene.channel, "modal")
        await double.until(lambda: opened.modal)
        submitted = await double.submit(opened, words="who")
        assert (await double.wait_answer(submitted)).text == "asked: who"

        target = await double.say(scene.channel, scene.ben, "a claim")
        looked = await double.context_menu(scene.ada, scene.channel, "Look at this", target)
        answer = await double.wait_answer(looked)
        assert answer.text == "saw a claim"
        pressed = await double.press(answer, "again:3", scene.ben)
        seen = await double.wait_answer(pressed)
        assert (seen.text, seen.ephemeral) == ("again 3", True)


async def test_a_button_works_for_a_client_that_did_not_send_it(scene: Scene):
    double = scene.double
    async with connected(double):
        await double.say(scene.channel, scene.ada, double.world.bot.mention)
        reply = await double.wait_message(scene.channel, lambda m: bool(m.buttons))
    async with connected(double):
        pressed = await double.press(reply, re.compile("again"), scene.ada)
        assert (await double.wait_answer(pressed)).text == "again 7"


async def test_a_cut_connection_resumes_and_loses_nothing(scene: Scene):
    double = scene.double
    async with connected(double) as client:
        await double.gateway.drop()
        await double.say(scene.channel, scene.ada, "said meanwhile")
        await double.until(lambda: client.resumed, 15, "RESUMED")
        await double.until(lambda: [m.content for m in client.heard] == ["said meanwhile"])
        await double.gateway.ask_to_reconnect()
        await double.until(lambda: client.resumed == 2, 15, "RESUMED after op 7")
    assert len(double.gateway.identifies) == 1


@pytest.mark.timeout(30)
async def test_an_invalid_session_identifies_anew(scene: Scene):
    double = scene.double
    async with connected(double):
        await double.gateway.invalidate()
        await double.until(lambda: len(double.gateway.identifies) == 2, 15, "a second IDENTIFY")
        await double.ready()
    assert double.gateway.resumes == []


async def test_failures_on_the_way_are_waited_for(scene: Scene):
    double = scene.double
    limited = double.faults.add("POST", r"/channels/\d+/messages$", 429, retry_after=0.3)
    failed = double.faults.add("PATCH", r"/messages/\d+$", 502)
    async with connected(double):
        await double.say(scene.channel, scene.ada, double.world.bot.mention)
        reply = await double.wait_message(scene.channel, lambda m: "complete" in m.text)
    assert limited.hits
    assert failed.hits
    assert reply.at - limited.hits[0] >= 0.3


async def test_a_post_that_failed_after_it_was_done_is_not_done_twice(scene: Scene):
    double = scene.double
    double.faults.add("POST", r"/channels/\d+/messages$", 502, handled_first=True)
    async with connected(double):
        await double.say(scene.channel, scene.ada, double.world.bot.mention)
        await double.wait_message(scene.channel, lambda m: "complete" in m.text)
    assert len([m for m in scene.channel.messages.values() if m.author.bot]) == 1


async def test_rate_limits_hold_a_client_back(scene: Scene):
    double = scene.double
    async with connected(double) as client:
        channel = client.get_channel(scene.channel.id)
        sent = [await channel.send(str(n)) for n in range(6)]
        double.limits.on = True  # five deletions a second
        await asyncio.gather(*(message.delete() for message in sent))
    times = [r.at for r in double.requests if r.method == "DELETE" and r.status == 204]
    assert len(times) == 6
    assert times[5] - times[0] > 0.9


async def _code(action) -> int:
    with pytest.raises(discord.HTTPException) as caught:
        await action
    return caught.value.code


async def test_late_double_and_expired_answers_get_their_codes(scene: Scene):
    double = scene.double
    async with connected(double) as client:
        late = await double.slash(scene.ada, scene.channel, "slow", question="q", late=3.2)
        await double.until(lambda: client.errors)
        assert client.errors[0].original.code == 10062
        assert late.acknowledged is None

        target = await double.say(scene.channel, scene.ben, "x")
        seen: list[discord.Interaction] = []
        client.add_listener(_keep(seen), "on_interaction")
        await double.context_menu(scene.ada, scene.channel, "Look at this", target)
        await double.until(lambda: seen and seen[0].response.is_done())
        [first] = seen
        adapter = discord.webhook.async_.async_context.get()
        params = discord.webhook.async_.interaction_message_response_params(type=5)
        again = adapter.create_interaction_response(
            first.id, first.token, session=first._session, params=params
        )
        assert await _code(again) == 40060
        double.clock.advance(15 * 60)
        assert await _code(first.followup.send("late")) == 50027
        assert await _code(first.edit_original_response(content="late")) == 50027


def _keep(seen: list[discord.Interaction]):
    async def on_interaction(interaction: discord.Interaction) -> None:
        seen.append(interaction)

    return on_interaction


async def test_what_is_gone_or_forbidden_gets_its_code(scene: Scene):
    double = scene.double
    shut = double.channel(scene.guild, "read-only", denied_to_bot=SEND_MESSAGES)
    forum = double.forum(scene.guild, "posts")
    async with connected(double) as client:
        channel = client.get_channel(scene.channel.id)
        gone = await double.say(scene.channel, scene.ada, "soon gone")
        await double.until(lambda: client.heard)
        await double.delete(gone)
        await double.until(lambda: client.deleted == [gone.id])
        assert await _code(client.heard[0].reply("x")) == 50035
        careful = client.heard[0].to_reference(fail_if_not_exists=False)
        assert await channel.send("x", reference=careful)
        assert await _code(channel.fetch_message(gone.id)) == 10008
        assert await _code(client.get_channel(shut.id).send("x")) == 50013

        post = asyncio.create_task(double.forum_post(forum, scene.ada, "Post", "text", 0.3))
        await double.until(lambda: client.get_channel(forum.id).threads)
        assert await _code(client.get_channel(forum.id).threads[0].send("x")) == 40058
        thread = await post
        assert await client.get_channel(thread.id).send("now")


async def test_reactions_threads_history_and_direct_messages_work(scene: Scene):
    double = scene.double
    async with connected(double) as client:
        channel = client.get_channel(scene.channel.id)
        sent = await channel.send("one")
        await sent.add_reaction("👍")
        assert [str(r.emoji) for r in (await channel.fetch_message(sent.id)).reactions] == ["👍"]
        thread = await sent.create_thread(name="More")
        await thread.send("two")
        assert [m.content async for m in channel.history()] == ["one"]
        ada = await client.fetch_user(scene.ada.id)
        await ada.send("three")
        direct = double.world.direct(scene.ada)
        assert [m.text for m in direct.messages.values()] == ["three"]
        await double.say(direct, scene.ada, "four")
        await double.until(lambda: client.heard)
        assert client.heard[0].guild is None
        chunk = await client.guilds[0].query_members(user_ids=[scene.ben.id])
        assert [member.name for member in chunk] == ["ben"]
        file = await double.say(
            scene.channel, scene.ada, "", files=[("a.txt", b"abc", "text/plain")]
        )
        await double.until(lambda: len(client.heard) == 2)
        assert await client.heard[1].attachments[0].read() == b"abc"
        assert isinstance(file, Message)


async def test_without_the_content_intent_only_what_concerns_the_bot_is_shown(scene: Scene):
    double = scene.double
    wanted = discord.Intents(guilds=True, messages=True)
    async with connected(double, wanted) as client:
        await double.say(scene.channel, scene.ada, "secret")
        await double.say(scene.channel, scene.ada, f"{double.world.bot.mention} open")
        await double.until(lambda: len(client.heard) == 2)
        assert client.heard[0].content == ""
        assert client.heard[1].content.endswith("open")


async def test_a_privileged_intent_and_a_bad_token_are_refused(scene: Scene):
    double = scene.double
    double.gateway.privileged = 0
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with connected(double):
            pass
    good, double.token = double.token, "another"
    # A client that still has the old token.
    with pytest.raises(discord.LoginFailure):
        async with connected(_WithToken(double, good)):
            pass


class _WithToken:
    def __init__(self, double, token: str) -> None:
        self._double, self.token = double, token

    def __getattr__(self, name: str):
        return getattr(self._double, name)


async def test_a_user_installed_app_is_a_stranger_in_the_server(scene: Scene):
    double = scene.double
    elsewhere = double.guild("Elsewhere", scene.ben, has_bot=False)
    channel = double.channel(elsewhere, "general")
    async with connected(double) as client:
        with pytest.raises(LookupError, match="cannot be installed by users"):
            await double.slash(scene.ben, channel, "slow", question="q")
        double.world.command("slow", None, 1)["integration_types"] = [0, 1]
        asked = await double.slash(scene.ben, channel, "slow", question="q")
        assert (await double.wait_answer(asked, lambda m: not m.loading)).text == "answer to q"
        assert await _code(client.http.send_message(channel.id, params=_text("x"))) == 50001


def _text(text: str):
    return discord.http.handle_message_parameters(text)


async def test_heartbeats_are_answered_and_measured(scene: Scene):
    scene.double.gateway.heartbeat_ms = 200
    async with connected(scene.double) as client:
        await scene.double.until(lambda: len(scene.double.gateway.heartbeats) > 3)
        await asyncio.sleep(0.1)
        assert 0.01 < client.latency < 0.15


async def test_the_latency_of_the_clients_loop_can_be_measured(scene: Scene):
    async with connected(scene.double):
        assert 0 < await scene.double.gateway.round_trip() < 1
    assert LOADING
