"""From text to the terms of the lexical index; documents and questions go the same way.

Words of Latin and Cyrillic script are lower-cased, folded and stemmed (Snowball); runs of
Han, kana and Hangul become overlapping bigrams, so that a Korean noun matches with any
particle behind it and Chinese needs no dictionary. Letters part from digits (``KN-23`` =
``kn23`` = ``KN 23``), and ``10,000`` is ``10000``.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import Stemmer

CJK = "\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af\uf900-\ufaff"
_TERM = re.compile(rf"[{CJK}]+|\d+(?:[.,:]\d+)*|[^\W\d_{CJK}]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_CJK_RUN = re.compile(f"[{CJK}]")
_LETTER_DOTS = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_POSSESSIVE = re.compile(r"['’]s\b")

SHORTEST_CORRECTED = 4
"""Letters below which a word has too many neighbours to guess which was meant."""

STOP_WORDS = frozenset(
    "a an the of to in on at by for from with and or is are was were be been being has have had do "
    "does did done it its this that these those as how what which who whom whose when where why "
    "will would can could should may might must shall about into than then there their they them i "
    "you we he she him his her hers our ours your yours my mine me us if so but not nor any some "
    "all both each every much many more most other another such same own only just even still also "
    "too very really quite ever never again already yet now today currently right back up down out "
    "off over here there because since until till while during before after between through per "
    "via "
    # verbs and nouns that carry a question but no subject
    "please tell give get got getting give know think say says said saying going go goes come make "
    "makes made doing want happen happened happening mean means called thing things stuff way lot "
    "bit kind sort exactly actually basically anyone anything something someone everything else "
    "people like around against ago long far "
    # how people type in a chat
    "s t d ll re ve m u r ur y n w b k rn ppl cuz coz bc tho thx pls plz lol lmao btw idk imo tbh "
    "fr ngl abt gonna wanna kinda gotta dont doesnt didnt isnt arent wasnt cant whats whos hows "
    "wheres whens whys im ive ya yo hey hi hello guys dude bro man wtf omg ok okay vs ill theyre "
    "rlly smth sth wich wat wut dat da "
    # question words and endings of the other languages
    "когда кто кого что чего че где куда почему зачем сколько скока как какой какая какие ли в во "
    "на и а но о об про из за по до от с со к у между это был была было были есть щас сейчас там "
    "多少 什么 为什 怎么 哪里 哪个 几个 有多 是多 了多 少人 少了 了吗 吗 呢 啊 的 了 "
    "얼마 몇명 무엇 누구 언제 어디 왜 몇 명 나요 까요 습니 니까 니다 "
    "했나 있나 있음 었나 었어 했어 되었 인가 어떻".split()
)
"""Words that say nothing of a question's subject, and pieces of them where there are no spaces."""


class _Stemmers(threading.local):
    """Snowball stemmers keep state in their C object, so each thread has its own."""

    def __init__(self) -> None:
        self.english = Stemmer.Stemmer("english")
        self.russian = Stemmer.Stemmer("russian")


_stemmers = _Stemmers()


def document_terms(text: str) -> list[str]:
    """The terms of a text, in order."""
    return terms_of(split_words(text))


@lru_cache(maxsize=50_000)
def sentence_terms(text: str) -> tuple[str, ...]:
    """The terms of a sentence; the same sentences come up again and again."""
    return tuple(document_terms(text))


def split_words(text: str) -> list[str]:
    """The words of a text, folded but not yet stemmed, in order."""
    joined = _LETTER_DOTS.sub(lambda match: match[0].replace(".", ""), text)
    return _TERM.findall(_THOUSANDS.sub("", fold(_POSSESSIVE.sub("", joined))))


def terms_of(words: Iterable[str]) -> list[str]:
    """The terms of folded words, in order."""
    return [term for word in words for term in _terms(word)]


def is_correctable(word: str) -> bool:
    """Whether a word is long enough, and of a script, to have its spelling corrected."""
    return len(word) >= SHORTEST_CORRECTED and word.isalpha() and not _CJK_RUN.match(word)


def fold(text: str) -> str:
    """Lower case, compatibility forms unified, Latin accents dropped (``Yoon’s`` = ``yoon's``)."""
    if text.isascii():  # most words; nothing in them decomposes
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in decomposed if not _is_latin_accent(char))
    return unicodedata.normalize("NFC", kept)


def _is_latin_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f" and char not in "\u0306\u0308"


@lru_cache(maxsize=100_000)
def _terms(word: str) -> tuple[str, ...]:
    if _CJK_RUN.match(word):
        if len(word) == 1:
            return (word,)
        return tuple(word[i : i + 2] for i in range(len(word) - 1))
    if _CYRILLIC.search(word):
        return (_stemmers.russian.stemWord(word),)
    return (_stemmers.english.stemWord(word),)


STOP_TERMS = frozenset(term for word in STOP_WORDS for term in _terms(word))
"""The terms of the stop words: left out of questions, kept in documents."""


def telling_pairs(terms: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Neighbouring terms that both say something."""
    return frozenset(pair for pair in pairwise(terms) if not STOP_TERMS.intersection(pair))


def shared_pairs(pairs: frozenset[tuple[str, str]], terms: Sequence[str]) -> float:
    """The share of the pairs that stand side by side in a text with these terms, 0 to 1."""
    return len(pairs.intersection(pairwise(terms))) / len(pairs) if pairs else 0.0
