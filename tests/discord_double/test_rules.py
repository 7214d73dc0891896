"""What Discord refuses, the double refuses."""

from __future__ import annotations

import pytest

from tests.discord_double import description
from tests.discord_double.command_rules import autocomplete_faults, command_faults, modal_faults
from tests.discord_double.rules import message_faults
from tests.discord_double.world import COMPONENTS_V2

V2 = {"flags": COMPONENTS_V2}
TEXT = {"type": 10, "content": "words"}
BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
LINK = {"type": 2, "style": 5, "label": "See", "url": "https://example.org/a"}
SELECT = {"type": 3, "custom_id": "pick", "options": [{"label": "a", "value": "a"}]}


def row(*inside: dict) -> dict:
    return {"type": 1, "components": list(inside)}


GOOD = {
    "text": {"content": "a" * 2000},
    "a full row": {"content": "a", "components": [row(BUTTON, LINK)]},
    "a select": {"content": "a", "components": [row(SELECT)]},
    "a V2 tree": {
        **V2,
        "components": [
            {"type": 17, "components": [TEXT, {"type": 14}, row(BUTTON)]},
            {"type": 9, "components": [TEXT], "accessory": LINK},
        ],
    },
    "forty components": {**V2, "components": [TEXT] * 40},
    "4,000 characters": {**V2, "components": [TEXT, {"type": 10, "content": "a" * 3995}]},
}
BAD = {
    "content over 2,000": ({"content": "a" * 2001}, "2000"),
    "nothing": ({"content": ""}, "empty"),
    "only spaces": ({"content": " \n"}, "empty"),
    "six rows": ({"content": "a", "components": [row(LINK)] * 6}, "between 1 and 5"),
    "the same custom_id twice": (
        {"content": "a", "components": [row(BUTTON), row(BUTTON)]},
        "duplicated",
    ),
    "no custom_id": (
        {"content": "a", "components": [row({"type": 2, "style": 1, "label": "a"})]},
        "custom id",
    ),
    "a link without URL": (
        {"content": "a", "components": [row({"type": 2, "style": 5, "label": "a"})]},
        "URL",
    ),
    "a link to a script": (
        {"content": "a", "components": [row({**LINK, "url": "javascript:alert(1)"})]},
        "URL",
    ),
    "buttons beside a select": ({"content": "a", "components": [row(BUTTON, SELECT)]}, "not both"),
    "six buttons": ({"content": "a", "components": [row(*[LINK] * 6)]}, "wide"),
    "an empty row": ({"content": "a", "components": [row()]}, "empty"),
    "embeds over 6,000": (
        {"embeds": [{"description": "a" * 3100}, {"description": "a" * 3000}]},
        "6000",
    ),
    "V2 with content": ({**V2, "content": "a", "components": [TEXT]}, "cannot be used"),
    "V2 with embeds": (
        {**V2, "embeds": [{"title": "a"}], "components": [TEXT]},
        "cannot be used",
    ),
    "V2 parts without the flag": ({"components": [TEXT]}, "flag"),
    "41 components": ({**V2, "components": [TEXT] * 41}, "41 components"),
    "4,001 characters": (
        {**V2, "components": [TEXT, {"type": 10, "content": "a" * 3996}]},
        "4001 characters",
    ),
    "an empty text": ({**V2, "components": [{"type": 10, "content": ""}]}, "empty"),
    "a container in a container": (
        {
            **V2,
            "components": [
                {"type": 17, "components": [{"type": 17, "components": [TEXT]}]},
            ],
        },
        "cannot stand here",
    ),
    "a bare button": ({**V2, "components": [BUTTON]}, "cannot stand here"),
    "a section without accessory": (
        {**V2, "components": [{"type": 9, "components": [TEXT]}]},
        "required",
    ),
    "a label that is too long": (
        {"content": "a", "components": [row({**BUTTON, "label": "a" * 81})]},
        "80",
    ),
    "a custom_id that is too long": (
        {"content": "a", "components": [row({**BUTTON, "custom_id": "a" * 101})]},
        "100",
    ),
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_what_discord_takes_passes(body: dict):
    assert message_faults(body) == []


@pytest.mark.parametrize(("body", "reason"), BAD.values(), ids=BAD)
def test_what_discord_refuses_is_refused(body: dict, reason: str):
    assert reason in " ".join(fault.text for fault in message_faults(body))


def test_an_edit_is_judged_with_what_it_leaves_in_place():
    before = {"content": "", "components": [TEXT], "flags": COMPONENTS_V2}
    assert message_faults({"components": [TEXT]}, before=before) == []
    assert message_faults({"content": "a"}, before=before)
    assert message_faults({"content": ""}, before={"content": "a", "flags": 0})
    plain = {"content": "thinking", "components": [], "flags": 0}
    assert message_faults({**V2, "components": [TEXT]}, before=plain)
    assert message_faults({**V2, "content": None, "components": [TEXT]}, before=plain) == []


def command(**changes) -> dict:
    return {"name": "ask", "type": 1, "description": "Ask", "options": [], **changes}


def option(name: str, **changes) -> dict:
    return {"name": name, "type": 3, "description": "It", **changes}


@pytest.mark.parametrize(
    "broken",
    [
        command(name="Ask"),
        command(name="ask me"),
        command(description=""),
        command(name_localizations={"kr": "질문"}),
        command(name_localizations={"ko": "질 문"}),
        command(options=[option("a"), option("b", required=True)]),
        command(options=[option("a"), option("a")]),
        command(options=[option("a", autocomplete=True, choices=[{"name": "a", "value": "a"}])]),
        command(options=[option(f"o{n}") for n in range(26)]),
        command(type=3, description="a menu has none"),
    ],
)
def test_commands_that_discord_refuses_are_refused(broken: dict):
    assert command_faults([broken])


def test_good_commands_pass():
    good = command(
        options=[option("question", required=True), option("as_of")],
        name_localizations={"ko": "질문", "ru": "вопрос", "zh-CN": "提问"},
    )
    assert command_faults([good, {"name": "Ask about this", "type": 3}]) == []
    assert command_faults([good, good])
    assert command_faults([{"name": f"m{n}", "type": 3} for n in range(6)])


def test_choices_and_modals_have_limits():
    assert autocomplete_faults({"choices": [{"name": "a", "value": "a"}] * 26})
    assert autocomplete_faults({"choices": [{"name": "", "value": "a"}]})
    assert modal_faults({"title": "a" * 46, "custom_id": "m", "components": [TEXT]})
    assert modal_faults({"title": "a", "custom_id": "m", "components": []})


@pytest.mark.skipif(not description.available(), reason=description.ABSENT)
def test_the_description_is_asked_with_two_relaxations():
    path = "/channels/1/messages"
    assert description.complaint("POST", path, {"content": "a"}) is None
    assert "content" in str(description.complaint("POST", path, {"content": 5}))
    commands = "/applications/1/commands"
    relaxed = [{"name": "ask", "description": "a", "default_member_permissions": "32"}]
    assert description.complaint("PUT", commands, relaxed) is None
    named = {"content": "a", "allowed_mentions": {"users": [7]}}
    assert description.complaint("POST", path, named) is None
    original = "/webhooks/1/token/messages/@original"
    assert description.complaint("PATCH", original, {"embeds": "no"})
    assert description.complaint("POST", "/channels/1/nothing", {})
