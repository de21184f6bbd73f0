"""What a picture was estimated to cost, and where a cut comes from with what is wrong with its cells."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("grids", sa.Column("estimate", sa.JSON(), nullable=True))
    op.add_column("cuts", sa.Column("findings", sa.JSON(), nullable=True))
    op.add_column("cuts", sa.Column("origin", sa.String(length=16), nullable=False, server_default="found"))


def downgrade() -> None:
    op.drop_column("cuts", "origin")
    op.drop_column("cuts", "findings")
    op.drop_column("grids", "estimate")
