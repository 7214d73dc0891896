"""The store's promises: whole documents, exact words, scopes as walls, repair by itself."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from ingest.versions import embed_versions
from store.errors import StoreBusyError, StoreError, UnknownDocumentError
from store.model import PassageSpan
from store.store import open_record, open_store

TREATY = "Russia and North Korea signed a treaty in Pyongyang on 19 June 2024."
TROOPS = "The Pentagon counted at least 10,000 North Korean soldiers in Kursk."
SHELLS = "Seoul estimated that twelve million artillery shells were shipped to Russia."


def texts(store, question, **options):
    return [hit.passage.text for hit in store.search(question, **options).hits]


def test_a_document_is_found_by_meaning_and_by_words(store, add):
    add(TREATY, "/treaty")
    add(TROOPS, "/troops")
    assert texts(store, "pact between Moscow and Pyongyang")[0] == TREATY
    assert texts(store, "Pentagon 10,000")[0] == TROOPS


def test_a_hit_says_which_lists_found_it_and_gives_back_its_exact_words(store, add):
    add(TROOPS, "/troops")
    [hit] = store.search("soldiers in Kursk").hits
    assert hit.ranks == {"dense": 1, "lexical": 1}
    passage = hit.passage
    assert store.text(passage.document_id, passage.version)[passage.start : passage.end] == TROOPS


def test_a_new_version_replaces_the_old_one_in_every_search(store, add):
    first = add("The Pentagon counted 8,000 soldiers.", "/troops")
    assert add("The Pentagon counted 11,000 soldiers.", "/troops") == first
    assert texts(store, "How many soldiers did the Pentagon count?") == [
        "The Pentagon counted 11,000 soldiers."
    ]
    assert store.index_counts() == {"vectors": 1, "lexical": 1}


def test_the_old_version_keeps_its_words_for_answers_that_cite_it(store, add):
    identifier = add("The Pentagon counted 8,000 soldiers.", "/troops")
    add("The Pentagon counted 11,000 soldiers.", "/troops")
    assert store.text(identifier, 1) == "The Pentagon counted 8,000 soldiers."


def test_a_removed_document_is_gone_from_every_index(store, add):
    identifier = add(TREATY, "/treaty")
    store.remove(identifier)
    assert texts(store, "treaty") == []
    assert store.index_counts() == {"vectors": 0, "lexical": 0}
    assert store.documents() == []


def test_removing_what_is_not_there_says_so(store):
    with pytest.raises(UnknownDocumentError, match="tumen documents"):
        store.remove("nothing")


def test_one_server_never_sees_anothers_documents(store, add):
    add(TREATY, "/treaty", scope="base")
    add(TROOPS, "/troops", scope="111")
    add(SHELLS, "/shells", scope="222")
    question = "North Korean soldiers, shells and the treaty"
    assert set(texts(store, question)) == {TREATY}
    assert set(texts(store, question, scope="111")) == {TREATY, TROOPS}
    assert set(texts(store, question, scope="222")) == {TREATY, SHELLS}


def test_a_server_can_not_remove_anothers_document(store, add):
    identifier = add(TROOPS, "/troops", scope="111")
    with pytest.raises(UnknownDocumentError):
        store.remove(identifier, scope="222")


def test_as_of_leaves_out_what_is_later_or_undated(store, add):
    add("Soldiers went to Kursk in October.", "/a", published="2024-10-20")
    add("Soldiers fought in Kursk in December.", "/b", published="2024-12-20")
    add("Soldiers are somewhere in Kursk.", "/c")
    found = texts(store, "soldiers in Kursk", as_of=date(2024, 11, 1))
    assert found == ["Soldiers went to Kursk in October."]
    assert len(texts(store, "soldiers in Kursk")) == 3


def test_as_of_goes_by_what_the_document_covers_rather_than_when_it_was_written(store, add):
    add("Soldiers went to Kursk.", "/a", published="2026-11-24", as_of="2024-10-31")
    assert texts(store, "soldiers", as_of=date(2024, 11, 1))


def test_a_publisher_named_in_the_question_comes_first(store, add):
    for name in ("TASS", "KCNA", "Yonhap"):
        add(f"Soldiers in Kursk, reported number {len(name)}.", f"/{name}", publisher=name)
    hits = store.search("what did KCNA say about soldiers in Kursk").hits
    assert hits[0].passage.metadata.publisher == "KCNA"
    assert "the question names its publisher" in hits[0].reasons


def test_a_misspelt_word_still_finds_its_passage(store, add):
    add(TROOPS, "/troops")
    add(TREATY, "/treaty")
    assert store.search("soliders").hits[0].ranks["lexical"] == 1


def test_a_name_is_found_in_another_script(store, add):
    add(TROOPS, "/troops")
    add("Nothing else matters here at all.", "/other")
    [first, *_] = store.search("북한").hits
    assert first.passage.text == TROOPS
    assert "lexical" in first.ranks


def test_a_version_whose_ranges_are_off_is_refused(store, version):
    from dataclasses import replace

    broken = replace(version(TREATY), passages=(PassageSpan(0, 999, ((0, 999),)),))
    with pytest.raises(StoreError, match="outside"):
        store.add([broken], {})
    assert store.documents() == []


@pytest.mark.usefixtures("store")
def test_a_second_process_is_told_who_has_the_store(tmp_path, embedder):
    with (
        pytest.raises(StoreBusyError, match=r"open in `a test` \(process \d+\).*TUMEN_HOME"),
        open_store(tmp_path / "home", lambda: embedder, "another"),
    ):
        pass


def test_documents_can_be_listed_while_another_process_has_the_store(add, tmp_path):
    add(TREATY, "/treaty")
    with open_record(tmp_path / "home") as record:
        assert [summary.origin for summary in record.catalogue.documents(["base"])] == ["/treaty"]


class Reopening:
    """A store on disk that is closed, tampered with and opened again."""

    def __init__(self, home: Path, embedder) -> None:
        self.home = home
        self.embedder = embedder

    def open(self):
        return open_store(self.home, lambda: self.embedder, "a test")

    def fill(self, plain_version) -> None:
        with self.open() as store:
            for number in range(5):
                made = plain_version(f"Report {number} on shells and troops.", f"/{number}")
                store.add([made], embed_versions([made], self.embedder, set()))


@pytest.fixture
def reopening(tmp_path, embedder, version):
    made = Reopening(tmp_path / "home", embedder)
    made.fill(version)
    return made


def one(folder: Path, pattern: str) -> Path:
    [found] = folder.glob(pattern)
    return found


def truncate_everything(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])


def scramble(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"\x00garbage\xff" * 50)


def empty(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.unlink()


@pytest.mark.parametrize("index", ["vectors", "lexical"])
@pytest.mark.parametrize("damage", [shutil.rmtree, truncate_everything, scramble, empty])
def test_a_missing_or_damaged_index_is_made_anew_and_nothing_is_embedded_again(
    reopening, index, damage, monkeypatch
):
    damage(one(reopening.home, f"{index}-*"))
    monkeypatch.setattr(
        type(reopening.embedder), "embed_passages", lambda *_: pytest.fail("embedded again")
    )
    with reopening.open() as store:
        assert store.index_counts() == {"vectors": 5, "lexical": 5}
        hits = store.search("report 3 on shells", limit=5).hits
        assert hits[0].passage.text == "Report 3 on shells and troops."
        assert all(set(hit.ranks) == {"dense", "lexical"} for hit in hits)


def test_an_index_whose_opening_killed_the_process_is_not_touched_again(reopening):
    (one(reopening.home, "vectors-*") / "opening").touch()
    with reopening.open() as store:
        assert store.index_counts()["vectors"] == 5
        assert one(reopening.home, "vectors-*").name == "vectors-2"


def test_an_index_that_lost_entries_is_made_anew(reopening):
    with reopening.open() as store:
        store._indexes._lexical.remove([(store.documents()[0].id, 1)])
        store._indexes._vectors.remove([(store.documents()[1].id, 1)])
    with reopening.open() as store:
        assert store.index_counts() == {"vectors": 5, "lexical": 5}


def test_what_was_only_staged_is_rolled_back_at_the_next_start(reopening, version):
    with reopening.open() as store:
        made = version("Half done report.", "/half")
        vectors = embed_versions([made], store.embedder, set())
        staged = store.record.stage([made], vectors, store.embedder.fingerprint)
        store._indexes.add(store.record.candidates_of(staged, store.embedder.fingerprint))
        assert texts(store, "half done report") != ["Half done report."]
    with reopening.open() as store:
        assert store.index_counts() == {"vectors": 5, "lexical": 5}
        assert "/half" not in {summary.origin for summary in store.documents()}


class OtherModel:
    """The same model under another name, counting what it embeds."""

    fingerprint = "another-model"

    def __init__(self, real) -> None:
        self._real = real
        self.max_tokens = real.max_tokens
        self.count_tokens = real.count_tokens
        self.embed_query = real.embed_query
        self.embedded = 0

    def embed_passages(self, passages):
        self.embedded += len(passages)
        return self._real.embed_passages(passages)


def test_another_model_rebuilds_the_vectors_by_itself_and_only_once(reopening):
    reopening.embedder = other = OtherModel(reopening.embedder)
    seen = []
    with open_store(
        reopening.home, lambda: other, "a test", lambda *told: seen.append(told)
    ) as store:
        assert store.search("report 2").hits[0].passage.text.startswith("Report 2")
    assert other.embedded == 5
    assert (5, 5, "passages embedded") in seen
    with reopening.open():
        assert other.embedded == 5


def test_rebuild_brings_both_indexes_back(reopening):
    with reopening.open() as store:
        assert store.rebuild() == 5
        assert store.index_counts() == {"vectors": 5, "lexical": 5}


def test_a_file_that_is_no_record_is_refused_and_left_alone(tmp_path, embedder):
    (tmp_path / "record.sqlite").write_bytes(b"not a database, but somebody's file" * 40)
    with (
        pytest.raises(StoreError, match="left as it is"),
        open_store(tmp_path, lambda: embedder, "a test"),
    ):
        pass
    assert (tmp_path / "record.sqlite").read_bytes().startswith(b"not a database")


def test_a_record_of_a_newer_release_is_refused(reopening):
    with sqlite3.connect(reopening.home / "record.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer release"), reopening.open():
        pass
