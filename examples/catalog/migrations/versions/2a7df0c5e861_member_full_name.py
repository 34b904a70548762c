"""Call it the full name

Revision ID: 2a7df0c5e861
Revises: b63e82f1a4c9
Create Date: 2026-04-07 14:45:00

"""
from alembic import op
import sqlalchemy as sa

revision = "2a7df0c5e861"
down_revision = "b63e82f1a4c9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("members") as batch_op:
        batch_op.alter_column("name", new_column_name="full_name", existing_type=sa.String(length=120))


def downgrade() -> None:
    with op.batch_alter_table("members") as batch_op:
        batch_op.alter_column("full_name", new_column_name="name", existing_type=sa.String(length=120))
