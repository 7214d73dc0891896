"""The prompts: one readable file each, `NAME.md`, with the system's part above a line `---`.

``$name`` stands for what the caller fills in. The files are the only place where we talk to a
model, and the hash of a file is its version.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent
ABSTENTION = "NOT IN THE SOURCES"
"""What `answer.md` tells the model to write when the sources do not answer."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt with its version: the first 12 hex digits of the SHA-256 of its file."""

    name: str
    version: str
    system: str
    user: str

    def fill(self, **values: str) -> tuple[str, str]:
        """The system's and the user's message; raises ``KeyError`` if a value is missing.

        What is filled in is never looked at again: a ``$name`` in it stays as it is.
        """
        return self.system, Template(self.user).substitute(values)


@cache
def load(name: str) -> Prompt:
    """The prompt of that name; raises ``FileNotFoundError``."""
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    system, user = text.split("\n---\n", 1)
    return Prompt(name, hashlib.sha256(text.encode()).hexdigest()[:12], system, user.strip())
