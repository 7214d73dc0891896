"""Whatever is thrown at the parsers is read or refused by name, and leaves nothing behind."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path

import psutil
import pytest

from ingest.sandbox import ParserPool
from tests.quality.hostile_files import hostile_files, outcome_of
from tests.quality.hostile_files.case import Hostile

GROUPS = [
    (name, list(files)) for name, files in groupby(hostile_files(), key=lambda file: file.group)
]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def pool(scratch):
    """Parsing processes whose temporary files would lie in ``scratch``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(scratch))
        with ParserPool(2) as opened:
            yield opened


def test_there_are_at_least_ninety_in_eight_classes():
    assert len(GROUPS) >= 8
    assert sum(len(files) for _, files in GROUPS) >= 90


@pytest.mark.parametrize("files", [pytest.param(files, id=name) for name, files in GROUPS])
def test_hostile_files_are_read_or_refused_by_name(files: list[Hostile], pool, scratch, tmp_path):
    thrown = []
    for number, file in enumerate(files):
        path = tmp_path / str(number)
        path.write_bytes(file.make())
        thrown.append((file, pool.submit(path, file.name)))
    outcomes = {file.what: outcome_of(file, future) for file, future in thrown}
    assert {what: came for what, came in outcomes.items() if came.startswith("wrong")} == {}
    for _, future in thrown:
        sentence = str(future.exception() or "It is read.")
        assert sentence.startswith(("It ", "Its "))
        assert sentence.endswith(".")
        assert "\n" not in sentence
    assert list(scratch.iterdir()) == []
    assert not Path("/tmp/tumen-was-here").exists()  # noqa: S108  where one of them climbs to


def test_no_parsing_process_outlives_its_pool():
    children = set(psutil.Process(os.getpid()).children(recursive=True))
    with ParserPool(2) as opened:
        futures = [opened.submit(file.make(), file.name) for file in GROUPS[-1][1][:6]]
        for future in futures:
            future.exception(60)
    assert set(psutil.Process(os.getpid()).children(recursive=True)) <= children
