"""List overdue loans

Revision ID: 1ea6f40b9d27
Revises: c94d17ab3e58
Create Date: 2026-03-14 11:03:00

"""
from alembic import op
import sqlalchemy as sa

revision = "1ea6f40b9d27"
down_revision = "c94d17ab3e58"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # What a build that failed has left behind would be in the way.
        op.drop_index("ix_loans_due_on", table_name="loans", postgresql_concurrently=True, if_exists=True)
        op.create_index("ix_loans_due_on", "loans", ["due_on"], postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_loans_due_on",
            table_name="loans",
            postgresql_concurrently=True,
            if_exists=True,
        )
