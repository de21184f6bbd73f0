"""What programs order, the images that they are given, and when a server that refused allows another try."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=80), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("estimate", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_orders_run"), "orders", ["run"], unique=True)
    op.create_index(op.f("ix_orders_token_created"), "orders", ["token", "created"], unique=False)
    op.create_index("one_order_per_key", "orders", ["token", "idempotency_key"], unique=True)
    op.create_table(
        "images",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("order", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("served_by", sa.Text(), nullable=False),
        sa.Column("revised_prompt", sa.Text(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_images_blob"), "images", ["blob"], unique=False)
    op.create_index(op.f("ix_images_created_id"), "images", ["created", "id"], unique=False)
    op.create_index("one_image_per_place", "images", ["order", "ordinal"], unique=True)
    op.create_index(op.f("ix_avatars_blob"), "avatars", ["blob"], unique=False)
    op.create_index(op.f("ix_grids_blob"), "grids", ["blob"], unique=False)
    op.add_column("blocks", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_blocks_state"), "blocks", ["state"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_blocks_state"), "blocks")
    op.drop_column("blocks", "not_before")
    op.drop_index(op.f("ix_grids_blob"), "grids")
    op.drop_index(op.f("ix_avatars_blob"), "avatars")
    op.drop_table("images")
    op.drop_table("orders")
