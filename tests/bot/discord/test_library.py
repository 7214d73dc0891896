"""What is in the library: the list, a document's page, removing, undoing, refreshing, stats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.discord.keeping.undoing import FOR
from ingest.fetching import Fetched
from store import schema
from tests.bot.discord.conftest import Scene
from tests.bot.discord.files import BRIDGE, BRIDGE_QUESTION, letter
from tests.bot.discord.reading import buttons, labels, texts, tree, walk

PAGE = "https://news.example/coal"
TREATY = "What does Article 4 of the treaty say?"
NOTHING = "Who won the football world cup in 1998?"


@pytest.fixture
async def library(open_scene, shelf):
    """A scene with a page on the web that says another thing each week."""
    weeks = iter(range(100))

    async def fetch(url: str) -> Fetched:
        body = letter(next(weeks) // 2)  # the second look finds nothing new
        return Fetched(url, body, "coal.txt", "text/plain", None, datetime.now(UTC))

    return await open_scene(shelf, fetch_link=fetch)


async def added(scene: Scene, keeper, **what):
    shown = await keeper.slash(scene.channel, "add", **(what or {"file": ("bridge.md", BRIDGE)}))
    await keeper.click(shown.response, label="Confirm")
    return shown.response


def own(scene: Scene):
    store = scene.bot.library.store
    return [d for d in store.documents(scene.scope) if d.scope == scene.scope]


# The list


async def test_the_list_is_paged_and_searched(library):
    keeper = library.manager()
    opened = await keeper.slash(library.channel, "add")
    files = [(f"{number}.txt", letter(number)) for number in range(100, 106)]
    shown = await keeper.submit_modal(opened, {"files": files})
    for preview in (shown.response, *shown.followups):
        await keeper.click(preview, label="Confirm")
    listed = (await library.ann.slash(library.channel, "documents")).response
    assert "11 documents here, page 1 of 2" in texts(listed)
    assert "base corpus" in texts(listed)
    first = texts(listed)
    await library.ann.click(listed, label="More")
    assert "page 2 of 2" in texts(listed)
    seen = first + texts(listed)
    assert all(f"Letter {number}" in seen for number in range(100, 106))
    found = await library.ann.slash(library.channel, "documents", search="letter 103")
    assert "1 document on “letter 103”" in texts(found.response)
    chosen = await library.ann.select(
        found.response, [own(library)[3].id], custom_id="tumen:documents:open"
    )
    assert "Letter 103" in texts(chosen.response)


async def test_a_search_that_finds_nothing_says_so(library):
    found = await library.ann.slash(library.channel, "documents", search="pizza")
    assert "No document on “pizza”." in texts(found.response)


async def test_the_pages_turn_after_a_restart_with_any_search(library, shelf):
    search = "e o"
    listed = (await library.ann.slash(library.channel, "documents", search=search)).response
    await library.restart(shelf)
    if "More" in labels(listed):
        await library.ann.click(listed, label="More")
    assert f"on “{search}”" in texts(listed)


# A document's page


async def test_a_page_tells_who_added_it_and_how_often_it_was_cited(library):
    keeper = library.manager()
    await added(library, keeper)
    [document] = own(library)
    await library.ann.slash(library.channel, "ask", question=BRIDGE_QUESTION)
    shown = await library.ann.slash(library.channel, "document", id=document.id)
    said = texts(shown.response)
    for what in (f"added by <@{keeper.id}>", "cited here once", "1 passage", "agency"):
        assert what in said
    assert labels(shown.response) == []  # ann keeps nothing
    for_keeper = await keeper.slash(library.channel, "document", id=document.id)
    assert labels(for_keeper.response) == ["Refresh", "Correct details", "Remove"]


async def test_nobody_but_the_operator_is_offered_to_change_the_base_corpus(library):
    keeper = library.manager()
    base = library.bot.library.store.documents()[0]
    shown = await keeper.slash(library.channel, "document", id=base.id)
    assert "Remove" not in labels(shown.response)
    for command in ("remove", "refresh"):
        assert await keeper.autocomplete(library.channel, command, "id", "") == []
        refused = await keeper.slash(library.channel, command, id=base.id)
        assert "base corpus, which only my operator changes" in texts(refused.response)
    library.env.errors  # noqa: B018 - seen


async def test_corrected_details_hold_at_once_with_who_and_what(library):
    keeper = library.manager()
    await added(library, keeper)
    [document] = own(library)
    shown = await keeper.slash(library.channel, "document", id=document.id)
    opened = await keeper.click(shown.response, label="Correct details")
    done = await keeper.submit_modal(
        opened,
        {
            "title": "The bridge",
            "publisher": "Yonhap",
            "published": "2025-05-01",
            "kind": ["agency"],
        },
    )
    assert "Corrected" in texts(done.response)
    assert library.titles() == ["The bridge"]
    page = texts((await keeper.slash(library.channel, "document", id=document.id)).response)
    assert "title: A bridge over the Tumen → The bridge" in page
    answer = await library.ann.slash(library.channel, "ask", question=BRIDGE_QUESTION)
    assert "The bridge" in texts(answer.response)


async def test_of_corrections_those_that_can_be_read_are_taken(library):
    keeper = library.manager()
    await added(library, keeper)
    shown = await keeper.slash(library.channel, "document", id=own(library)[0].id)
    opened = await keeper.click(shown.response, label="Correct details")
    told = await keeper.submit_modal(
        opened, {"title": "The bridge", "published": "soon", "kind": ["agency"]}
    )
    assert "“soon” can't be read as published" in texts(told.response)
    assert library.titles() == ["The bridge"]
    assert own(library)[0].metadata.published == "2025-04-30"


# Removing and undoing


async def test_a_removed_document_is_found_no_more_and_undo_brings_it_back(library):
    keeper = library.manager()
    await added(library, keeper)
    removed = await keeper.slash(library.channel, "remove", id=own(library)[0].id)
    assert "is out of every search" in texts(removed.response)
    assert library.titles() == []
    miss = await library.ann.slash(library.channel, "ask", question=BRIDGE_QUESTION)
    assert "850 metres" not in texts(miss.response)
    undone = await keeper.click(removed.response, label="Undo")
    assert "is back in the library" in texts(undone.response)
    answer = await library.ann.slash(library.channel, "ask", question=BRIDGE_QUESTION)
    assert "850 metres" in texts(answer.response)
    assert library.log() == ["removal undone", "removed", "added"]


async def test_an_addition_is_undone_for_an_hour(library, shelf):
    keeper = library.manager()
    shown = await added(library, keeper)
    await library.restart(shelf)
    undone = await keeper.click(shown, label="Undo")
    assert "is out of the library again" in texts(undone.response)
    assert library.titles() == []
    assert "Undo" not in labels(shown)


async def test_after_an_hour_nothing_is_undone(library, shelf):
    keeper = library.manager()
    shown = await added(library, keeper)
    earlier = (datetime.now(UTC) - FOR - timedelta(minutes=1)).isoformat(timespec="seconds")
    with shelf.answers._engine.begin() as connection:
        connection.execute(sa.update(schema.audit_log).values(at=earlier))
    refused = await keeper.click(shown, label="Undo")
    assert "An hour has passed" in texts(refused.response)
    assert len(library.titles()) == 1


async def test_what_was_changed_since_is_not_undone(library):
    max_, eve = library.manager(), library.manager("eve")
    shown = await added(library, max_)
    await eve.slash(library.channel, "remove", id=own(library)[0].id)
    refused = await max_.click(shown, label="Undo")
    assert f"<@{eve.id}> changed this document since (removed)" in texts(refused.response)


async def test_a_citation_opens_after_its_document_was_removed_and_says_so(library):
    keeper = library.manager()
    await added(library, keeper)
    answer = await library.ann.slash(library.channel, "ask", question=BRIDGE_QUESTION)
    await keeper.slash(library.channel, "remove", id=own(library)[0].id)
    opened = await library.ann.click(answer.response, label="[1]")
    assert "850 metres" in texts(opened.response)
    assert "removed since, kept for this answer" in texts(opened.response)


async def test_a_removal_while_an_answer_is_made_from_it_costs_no_words(library, monkeypatch):
    await added(library, library.manager())
    store = library.bot.library.store
    search = store.search

    def overtaken(*args, **options):
        result = search(*args, **options)
        for one in own(library):
            store.remove(one.id, library.scope)
        return result

    monkeypatch.setattr(store, "search", overtaken)
    answer = await library.ann.slash(library.channel, "ask", question=BRIDGE_QUESTION)
    assert own(library) == []
    assert "850 metres" in texts(answer.response)
    opened = await library.ann.click(answer.response, label="[1]")
    assert "850 metres" in texts(opened.response)
    assert "removed since, kept for this answer" in texts(opened.response)


async def test_a_document_that_is_gone_is_told_in_a_sentence(library):
    keeper = library.manager()
    for command in ("remove", "refresh"):
        refused = await keeper.slash(library.channel, command, id="0123456789ab")
        assert "I know no such document here" in texts(refused.response)
    library.env.errors  # noqa: B018 - seen


# Refreshing


async def test_a_link_is_read_again_and_the_former_version_can_come_back(library):
    keeper = library.manager()
    await added(library, keeper, link=PAGE)
    [document] = own(library)
    same = await keeper.slash(library.channel, "refresh", id=document.id)
    assert "nothing was added twice" in texts(same.response)
    shown = await keeper.slash(library.channel, "refresh", id=document.id)
    assert "takes the place of version 1" in texts(shown.response)
    await keeper.click(shown.response, label="Confirm")
    assert "Refreshed **Letter 1**: version 2" in texts(shown.response)
    assert library.titles() == ["Letter 1"]
    undone = await keeper.click(shown.response, label="Undo")
    assert "is back at version 1" in texts(undone.response)
    assert library.titles() == ["Letter 0"]
    assert library.log() == ["refresh undone", "refreshed", "added"]


async def test_a_newer_file_takes_the_place_of_a_file(library):
    keeper = library.manager()
    await added(library, keeper, file=("letter.txt", letter(7)))
    [document] = own(library)
    refused = await keeper.slash(library.channel, "refresh", id=document.id)
    assert "Give the newer file" in texts(refused.response)
    library.env.errors  # noqa: B018 - seen
    shown = await keeper.slash(
        library.channel, "refresh", id=document.id, file=("letter.txt", letter(8))
    )
    await keeper.click(shown.response, label="Confirm")
    [newer] = own(library)
    assert (newer.id, newer.version) == (document.id, 2)


# Statistics


async def test_the_statistics_count_what_was_asked_here_and_show_it(library):
    manager = library.manager()
    answered = await library.ann.slash(library.channel, "ask", question=TREATY)
    await library.ben.click(answered.response, label="Helpful")
    for _ in range(2):
        await library.ann.slash(library.channel, "ask", question=NOTHING)
    await library.ben.slash(library.channel, "ask", question="Who is Zorblax?", private=True)
    await library.ben.slash(library.channel, "sources", query="treaty")
    shown = (await manager.slash(library.channel, "stats")).response
    said = texts(shown)
    assert "Questions: **4** · 🟩 answered: **1** · 🟧 not in the corpus: **3**" in said
    assert "fact-checks): **1**" in said
    assert "👍 1" in said
    assert "The treaty between Russia and North Korea: once" in said
    assert f"{NOTHING} (2 times)" in said
    assert "Zorblax" not in said  # what was asked in private stays so
    assert "Asked privately, which I don't show: 1" in said
    [chart] = shown.attachments
    assert chart.filename == "questions.png"
    assert (await chart.read()).startswith(b"\x89PNG")
    assert any(part["type"] == 12 for part in walk(tree(shown)))


async def test_the_statistics_of_a_silent_server_say_so(library):
    manager = library.manager()
    shown = (await manager.slash(library.channel, "stats")).response
    assert "Nobody asked me anything here yet" in texts(shown)
    assert shown.attachments == []


async def test_a_button_of_an_added_document_asks_about_it(library):
    keeper = library.manager()
    shown = await added(library, keeper)
    assert [b["label"] for b in buttons(shown)] == ["Ask about it", "Its page", "Undo"]
    opened = await keeper.click(shown, label="Ask about it")
    answer = await keeper.submit_modal(opened, {"question": BRIDGE_QUESTION})
    assert answer.ephemeral
    assert "850 metres" in texts(answer.response)
