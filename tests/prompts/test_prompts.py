"""Prompts are files: each loads, says which version it is, and never reads what is filled in."""

from __future__ import annotations

import hashlib

import pytest

import prompts

NAMES = [path.stem for path in prompts.FOLDER.glob("*.md")]


@pytest.mark.parametrize("name", NAMES)
def test_the_version_is_the_hash_of_the_file(name):
    whole = (prompts.FOLDER / f"{name}.md").read_bytes()
    assert prompts.load(name).version == hashlib.sha256(whole).hexdigest()[:12]


def test_what_is_filled_in_is_not_filled_in_itself():
    _, user = prompts.load("stand_alone").fill(conversation="$question", question="why?")
    assert "$question" in user
    assert user.count("why?") == 1


def test_a_value_that_is_missing_is_an_error():
    with pytest.raises(KeyError):
        prompts.load("answer").fill(question="why?")


def test_the_model_is_told_the_words_that_we_listen_for():
    assert prompts.ABSTENTION in prompts.load("answer").system
