"""How numbers are written, in digits and in words, and what they are worth."""

from __future__ import annotations

import re

_SMALL = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
} | {
    word: 10.0 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_FACTOR = {
    1e2: "hundred 百",
    1e3: "thousand k тыс тысяч тысячи тысяча тысячах 천 千",
    1e4: "만 万 萬",
    1e6: "m mn million millions mio млн миллион миллиона миллионов",
    1e8: "억 亿 億",
    1e9: "b bn billion billions млрд миллиард миллиарда миллиардов",
    1e12: "tn trillion trillions 조 兆 трлн",
}
FACTOR = {word: factor for factor, words in _FACTOR.items() for word in words.split()}
"""What a multiplier behind a number is worth."""
_SCALE = "|".join(sorted(FACTOR, key=len, reverse=True))
_BIG = "hundred|thousand|million|billion|trillion"
_WORDS = "|".join(sorted(_SMALL, key=len, reverse=True))
_COUNTING = "|".join(word for word in _SMALL if word not in ("zero", "one"))
_CJK_DIGITS = "零一二三四五六七八九"
_CJK = "一二两三四五六七八九十百千万亿"

NUMERAL_SCALE = re.compile(rf"(?:{_SCALE})$", re.IGNORECASE)
NUMBER = re.compile(
    rf"""
    (?<![A-Za-z\u0400-\u04ff\d_.-])(?:
        (?P<digits>\d{{1,3}}(?:[,\u00a0\u202f\ ]\d{{3}})+(?![\d])|\d{{1,15}}(?:\.\d{{1,6}})?)
        (?P<over>[多余여])?(?:\s?(?P<scale>{_SCALE})(?![a-zа-я])\.?)?
        (?:\s?(?P<rest>\d{{1,4}})\s?(?P<rest_scale>천|千|百|백)(?!\w*[a-z]))?
        (?P<percent>\s?(?:%|percent|per\ cent|процент\w{{0,3}}|퍼센트))?
        (?!\d|th\b|st\b|nd\b|rd\b)
      | (?P<words>(?:a|half\ a|{_WORDS})(?:[\ -](?:and\ )?(?:{_WORDS}|{_BIG})){{1,8}}\b
        (?!\ (?:of|half)\ (?:the|which)))(?P<percent_w>\s(?:percent|per\ cent))?
      | (?P<small>{_COUNTING}|half)\b(?!-)
    )
  | (?P<cjk>(?<![{_CJK}第])[{_CJK}]{{1,12}})(?=多?[名人枚发次个艘辆])
    """,
    re.VERBOSE | re.IGNORECASE,
)


def value_of(match: re.Match[str]) -> float | None:
    """What a match of :data:`NUMBER` is worth; ``None`` if it is no number after all."""
    if match["digits"]:
        value = float(re.sub(r"[,\u00a0\u202f ]", "", match["digits"]))
        if match["scale"]:
            value *= FACTOR[match["scale"].casefold()]
        if match["rest"]:
            value += float(match["rest"]) * {"백": 100, "百": 100}.get(match["rest_scale"], 1000)
        return value
    if match["words"]:
        return _spelt(match["words"].casefold())
    if match["cjk"]:
        return _han(match["cjk"])
    word = match["small"].casefold()
    return 50.0 if word == "half" else _SMALL[word]


def _spelt(words: str) -> float | None:
    if words.startswith("half a "):
        factor = FACTOR.get(words.removeprefix("half a "))
        return factor / 2 if factor else None
    total, current, last_small = 0.0, 0.0, 0.0
    for word in re.split(r"[ -]", words):
        if word == "and":
            continue
        if word == "a":
            current = 1.0
        elif word in _SMALL:
            if last_small and not (last_small >= 20 and _SMALL[word] < 10):
                return None
            current += _SMALL[word]
            last_small = _SMALL[word]
            continue
        elif word == "hundred":
            current *= 100
        else:
            total += (current or 1.0) * FACTOR[word]
            current = 0.0
        last_small = 0.0
    return total + current


def _han(text: str) -> float:
    total, section, digit = 0.0, 0.0, 0.0
    for char in text.replace("两", "二"):
        if char in _CJK_DIGITS:
            digit = float(_CJK_DIGITS.index(char))
        elif char in "十百千":
            section += (digit or 1.0) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0.0
        else:
            total = (total + section + digit) * {"万": 1e4, "亿": 1e8}[char]
            section = digit = 0.0
    return total + section + digit
