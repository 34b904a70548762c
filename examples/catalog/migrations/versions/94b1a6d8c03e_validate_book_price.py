"""Old prices are checked as well

Revision ID: 94b1a6d8c03e
Revises: e20f9c84b7d5
Create Date: 2026-03-26 12:54:00

"""
from alembic import op

revision = "94b1a6d8c03e"
down_revision = "e20f9c84b7d5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE books VALIDATE CONSTRAINT books_price_positive")


def downgrade() -> None:
    # What is valid may stay so.
    pass
