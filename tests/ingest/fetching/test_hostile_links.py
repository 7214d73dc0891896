"""Every link of the table that `python -m tests.quality.hostile_links` prints."""

from __future__ import annotations

import asyncio
import tracemalloc

import pytest

from tests.ingest.fetching.cases import BOMB, Case
from tests.ingest.fetching.web import http
from tests.quality.hostile_links import CASES, throw


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}: {case.what}"[:90])
async def test_a_hostile_link_is_refused_calmly_or_taken_for_what_it_is(case, web):
    outcome = await throw(case, web)
    assert outcome.right, outcome
    if outcome.refused:
        assert outcome.said.endswith(".")
        assert outcome.said[0].isupper()
        assert len(outcome.said) < 300
        assert not {"Error", "Exception", "Traceback", "errno"} & set(outcome.said.split())
    if web.requests:
        await asyncio.wait_for(web.idle.wait(), 5)  # no connection is left open


async def test_a_bomb_is_refused_before_it_unfolds(web):
    bomb = Case(
        "", "", "http://site.example:{port}/story", "bigger than",
        pages={"site.example/story": http(BOMB, Content_Encoding="gzip")},
    )  # fmt: skip
    tracemalloc.start()
    try:
        assert (await throw(bomb, web)).right
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000


async def test_the_private_machine_would_notice_a_visitor(web):
    """Else the table's zero would prove nothing."""
    _, writer = await asyncio.open_connection("127.0.0.2", web.port)
    writer.close()
    await asyncio.wait_for(web.visited.wait(), 5)
    assert web.private_contacts == 1
