"""Shelves are in a system of their own now

Revision ID: f5198bd3c07a
Revises: 2a7df0c5e861
Create Date: 2026-04-11 15:22:00

"""
from alembic import op

revision = "f5198bd3c07a"
down_revision = "2a7df0c5e861"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("books", "shelf")


def downgrade() -> None:
    pass
