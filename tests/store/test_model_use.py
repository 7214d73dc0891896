"""What models took is counted by scope and day, and a server's choice is its own."""

from __future__ import annotations

from store.model_use import Spent, open_model_use


def test_tokens_add_up_for_one_scope_alone(tmp_path):
    with open_model_use(tmp_path) as use:
        use.spend("1", 100, 10)
        use.spend("1", 50, 5)
        assert use.spent_today("1") == Spent(2, 150, 15)
        assert use.spent_today("1").tokens == 165
        assert use.spent_today("2").tokens == 0


def test_yesterday_does_not_count(tmp_path, monkeypatch):
    with open_model_use(tmp_path) as use:
        monkeypatch.setattr("store.model_use._today", lambda: "2026-01-01")
        use.spend("1", 100, 10)
        monkeypatch.setattr("store.model_use._today", lambda: "2026-01-02")
        assert use.spent_today("1").tokens == 0


def test_the_last_choice_of_a_server_counts_and_outlives_a_restart(tmp_path):
    with open_model_use(tmp_path) as use:
        use.choose("1", "openai:a", "7")
        use.choose("1", "none", "7")
    with open_model_use(tmp_path) as use:
        assert use.chosen("1") == "none"
        assert use.chosen("2") is None
