"""From a link to a document that can be searched and cited, over a real server."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from bot import taking_in
from bot.terminal import Terminal
from ingest.fetching import fetch
from ingest.links import ingest_links
from tests.ingest.fetching.cases import STORY
from tests.ingest.fetching.web import http, moved, running_web

FILES = Path(__file__).parent / "files"
ARTICLE = """<html lang="en"><head><title>Barges at Khasan</title>
<meta property="og:site_name" content="Border Post">
<meta property="article:published_time" content="2025-03-04T08:00:00Z">
<link rel="canonical" href="{canonical}"></head><body><!-- served {nonce} --><article>
<h1>Barges at Khasan</h1><p>{count} barges passed Khasan on Monday, the harbour office said.</p>
<p>Twelve of them turned back before the bridge because of the ice on the river.</p>
</article></body></html>"""


@pytest.fixture
async def web():
    async with running_web() as running:
        yield running


@pytest.fixture
def take_in(store, web):
    """Takes in links on `news.example`, given as paths, or as they are."""

    async def run(*links):
        site = f"http://news.example:{web.port}"
        whole = [site + link if link.startswith("/") else link for link in links]
        found = partial(fetch, guard=web.guard)
        return await asyncio.to_thread(lambda: list(ingest_links(whole, store, found)))

    return run


def article(web, count="Forty", nonce=1, canonical=""):
    canonical = canonical or f"http://news.example:{web.port}/story"
    return http(ARTICLE.format(count=count, nonce=nonce, canonical=canonical))


async def test_a_page_is_found_with_who_when_and_its_link(web, store, take_in):
    web.pages["news.example/story/amp"] = article(web)
    [result] = await take_in("/story/amp?utm_source=telegram#comments")
    assert (result.outcome, result.note) == (
        "added", "“Barges at Khasan”, Border Post, 2025-03-04"
    )  # fmt: skip
    [document] = store.documents()
    assert document.origin == f"http://news.example:{web.port}/story/amp"
    meta = store.search("how many barges passed Khasan?").hits[0].passage.metadata
    assert (meta.publisher, meta.published) == ("Border Post", "2025-03-04")
    assert meta.url == f"http://news.example:{web.port}/story"


async def test_the_same_link_again_is_unchanged_or_an_update(web, store, take_in):
    web.pages["news.example/story"] = article(web)
    [first] = await take_in("/story")
    web.pages["news.example/story"] = article(web, nonce=2)
    [again] = await take_in("/story?fbclid=x")
    assert (again.outcome, again.document_id) == ("unchanged", first.document_id)
    web.pages["news.example/story"] = article(web, count="Fifty")
    [changed] = await take_in("/story#top")
    assert (changed.outcome, changed.document_id) == ("updated", first.document_id)
    assert [document.version for document in store.documents()] == [2]


async def test_two_links_that_end_on_one_page_are_one_document(web, store, take_in):
    web.pages["news.example/story"] = article(web)
    web.pages["news.example/s"] = moved("/story?utm_medium=short")
    assert [r.outcome for r in await take_in("/s", "/story")] == ["added", "unchanged"]
    assert len(store.documents()) == 1


async def test_a_page_that_poses_as_anothers_is_cited_by_its_own_address(web, store, take_in):
    web.pages["news.example/story"] = article(web, canonical="https://agency.example/story")
    await take_in("/story")
    assert store.documents()[0].metadata.url == f"http://news.example:{web.port}/story"


async def test_a_pdf_behind_a_link_has_its_pages(web, store, take_in):
    web.pages["news.example/get"] = http(
        (FILES / "briefing.pdf").read_bytes(), Content_Type="application/octet-stream"
    )
    [result] = await take_in("/get")
    assert result.outcome == "added"
    hits = store.search("briefing", limit=100).hits
    assert {1, 2} <= {hit.passage.page for hit in hits}
    assert hits[0].passage.metadata.url == f"http://news.example:{web.port}/get"


async def test_the_servers_encoding_reaches_the_text(web, store, take_in):
    text = "Сорок барж прошли Хасан в понедельник, сообщила администрация порта."
    web.pages["news.example/note"] = http(
        text.encode("koi8-r"), Content_Type="text/plain; charset=koi8-r"
    )
    await take_in("/note")
    assert store.search("баржи Хасан").hits[0].passage.text == text


async def test_what_is_refused_leaves_nothing_behind(web, store, take_in, tmp_path, monkeypatch):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    web.pages["news.example/short"] = http(STORY, Content_Length="9999")
    web.pages["news.example/wall"] = http("<p>Subscribe to continue reading.</p>")
    web.pages["news.example/pdf"] = http(b"%PDF-1.7\nnothing")
    web.pages["news.example/away"] = moved(f"http://127.0.0.2:{web.port}/")
    kept = {file for file in (tmp_path / "home").rglob("*") if file.is_file()}
    links = ("/none", "/short", "/wall", "/pdf", "/away", "ftp://x.example/")
    results = await take_in(*links)
    assert [result.outcome for result in results] == ["refused"] * len(links)
    assert len({result.note for result in results}) == len(links)
    assert store.documents() == []
    assert store.index_counts() == {"vectors": 0, "lexical": 0}
    assert {file for file in (tmp_path / "home").rglob("*") if file.is_file()} == kept
    assert list(temporary.iterdir()) == []
    assert web.private_contacts == 0


async def test_files_and_links_go_in_together_a_line_for_each_link(
    web, store, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "200")
    web.pages["news.example/story"] = article(web)
    note = tmp_path / "note.md"
    note.write_text("Nine ferries crossed the Yalu river at Dandong on Monday.\n")
    site = f"http://news.example:{web.port}"
    sources = [f"{site}/story", note, f"{site}/none"]
    report = await asyncio.to_thread(
        taking_in.take_in, Terminal(), store, sources, partial(fetch, guard=web.guard)
    )
    assert (report.count("added"), report.count("refused")) == (2, 1)
    shown = capsys.readouterr().err
    assert f"added: {site}/story: “Barges at Khasan”, Border Post, 2025-03-04" in shown
    assert f"refused: {site}/none: There is no page at this link" in shown
    assert "2 added, 1 refused" in shown
