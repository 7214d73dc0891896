"""Settings for chat models: what is named, what is refused, whose key goes where."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.app import models_of
from bot.settings import Settings


class NoUse:
    """Nothing was used and nothing chosen."""

    def chosen(self, _):
        return None


def settings(**values):
    return Settings(_env_file=None, **values)


def test_without_a_name_there_is_no_model():
    for blank in (None, "", "  "):
        models = models_of(settings(llm=blank), NoUse())
        assert models.names == ()
        assert models.model_for("1") is None


def test_the_first_of_several_names_is_the_usual_one():
    models = models_of(settings(llm="openai:a, ollama:b:7b"), NoUse())
    assert models.names == ("openai:a", "ollama:b:7b")
    assert models.name_for("1") == "openai:a"


@pytest.mark.parametrize("name", ["gpt-5", "openai:", ":x", "openai:a,,"])
def test_a_name_without_a_provider_is_refused_with_an_example(name):
    with pytest.raises(ValidationError, match="openai:gpt-5-mini"):
        settings(llm=name)


def test_the_key_goes_to_the_first_models_provider_alone():
    models = models_of(
        settings(
            llm="openai:a,openai:b,anthropic:c", llm_api_key="sk-1", llm_base_url="http://x/v1"
        ),
        NoUse(),
    )
    specs = [models.named(name).spec for name in models.names]
    assert [spec.api_key for spec in specs] == ["sk-1", "sk-1", None]
    assert [spec.base_url for spec in specs] == ["http://x/v1", "http://x/v1", None]


def test_a_key_is_never_printed():
    assert "sk-1" not in repr(settings(llm="openai:a", llm_api_key="sk-1"))
