"""The catalog's tables. A change here needs a migration beside it; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

HEAD = "0004"
"""The newest migration; a database at any other revision is upgraded, or refused if it is unknown here."""


class Moment(sa.types.TypeDecorator[datetime]):
    """A UTC time that stays aware: SQLite forgets the zone, so it is put back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Words(sa.types.TypeDecorator[str]):
    """Text from anywhere. What no database holds, a NUL or half a character, becomes U+FFFD on the way in."""

    impl: type[sa.String] = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", "\ufffd")


class Id(Words):
    """A short id, looked up by what a visitor's address says: whatever that is, it is found or not."""

    impl = sa.String
    cache_ok = True


metadata = sa.MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"})

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", Id(32), primary_key=True),
    sa.Column("created", Moment, nullable=False, index=True),
    sa.Column("title", Words, nullable=False),
    sa.Column("recipe", sa.JSON, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("session", Id(32), nullable=False, index=True),
    sa.Column("variant", Words, nullable=False),
    sa.Column("fingerprint", Id(64), nullable=False, index=True),
)

blocks = sa.Table(
    "blocks",
    metadata,
    sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("block", sa.Integer, primary_key=True),
    sa.Column("prompt", Words, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("changed", Moment, nullable=False),
    sa.Column("not_before", Moment, nullable=True),
    sa.Column("round", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", Words, nullable=False, server_default=""),
    sa.Column("message", Words, nullable=False, server_default=""),
    sa.Column("grid", sa.String(32), nullable=True),
    sa.Column("cut", sa.Integer, nullable=True),
)

seats = sa.Table(
    "seats",
    metadata,
    sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("block", sa.Integer, primary_key=True),
    sa.Column("cell", sa.Integer, primary_key=True),
    sa.Column("persona", Words, nullable=False, index=True),
    sa.Column("row", sa.JSON, nullable=False),
    sa.Column("filter", Words, nullable=False),
)

grids = sa.Table(
    "grids",
    metadata,
    sa.Column("id", Id(32), primary_key=True),
    sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    sa.Column("block", sa.Integer, nullable=False),
    sa.Column("blob", sa.String(64), nullable=False, index=True),
    sa.Column("media_type", Words, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("model", Words, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("sent", sa.JSON, nullable=False),
    sa.Column("usd", sa.Float, nullable=True),
    sa.Column("cost_basis", sa.String(16), nullable=False),
    sa.Column("cost_note", Words, nullable=False),
    sa.Column("estimate", sa.JSON, nullable=True),
    sa.Column("usage", sa.JSON, nullable=True),
    sa.Column("arrived", Moment, nullable=False),
    sa.Column("request_id", Words, nullable=True),
    sa.Column("revised_prompt", Words, nullable=True),
    sa.Index(None, "run", "block"),
)

cuts = sa.Table(
    "cuts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("grid", sa.ForeignKey("grids.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("made", Moment, nullable=False),
    sa.Column("boxes", sa.JSON, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("columns", sa.Integer, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("findings", sa.JSON, nullable=True),
    sa.Column("origin", sa.String(16), nullable=False, server_default="found"),
    sa.Column("by_person", sa.Boolean, nullable=False, server_default=sa.false()),
)

avatars = sa.Table(
    "avatars",
    metadata,
    sa.Column("cut", sa.ForeignKey("cuts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("cell", sa.Integer, primary_key=True),
    sa.Column("blob", sa.String(64), nullable=False, index=True),
    sa.Column("verdict", sa.String(16), nullable=False),
)

calls = sa.Table(
    "calls",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    sa.Column("block", sa.Integer, nullable=False),
    sa.Column("caller", Words, nullable=False),
    sa.Column("started", Moment, nullable=False),
    sa.Column("ended", Moment, nullable=True),
    sa.Column("outcome", Words, nullable=False, server_default=""),
    sa.Column("message", Words, nullable=False, server_default=""),
    sa.Column("request_id", Words, nullable=True),
    sa.Index(None, "run", "block"),
    # The database itself holds that a block has at most one call under way.
    sa.Index(
        "one_open_call",
        "run",
        "block",
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    ),
)

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("id", Id(36), primary_key=True),
    sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True, unique=True),
    sa.Column("token", Id(80), nullable=False),
    sa.Column("idempotency_key", Id(255), nullable=True),
    sa.Column("body", sa.String(64), nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("wish", sa.JSON, nullable=False),
    sa.Column("estimate", sa.Float, nullable=True),
    sa.Index(None, "token", "created"),
    # The database itself holds that a key orders once.
    sa.Index("one_order_per_key", "token", "idempotency_key", unique=True),
)

images = sa.Table(
    "images",
    metadata,
    sa.Column("id", Id(36), primary_key=True),
    sa.Column("order", sa.ForeignKey("orders.id", ondelete="CASCADE"), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("blob", sa.String(64), nullable=False, index=True),
    sa.Column("served_by", Words, nullable=False),
    sa.Column("revised_prompt", Words, nullable=True),
    sa.Column("created", Moment, nullable=False),
    sa.Column("deleted", Moment, nullable=True),
    sa.Index(None, "created", "id"),
    sa.Index("one_image_per_place", "order", "ordinal", unique=True),
)
