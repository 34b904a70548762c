"""Books have a publisher

Revision ID: e20f9c84b7d5
Revises: 58d3b7c2f6a1
Create Date: 2026-03-22 12:17:00

"""
from alembic import op
import sqlalchemy as sa

revision = "e20f9c84b7d5"
down_revision = "58d3b7c2f6a1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publishers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("books", sa.Column("publisher_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        "books_publisher_id_fkey",
        "books",
        "publishers",
        ["publisher_id"],
        ["id"],
    )
    op.create_check_constraint(
        "books_price_positive",
        "books",
        "price >= 0",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    op.drop_constraint("books_price_positive", "books", type_="check")
    op.drop_constraint("books_publisher_id_fkey", "books", type_="foreignkey")
    op.drop_column("books", "publisher_id")
    op.drop_table("publishers")
