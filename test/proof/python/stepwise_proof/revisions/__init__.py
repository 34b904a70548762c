"""The Alembic side of the proof."""
