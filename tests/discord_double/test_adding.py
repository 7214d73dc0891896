"""End to end: files uploaded to Discord, downloaded, read and added by the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.bot.discord.files import BRIDGE, BRIDGE_QUESTION, letter
from tests.discord_double.bot_process import copied
from tests.discord_double.conftest import Scene, living
from tests.discord_double.keeping import ask, labels, previewed, until_says

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(wire_home: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """One bot for the module, over a home that it may change."""
    home = copied(wire_home, tmp_path_factory.mktemp("adding") / "home")
    async with living(home) as scene:
        yield scene
        assert "Traceback" not in scene.bot.said


async def test_an_uploaded_file_is_downloaded_previewed_added_and_cited(live: Scene):
    double = live.double
    preview = await previewed(live, "bridge.md", BRIDGE)
    assert preview.ephemeral
    assert "A bridge over the Tumen" in preview.text
    await double.press(preview, "Confirm", live.owner)
    await until_says(live, preview, "✓ Added")
    assert "850 metres" in await ask(live, BRIDGE_QUESTION)
    # and through the form, several at once
    opened = await double.slash(live.owner, live.channel, "add")
    await double.until(lambda: opened.modal)
    files = [await double.upload(live.channel, f"{n}.txt", letter(n)) for n in (1, 2)]
    sent = await double.submit(opened, files=files)
    await double.until(lambda: len(sent.messages) == 2, 30, "two previews")
    # what the bot uploads itself is multipart, too
    stats = await double.slash(live.owner, live.channel, "stats")
    shown = await double.wait_answer(stats, within=30)
    [chart] = shown.attachments
    assert double.world.files[chart["url"].split("?")[0].removeprefix(double.base)][:4] == (
        b"\x89PNG"
    )


async def test_a_download_cut_half_way_adds_nothing_and_says_so(live: Scene):
    double = live.double
    double.faults.add("GET", "/attachments/", 0, cut=True)
    uploaded = await double.upload(live.channel, "bridge.md", BRIDGE * 2_000)
    added = await double.slash(live.owner, live.channel, "add", file=uploaded)
    told = await double.wait_answer(
        added, lambda m: not m.loading and "Reading" not in m.text, within=30
    )
    assert "Nothing was added; attach it again" in told.text
    again = await double.slash(live.owner, live.channel, "add", file=uploaded)
    await double.wait_answer(again, lambda m: "Confirm" in labels(m), within=30)


async def test_a_new_server_is_greeted_once(live: Scene):
    double = live.double
    guild = double.guild("Newcomers", live.owner)
    lobby = double.channel(guild, "lobby")
    await double.join(guild)
    greeted = await double.wait_message(lobby)
    assert "/setup" in greeted.text
    await double.join(guild)
    asked = await double.slash(live.owner, live.channel, "help")
    await double.wait_answer(asked)
    assert len(lobby.messages) == 1
