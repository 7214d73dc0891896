"""Does a sentence put things as its sources do: denied, planned, doubted, of all or of some?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.answering import wording
from bot.answering.generative.grounds import Ground, Meant, meanings

_AGAINST = frozenset({"negated", "denied"})
_ATTRIBUTED = re.compile(
    r"\b(?:according to|in the words of|presents?|presented"
    r"|by (?:its|his|her|their) (?:own )?account)\b|по словам|по данным|에 따르면|据",
    re.IGNORECASE,
)
_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{one})\b", re.IGNORECASE), re.compile(rf"\b(?:{other})\b", re.IGNORECASE))
    for one, other in (
        (
            r"r[oi]se[sn]?|rising|grew|grow\w*|increas\w*|climb\w*|up by|gain\w*",
            r"fell|fall\w*|dropp?\w*|declin\w*|decreas\w*|shr[aiu]nk\w*|down by|los[et]\w*",
        ),
        (
            r"rais(?:es|ed|ing)|up (?:by|from)|higher|повы[сш]\w*|увелич\w*",
            r"lower(?:s|ed|ing)?|reduc\w*|down (?:by|from)|сни[зж]\w*|сокра[тщ]\w*",
        ),
        (r"above|over|exceed\w*|more than", r"below|under|less than|fewer than|within"),
        (r"exports?|exported|sold|sells?", r"imports?|imported|bought|buys?"),
        (r"first|earliest", r"last|latest|final"),
        (r"confirm\w*|acknowledg\w*|admit\w*|admission", r"den(?:y|ies|ied|ial)\w*|reject\w*"),
        (
            r"accept\w*|approv\w*|support\w*|back(?:s|ed)|welcom\w*",
            r"oppos\w*|condemn\w*|protest\w*",
        ),
        (r"beg[aiu]n\w*|start\w*|launch\w*", r"end(?:s|ed|ing)?|finish\w*|ceas\w*|stopp\w*"),
        (r"still|remain\w*|continu\w*", r"no longer|not any ?more|ceas\w*|stopp\w*"),
        (r"w[io]n|wins|victor\w*", r"los[et]|loses|defeat\w*"),
        (r"arriv\w*|enter\w*", r"le(?:ave|ft|aving)|withdr\w*|depart\w*"),
        (r"liberat\w*|retak\w*|recaptur\w*", r"occup\w*|seiz\w*|captured"),
    )
)
_BOUND = re.compile(
    r"\b(?:caps?|limits?|limited|upper|enough for|quota|verif\w*|without|if)\b", re.IGNORECASE
)
"""Words that make nothing planned or doubted: a cap that was passed, figures that were verified."""
_NO_PLAN = re.compile(
    r"\b(?:first|last|only|latest|earliest) to be\b|\bcan (?:fly|reach|carry|hold|travel)\b",
    re.IGNORECASE,
)
_MORE_PLANNED = re.compile(r"\b(?:invit\w*|allow\w*|permit\w*)\b", re.IGNORECASE)
_ORDER = re.compile(r"\b(?:ha(?:s|ve) to|ought to|supposed to)\b", re.IGNORECASE)
_DUTY = re.compile(
    r"\b(?:ha(?:s|ve) to|needs? to|ought to|supposed to|must|shall|should|obliges?|requir\w*)\b",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"\b(?:missing|omit\w*|left out|leaves? out|silent)\b|不(?![仅只断同久少过])", re.IGNORECASE
)
_UNSURPASSED = re.compile(r"\bno (?:larger|bigger|greater|higher)\b", re.IGNORECASE)
"""As good as a superlative, and no denial."""
_BEFORE = re.compile(r"\b(?:before|prior to|ahead of)\b", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|following|once)\b", re.IGNORECASE)
_WILL = re.compile(
    r"\b(?:направ[ия]т|отправ[ия]т|прибу?дет|прибудут|приед[еу]т|пошл[юёе]т|постав[ия]т|перед(?:аст"
    r"|адут)|постро[ия]т|станет|станут|получ[ия]т)\b|할 것|[을ㄹ] 것",
    re.IGNORECASE,
)
_RULES = re.compile(
    r"\b(?:provid\w* for|oblig\w*|requir\w*|commit\w*|promis\w*|speaks of|says|stat(?:es|ed)"
    r"|bind\w*|pledg\w*|foresees|stipulat\w*)\b",
    re.IGNORECASE,
)
"""Words of who reports a rule, which says what shall be done."""
_NO = re.compile(r"\b(?:no|without|neither|none)\b", re.IGNORECASE)
"""Negations of the noun behind them, rather than of what is said."""
SCOPE = 3
"""Words that such a negation reaches over."""
_OVERSTATED = ("all", "only")
_STRONGER = re.compile(
    r"\b(?:most(?! of| recent| likely)|biggest|largest|highest|greatest|worst|best|always|never"
    r"|entirely|completely|secret(?:ly)?|proves?|proven|undoubtedly|certainly|clearly)\b",
    re.IGNORECASE,
)
_SPEAKS_FOR_ITSELF = re.compile(
    r"\b(?:I|I['’]m|me|my|myself|you|your|yours|as an ai|system prompt|previous instructions)\b",
    re.IGNORECASE,
)


def stance_problems(sentence: Meant, grounds: Sequence[Ground]) -> Iterator[str]:
    """Where a sentence is more certain than its sources, or says the opposite."""
    for piece in wording.pieces(sentence.text):
        nearest = _nearest(piece, grounds)
        if nearest is not None:
            theirs, whole = nearest
            yield from _certainty(piece, sentence, theirs, whole)
            yield from _extent(piece, whole)
    for one, other in _OPPOSITES:
        for ours, opposite in ((one, other), (other, one)):
            found = ours.search(sentence.text)
            if (
                found
                and not any(ours.search(g.text) for g in grounds)
                and any(opposite.search(g.text) for g in grounds)
            ):
                yield f"“{found[0]}” is the opposite of what it cites"
    if any(_is_other_order(sentence.text, ground.text) for ground in grounds):
        yield "what came first and what came later are turned round"
    texts = " ".join(f"{ground.text} {ground.shown.about}" for ground in grounds).casefold()
    if _UNSURPASSED.search(texts):
        texts += " largest biggest greatest highest"
    for pattern, what in ((_STRONGER, "says more than"), (_SPEAKS_FOR_ITSELF, "is not from")):
        found = pattern.search(sentence.text)
        if found and not re.search(rf"\b{re.escape(found[0].casefold())}\b", texts):
            yield f"“{found[0]}” {what} what it cites"


def _is_other_order(ours: str, theirs: str) -> bool:
    """Whether "A before B" stands where the source has "A after B"."""
    for one, other in ((_BEFORE, _AFTER), (_AFTER, _BEFORE)):
        mine, their = one.search(ours), other.search(theirs)
        if not mine or not their or one.search(theirs):
            continue
        first, second = meanings(ours[: mine.start()]), meanings(ours[mine.end() :])
        main, rest = meanings(theirs[: their.start()]), meanings(theirs[their.end() :])
        straight = len(first & main) + len(second & rest)
        if straight > len(first & rest) + len(second & main):
            return True
    return False


def _nearest(piece: str, grounds: Sequence[Ground]) -> tuple[str, Ground] | None:
    """The piece of the sources that says most of what a piece of ours says, and its sentence."""
    ours = meanings(piece)
    best: tuple[float, str, Ground] | None = None
    for ground in grounds:
        for theirs in [*wording.pieces(ground.text), ground.text]:
            common = ours & meanings(theirs)
            # of two that have as much in common the shorter speaks more of it
            score = len(common) - 0.01 * len(theirs) / 100
            if common and (best is None or score > best[0]):
                best = (score, theirs, ground)
    return (best[1], best[2]) if best else None


def _certainty(piece: str, sentence: Meant, theirs: str, ground: Ground) -> Iterator[str]:
    ours, given = _stances(piece), _stances(theirs)
    whole, all_ours = _stances(ground.text), _stances(sentence.text)
    if (ours & _AGAINST) and not (whole & (_AGAINST | {"doubted", "ended"})):
        yield "it denies what its source does not deny"
    if _denies_ours(theirs, given, piece) and not (all_ours & (_AGAINST | {"doubted", "ended"})):
        yield "its source denies or negates what it says"
    if _RULES.search(sentence.text) and "says" in ground.text:
        all_ours |= {"planned"}
    if _ORDER.search(theirs) and not _DUTY.search(sentence.text):
        yield "its source says what has to be, not what is"
    both_deny = bool(given & _AGAINST) and bool(all_ours & _AGAINST)
    if "planned" in given and not both_deny and not (all_ours & {"planned", "doubted"}):
        yield "its source speaks of what is planned or possible, not of what happened"
    attributed = _ATTRIBUTED.search(sentence.text) or wording.says_reported(sentence.text)
    if (
        "doubted" in given
        and "doubted" not in all_ours
        and not attributed
        and not (all_ours & _AGAINST)
    ):
        yield "its source gives it as somebody's claim"
    if "ended" in ours and "ended" not in whole:
        yield "it says that something ended, which its source does not say"


def _denies_ours(theirs: str, given: frozenset[str], piece: str) -> bool:
    """Whether a source denies or negates something, and that is what ours speaks of.

    A denial reaches as far as its clause; "no" and "without" only over the next few words.
    """
    if "denied" in given or not given & _AGAINST:
        return "denied" in given
    if any("\u3000" < char < "\ud7ff" for char in theirs):
        clauses = [
            clause for clause in re.split(r"[，,；;。]", theirs) if _stances(clause) & _AGAINST
        ]
        return not clauses or any(_shares_half(clause, piece) for clause in clauses)
    negation = _NO.search(theirs)
    if negation is None:
        return True
    scope = meanings(" ".join(theirs[negation.end() :].split()[:SCOPE]))
    return not scope or not scope.isdisjoint(meanings(piece))


def _shares_half(clause: str, piece: str) -> bool:
    """Whether half of what a clause speaks of is in a piece of ours."""
    theirs = meanings(clause)
    return 2 * len(theirs & meanings(piece)) >= len(theirs)


def _stances(text: str) -> frozenset[str]:
    plain = _UNSURPASSED.sub(" ", text)
    found = wording.stances(_NO_PLAN.sub(" ", _BOUND.sub(" ", plain)))
    found |= wording.stances(plain) & _AGAINST
    if _ABSENT.search(plain):
        found |= {"negated"}
    if _WILL.search(plain) or _MORE_PLANNED.search(plain):
        found |= {"planned"}
    return found


def _extent(piece: str, ground: Ground) -> Iterator[str]:
    ours, theirs = wording.parts(piece), wording.parts(ground.text)
    for part in _OVERSTATED:
        if part in ours and part not in theirs:
            yield f"it speaks of “{part}”, which its source does not"
