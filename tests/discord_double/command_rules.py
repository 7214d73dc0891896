"""What Discord refuses in a command, an autocomplete answer or a modal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from tests.discord_double.rules import INVALID, Fault
from tests.discord_double.world import Json, walk

LOCALES = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg "
    "ru uk hi th zh-CN ja zh-TW ko".split()
)
NAME, DESCRIPTION, OPTIONS, CHOICES, TEXT_TOTAL = 32, 100, 25, 25, 8000
CHAT_INPUT, SUB_COMMAND, SUB_GROUP = 1, 1, 2
AT_MOST = {1: 100, 2: 5, 3: 5}
TITLE, MODAL_PARTS = 45, 5


def command_faults(commands: list[Json]) -> list[Fault]:
    """What is wrong with a list of commands that replaces all others."""
    found: list[Fault] = []
    for kind, limit in AT_MOST.items():
        names = [c.get("name") for c in commands if c.get("type", CHAT_INPUT) == kind]
        if len(names) > limit:
            found.append(Fault(30032, "", f"Maximum number of commands of type {kind}: {limit}"))
        if len(set(names)) < len(names):
            found.append(Fault(INVALID, "name", "Application command names must be unique"))
    for index, command in enumerate(commands):
        found += _command(command, str(index))
    return found


def _command(command: Json, place: str) -> Iterator[Fault]:
    if command.get("type", CHAT_INPUT) != CHAT_INPUT:
        if command.get("description") or command.get("options"):
            yield Fault(INVALID, place, "A context menu has neither description nor options.")
        if not 1 <= len(command.get("name", "")) <= NAME:
            yield Fault(INVALID, f"{place}.name", f"Must be between 1 and {NAME} in length.")
        return
    yield from _described(command, place)
    if _length(command) > TEXT_TOTAL:
        yield Fault(INVALID, place, f"More than {TEXT_TOTAL} characters of text.")


def _described(part: Json, place: str) -> Iterator[Fault]:
    yield from _texts(part, place)
    options = part.get("options") or []
    if len(options) > OPTIONS:
        yield Fault(INVALID, f"{place}.options", f"Must be {OPTIONS} or fewer in length.")
    plain = [o for o in options if o.get("type") not in (SUB_COMMAND, SUB_GROUP)]
    required = [bool(option.get("required")) for option in plain]
    if required != sorted(required, reverse=True):
        yield Fault(INVALID, place, "Required options must be placed before optional options")
    for index, option in enumerate(options):
        if option.get("autocomplete") and option.get("choices"):
            yield Fault(INVALID, place, "Choices and autocomplete exclude each other.")
        yield from _choices(option.get("choices") or [], f"{place}.options.{index}")
        yield from _described(option, f"{place}.options.{index}")
    given = [option.get("name") for option in options]
    if len(set(given)) < len(given):
        yield Fault(INVALID, f"{place}.options", "Option names must be unique.")


def _texts(part: Json, place: str) -> Iterator[Fault]:
    for name in [part.get("name", ""), *(part.get("name_localizations") or {}).values()]:
        if not _fit_name(name):
            yield Fault(INVALID, f"{place}.name", f"String value did not match: {name!r}")
    texts = [part.get("description"), *(part.get("description_localizations") or {}).values()]
    for text in texts:
        if not text or len(text) > DESCRIPTION:
            yield Fault(INVALID, f"{place}.description", f"1 to {DESCRIPTION} long: {text!r}")
    for key in ("name_localizations", "description_localizations"):
        for locale in set(part.get(key) or {}) - LOCALES:
            yield Fault(INVALID, f"{place}.{key}", f"Unknown locale {locale!r}")


def _choices(choices: list[Json], place: str) -> Iterator[Fault]:
    if len(choices) > CHOICES:
        yield Fault(INVALID, place, f"At most {CHOICES} choices.")
    for choice in choices:
        if not 1 <= len(choice.get("name") or "") <= DESCRIPTION:
            yield Fault(INVALID, place, f"A choice's name is 1 to 100 long: {choice}")
        value = choice.get("value")
        if isinstance(value, str) and not 1 <= len(value) <= DESCRIPTION:
            yield Fault(INVALID, place, f"A choice's value is 1 to 100 long: {choice}")


def _fit_name(name: str) -> bool:
    if not 1 <= len(name) <= NAME or name != name.lower():
        return False
    return all(c in "-_'" or unicodedata.category(c)[0] in "LNM" for c in name)


def _length(part: Json) -> int:
    own = len(part.get("name") or "") + len(part.get("description") or "")
    choices = part.get("choices") or []
    own += sum(len(c["name"]) + len(str(c["value"])) for c in choices)
    return own + sum(_length(option) for option in part.get("options") or [])


def autocomplete_faults(data: Json) -> list[Fault]:
    """What is wrong with the choices offered to someone who types."""
    return list(_choices(data.get("choices") or [], "data.choices"))


def modal_faults(data: Json) -> list[Fault]:
    """What is wrong with a modal."""
    found = []
    if not 1 <= len(data.get("title") or "") <= TITLE:
        found.append(Fault(INVALID, "data.title", f"Must be 1 to {TITLE} long."))
    if not 1 <= len(data.get("custom_id") or "") <= DESCRIPTION:
        found.append(Fault(INVALID, "data.custom_id", "Must be 1 to 100 long."))
    if not 1 <= len(data.get("components") or []) <= MODAL_PARTS:
        found.append(Fault(INVALID, "data.components", f"Must be 1 to {MODAL_PARTS} long."))
    ids = [part["custom_id"] for part in walk(data.get("components")) if part.get("custom_id")]
    if len(set(ids)) < len(ids):
        found.append(Fault(INVALID, "data.components", "Custom ids must be unique."))
    return found
