"""The real client packages of three providers against a real server, well and badly behaved."""

from __future__ import annotations

import time

import pytest

from bot.answering.generative.chat import NO_KEY, TRIES, ChatModel, Meter, ModelSpec
from bot.answering.generative.faults import Fault, ModelFaultError
from tests.model_server import USAGE, Reply

PROVIDERS = ["openai", "anthropic", "ollama"]


@pytest.fixture(params=PROVIDERS)
def model(request, server):
    url = f"{server.url}/v1" if request.param == "openai" else server.url
    return ChatModel(ModelSpec(f"{request.param}:m", base_url=url, timeout=1.0))


def fault_of(model, server, reply) -> Fault:
    server.says(reply)
    with pytest.raises(ModelFaultError) as raised:
        model.say("system", "user", Meter())
    return raised.value.fault


def test_text_arrives_with_the_count_of_tokens(model, server):
    server.says("Hello there, reader.")
    meter = Meter()
    assert model.say("the rules", "the question", meter) == "Hello there, reader."
    assert (meter.calls, meter.tokens_in, meter.tokens_out) == (1, *USAGE)
    [asked] = server.asked
    assert (asked.system, asked.user) == ("the rules", "the question")
    assert str(model.spec.most_tokens) in str(asked.body)


@pytest.mark.parametrize(
    ("reply", "fault", "calls"),
    [
        (Reply(status=401, error="bad key"), Fault.WRONG_KEY, 1),
        (Reply(status=404, error="no such model"), Fault.UNKNOWN, 1),
        (Reply(status=400, error="maximum context length is 5"), Fault.TOO_LONG, 1),
        (Reply(status=400, error="bad"), Fault.REJECTED, 1),
        (Reply(status=429, error="slow down"), Fault.BUSY, TRIES),
        (Reply(status=500), Fault.BROKEN, TRIES),
        (Reply("Hello there, reader.", cut_after=3), Fault.CUT, 1),
        (Reply("Hello there", unfinished=True), Fault.CUT, 1),
        (Reply(""), Fault.EMPTY, 1),
        (Reply("No", ends="content_filter"), Fault.REFUSED, 1),
        (Reply("Hello", silence=1.5), Fault.TIMEOUT, 1),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_each_fault_is_told_apart_and_tried_again_only_where_it_may_pass(
    model, server, reply, fault, calls
):
    assert fault_of(model, server, reply) is fault
    assert len(server.asked) == calls


def test_what_passes_is_not_noticed(model, server):
    server.says(Reply(status=500), Reply(status=429), Reply("Hello."))
    assert model.say("s", "u", Meter()) == "Hello."


def test_a_wait_that_the_server_asks_for_is_kept_or_given_up(server):
    model = ChatModel(ModelSpec("openai:m", base_url=f"{server.url}/v1", timeout=1.0))
    server.says(Reply(status=429, headers={"Retry-After": "1"}), Reply("Hello."))
    started = time.monotonic()
    assert model.say("s", "u", Meter()) == "Hello."
    assert time.monotonic() - started >= 1
    assert fault_of(model, server, Reply(status=429, headers={"Retry-After": "60"})) is Fault.BUSY
    assert len(server.asked) == 3


def test_a_model_that_never_stops_is_cut_short(model, server):
    server.says(Reply("on and on " * 20_000, piece=500))
    meter = Meter()
    assert len(model.say("s", "u", meter)) < 10_000
    assert meter.cut


def test_a_slow_trickle_ends_at_the_timeout(model, server):
    server.says(Reply("word " * 100, piece=5, pace=10))
    started = time.monotonic()
    with pytest.raises(ModelFaultError) as raised:
        model.say("s", "u", Meter())
    assert raised.value.fault is Fault.TIMEOUT
    assert time.monotonic() - started < 4


def test_a_server_of_ones_own_gets_no_key_meant_for_a_provider(server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    server.says("Hello.")
    ChatModel(ModelSpec("openai:m", base_url=f"{server.url}/v1")).say("s", "u", Meter())
    assert server.asked[0].headers["Authorization"] == f"Bearer {NO_KEY}"


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_without_a_key_it_says_so(provider, monkeypatch):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ModelFaultError) as raised:
        ChatModel(ModelSpec(f"{provider}:m")).say("s", "u", Meter())
    assert raised.value.fault is Fault.NO_KEY


def test_a_provider_whose_package_is_not_there_is_named_so():
    with pytest.raises(ModelFaultError) as raised:
        ChatModel(ModelSpec("mistralai:m", api_key="k")).say("s", "u", Meter())
    assert raised.value.fault is Fault.NOT_INSTALLED


def test_a_server_that_is_not_there(monkeypatch):
    monkeypatch.setattr("bot.answering.generative.chat.FIRST_WAIT", 0.01)
    with pytest.raises(ModelFaultError) as raised:
        ChatModel(ModelSpec("ollama:m", base_url="http://127.0.0.1:9")).say("s", "u", Meter())
    assert raised.value.fault is Fault.UNREACHABLE


def test_no_key_is_ever_printed():
    assert "sk-secret" not in repr(ModelSpec("openai:m", api_key="sk-secret"))
