"""Search books by title

Revision ID: c94d17ab3e58
Revises: 7b02e5d61c3f
Create Date: 2026-03-10 10:26:00

"""
from alembic import op
import sqlalchemy as sa

revision = "c94d17ab3e58"
down_revision = "7b02e5d61c3f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_books_title", "books", ["title"])


def downgrade() -> None:
    op.drop_index("ix_books_title", table_name="books")
