"""Bodies checked against Discord's own API description, when its file is there."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT202012

PATH = Path(__file__).parents[3] / "shared" / "discord" / "openapi.json"
ABSENT = f"Discord's API description is not at {PATH}; bodies go unchecked against it."
_ROOT = "urn:discord"


@cache
def _registry() -> tuple[dict[str, Any], Registry[Any]]:
    document = json.loads(PATH.read_text("utf-8"))
    schemas = document["components"]["schemas"]
    # Two relaxations: discord.py sends both, and Discord accepts both.
    schemas["SnowflakeType"] = {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$"}
    # A third: for a forum, discord.py asks for media channels, too. Discord documents that type,
    # and takes it; its description knows only the others.
    schemas["ChannelTypes"]["oneOf"].append({"title": "GUILD_MEDIA", "const": 16})
    for schema in schemas.values():
        properties = schema.get("properties", {})
        if "default_member_permissions" in properties:
            properties["default_member_permissions"] = {
                "type": ["integer", "string", "null"],
                "pattern": "^[0-9]+$",
                "minimum": 0,
            }
    registry: Registry[Any] = Registry().with_resource(_ROOT, DRAFT202012.create_resource(document))
    return document["paths"], registry


@cache
def _validator(method: str, template: str) -> Draft202012Validator | None:
    paths, registry = _registry()
    operation = paths[template].get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    pointer = "/".join(
        part.replace("~", "~0").replace("/", "~1")
        for part in ("paths", template, method.lower(), "requestBody", "content")
    )
    reference = f"{_ROOT}#/{pointer}/application~1json/schema"
    return Draft202012Validator({"$ref": reference}, registry=registry)


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    paths, _ = _registry()
    # Literal parts win over parameters: `@original` over `{message_id}`.
    ordered = sorted(paths, key=lambda path: path.count("{"))
    made = []
    for template in ordered:
        pieces = re.split(r"\{[^}]+\}", template)
        made.append((re.compile("[^/]+".join(map(re.escape, pieces)) + "$"), template))
    return made


def available() -> bool:
    """Whether the description is there."""
    return PATH.exists()


def complaint(method: str, path: str, body: Any) -> str | None:
    """What the description forbids about one body, or None."""
    template = next((name for fits, name in _templates() if fits.match(path)), None)
    if template is None:
        return f"{method} {path}: Discord has no such route."
    validator = _validator(method, template)
    if validator is None:
        return None if body in (None, {}) else f"{method} {template} takes no body."
    error = best_match(validator.iter_errors(body))
    if error is None:
        return None
    place = "/".join(str(part) for part in error.absolute_path)
    return f"{method} {template} at {place or 'the top'}: {error.message[:400]}"
