"""A correction is on record and holds at once, in searches, as-of, and after a crash."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.versions import embed_versions
from store.errors import StoreError, UnknownDocumentError
from store.store import open_store

TEXT = "Forty barges passed Khasan on Monday."


def found(store, question="barges", **options):
    return [hit.passage.metadata for hit in store.search(question, **options).hits]


def by_words(store, question):
    hits = store.search(question).hits
    return [hit.passage.metadata.title for hit in hits if "lexical" in hit.ranks]


def test_a_correction_changes_what_a_search_shows_and_is_written_down(store, add):
    identifier = add(TEXT, publisher="Border Post")
    made = store.correct(
        identifier, {"publisher": "TASS", "author": "Kim"}, corrected_by="42", reason="a reprint"
    )
    assert {(c.detail, c.old, c.new, c.corrected_by, c.reason) for c in made} == {
        ("publisher", "Border Post", "TASS", "42", "a reprint"),
        ("author", None, "Kim", "42", "a reprint"),
        ("kind", None, "state media", "42", "a reprint"),
    }
    assert store.corrections(identifier) == made
    [meta] = found(store)
    assert (meta.publisher, meta.kind, meta.author) == ("TASS", "state media", "Kim")
    assert "the question names its publisher" in store.search("TASS on barges").hits[0].reasons


def test_a_corrected_title_is_found_and_the_old_one_is_not(store, add):
    identifier = add(TEXT, title="Zanzibar")
    add("Nine ferries crossed the Yalu.", "/other.md")
    store.correct(identifier, {"title": "Madagascar"})
    assert by_words(store, "madagascar") == ["Madagascar"]
    assert by_words(store, "zanzibar") == []


def test_as_of_follows_a_corrected_date_in_both_indexes(store, add):
    identifier = add(TEXT, published="2025-03-04")
    before = date(2024, 12, 31)
    assert found(store, as_of=before) == []
    store.correct(identifier, {"published": "2024-06"})
    [hit] = store.search("barges", as_of=before).hits
    assert set(hit.ranks) == {"dense", "lexical"}
    store.correct(identifier, {"published": None})
    assert found(store, as_of=date(2030, 1, 1)) == []


def test_nothing_is_embedded_again_and_the_indexes_stay_whole(store, add, monkeypatch):
    identifier = add("\n".join(f"# {n}\nBarge {n} passed." for n in range(30)))
    before = store.index_counts()
    monkeypatch.setattr(store.embedder, "embed_passages", lambda _: pytest.fail("embedded"))
    store.correct(identifier, {"title": "Barges"})
    assert store.index_counts() == before


def test_what_is_the_same_already_is_no_correction(store, add):
    identifier = add(TEXT, publisher="Border Post")
    assert store.correct(identifier, {"publisher": "Border Post"}) == []
    assert store.corrections(identifier) == []


def test_a_correction_holds_for_the_next_version(store, add):
    identifier = add(TEXT, publisher="Border Post")
    store.correct(identifier, {"publisher": "Harbour Watch"})
    add(TEXT.replace("Forty", "Fifty"), publisher="Border Post")
    [meta] = found(store)
    assert meta.publisher == "Harbour Watch"
    assert [d.version for d in store.documents()] == [2]


def test_a_server_can_correct_its_own_documents_only(store, add):
    base, own = add(TEXT), add(TEXT, "/own.md", scope="1001")
    store.correct(own, {"author": "Kim"}, scope="1001")
    for identifier, scope in ((base, "1001"), (own, "2002"), (own, "base"), ("nothing", "1001")):
        with pytest.raises(UnknownDocumentError):
            store.correct(identifier, {"author": "Park"}, scope=scope)
    assert [c.new for c in store.corrections(own)] == ["Kim"]


@pytest.mark.parametrize(
    "details", [{"title": None}, {"published": "last week"}, {"as_of": "2025-13"}, {"kind": "blog"}]
)
def test_a_value_that_can_not_be_changes_nothing(store, add, details):
    identifier = add(TEXT)
    with pytest.raises(StoreError):
        store.correct(identifier, {"author": "Kim", **details})
    assert store.corrections(identifier) == []
    assert found(store)[0].author is None


@pytest.mark.parametrize("dies_at", ["_vectors", "_lexical"])
def test_a_crash_between_record_and_indexes_is_mended_at_the_next_start(
    tmp_path, embedder, version, monkeypatch, dies_at
):
    home = tmp_path / "crashed"
    with open_store(home, lambda: embedder, "a test") as store:
        made = version(TEXT, published="2025-03-04", title="Zanzibar")
        [(identifier, _)] = store.add([made], embed_versions([made], embedder, set()))

        def die(_):
            raise OSError("no space left")

        monkeypatch.setattr(getattr(store._indexes, dies_at), "refresh", die)
        with pytest.raises(StoreError, match="correction is kept"):
            store.correct(identifier, {"published": "2024-06", "title": "Madagascar"})
    with open_store(home, lambda: embedder, "a test") as store:
        [hit] = store.search("madagascar", as_of=date(2024, 12, 31)).hits
        assert (hit.passage.metadata.title, set(hit.ranks)) == ("Madagascar", {"dense", "lexical"})
        assert by_words(store, "zanzibar") == []
        assert store.record.corrections.unindexed() == []
