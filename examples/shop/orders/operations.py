"""Migration operations of the shop's own."""

from django.db.migrations.operations.base import Operation


class TuneAutovacuum(Operation):
    """Let autovacuum visit a busy table before a fifth of it has changed."""

    reversible = True

    def __init__(self, table, scale_factor):
        self.table = table
        self.scale_factor = scale_factor

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = schema_editor.quote_name(self.table)
        schema_editor.execute(
            f"ALTER TABLE {table} "
            f"SET (autovacuum_vacuum_scale_factor = {self.scale_factor})"
        )

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        table = schema_editor.quote_name(self.table)
        schema_editor.execute(
            f"ALTER TABLE {table} RESET (autovacuum_vacuum_scale_factor)"
        )

    def describe(self):
        return f"Tune autovacuum of {self.table}"
