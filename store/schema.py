"""The tables of the record. A change here comes with a migration in ``store/migrations``."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("scope", sa.String(32), nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("added_at", sa.String(32), nullable=False),
    sa.Column("added_by", sa.Text),
    sa.UniqueConstraint("scope", "origin"),
)

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("document_id", sa.String(16), sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("text_sha256", sa.String(64), nullable=False),
    sa.Column("bytes_sha256", sa.String(64), nullable=False),
    sa.Column("metadata", sa.JSON, nullable=False),
    sa.Column("references", sa.JSON, nullable=False),
    sa.Column("created_at", sa.String(32), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("indexed", sa.Boolean, nullable=False),
    sa.Column("instructions", sa.JSON(none_as_null=True)),
    sa.Column("reindex", sa.Boolean, nullable=False, server_default=sa.false()),
    # With the state: SQLite would else look for what is live first, which is almost everything.
    sa.Index("versions_by_bytes", "bytes_sha256", "state"),
    sa.Index("versions_by_text", "text_sha256", "state"),
    sa.Index("versions_by_state", "state", "indexed"),
)
"""``state`` is staged, live, superseded or removed; only live versions are found by a search, and
a document has at most one. ``indexed``: its passages may be in the derived indexes; ``reindex``:
these may still have details from before a correction. ``metadata`` are the details that hold,
``instructions`` the ranges of the text that are worded like instructions to a machine; null where
nobody has looked yet."""

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("document_id", sa.String(16), sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("detail", sa.String(16), nullable=False),
    sa.Column("old", sa.Text),
    sa.Column("new", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("corrected_by", sa.Text),
    sa.Column("corrected_at", sa.String(32), nullable=False),
    sa.Index("corrections_by_document", "document_id"),
)
"""Every change of a document's details, in order; the newest of a detail holds for later versions,
too. ``corrected_by`` is a Discord id, or null for the operator."""

passages = sa.Table(
    "passages",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("document_id", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("page", sa.Integer),
    sa.Column("heading_path", sa.JSON, nullable=False),
    sa.Column("sentences", sa.JSON, nullable=False),
    sa.Column("tokens", sa.Integer, nullable=False),
    sa.Column("embedding_key", sa.String(64), nullable=False),
    sa.ForeignKeyConstraint(
        ["document_id", "version"], ["versions.document_id", "versions.number"]
    ),
    sa.Index("passages_by_version", "document_id", "version"),
    sa.Index("passages_by_embedding", "embedding_key"),
)

embeddings = sa.Table(
    "embeddings",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("fingerprint", sa.String(128), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("sentence_vectors", sa.LargeBinary, nullable=False),
)
"""Vectors by content, so that nothing is embedded twice: float32 passages, float16 sentences."""

index_state = sa.Table(
    "index_state",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.String(160), nullable=False),
)
"""Which folder holds each derived index, and for what settings it was built."""

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("created_at", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("scope", sa.String(32), nullable=False),
    sa.Column("channel_id", sa.String(24), nullable=False),
    sa.Column("question_message_id", sa.String(24)),
    sa.Column("asker_id", sa.String(24), nullable=False),
    sa.Column("private", sa.Boolean, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("standalone_question", sa.Text, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Index("answers_by_scope", "scope", "created_at"),
)
"""What was answered on a surface, as data: enough to show it again and to open its citations."""

answer_messages = sa.Table(
    "answer_messages",
    metadata,
    sa.Column("message_id", sa.String(24), primary_key=True),
    sa.Column("answer_id", sa.String(16), sa.ForeignKey("answers.id"), nullable=False),
)
"""The messages that show an answer, so that a reply to one is known as a follow-up."""

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("answer_id", sa.String(16), sa.ForeignKey("answers.id"), primary_key=True),
    sa.Column("user_id", sa.String(24), primary_key=True),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("given_at", sa.String(32), nullable=False),
)
"""One judgement a reader and answer; a later one replaces it."""

auto_answer_channels = sa.Table(
    "auto_answer_channels",
    metadata,
    sa.Column("channel_id", sa.String(24), primary_key=True),
    sa.Column("guild_id", sa.String(24), nullable=False),
    sa.Column("turned_on_by", sa.String(24), nullable=False),
    sa.Column("turned_on_at", sa.String(32), nullable=False),
)
"""Channels in which every question is answered without a mention."""

synced_commands = sa.Table(
    "synced_commands",
    metadata,
    sa.Column("application_id", sa.String(24), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
)
"""What commands Discord was last told of, so that it is told again only of changes."""

answer_citations = sa.Table(
    "answer_citations",
    metadata,
    sa.Column("answer_id", sa.String(16), sa.ForeignKey("answers.id"), primary_key=True),
    sa.Column("document_id", sa.String(16), primary_key=True),
    sa.Index("answer_citations_by_document", "document_id"),
)
"""The documents that an answer cites. An answer without any is an honest miss."""

server_settings = sa.Table(
    "server_settings",
    metadata,
    sa.Column("guild_id", sa.String(24), primary_key=True),
    sa.Column("add_roles", sa.JSON, nullable=False),
    sa.Column("answer_channels", sa.JSON, nullable=False),
    sa.Column("documents_a_day", sa.Integer, nullable=False),
    sa.Column("megabytes_a_day", sa.Integer, nullable=False),
    sa.Column("greeted_at", sa.String(32)),
    sa.Column("met_at", sa.String(32)),
    sa.Column("language", sa.String(8)),
)
"""What a server's admins have set; ids are Discord's, as text."""

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("scope", sa.String(32), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("user_id", sa.String(24), nullable=False),
    sa.Column("action", sa.String(24), nullable=False),
    sa.Column("document_id", sa.String(16)),
    sa.Column("title", sa.Text),
    sa.Column("detail", sa.Text),
    sa.Column("version", sa.Integer),
    sa.Column("replaced", sa.Integer),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Column("draft_id", sa.String(16)),
    sa.Index("audit_log_by_scope", "scope", "id"),
    sa.Index("audit_log_by_document", "document_id", "id"),
)
"""Who did what, when, on which document. The title stays readable when the document is gone;
``version`` and ``replaced`` say what to go back to; ``bytes`` is what an addition took of the
day's quota; ``draft_id`` names the draft that it came from."""

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("scope", sa.String(32), nullable=False),
    sa.Column("user_id", sa.String(24), nullable=False),
    sa.Column("created_at", sa.String(32), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Column("answer_id", sa.String(16)),
    sa.Column("token", sa.Text),
    sa.Column("message_id", sa.String(24)),
)
"""Documents that were read and wait for a word. ``state`` is waiting or confirmed; what is
confirmed is being added, and finished by the next start where it was cut off. ``answer_id``:
the question to be answered again. ``token`` and ``message_id``: where to say how it went."""

model_use = sa.Table(
    "model_use",
    metadata,
    sa.Column("scope", sa.String(32), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("answers", sa.Integer, nullable=False),
    sa.Column("tokens_in", sa.Integer, nullable=False),
    sa.Column("tokens_out", sa.Integer, nullable=False),
)
"""What chat models took for one scope on one day (UTC): the ground for its daily budget."""

chosen_models = sa.Table(
    "chosen_models",
    metadata,
    sa.Column("scope", sa.String(32), primary_key=True),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("chosen_by", sa.String(24), nullable=False),
    sa.Column("chosen_at", sa.String(32), nullable=False),
)
"""Which of the configured models, or none, answers in a scope instead of the first one."""
