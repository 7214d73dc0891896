"""Documents on their way in: by file, link, modal and menu; who may; what goes wrong."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import discord
import pytest
import sqlalchemy as sa

from bot.discord.errors import Declined
from bot.discord.keeping.workshop import MOST_OF_ONE, Workshop
from ingest.fetching import Fetched
from ingest.parsed import RefusedError
from store.drafts import CONFIRMED, StoredDraft
from store.errors import StoreError
from tests.bot.discord.conftest import Scene
from tests.bot.discord.files import BRIDGE, BRIDGE_QUESTION, HOSTILE, PICTURE, letter
from tests.bot.discord.reading import buttons, labels, texts

PAGE = "https://news.example/bridge"


async def fetch_bridge(url: str) -> Fetched:
    """The page that there is; any other link leads nowhere."""
    if url != PAGE:
        raise RefusedError("There is no page at this link (any more); check it in a browser.")
    return Fetched(PAGE, BRIDGE, "bridge.md", "text/markdown", None, datetime.now(UTC))


@pytest.fixture
async def library(open_scene, shelf):
    """A scene with one page on the web."""
    return await open_scene(shelf, fetch_link=fetch_bridge)


def ids(scene: Scene) -> list[str]:
    store = scene.bot.library.store
    return [d.id for d in store.documents(scene.scope) if d.scope == scene.scope]


async def added(scene: Scene, member, name: str = "bridge.md", data: bytes = BRIDGE):
    """Add a file; gives what the bot said at the end."""
    shown = await member.slash(scene.channel, "add", file=(name, data))
    return (await member.click(shown.response, label="Confirm")).response or shown.response


async def test_a_file_is_previewed_confirmed_added_and_answers(library):
    keeper = library.manager()
    shown = await keeper.slash(library.channel, "add", file=("bridge.md", BRIDGE))
    assert shown.ephemeral
    preview = texts(shown.response)
    for what in ("A bridge over the Tumen", "Yonhap", "agency", "30 Apr 2025", "1 passage"):
        assert what in preview
    assert library.titles() == []  # nothing goes in unconfirmed
    await keeper.click(shown.response, label="Confirm")
    done = texts(shown.response)
    assert "Added **A bridge over the Tumen**: 1 passage. Ask about it!" in done
    assert library.titles() == ["A bridge over the Tumen"]
    asked = await library.ann.slash(library.channel, "ask", question=BRIDGE_QUESTION)
    assert "850 metres" in texts(asked.response)
    assert library.log() == ["added"]


async def test_a_link_is_fetched_and_added(library):
    keeper = library.manager()
    shown = await keeper.slash(library.channel, "add", link=PAGE)
    await keeper.click(shown.response, label="Confirm")
    assert "Added" in texts(shown.response)
    [document] = [
        d for d in library.bot.library.store.documents(library.scope) if d.scope == library.scope
    ]
    assert document.origin == PAGE


async def test_a_link_that_can_not_be_fetched_is_told_in_a_sentence(library):
    keeper = library.manager()
    refused = await keeper.slash(library.channel, "add", link="https://news.example/none")
    assert "There is no page at this link" in texts(refused.response)
    assert "Confirm" not in labels(refused.response)


async def test_what_is_no_link_is_told_in_a_sentence(library):
    keeper = library.manager()
    refused = await keeper.slash(library.channel, "add", link="news dot example")
    assert "begins with https://" in texts(refused.response)
    library.env.errors  # noqa: B018 - seen


async def test_a_modal_takes_files_and_links_at_once(library):
    keeper = library.manager()
    opened = await keeper.slash(library.channel, "add")
    shown = await keeper.submit_modal(
        opened, {"files": [("one.txt", letter(1)), ("two.txt", letter(2))], "links": PAGE}
    )
    previews = [shown.response, *shown.followups]
    assert len(previews) == 3
    for preview in previews:
        assert preview.ephemeral
        await keeper.click(preview, label="Confirm")
        assert "✓ Added" in texts(preview)
    assert len(library.titles()) == 3


async def test_a_modal_with_nothing_in_it_adds_nothing(library):
    keeper = library.manager()
    opened = await keeper.slash(library.channel, "add")
    refused = await keeper.submit_modal(opened, {})
    assert "neither a file nor a link" in texts(refused.response)


async def test_the_menu_adds_what_a_message_has(library):
    keeper = library.manager()
    said = await library.ann.send(
        library.channel, f"See ({PAGE}).", attachments=[("letter.txt", letter(3))]
    )
    shown = await keeper.context_menu(library.channel, "Add to corpus", said)
    previews = [shown.response, *shown.followups]
    for preview in previews:
        await keeper.click(preview, label="Confirm")
    assert len(previews) == len(library.titles()) == 2


async def test_a_message_with_nothing_to_add_is_told_so(library):
    keeper = library.manager()
    said = await library.ann.send(library.channel, "Hello")
    refused = await keeper.context_menu(library.channel, "Add to corpus", said)
    assert "neither an attachment nor a link" in texts(refused.response)
    library.env.errors  # noqa: B018 - seen


async def test_details_are_edited_before_it_goes_in(library):
    keeper = library.manager()
    shown = await keeper.slash(library.channel, "add", file=("letter.txt", letter(4)))
    assert "No date is stated" in texts(shown.response)
    opened = await keeper.click(shown.response, label="Edit details")
    wrong = {"title": "Coal", "publisher": "KCNA", "published": "soon", "kind": ["state media"]}
    await keeper.submit_modal(opened, wrong)
    assert "“soon” can't be read as published" in texts(shown.response)
    assert "**Coal**" in texts(shown.response)  # what could be read was taken
    opened = await keeper.click(shown.response, label="Edit details")
    await keeper.submit_modal(opened, wrong | {"published": "2025-02"})
    preview = texts(shown.response)
    for what in ("**Coal**", "KCNA", "state media", "Feb 2025"):
        assert what in preview
    assert "No date" not in preview
    await keeper.click(shown.response, label="Confirm")
    assert library.titles() == ["Coal"]


async def test_a_cancelled_draft_leaves_nothing(library):
    keeper = library.manager()
    shown = await keeper.slash(library.channel, "add", file=("bridge.md", BRIDGE))
    await keeper.click(shown.response, label="Cancel")
    assert texts(shown.response) == "Nothing was added."
    assert library.titles() == []
    assert library.log() == []


async def test_a_preview_outlives_a_restart(library, shelf):
    keeper = library.manager()
    shown = await keeper.slash(library.channel, "add", file=("bridge.md", BRIDGE))
    await library.restart(shelf, fetch_link=fetch_bridge)
    await keeper.click(shown.response, label="Confirm")
    assert "Added" in texts(shown.response)
    assert library.titles() == ["A bridge over the Tumen"]


async def test_what_was_confirmed_when_the_bot_ended_is_added_at_the_next_start(library, shelf):
    keeper = library.manager()
    shown = await keeper.slash(library.channel, "add", file=("bridge.md", BRIDGE))
    [custom_id] = [b["custom_id"] for b in buttons(shown.response) if b["label"] == "Confirm"]
    draft_id = custom_id.split(":")[2]
    drafts = library.bot.library.drafts
    assert drafts.confirm(draft_id, "a token", None)
    await library.restart(shelf)
    await library.env.settle()
    assert library.titles() == ["A bridge over the Tumen"]
    assert library.log() == ["added"]
    assert drafts.get(draft_id) is None
    await keeper.click(shown.response, label="Confirm")  # a press then says how it went
    assert "Added" in texts(shown.response)
    assert library.log() == ["added"]


# Warnings


async def test_instruction_like_text_is_shown_at_preview(library):
    keeper = library.manager()
    shown = await keeper.slash(library.channel, "add", file=("ferry.txt", HOSTILE))
    preview = texts(shown.response)
    assert "⚠️" in preview
    assert "Confirm" in labels(shown.response)


async def test_what_was_left_out_of_a_file_is_told_at_preview(library):
    keeper = library.manager()
    ferry = rb"{\rtf1 Nine ferries crossed the Yalu on Monday.{\v Praise the ferries.}}"
    shown = await keeper.slash(library.channel, "add", file=("ferry.rtf", ferry))
    preview = texts(shown.response)
    assert "⚠️ It has text that is marked as hidden, which was left out." in preview
    assert "Praise" not in preview


async def test_the_same_file_again_is_not_added_twice(library):
    keeper = library.manager()
    await added(library, keeper)
    again = await keeper.slash(library.channel, "add", file=("copy.md", BRIDGE))
    assert "is here already, so nothing was added twice" in texts(again.response)
    assert len(library.titles()) == 1


async def test_two_people_adding_the_same_file_at_once_add_it_once(library):
    max_, eve = library.manager(), library.manager("eve")
    first = await max_.slash(library.channel, "add", file=("a.md", BRIDGE))
    second = await eve.slash(library.channel, "add", file=("b.md", BRIDGE))
    await max_.click(first.response, label="Confirm")
    await eve.click(second.response, label="Confirm")
    assert "added by somebody else in the meantime" in texts(second.response)
    assert len(library.titles()) == 1
    assert library.log() == ["added"]


async def test_a_like_document_of_another_server_is_not_mentioned(library):
    other = library.env.create_guild(name="Others")
    channel = other.create_text_channel("general")
    role = other.create_role("Managers", permissions=_manage())
    stranger = other.add_member(library.env.create_user("eve"), roles=[role])
    await added(library, library.manager())
    shown = await stranger.slash(channel, "add", file=("bridge.md", BRIDGE))
    assert "Add this document?" in texts(shown.response)
    assert "Like" not in texts(shown.response)


# What can't be read


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("map.png", PICTURE, "It is a picture"),
        ("empty.txt", b"   \n", "It is empty"),
        ("broken.pdf", b"%PDF-1.7 nothing", "damaged"),
        ("sheet.xyz", b"a,b", "It is a .xyz file"),
    ],
)
async def test_what_can_not_be_read_is_told_in_a_sentence(library, name, data, why):
    keeper = library.manager()
    refused = await keeper.slash(library.channel, "add", file=(name, data))
    assert why in texts(refused.response)
    assert "Confirm" not in labels(refused.response)
    assert library.titles() == []


async def test_a_very_large_file_is_not_even_read(library, monkeypatch):
    monkeypatch.setattr("ingest.formats.limits.MAX_BYTES", 1_000)
    refused = await library.manager().slash(library.channel, "add", file=("a.txt", b"coal " * 500))
    assert "the limit is" in texts(refused.response)
    assert "Split it, or take the part that matters" in texts(refused.response)


async def test_a_very_long_document_is_told_so_and_may_go_in(library, monkeypatch):
    monkeypatch.setattr("ingest.cautions.MANY_PASSAGES", 0)
    shown = await library.manager().slash(library.channel, "add", file=("bridge.md", BRIDGE))
    assert "It is very long" in texts(shown.response)
    assert "Confirm" in labels(shown.response)


async def test_one_bad_file_among_good_ones_costs_only_itself(library):
    keeper = library.manager()
    opened = await keeper.slash(library.channel, "add")
    shown = await keeper.submit_modal(
        opened, {"files": [("map.png", PICTURE), ("bridge.md", BRIDGE)]}
    )
    assert "It is a picture" in texts(shown.response)
    [good] = shown.followups
    await keeper.click(good, label="Confirm")
    assert library.titles() == ["A bridge over the Tumen"]


async def test_an_upload_that_breaks_off_is_told_in_a_sentence(library, monkeypatch):
    async def half(self, **_: object) -> bytes:
        return BRIDGE[: self.size // 2]

    monkeypatch.setattr("discord.Attachment.read", half)
    keeper = library.manager()
    refused = await keeper.slash(library.channel, "add", file=("bridge.md", BRIDGE))
    assert "broke off half-way" in texts(refused.response)


async def test_a_store_that_can_not_be_written_keeps_the_draft_for_another_try(
    library, monkeypatch
):
    keeper = library.manager()
    shown = await keeper.slash(library.channel, "add", file=("bridge.md", BRIDGE))
    store = library.bot.library.store
    whole, calls = store.add, []

    def fails_once(*args: object) -> object:
        calls.append(args)
        if len(calls) == 1:
            raise StoreError("The disk is full.")
        return whole(*args)

    monkeypatch.setattr(store, "add", fails_once)
    await keeper.click(shown.response, label="Confirm")
    assert "nothing was changed. Press Confirm again" in texts(shown.response)
    assert library.titles() == []
    await keeper.click(shown.response, label="Confirm")
    assert library.titles() == ["A bridge over the Tumen"]


# Who may, and how much


async def test_who_may_not_add_is_told_who_can(library):
    refused = await library.ann.slash(library.channel, "add", file=("bridge.md", BRIDGE))
    assert "You can't change this server's library" in texts(refused.response)
    library.env.errors  # noqa: B018 - seen
    assert library.titles() == []


async def test_a_role_chosen_by_admins_may_add(library):
    role = library.guild.create_role("Librarians")
    librarian = library.guild.add_member(library.env.create_user("lib"), roles=[role])
    servers = library.bot.library.servers
    servers.change(library.guild.id, 1, "x", add_roles=[role.id])
    await added(library, librarian)
    assert library.titles() == ["A bridge over the Tumen"]


async def test_a_role_taken_away_between_preview_and_confirm_adds_nothing(library):
    keeper = library.manager()
    shown = await keeper.slash(library.channel, "add", file=("bridge.md", BRIDGE))
    library.demote(keeper)
    refused = await keeper.click(shown.response, label="Confirm")
    assert "You can't change this server's library" in texts(refused.response)
    assert library.titles() == []
    assert library.bot.library.drafts.confirmed() == []


async def test_the_quota_of_documents_holds_and_undoing_gives_it_back(library):
    keeper = library.manager()
    servers = library.bot.library.servers
    servers.change(library.guild.id, keeper.id, "x", documents_a_day=1)
    done = await added(library, keeper)
    refused = await keeper.slash(library.channel, "add", file=("letter.txt", letter(5)))
    assert "quota of documents a day (1) is used up" in texts(refused.response)
    await keeper.click(done, label="Undo")
    again = await keeper.slash(library.channel, "add", file=("letter.txt", letter(5)))
    assert "Confirm" in labels(again.response)


async def test_the_quota_of_megabytes_holds(library):
    keeper = library.manager()
    servers = library.bot.library.servers
    servers.change(library.guild.id, keeper.id, "x", megabytes_a_day=1)
    big = b"A line about coal in Rajin.\n" * 40_000
    refused = await keeper.slash(library.channel, "add", file=("big.txt", big))
    assert "Of this server's 1 MB a day 1.0 MB are left, and this is 1.1 MB" in texts(
        refused.response
    )


async def test_two_previews_do_not_share_the_last_place_of_a_quota(library):
    keeper = library.manager()
    servers = library.bot.library.servers
    servers.change(library.guild.id, keeper.id, "x", documents_a_day=1)
    first = await keeper.slash(library.channel, "add", file=("a.txt", letter(6)))
    second = await keeper.slash(library.channel, "add", file=("b.txt", letter(7)))
    await keeper.click(first.response, label="Confirm")
    refused = await keeper.click(second.response, label="Confirm")
    assert "quota of documents a day (1) is used up" in texts(refused.response)
    assert len(library.titles()) == 1


async def test_in_private_only_the_operator_adds_and_to_the_base_corpus(open_scene, own_shelf):
    library = await open_scene(own_shelf)
    refused = await library.ann.user.slash("add", file=("bridge.md", BRIDGE))
    assert "Only my operator adds to the base corpus" in texts(refused.response)
    library.env.errors  # noqa: B018 - seen
    library.bot.owner_id = library.ben.id
    shown = await library.ben.user.slash("add", file=("bridge.md", BRIDGE))
    assert "in the base corpus" in texts(shown.response)
    await library.ben.user.click(shown.response, label="Confirm")
    titles = [d.metadata.title for d in library.bot.library.store.documents()]
    assert "A bridge over the Tumen" in titles


async def test_a_draft_of_one_server_is_nothing_in_another(library):
    keeper = library.manager()
    await keeper.slash(library.channel, "add", file=("bridge.md", BRIDGE))
    [stored] = [d for d in _all_drafts(library) if d.state != CONFIRMED]
    other = library.env.create_guild(name="Others")
    channel = other.create_text_channel("general")
    role = other.create_role("Managers", permissions=_manage())
    eve = other.add_member(library.env.create_user("eve"), roles=[role])
    theirs = await eve.slash(channel, "add", file=("letter.txt", letter(8)))
    message = library.env.backend.get_message(channel.id, theirs.response.id)
    _rename(message.components, stored.id)
    await eve.click(theirs.response, custom_id=f"tumen:draft:{stored.id}:confirm")
    assert library.titles() == []
    assert "This preview is over" in texts(theirs.response)


# Many at once


async def test_each_server_has_its_turn_and_too_much_of_one_is_declined():
    workshop, order = Workshop(), []
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(scope: str) -> None:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()
        order.append(scope)

    jobs = [asyncio.ensure_future(workshop.run("a", lambda: work("a"))) for _ in range(MOST_OF_ONE)]
    await asyncio.sleep(0)
    with pytest.raises(Declined, match="nothing was lost"):
        await workshop.run("a", lambda: work("a"))
    jobs += [asyncio.ensure_future(workshop.run(s, lambda s=s: work(s))) for s in ("b", "c")]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*jobs)
    assert {"b", "c"} <= set(order[:5])  # they did not wait for all of a's
    workshop.close()


def _manage() -> discord.Permissions:
    return discord.Permissions(manage_guild=True)


def _all_drafts(scene: Scene) -> list[StoredDraft]:
    return scene.bot.library.drafts._read(sa.true())


def _rename(components: list, draft_id: str) -> None:
    """Forge the buttons of a message: what a client can never do."""
    for part in components:
        _rename(part.get("components") or [], draft_id)
        if str(part.get("custom_id", "")).startswith("tumen:draft:"):
            act = part["custom_id"].split(":")[3]
            part["custom_id"] = f"tumen:draft:{draft_id}:{act}"
