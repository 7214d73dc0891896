"""Our store plugs into a LangChain chain."""

from __future__ import annotations

from langchain_core.runnables import RunnableLambda

from store.retriever import StoreRetriever


def test_a_chain_gets_passages_with_who_said_them_and_when(store, add):
    add("Soldiers went to Kursk.", "/a", publisher="KCNA", published="2025-04-28")
    chain = StoreRetriever(store=store) | RunnableLambda(lambda found: found[0])
    found = chain.invoke("soldiers in Kursk")
    assert found.page_content == "Soldiers went to Kursk."
    assert found.metadata["publisher"] == "KCNA"
    text = store.text(found.metadata["document_id"], found.metadata["version"])
    assert text[found.metadata["start"] : found.metadata["end"]] == found.page_content


def test_the_retriever_keeps_to_its_scope(store, add):
    add("Soldiers went to Kursk.", "/a", scope="111")
    assert StoreRetriever(store=store).invoke("soldiers") == []
    assert len(StoreRetriever(store=store, scope="111").invoke("soldiers")) == 1
