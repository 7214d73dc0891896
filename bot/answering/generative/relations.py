"""Does a sentence tie things together as its sources do: by cause, comparison, order and count?

Figures and names can all be right where what ties them is made up: "because", "lower than",
"after it", "the second". What ties our words together has to stand in the sources as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.answering.generative.grounds import Ground, Meant, meanings

_CAUSE = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|thanks to|as a result of|in order to|so that"
    r"|in (?:exchange|return|payment) for|as (?:a )?(?:payment|reward|compensation) for"
    r"|(?:out of|for) (?:fear|concern|loyalty|solidarity|spite)|потому что|из-за|в обмен на|ради"
    r"|чтобы)\b|因为|由于|以换取|때문|대가로",
    re.IGNORECASE,
)
_CAUSE_GIVEN = re.compile(
    r"\b(?:because|due|owing|since|as|for|so|thus|hence|therefore|result\w*|exchange|return\w*"
    r"|pa(?:y|id)\w*|price|reward\w*|reason\w*|caus\w*|explain\w*|why|led|leads?|purpose|in order"
    r"|из-за|потому|чтобы|за|обмен\w*|причин\w*)\b|因|由于|原因|换|때문|대가|이유|위해",
    re.IGNORECASE,
)
LEAST_OF_A_CAUSE = 0.6
"""Share of a cause's content, names apart, that the sources must have."""
_MORE = r"higher|larger|bigger|greater|more|longer|heavier|stronger|faster"
_LESS = r"lower|smaller|fewer|less|shorter|lighter|weaker|slower"
_COMPARED = re.compile(
    rf"\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b(?: \w+){{0,3}} than\b"
    r"(?!\s(?:about |some |half |twice |\$|€|an? |\d|one|two|three|four|five|six|seven|eight|nine"
    r"|ten))",
    re.IGNORECASE,
)
_MORE_GIVEN = re.compile(rf"\b(?:{_MORE}|above|over|exceed\w*|beyond|up)\b", re.IGNORECASE)
_LESS_GIVEN = re.compile(rf"\b(?:{_LESS}|below|under|short of|down)\b", re.IGNORECASE)
_ORDINAL = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b(?! (?:half|time\b))",
    re.IGNORECASE,
)
_SEQUENCE = re.compile(r"\b(?:after|before|prior to|came first)\b", re.IGNORECASE)
_SEQUENCE_GIVEN = re.compile(
    r"\b(?:after\w*|before|prior|follow\w*|once|until|since|then|later|earlier|first|previous\w*|when"
    r"|upon|with|while|as|still|yet|already|overtak\w*|replac\w*|supersed\w*|if|next)\b",
    re.IGNORECASE,
)


def relation_problems(sentence: Meant, grounds: Sequence[Ground]) -> Iterator[str]:
    """Causes, comparisons, ordinals and sequences that no source has."""
    if all(ground.language != sentence.language for ground in grounds):
        return  # words that tie are known in a source's own language only
    texts = " ".join(f"{ground.text} {ground.shown.about}" for ground in grounds)
    yield from _causes(sentence, grounds, texts)
    for match in _COMPARED.finditer(sentence.text):
        given = _MORE_GIVEN if match["more"] else _LESS_GIVEN
        if not given.search(texts):
            yield f"“{match[0]}” is a comparison that what it cites does not make"
    for match in _ORDINAL.finditer(sentence.text):
        if not re.search(rf"\b{match[0]}\b", texts, re.IGNORECASE):
            yield f"“{match[0]}” is not in what it cites"
    sequence = _SEQUENCE.search(sentence.text)
    if sequence and not _SEQUENCE_GIVEN.search(texts):
        yield f"what it cites does not say what came “{sequence[0]}” what"


def _causes(sentence: Meant, grounds: Sequence[Ground], texts: str) -> Iterator[str]:
    theirs = frozenset(meaning for ground in grounds for meaning in ground.content)
    for match in _CAUSE.finditer(sentence.text):
        clause = re.split(r"[,;:.，。]", sentence.text[match.end() :])[0]
        ours = meanings(clause) - Meant(clause).names
        if not _CAUSE_GIVEN.search(texts) or len(ours & theirs) < LEAST_OF_A_CAUSE * len(ours):
            yield f"what it cites gives no such cause: “{match[0]}{clause}”"
