"""The README says what there is."""

from __future__ import annotations

import re
from pathlib import Path

from bot.cli import app
from bot.settings import Settings
from ingest.formats import READS

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_every_setting_is_in_the_table():
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}


def test_every_command_is_named():
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}
    assert all(f"`tumen {command}" in README for command in commands - {"start", "chat"})


def test_it_opens_with_exactly_the_two_commands():
    block = re.findall(r"^    (.*)$", README.split("\n\nTumen answers")[0], re.MULTILINE)
    assert [line.split("#")[0].strip() for line in block] == ["make run", "make test"]


def test_the_formats_that_are_read_are_named_here_and_in_the_help():
    names = set(re.findall(r"[A-Z]{3,}|Markdown", READS))
    [ingest] = [c.callback for c in app.registered_commands if c.callback.__name__ == "ingest"]
    [row] = re.findall(r"^\| `tumen ingest .*$", README, re.MULTILINE)
    assert len(names) == 10
    assert names <= set(re.findall(r"\w+", row))
    assert names <= set(re.findall(r"\w+", ingest.__doc__))
