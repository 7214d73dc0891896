"""Question sets: read whole, or refused with the line that is wrong."""

from __future__ import annotations

import json

import pytest

from bot.errors import UsageError
from bot.evaluation.cases import read_cases
from bot.settings import QUESTION_SET

LINE = {
    "id": "a1",
    "question": "how many trucks?",
    "answerable": True,
    "points": [["412 trucks", "412 lorries"]],
    "passages": [{"text": "The Border Post counted 412 trucks."}],
    "history": [["what crosses the bridge?", "Trucks."]],
}


def write(tmp_path, *lines):
    file = tmp_path / "set.jsonl"
    file.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    )
    return file


def test_a_case_has_its_question_its_conversation_and_its_gold(tmp_path):
    [case] = read_cases([write(tmp_path, LINE, "")])
    assert case.question.text == "how many trucks?"
    assert case.question.history[0].question == "what crosses the bridge?"
    assert case.points == (("412 trucks", "412 lorries"),)
    assert case.passages == ("The Border Post counted 412 trucks.",)
    assert (case.kind, case.language, case.group) == ("question", "en", "question")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{not json", "line 2"),
        (LINE | {"id": "b", "question": ""}, "question"),
        ({"id": "b", "answerable": False}, "question"),
        (LINE | {"id": "b", "points": []}, "names no points"),
        (LINE, "twice"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, line, complaint):
    with pytest.raises(UsageError, match=complaint):
        read_cases([write(tmp_path, LINE, line)])


def test_a_file_that_is_not_there_or_empty_is_refused(tmp_path):
    with pytest.raises(UsageError, match="can't be read"):
        read_cases([tmp_path / "none.jsonl"])
    with pytest.raises(UsageError, match="no question"):
        read_cases([write(tmp_path, "")])


def test_our_own_set_is_large_varied_and_split_in_halves():
    cases = read_cases([QUESTION_SET])
    assert len(cases) >= 150
    assert {"numbers", "why", "when", "who", "follow-up", "unanswerable", "off-topic"} <= {
        case.kind for case in cases
    }
    assert {case.language for case in cases} == {"en", "ko", "ru", "zh"}
    opened = sum(case.half == "open" for case in cases)
    assert 0.4 < opened / len(cases) < 0.6
