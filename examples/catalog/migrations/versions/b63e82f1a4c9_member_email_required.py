"""Every member has an e-mail address

Revision ID: b63e82f1a4c9
Revises: 0dc75f3e92ab
Create Date: 2026-04-03 14:08:00

"""
from alembic import op
import sqlalchemy as sa

revision = "b63e82f1a4c9"
down_revision = "0dc75f3e92ab"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE members SET email = 'member-' || id || '@example.com' WHERE email IS NULL")
    op.alter_column("members", "email", existing_type=sa.String(length=200), nullable=False)
    op.create_unique_constraint(None, "members", ["email"])


def downgrade() -> None:
    op.drop_constraint("members_email_key", "members", type_="unique")
    op.alter_column("members", "email", existing_type=sa.String(length=200), nullable=True)
