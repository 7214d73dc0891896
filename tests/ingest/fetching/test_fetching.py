"""What a good link gives, what its server gets to see, and what a proxy does."""

from __future__ import annotations

import asyncio

import pytest

from ingest.fetching import Guard, fetch
from ingest.fetching.addresses import canonical, is_link, read_link, without_tracking
from ingest.fetching.guard import is_public
from ingest.parsed import RefusedError
from tests.ingest.fetching.cases import GOOD, STORY
from tests.ingest.fetching.web import http, moved


async def test_what_a_link_gives(web):
    web.pages["site.example/2025/barges"] = http(
        STORY, ETag='"7"', Last_Modified="Mon, 03 Mar 2025 10:00:00 GMT"
    )
    site = f"http://site.example:{web.port}"
    found = await fetch(f" {site}/2025/barges?id=5&utm_source=x&fbclid=y#top\n", guard=web.guard)
    assert found.url == f"{site}/2025/barges?id=5"
    assert found.data == STORY.encode()
    assert (found.name, found.media_type, found.charset) == ("barges.html", "text/html", "utf-8")
    assert (found.etag, found.last_modified) == ('"7"', "Mon, 03 Mar 2025 10:00:00 GMT")
    assert found.fetched_at.tzinfo is not None


async def test_the_address_is_where_the_redirects_end(web):
    web.pages["short.example/x"] = moved(f"http://site.example:{web.port}/a?utm_medium=m&page=2")
    web.pages["site.example/a"] = GOOD
    found = await fetch(f"http://short.example:{web.port}/x", guard=web.guard)
    assert found.url == f"http://site.example:{web.port}/a?page=2"


@pytest.mark.parametrize(
    ("path", "headers", "name"),
    [
        ("/report", {"Content_Type": "text/plain"}, "report.txt"),
        ("/notes.md", {"Content_Type": "text/plain"}, "notes.md"),
        ("/notes", {"Content_Type": "text/markdown"}, "notes.md"),
        ("/story.php", {}, "story.php.html"),
        ("/%D0%BF%D0%BE%D1%80%D1%82/", {}, "порт.html"),
        ("/", {}, "site.example.html"),
        ("/get", {"Content_Disposition": 'attachment; filename="a.txt"',
                  "Content_Type": "text/plain"}, "a.txt"),
        ("/get", {"Content_Disposition": 'attachment; filename="..\\\\..\\\\a.txt"',
                  "Content_Type": "text/plain"}, "a.txt"),
    ],
)  # fmt: skip
async def test_a_name_has_the_suffix_of_what_is_in_it(web, path, headers, name):
    web.pages["site.example" + path] = http("Forty barges passed Khasan.", **headers)
    assert (await fetch(f"http://site.example:{web.port}{path}", guard=web.guard)).name == name


async def test_a_pdf_is_known_by_its_bytes(web):
    web.pages["site.example/download"] = http(b"%PDF-1.7 ...", Content_Type="text/html")
    found = await fetch(f"http://site.example:{web.port}/download", guard=web.guard)
    assert found.name == "download.pdf"


async def test_the_server_sees_an_honest_name_and_no_cookie(web):
    web.pages["site.example/a"] = http(status="302 Found", Location="/b", Set_Cookie="id=7; Path=/")
    web.pages["site.example/b"] = GOOD
    await fetch(f"http://site.example:{web.port}/a", guard=web.guard)
    [request] = web.requests["site.example/b"]
    assert b"user-agent: tumen/" in request.lower()
    assert b"accept-encoding: gzip\r\n" in request.lower()
    assert b"cookie" not in request.lower()
    assert b"referer" not in request.lower()


async def test_robots_txt_is_asked_for_once_a_site_and_first(web):
    for step in range(3):
        web.pages[f"site.example/{step}"] = moved(f"/{step + 1}")
    web.pages["site.example/3"] = GOOD
    await fetch(f"http://site.example:{web.port}/0", guard=web.guard)
    assert len(web.requests["site.example/robots.txt"]) == 1
    assert next(iter(web.requests)) == "site.example/robots.txt"


async def test_a_name_is_looked_up_once_a_connection(web):
    web.pages["site.example/a"] = GOOD
    await fetch(f"http://site.example:{web.port}/a", guard=web.guard)
    assert web.names.lookups["site.example"] == 2  # robots.txt and the page


async def test_nothing_in_the_environment_opens_the_guard_or_sets_a_proxy(web, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.2:{web.port}")
    monkeypatch.setenv("no_proxy", "")
    web.pages["site.example/a"] = GOOD
    await fetch(f"http://site.example:{web.port}/a", guard=web.guard)
    assert web.private_contacts == 0
    with pytest.raises(RefusedError, match="private"):
        await fetch("http://127.0.0.1/")


async def test_a_proxy_does_the_looking_up(web):
    asked = []

    async def serve(reader, writer):
        asked.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
        writer.write(http("", "404 Not Found") if b"robots.txt" in asked[-1] else GOOD)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        found = await fetch("http://site.example/a", guard=web.guard, proxy=proxy)
        assert found.data == STORY.encode()
        assert asked[-1] == b"GET http://site.example/a HTTP/1.1"
        for private in ("http://localhost/", "http://10.0.0.1/", "http://0x7f.1/", "http://nas/"):
            with pytest.raises(RefusedError):
                await fetch(private, guard=web.guard, proxy=proxy)
        assert len(asked) == 2
    assert not web.names.lookups
    with pytest.raises(RefusedError, match="proxy"):
        await fetch("http://site.example/a", guard=web.guard, proxy=proxy)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("64:ff9b::5db8:d822", True),
        ("10.0.0.1", False), ("224.0.0.1", False), ("192.0.0.8", False), ("64:ff9b::a00:1", False),
        ("fec0::1", False), ("::7f00:1", False), ("2002:a00:1::", False), ("fe80::1%eth0", False),
        ("::ffff:93.184.216.34", False), ("", False), ("site.example", False),
    ],
)  # fmt: skip
def test_public_addresses_are_told_from_others(address, public):
    assert is_public(address) is public
    if address:
        info = (2, 1, 6, "", (address, 443))
        if public:
            Guard().open_socket(info).close()
        else:
            with pytest.raises(RefusedError):
                Guard().open_socket(info)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://X.org:443/A?b=2&a=1#f", "https://x.org/A?b=2&a=1"),
        ("<https://x.org/a>", "https://x.org/a"),
        ("https://x.org/a?utm_campaign=q&UTM_X=1&gclid=3", "https://x.org/a"),
        ("https://x.org/?p=123&ysclid=m", "https://x.org/?p=123"),
        ("https://пример.рф/статья", "https://xn--e1afmkfd.xn--p1ai/%D1%81%D1%82%D0%B0%D1%82%D1%8C%D1%8F"),
        ("https://x.org/a/../b", "https://x.org/b"),
    ],
)  # fmt: skip
def test_one_page_has_one_address(typed, address):
    assert str(without_tracking(read_link(typed))) == address


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [
        ("https://www.news.example/story", "https://www.news.example/story"),
        ("https://news.example/story?utm_source=rss", "https://news.example/story"),
        ("https://kcna.example/story", None),
        ("https://news.example.evil.example/story", None),
        ("https://news.example/", None),
        ("javascript:alert(1)", None),
        ("/story", None),
    ],
)
def test_a_page_can_not_pass_for_another_sites(claimed, shown):
    found = "https://amp.news.example/story/amp"
    assert canonical(claimed, found) == (shown or found)


def test_a_publishers_other_site_may_be_named_but_not_its_front_page():
    found = "https://amp.news.example/story/amp"
    assert canonical("https://n.example/7", found, related=True) == "https://n.example/7"
    assert canonical("https://n.example/", found, related=True) == found


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("https://x.org", True), ("HTTP://x.org", True), ("ftp://x.org", True), ("a.md", False),
        ("C:\\a.md", False), ("./http:/a.md", False), ("https:", False),
    ],
)  # fmt: skip
def test_links_are_told_from_files(typed, link):
    assert is_link(typed) is link
