"""How a sentence puts things: denied, doubted or planned, of a part or of all, by whom to whom.

Plain word lists and linear patterns in the four languages of the corpus, written for checking
one sentence against another. When in doubt they see a difference.
"""

from __future__ import annotations

import itertools
import re

from store.model import Range

_IDIOMS = re.compile(
    r"\b(?:no (?:less|fewer|more|later) than|not (?:less|fewer|more) than|not only|no limits"
    r"|more than|or more|in all|at all|above all|first of all|of all|не менее|не более"
    r"|не только|all parties|if there are any)\b|“no limits”|\"no limits\"",
    re.IGNORECASE,
)
_STANCES: dict[str, re.Pattern[str]] = {
    "negated": re.compile(
        r"\b(?:not|never|no|none|nobody|neither|nor|cannot|without|nothing|hardly|barely|absent"
        r"|lacks?|lacked|fail\w*|не|нет|ни|никогда)\b|n['’]t\b|없|않|못|아니|没|未|并非|无法|不是|不会",
        re.IGNORECASE,
    ),
    "denied": re.compile(
        r"\b(?:den(?:y|ies|ied|ial|ials|ying)|reject\w*|refus\w*|dismiss\w*|fake|false|groundless"
        r"|rumou?rs?|refut\w*|отриц\w*|опроверг\w*)\b|否认|부인|부정했",
        re.IGNORECASE,
    ),
    "doubted": re.compile(
        r"\b(?:claim(?:s|ed|ing)?|alleg\w*|contest\w*|disput\w*|mistake\w*|misreport\w*|wrong\w*|errors?"
        r"|contradict\w*|unverified|verif\w*|doubt\w*|borne out|hoax|whether|if|interpretation"
        r"|come true|утвержда\w*|якобы|если)\b|주장|据称|声称|如果|가정",
        re.IGNORECASE,
    ),
    "planned": re.compile(
        r"\b(?:could|would|might|should|must|shall|will|can|plan(?:s|ned|ning)?|expect\w*|intend\w*"
        r"|possib\w*|potential\w*|likel\w*|upper|limit(?:s|ed)?|cap|caps|enough for|project(?:s|ed"
        r"|ion|ions)|forecast\w*|promis\w*|propos\w*|offer\w*|want\w*|wish\w*|ask(?:s|ed)?|urg\w*|call"
        r"(?:s|ed)? (?:for|on)|demand\w*|warn\w*|threat\w*|ready|to send|to be|theoretical|hop\w+"
        r"|мог\w*|может|могут|планир\w*|будет|будут|возможн\w*|намерен\w*)\b|\bmay\b(?-i:)(?! \d)"
        r"|계획|예정|가능|수 있|计划|将|可能|可装|能",
        re.IGNORECASE,
    ),
    "ended": re.compile(
        r"\b(?:g[ai]ven? up|giv(?:es|ing) up|abandon\w*|renounc\w*|scrap\w*|cancel\w*|suspend\w*"
        r"|halt\w*|ceas\w*|quit\w*|отказал\w*)\b|포기|放弃",
        re.IGNORECASE,
    ),
    "meant": re.compile(
        r"\b(?:describ\w*|call(?:s|ed|ing)? (?!for|on|in)|label\w*|brand(?:s|ed)|quot\w*|prais\w*"
        r"|as he put it|in the words|думает|считает|назва\w*)\b",
        re.IGNORECASE,
    ),
}
_PARTS: dict[str, re.Pattern[str]] = {
    "more": re.compile(
        r"\b(?:more|further|additional|another|extra|reinforcements?|ещё|еще|дополнительн\w*)\b"
        r"|추가|追加|另外",
        re.IGNORECASE,
    ),
    "each": re.compile(
        r"\b(?:each|per (?!cent)\w+|(?:a|one|every) (?:year|month|week"
        r"|day)|year(?:ly)|month(?:ly)|daily"
        r"|annual\w*|in one|в год|в месяц)\b|매년|매달|每年|每月",
        re.IGNORECASE,
    ),
    "all": re.compile(
        r"\b(?:all|every|whole|entire|весь|все|всех)\b|모든|全部|所有", re.IGNORECASE
    ),
    "only": re.compile(r"\b(?:only|alone|merely|solely|только|лишь)\b|만이|仅|只有", re.IGNORECASE),
    "part": re.compile(
        r"\b(?:half|most|majority|part of|some of|of (?:them|whom"
        r"|which)|among|из них)\b|其中|가운데",
        re.IGNORECASE,
    ),
    "home": re.compile(
        r"\b(?:home|return\w*|back|withdr\w*|верну\w*|домой)\b|귀국|돌아|回国|返回", re.IGNORECASE
    ),
    "received": re.compile(
        r"\b(?:receiv\w*|got|gets?|getting|gotten|obtain\w*|acquir\w*|bought|buy(?:s|ing)?|purchas\w*"
        r"|получ\w*)\b|받았|받은|收到|获得",
        re.IGNORECASE,
    ),
    "together": re.compile(
        r"\b(?:killed (?:and|or) (?:wounded|injured)|dead and wounded|taken together|combined)\b",
        re.IGNORECASE,
    ),
}
_REPLACED = re.compile(
    r"\b(?:replaced|supersed\w*|overtaken|out of date|outdated|gave "
    r"way|raised (?:both|the|it)|has since"
    r"|later raised|no longer|заменен\w*|уступил\w*)\b|대체|바뀌었|상향|取代|上调",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:announc\w*|said|says|say|report\w*|ma[dk]e (?:it )?(?:public"
    r"|known)|told|publish\w*|estimat\w*"
    r"|count(?:s|ed)?|put|reckon\w*|stat(?:ed|ement)|spoke|speaks|named|gave|gives|heard|figures?|accounts?|finding"
    r"|thought|identified|заяви\w*|сообщи\w*|насчита\w*|оцен\w*|говори\w*)\b"
    r"|밝혔|보고|발표|추정|说|报告|估计",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r";|；|,? \b(?:but|while|whereas|although|though|until|however|а|но|хотя)\b"
    r"|, \b(?:which|who|whose|where|when|котор\w*)\b|지만|으나|但",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r",\s(?:which|who|whose|where)\b[^,;:]{1,200},", re.IGNORECASE)
_OPENING = re.compile(r"(?:On|In|By|At|From|After|Before|Since|Around|For|Under)\b[^,]{1,80},")
_APPOSITION = re.compile(r",\s(?:the|an?|one|its|his|her|their)\s[^,;:]{25,200},")
_CLAUSE = re.compile(
    r"[;；:：，]|,\s|\s[—–-]\s|,? \b(?:but|while|whereas|although"
    r"|until|when|where|whose|which|before"
    r"|after|because)\b",
    re.IGNORECASE,
)
_CITY = re.compile(
    r"\b(?:in|at|to|from|near|reached|visited|left)\s(Pyongyang|Moscow|Seoul|Beijing|Kyiv|Tokyo"
    r"|Washington|London|Brussels|Berlin|Hanoi)\b",
    re.IGNORECASE,
)


def stances(text: str) -> frozenset[str]:
    """Which of negated, denied, doubted, planned and meant a stretch of text is."""
    plain = _IDIOMS.sub(" ", text)
    return frozenset(name for name, pattern in _STANCES.items() if pattern.search(plain))


def parts(text: str) -> frozenset[str]:
    """Whether a stretch speaks of more, each, all, only, a part, or those back home."""
    plain = _IDIOMS.sub(" ", text)
    return frozenset(name for name, pattern in _PARTS.items() if pattern.search(plain))


def is_replaced(text: str) -> bool:
    """Whether a sentence says that its figure has been replaced."""
    return bool(_REPLACED.search(text))


def says_reported(text: str) -> bool:
    """Whether a text says that somebody reported or reckoned something."""
    return bool(_REPORTED.search(text))


def is_date_of_report(text: str, place: Range) -> bool:
    """Whether the date at ``place`` is the day of the saying rather than of what is said."""
    clause = around(text, place)
    before = text[clause[0] : place[0]].split()
    if says_reported(" ".join(before[-6:])):
        return True
    if len(before) <= 2:
        after = text[place[1] : place[1] + 120].lstrip(" ,").split(",")[0]
        return says_reported(" ".join(after.split()[:10]))
    return False


def pieces(text: str) -> list[str]:
    """A sentence in pieces that can be taken by themselves.

    It is cut at "but", "while", ", which" and semicolons; a clause with "which" in its midst
    becomes a piece of its own, and a long apposition ("…, the neighbour of its own region, …")
    is left out, since what it names has no part in what the sentence says.
    """
    asides = [match[0].strip(" ,") for match in _RELATIVE.finditer(text)]
    main = _RELATIVE.sub(" ", text)
    opening = _OPENING.match(main)
    start = opening.end() if opening else 0
    main = main[:start] + _APPOSITION.sub(" ", main[start:])
    return [*(main[slice(*place)] for place in _between(main, _CONTRAST)), *asides]


def around(text: str, place: Range) -> Range:
    """The clause of a sentence in which a place lies."""
    return next(
        (clause for clause in _between(text, _CLAUSE) if clause[0] <= place[0] < clause[1]),
        (0, len(text)),
    )


def _between(text: str, pattern: re.Pattern[str]) -> list[Range]:
    cuts = [0, *(match.end() for match in pattern.finditer(text)), len(text)]
    return [(start, end) for start, end in itertools.pairwise(cuts) if start < end]


def cities_in(text: str) -> frozenset[str]:
    """The capitals that something is said to be in, from or going to.

    Elsewhere "Moscow" is as good as "Russia"; what happens in a city happens in that city.
    """
    return frozenset(match[1].casefold() for match in _CITY.finditer(text))
