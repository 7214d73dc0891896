"""The checks of one sentence against the sentences that it cites. Pure functions, no guesses.

Each may turn a sentence away, none may mend it. They run in time linear in what they read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.generative.figures import figure_problems
from bot.answering.generative.grounds import Ground, Meant, grounds_of, synonyms
from bot.answering.generative.naming import name_problems
from bot.answering.generative.numbered import Shown
from bot.answering.generative.relations import relation_problems
from bot.answering.generative.stances import stance_problems

LEAST_COVERED = 0.5
"""Share of a sentence's content that its sources must have."""
LEAST_COVERED_IF_SIMILAR = 0.34
SIMILAR = 0.7
"""Cosine from which a sentence and a source are told to be about the same."""
LEAST_OF_A_CLAUSE = 0.33
CLAUSE = 2
"""Content words, names apart, from which on a clause has to be covered by itself."""
_ANYBODY = frozenset(("troops", "boss", "workers", "deminers"))
"""Groups of synonyms that say who, in words that not every language has in its group."""
LONGEST = 600
_CLAUSES = re.compile(
    r"[;:—–()]|,(?!\d)|\b(?:and|but|because|while|which|where|who|whose|so that|since|as|и|но"
    r"|потому|где|котор\w+)\b",
    re.IGNORECASE,
)
_UNSAFE = re.compile(r"://|\bwww\.|discord\.gg|<[@#:/]|@everyone|@here|\]\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a sentence, nothing if it may be shown; ``covered`` is 0 to 1."""

    problems: tuple[str, ...]
    covered: float


def check(text: str, cited: Sequence[Shown], similarity: float) -> Verdict:
    """Hold a sentence against those it cites.

    ``similarity`` is the cosine of the sentence and the nearest of them; where the embedding
    model does not read the language it says nothing, and 0 is right.
    """
    if not cited:
        return Verdict(("it cites no sentence that was shown",), 0.0)
    if unsafe := _UNSAFE.search(text):
        return Verdict((f"“{unsafe[0]}” may not stand in an answer",), 0.0)
    if len(text) > LONGEST:
        return Verdict(("it is too long to be checked",), 0.0)
    sentence, grounds = Meant(text), grounds_of(cited)
    covered = coverage(sentence, grounds)
    problems = [
        *figure_problems(sentence, grounds),
        *name_problems(sentence, grounds),
        *stance_problems(sentence, grounds),
        *relation_problems(sentence, grounds),
        *_support_problems(sentence, grounds, covered, similarity),
    ]
    return Verdict(tuple(dict.fromkeys(problems)), round(covered, 3))


def coverage(sentence: Meant, grounds: Sequence[Ground]) -> float:
    """The share of a sentence's content that its sources have, 0 to 1."""
    theirs = frozenset(meaning for ground in grounds for meaning in ground.content)
    return len(sentence.meanings & theirs) / len(sentence.meanings) if sentence.meanings else 0.0


def _support_problems(
    sentence: Meant, grounds: Sequence[Ground], covered: float, similarity: float
) -> Iterator[str]:
    theirs = frozenset(meaning for ground in grounds for meaning in ground.content)
    if all(ground.language != sentence.language for ground in grounds):
        # Another language has few words in common; names, figures and dates must do.
        named = sentence.names & frozenset(n for g in grounds for n in g.all_names)
        if not named and not sentence.places:
            yield "nothing in it can be held against what it cites"
        for group in sorted(synonyms(sentence.text) - theirs - _ANYBODY):
            yield f"it speaks of “{group}”, which its source does not"
        return
    enough = LEAST_COVERED_IF_SIMILAR if similarity >= SIMILAR else LEAST_COVERED
    if covered < enough:
        yield "what it cites does not say this"
        return
    for clause in _CLAUSES.split(sentence.text):
        part = Meant(clause or "")
        if len(part.words) <= CLAUSE:
            continue
        ours = part.meanings - part.names
        if len(ours) >= CLAUSE and len(ours & theirs) < LEAST_OF_A_CLAUSE * len(ours):
            yield f"what it cites does not say “{clause.strip()}”"
