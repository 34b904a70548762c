"""Remind members of loans that are overdue

Revision ID: 0dc75f3e92ab
Revises: 94b1a6d8c03e
Create Date: 2026-03-30 13:31:00

"""
from alembic import op
import sqlalchemy as sa

revision = "0dc75f3e92ab"
down_revision = "94b1a6d8c03e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("loans", sa.Column("reminded", sa.Boolean(), nullable=True))
    op.execute("UPDATE loans SET reminded = false")
    op.execute(
        """
        ALTER TABLE books ADD CONSTRAINT books_pages_positive CHECK (pages > 0);
        COMMENT ON COLUMN books.pages IS 'without the cover';
        """
    )


def downgrade() -> None:
    op.execute("COMMENT ON COLUMN books.pages IS NULL")
    op.drop_constraint("books_pages_positive", "books", type_="check")
    op.drop_column("loans", "reminded")
