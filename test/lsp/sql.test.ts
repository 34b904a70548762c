import assert from 'node:assert/strict';
import type { DocumentSymbol, Hover } from 'vscode-languageserver';
import { loadSqlParserFromDisk } from '../../server/src/disk/wasm-files.ts';
import type { CheckWorkspaceResult } from '../../server/src/lsp/protocol.ts';
import { shop } from '../support/shop.ts';
import { type Editor, startEditor, stopEditors } from './editor.ts';

const file = 'shop/migrations/0003_sql.py';

const sql = `from django.db import migrations


def fill(apps, schema_editor):
    pass


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_placed_at")]

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX shop_order_placed ON shop_order (placed_at);
            ALTER TABLE shop_order ADD COLUMN note text
            """,
            migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL("DROP TABLE shop_cart", "")],
            state_operations=[migrations.DeleteModel("Cart")],
        ),
        migrations.RenameField("order", "placed_at", "placed"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
`;

describe('SQL in a migration', () => {
  afterEach(stopEditors);

  it('is checked as soon as its parser is there', async () => {
    let loaded = 0;
    const loadSqlParser = () => {
      loaded++;
      return loadSqlParserFromDisk();
    };
    const editor = await startEditor(shop, { host: { loadSqlParser } });
    await editor.open('shop/migrations/0001_initial.py');
    await editor.published('shop/migrations/0001_initial.py');
    assert.equal(loaded, 0);
    await editor.open(file, sql);
    assert.match((await editor.problems(file)).join('\n'), /warning blocking-index 13:12 Building this index blocks/);
    await editor.type(file, 'ADD COLUMN note', '2');
    assert.match((await editor.problems(file)).join('\n'), /blocking-index 13:12/);
    assert.equal(loaded, 1);
  });

  it('is left out where its parser cannot be had, and said to be', async () => {
    const editor = await startEditor(shop, {
      host: { loadSqlParser: () => Promise.reject(new Error('no WebAssembly today')) },
    });
    await editor.open(file, sql);
    await editor.published(file);
    assert.doesNotMatch((await editor.problems(file)).join('\n'), /blocking-index/);
    assert.match(editor.log.join('\n'), /SQL is not checked, its parser could not be loaded: .*no WebAssembly today/);
  });

  it('is checked with the whole workspace', async () => {
    const editor = await startEditor(shop);
    editor.project.write(file, sql);
    const { summary } = await editor.request<CheckWorkspaceResult>('stepwise/checkWorkspace', {});
    assert.equal(summary.files, 3);
    assert.match((await editor.problems(file)).join('\n'), /blocking-index 13:12/);
  });

  it('is checked again where a file of SQL that it reads is edited', async () => {
    const editor = await startEditor(shop);
    const index = 'shop/migrations/index.sql';
    editor.project.write(index, '-- Sorts the report.\nCREATE INDEX shop_order_placed ON shop_order (placed_at);\n');
    const reads = '(pathlib.Path(__file__).parent / "index.sql").read_text()';
    await editor.open(
      file,
      `import pathlib\n\nfrom django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [("shop", "0002_order_placed_at")]\n\n    operations = [migrations.RunSQL(${reads}, "")]\n`,
    );
    assert.match((await editor.problems(file)).join('\n'), /blocking-index 8:36 Building this index blocks/);
    const [diagnostic] = (await editor.published(file)).diagnostics.filter(({ code }) => code === 'blocking-index');
    const [place] = diagnostic?.relatedInformation ?? [];
    assert.deepEqual(
      [place?.location.uri, place?.location.range.start],
      [editor.uriOf(index), { line: 1, character: 0 }],
    );
    await editor.open(index);
    await editor.replace(index, 'CREATE INDEX', 'CREATE INDEX CONCURRENTLY');
    const rules = () => editor.shown(file)?.diagnostics.map(({ code }) => code) ?? [];
    for (let tries = 0; tries < 200 && rules().includes('blocking-index'); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.ok(rules().includes('concurrent-in-transaction'));
  });

  it('tells its locks statement by statement', async () => {
    const editor = await startEditor(shop);
    await editor.open(file, sql);
    const onIndex = await hoverText(editor, 'shop_order_placed ON');
    assert.match(onIndex, /\*\*CREATE INDEX\*\*\n\n- Takes SHARE on "shop_order"/);
    assert.doesNotMatch(onIndex, /ACCESS EXCLUSIVE/);
    assert.match(
      await hoverText(editor, 'ADD COLUMN'),
      /^\*\*ALTER TABLE\*\*\n\n- Takes ACCESS EXCLUSIVE on "shop_order"/,
    );
    assert.match(
      await hoverText(editor, 'RunSQL('),
      /\*\*`CREATE INDEX shop_order_placed ON shop_order \(placed_at\)`\*\*\n\n- Takes SHARE.*\*\*`ALTER TABLE shop_order/s,
    );
  });

  it('is listed among the symbols, inside its operation', async () => {
    const editor = await startEditor(shop);
    await editor.open(file, sql);
    const textDocument = { uri: editor.uriOf(file) };
    const symbols = await editor.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument });
    assert.equal(
      namesOf(symbols),
      `
RunSQL
  CREATE INDEX shop_order_placed ON shop_order (placed_at)
  ALTER TABLE shop_order ADD COLUMN note text
SeparateDatabaseAndState
  RunSQL
    DROP TABLE shop_cart
  DeleteModel Cart
RenameField order.placed_at → placed
RunPython fill
`.trimStart(),
    );
  });
});

function namesOf(symbols: readonly DocumentSymbol[], indentation = ''): string {
  return symbols
    .map(({ name, children = [] }) => `${indentation}${name}\n${namesOf(children, `${indentation}  `)}`)
    .join('');
}

async function hoverText(editor: Editor, at: string): Promise<string> {
  const before = sql.slice(0, sql.indexOf(at)).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const textDocument = { uri: editor.uriOf(file) };
  const hover = await editor.request<Hover | null>('textDocument/hover', { textDocument, position });
  return hover !== null && 'value' in Object(hover.contents) ? String(Object(hover.contents).value) : '';
}
