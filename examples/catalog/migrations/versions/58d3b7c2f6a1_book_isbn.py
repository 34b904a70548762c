"""Books have an ISBN and a language

Revision ID: 58d3b7c2f6a1
Revises: 1ea6f40b9d27
Create Date: 2026-03-18 11:40:00

"""
from alembic import op
import sqlalchemy as sa

revision = "58d3b7c2f6a1"
down_revision = "1ea6f40b9d27"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("books", sa.Column("isbn", sa.String(length=13), nullable=False))
    op.add_column("books", sa.Column("language", sa.String(length=2), server_default="en", nullable=False))


def downgrade() -> None:
    op.drop_column("books", "language")
    op.drop_column("books", "isbn")
