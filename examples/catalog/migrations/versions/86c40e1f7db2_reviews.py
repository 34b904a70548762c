"""Members review books

Revision ID: 86c40e1f7db2
Revises: f5198bd3c07a
Create Date: 2026-04-15 15:59:00

"""
from alembic import op
import sqlalchemy as sa

revision = "86c40e1f7db2"
down_revision = "f5198bd3c07a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["books.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    # A table that nobody uses yet may do as it likes.
    op.create_index("ix_reviews_book_id", "reviews", ["book_id"])


def downgrade() -> None:
    op.drop_index("ix_reviews_book_id", table_name="reviews")
    op.drop_table("reviews")
