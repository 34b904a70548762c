import type { InitializeResult, PublishDiagnosticsParams } from 'vscode-languageserver-protocol';

/** A migration that every server has something to say about, once it can read Python and SQL. */
const migration = `from django.db import migrations


def fill(apps, schema_editor):
    pass


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.RunPython(fill),
        migrations.RunSQL("CREATE INDEX shop_order_placed ON shop_order (placed_at)", migrations.RunSQL.noop),
    ]
`;

export const initializeParams = { processId: null, rootUri: null, capabilities: {} };

/** What an editor sends when the migration is opened. */
export const didOpenParams = {
  textDocument: { uri: 'file:///shop/migrations/0001_fill.py', languageId: 'python', version: 1, text: migration },
};

/** What came back, told in a form that a test can compare. */
export function summaryOf(answer: InitializeResult, published: PublishDiagnosticsParams) {
  return {
    server: answer.serverInfo?.name,
    file: published.uri,
    version: published.version,
    rules: published.diagnostics.map((diagnostic) => diagnostic.code),
  };
}

/** What every server says about that migration, whatever it runs in. */
export const expectedSummary = {
  server: 'stepwise',
  file: didOpenParams.textDocument.uri,
  version: 1,
  rules: ['irreversible-run-python', 'blocking-index'],
};
