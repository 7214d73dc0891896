"""The sentences of the passages found, each judged by how well it answers the question."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from store.analysis import STOP_TERMS, sentence_terms, shared_pairs, telling_pairs
from store.language import detect_language
from store.mentions import named_dates
from store.model import Hit, Range
from store.question import Concept, ParsedQuestion

Wanted = Literal["number", "date", "person", "reason", "anything"]

PASSAGES = 12
"""Passages whose sentences are looked at."""
SHORTEST = 4
LONGEST = 90
"""Words that a sentence has, to be worth quoting."""

# Weights of a sentence's score, learnt by the listwise loss of the passages' ranking on SQuAD
# 2.0, MultiHop-RAG and the open half of our own questions, and rounded.
WEIGHT_SIMILARITY = 1.0
WEIGHT_SIMILARITY_OTHER_SCRIPT = 0.1
"""The default model reads English; of other scripts it knows little but the names."""
WEIGHT_COVERAGE = 0.3
WEIGHT_CONTEXT = 0.38
WEIGHT_PHRASES = 0.08
WEIGHT_LENGTH = 0.07
"""Of the logarithm of its characters: a very short sentence rarely answers."""
BONUS_LANGUAGE = 0.3
"""For a sentence in the language of the question, if anything around it bears on the question."""
BONUS_WANTED = 0.15

_WANTED_WORDS: dict[Wanted, re.Pattern[str]] = {
    "number": re.compile(
        r"\b(?:how (?:many|much|far|long|big|large|old|often)|number of|total|count|toll"
        r"|size of|amount|percent(?:age)?|share|cost)\b"
        r"|\bсколько\b|얼마|몇|多少|几(?:个|名|人|枚|次)",
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"\b(?:when|what (?:date|day|year|month)|since when|how long ago)\b"
        r"|\bкогда\b|언제|何时|什么时候",
        re.IGNORECASE,
    ),
    "person": re.compile(r"\b(?:who|whom|whose)\b|\bкто\b|\bкого\b|누가|누구|谁", re.IGNORECASE),
    "reason": re.compile(
        r"\b(?:why|how come|reasons?)\b|\bпочему\b|\bзачем\b|왜|为什么|为何", re.IGNORECASE
    ),
}
_ASKED = re.compile(
    r"\b(?:how (?:many|much)|number of|what|which|сколько|какой|какая|какое|какие)\s+"
    r"((?:\w+\s*){1,3})",
    re.IGNORECASE,
)
_MONTHS = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATE = re.compile(
    rf"\b\d{{1,2}} {_MONTHS}\b|\b{_MONTHS} \d{{1,4}}\b|\b(?!May|March){_MONTHS}\b|\b(?:19|20)\d\d\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)(?: and \d{1,2}th)? centur|(?:19|20)\d\d\s?[年년]|\d{1,2}\s?[月월]"
    r"|\b(?:январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*"
)
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?|billions?|half|third|quarter)\b"
    r"|[一二两三四五六七八九十百千万亿]+(?:名|人|枚|次|个)|만|천 명",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-ZА-ЯЁ][\w’'-]+|[\uac00-\ud7af]{3}|[\u4e00-\u9fff]{2,}")
_REASON = re.compile(
    r"\b(?:because|reasons?|due to|so that|in order to|therefore|to avoid|fear\w*|worr\w+"
    r"|hop(?:es|ed|ing)|would (?:harm|damage|cost|risk)|explain\w*|owing|in defence of|no longer)\b"
    r"|потому|из-за|чтобы|причин\w*|때문|위해|이유|因为|由于|为了|原因|理由",
    re.IGNORECASE,
)
_PRONOUN_OPENER = re.compile(
    r"^[\"'“‘«(]*(?:he|she|it|they|his|her|its|their|this|that|these|those|such|both|there|here|"
    r"however|but|and|so|yet|also|then|instead|meanwhile|moreover|similarly|likewise|another|"
    r"the (?:former|latter|same|move|two)|он|она|оно|они|его|её|их|это|этот|эта|эти|но|однако|"
    r"그|그는|그녀|그들|이는|이것|이에|하지만|그러나|他|她|它|他们|这|此|但)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SentenceCandidate:
    """A sentence that may be quoted, with the passage it stands in.

    The coverages are shares of the question's weight: held by the sentence itself, with its
    title, headings and neighbours (``context``). It names what is ``asked`` if it has the very
    thing asked about, as in "how many tanks". ``fitness`` is 1 if it gives what is wanted, 2 if a
    number that it gives is of the thing asked about, too: a figure for soldiers tells nothing
    of tanks.
    """

    hit: Hit
    index: int
    text: str
    similarity: float
    coverage: float
    context_coverage: float
    names_asked: bool
    fitness: int
    similarity_weight: float
    terms: frozenset[str]
    titled_terms: frozenset[str]
    phrases: float
    same_language: bool

    @property
    def gives_wanted(self) -> bool:
        """Whether it has a number, a date, a name, a reason where one is asked for."""
        return self.fitness > 0

    @property
    def span(self) -> Range:
        """The sentence's range in the document's text."""
        return self.hit.passage.sentences[self.index]

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in the sentence, those of dates included."""
        return frozenset(term for term in self.terms if term[0].isdigit())

    @cached_property
    def score(self) -> float:
        """How well the sentence answers; comparable within one question."""
        return (
            self.similarity_weight * self.similarity
            + WEIGHT_COVERAGE * self.coverage
            + WEIGHT_CONTEXT * self.context_coverage
            + WEIGHT_PHRASES * self.phrases
            + WEIGHT_LENGTH * math.log(len(self.text))
            + BONUS_LANGUAGE * (self.same_language and self.context_coverage > 0)
            + BONUS_WANTED * self.gives_wanted
        )

    def overlap(self, other: SentenceCandidate) -> float:
        """The share of the two sentences' terms that both have (Jaccard), 0 to 1."""
        either = self.terms | other.terms
        return len(self.terms & other.terms) / len(either) if either else 0.0

    @cached_property
    def opens_with_pronoun(self) -> bool:
        """Whether the sentence needs the one before it to be understood."""
        return bool(_PRONOUN_OPENER.match(self.text))

    @cached_property
    def latest_date(self) -> tuple[int, int, int]:
        """The newest (year, month, day) that the sentence names, zeros where it does not."""
        dates = [(d.year or 0, d.month, d.day or 0) for d in named_dates(self.text)]
        years = [(int(year), 0, 0) for year in _YEAR.findall(self.text)]
        return max([*dates, *years], default=(0, 0, 0))


def wanted_by(question: str) -> Wanted:
    """What kind of answer the question asks for."""
    for kind, pattern in _WANTED_WORDS.items():
        if pattern.search(question):
            return kind
    return "anything"


def names_a_year(question: str) -> bool:
    """Whether a question asks about a time of its own."""
    return bool(_YEAR.search(question) or named_dates(question))


def gives(sentence: str, wanted: Wanted) -> bool:
    """Whether a sentence has what is asked for: a number, a date, a name, a reason."""
    if wanted == "number":
        return bool(_NUMBER.search(_DATE.sub(" ", sentence)))
    if wanted == "date":
        return bool(_DATE.search(sentence))
    if wanted == "person":
        return bool(_NAME.search(sentence))
    if wanted == "reason":
        return bool(_REASON.search(sentence))
    return True


def asked_about(question: ParsedQuestion) -> list[Concept]:
    """The thing behind "how many", "which" and the like; empty without one.

    Names are passed over: "how many North Korean soldiers" asks about soldiers.
    """
    found = _ASKED.search(question.text)
    named = False
    for term in sentence_terms(found[1]) if found else ():
        concepts = [c for c in question.concepts if any(term in words for words in c.wordings)]
        if named and term in STOP_TERMS:
            break
        named = any(concept.is_name for concept in concepts)
        if concepts and not named and term not in STOP_TERMS:
            return concepts
    return []


def sentence_candidates(
    question: ParsedQuestion, hits: Sequence[Hit], wanted: Wanted, passages: int = PASSAGES
) -> list[SentenceCandidate]:
    """All sentences of the first passages that are worth quoting, best first."""
    reader = _Reader(question, wanted)
    found: dict[tuple[str, Range], SentenceCandidate] = {}
    for hit in hits[:passages]:
        for candidate in reader.read(hit):
            place = (hit.passage.document_id, candidate.span)
            if place not in found or candidate.score > found[place].score:
                found[place] = candidate
    return sorted(found.values(), key=lambda c: (c.fitness, c.score), reverse=True)


class _Reader:
    """Reads passages with one question in mind."""

    def __init__(self, question: ParsedQuestion, wanted: Wanted) -> None:
        self._question = question
        self._wanted = wanted
        self._language = detect_language(question.text)
        self._reads = self._language in (None, "en")
        self._pairs = telling_pairs(sentence_terms(question.text))
        self._asked = asked_about(question)

    def read(self, hit: Hit) -> list[SentenceCandidate]:
        """The sentences of a passage that are fit to be quoted."""
        passage, question = hit.passage, self._question
        texts = passage.sentence_texts
        terms = [sentence_terms(text) for text in texts]
        above = sentence_terms(passage.headline)
        candidates = []
        for index, text in enumerate(texts):
            if not _quotable(text):
                continue
            own = frozenset(terms[index])
            titled = own.union(above)
            around = titled.union(*terms[max(0, index - 1) : index + 2])
            given = gives(text, self._wanted)
            names_asked = not self._asked or any(c.in_terms(own) for c in self._asked)
            candidates.append(
                SentenceCandidate(
                    hit=hit,
                    index=index,
                    text=text,
                    similarity=hit.sentence_similarities[index],
                    coverage=question.coverage(own),
                    context_coverage=question.coverage(around),
                    names_asked=names_asked,
                    fitness=given + (given and (names_asked or self._wanted != "number")),
                    similarity_weight=(
                        WEIGHT_SIMILARITY if self._reads else WEIGHT_SIMILARITY_OTHER_SCRIPT
                    ),
                    terms=own,
                    titled_terms=titled,
                    phrases=shared_pairs(self._pairs, terms[index]),
                    same_language=detect_language(text) == self._language,
                )
            )
        return candidates


def _quotable(text: str) -> bool:
    words = len(text.split())
    is_cjk = bool(re.search(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]", text))
    if " | " in text and not any(map(str.isdigit, text)):
        return False  # a table's header says nothing
    long_enough = len(text) >= 8 if is_cjk else words >= SHORTEST
    return long_enough and words <= LONGEST and not text.endswith(("?", "？"))
