"""Making a follow-up question stand alone, by rule: what it leaves out, the last question had."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.model import Exchange

_OPENER = re.compile(
    r"^\s*(?:and|but|so|ok(?:ay)?|also|what about|how about|what of|и|а|но|그럼|그러면|那|那么)\b"
    r"[\s,]*",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|that|this|those|these|there|then|"
    r"он|она|они|его|её|их|это|этот)\b|그것|그들|그건|他们|它|她|他|这|那",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(
    r"\b(?:who|what|when|where|why|how|which|whose|is|are|was|were|do|does|did|has|have|will|can)\b|"
    r"кто|что|когда|где|почему|сколько|как|누구|무엇|언제|어디|왜|얼마|몇|谁|什么|何时|哪|为什么|多少",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"(?:hi+|hey+|hello|yo|thanks?(?: you| a lot)?|thx|ty|ok(?:ay)?|lol|lmao|cool|nice|great|wow"
    r"|good (?:bot|morning|night|evening)|bye|gg|привет|спасибо|안녕(?:하세요)?|감사(?:합니다)?"
    r"|你好|谢谢)[\s!.?)🙂👍]*",
    re.IGNORECASE,
)
_CJK_WORD = re.compile("[\u3040-\u30ff\u4e00-\u9fff]{2}")
"""Chinese has no spaces: two characters count as a word."""
SHORT = 4
"""Words up to which a question without its own subject is taken for a follow-up."""
BARE = 2
"""Words up to which a question has no subject at all ("why?", "since when?")."""
LONGEST_FOLLOW_UP = 12
"""Words up to which a pronoun is taken to point at the question before."""


def stand_alone(question: str, history: Sequence[Exchange]) -> str:
    """The question with what it takes from the conversation.

    "and China?" after "how many shells did North Korea send?" becomes "how many shells did
    North Korea send? China". A question that needs nothing comes back as it is.
    """
    text = " ".join(question.split())
    if not needs_context(text):
        return text
    asked = [" ".join(exchange.question.split()) for exchange in history]
    asked = [earlier for earlier in asked if earlier and not _SMALL_TALK.fullmatch(earlier)]
    if not asked:
        return text
    before = [asked[-1].rstrip("?")]
    if needs_context(asked[-1]):
        before += [earlier for earlier in asked[:-1] if not needs_context(earlier)][-1:]
    return f"{_OPENER.sub('', text).rstrip('?').strip()}? ({'; '.join(before)})"


def needs_context(question: str) -> bool:
    """Whether a question can't be understood without the one before it."""
    if _SMALL_TALK.fullmatch(question):
        return False
    words = _CJK_WORD.sub(" x", question).split()
    aside = _OPENER.match(question) is not None
    without_question_word = not _QUESTION_WORD.search(question)
    return (
        aside
        or len(words) <= BARE
        or (bool(_PRONOUN.search(question)) and len(words) <= LONGEST_FOLLOW_UP)
        or (without_question_word and len(words) <= SHORT)
    )
