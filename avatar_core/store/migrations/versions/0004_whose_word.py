"""Whether a person accepted a cut, which only a sentence among its reasons told until now."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    by_person: sa.Column[bool] = sa.Column(
        "by_person", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("cuts", by_person)
    cuts = sa.table("cuts", sa.column("reasons", sa.JSON()), sa.column("by_person", sa.Boolean()))
    said = sa.cast(cuts.c.reasons, sa.Text()).contains('"Accepted by a person."', autoescape=True)
    op.execute(cuts.update().where(said).values(by_person=sa.true()))


def downgrade() -> None:
    op.drop_column("cuts", "by_person")
