"""What the code says, read from its source: the texts that catalogues must have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import bot.discord
from bot.discord.language import FROM_BELOW

SURFACE = Path(bot.discord.__file__).parent
ASKED = {"say": None, "mark": None, "say_counted": None, "for_record": FROM_BELOW}
"""The functions that take a text, with the context in which catalogues have it."""
UNSHOWN = {
    "describe",  # of commands, which Discord translates
    "ContextMenu",
    "RuntimeError",
    "ValueError",
    "NotImplementedError",
    "getLogger",
    "note",
    "compile",
    "TypeVar",
    "Literal",
    "cast",
}
_TEXT = re.compile(r"[A-Za-z]{2,} [a-z{]|^\W*[A-Z][a-z]{2,}\W*$")
"""Two words, or one that begins with a capital: what a reader would read."""
Key = tuple[str | None, str] | tuple[str | None, str, str]


def asked() -> set[Key]:
    """The texts that the surface asks for: context, wording, and the plural's where it has one."""
    found: set[Key] = set()
    for _, tree in _sources():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and _name(call.func) in ASKED:
                name = _name(call.func)
                wordings = [_constant(one) for one in call.args[: 2 if "counted" in name else 1]]
                if None not in wordings:
                    found.add((ASKED[name], *map(str, wordings)))  # type: ignore[arg-type]
    return found


def unasked() -> list[str]:
    """Texts in the surface that go past the catalogues, with where they stand."""
    found: list[str] = []
    for path, tree in _sources():
        passed = {id(node) for node in _passed_over(tree)}
        found += [
            f"{path.relative_to(SURFACE)}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in passed
            and _TEXT.search(node.value)
        ]
    return found


def _passed_over(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, what catalogues are asked for, and what only the log or Discord reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Call):
            name = _name(node.func)
            logs = isinstance(node.func, ast.Attribute) and _name(node.func.value) == "log"
            if name in ASKED:
                for one in node.args:
                    yield from ast.walk(one)
            elif logs or name in UNSHOWN:
                yield from ast.walk(node)


def _sources() -> Iterator[tuple[Path, ast.Module]]:
    """All modules of the surface, but for the operator's terminal and the catalogues' own."""
    for path in sorted(SURFACE.rglob("*.py")):
        if path.name not in ("run.py", "language.py"):
            yield path, ast.parse(path.read_text("utf-8"))


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", None) or getattr(node, "id", "")


def _constant(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
