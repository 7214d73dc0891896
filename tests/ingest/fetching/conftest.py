from __future__ import annotations

import pytest

from tests.ingest.fetching.web import running_web


@pytest.fixture
async def web():
    async with running_web() as running:
        yield running
