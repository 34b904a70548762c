import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonReport } from '../../server/src/cli/json-report.ts';
import { writeDiskProject } from '../support/disk-project.ts';
import { indexMigration, shop } from '../support/shop.ts';
import { stepwise } from './stepwise.ts';

const root = join(import.meta.dirname, '..', '..');
const schema = JSON.parse(readFileSync(join(root, 'docs/schema/findings.schema.json'), 'utf8'));

/** Validates with the schema that others read; answers the report for further questions. */
function checkSchema(output: string): JsonReport {
  const report: unknown = JSON.parse(output);
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  assert.ok(validate(report), JSON.stringify(validate.errors, undefined, 2));
  return report as JsonReport;
}

describe('stepwise check --format json', () => {
  it('is what the contract says', async () => {
    const project = writeDiskProject(shop);
    try {
      const { code, output, errors } = await stepwise(project.folder, 'check', '--format', 'json');
      assert.deepEqual(checkSchema(output), {
        version: 1,
        findings: [
          {
            rule: 'blocking-index',
            level: 'high',
            message: 'Building this index blocks every write to "shop_order" until it is done.',
            file: 'shop/migrations/0002_order_placed_at.py',
            range: { start: { line: 8, column: 9 }, end: { line: 8, column: 28 } },
            migration: 'shop.0002_order_placed_at',
            fixes: [{ title: 'Build the index concurrently', safety: 'safe', creates: [] }],
          },
        ],
        summary: { files: 2, migrations: 2, critical: 0, high: 1, medium: 0, low: 0 },
        problems: [],
      });
      assert.equal(errors, '');
      assert.equal(code, 1);
    } finally {
      project.dispose();
    }
  });

  it('follows its schema for everything that the examples hold, in a stable order', async () => {
    for (const example of ['examples/shop', 'examples/broken-history']) {
      const { output } = await stepwise(root, 'check', example, '--format', 'json');
      const { findings } = checkSchema(output);
      assert.ok(findings.length > 0);
      const places = findings.map(({ file, range }) => `${file} ${String(range.start.line).padStart(6, '0')}`);
      assert.deepEqual(places, places.toSorted());
      assert.equal((await stepwise(root, 'check', example, '--format', 'json')).output, output);
    }
  });

  it('tells what is said about the project as a whole at its settings, without a migration', async () => {
    const project = writeDiskProject(shop.replace(', "OPTIONS": {"options": "-c lock_timeout=5s"}', ''));
    try {
      const { output } = await stepwise(project.folder, 'check', '--format', 'json');
      const { findings, summary } = checkSchema(output);
      const about = findings.filter(({ file }) => file === 'config/settings.py');
      assert.deepEqual(
        about.map(({ rule, level, range, migration }) => ({ rule, level, range, migration })),
        [
          {
            rule: 'missing-lock-timeout',
            level: 'low',
            range: { start: { line: 2, column: 1 }, end: { line: 2, column: 10 } },
            migration: undefined,
          },
        ],
      );
      assert.deepEqual(summary, { files: 2, migrations: 2, critical: 0, high: 1, medium: 0, low: 1 });
      const only = await stepwise(project.folder, 'check', 'shop', '--format', 'json');
      assert.equal(checkSchema(only.output).findings.length, 1, 'the settings were not asked for');
    } finally {
      project.dispose();
    }
  });

  it('leads to the file that the SQL stands in, in both formats', async () => {
    const project = writeDiskProject(`
# file: shop/migrations/0001_initial.py
from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    operations = [migrations.RunSQL((Path(__file__).parent / "index.sql").read_text(), migrations.RunSQL.noop)]
# file: shop/migrations/index.sql
-- The report page sorts by date.
CREATE INDEX shop_order_placed ON shop_order (placed_at);
`);
    try {
      const { output } = await stepwise(project.folder, 'check', '--format', 'json');
      const [finding] = checkSchema(output).findings;
      assert.equal(finding?.file, 'shop/migrations/0001_initial.py');
      const range = { start: { line: 2, column: 1 }, end: { line: 2, column: 57 } };
      assert.deepEqual(finding.related, [{ message: 'It is written here.', file: 'shop/migrations/index.sql', range }]);
      const text = await stepwise(project.folder, 'check');
      assert.match(text.output, /\n {2}shop\/migrations\/index\.sql:2:1 It is written here\.\n/);
    } finally {
      project.dispose();
    }
  });

  it('names the files that a fix creates', async () => {
    const { output } = await stepwise(root, 'check', 'examples/shop', '--format', 'json');
    const created = checkSchema(output).findings.flatMap(({ fixes }) => fixes.flatMap(({ creates }) => creates));
    assert.ok(created.length > 0);
    for (const file of created) assert.match(file, /^examples\/shop\/\w+\/migrations\/\d{4}_\w+\.py$/);
  });

  it('lists problems by file', async () => {
    const project = writeDiskProject(shop);
    try {
      project.write('shop/migrations/0003_latin.py', Buffer.from('# caf\xe9\n', 'latin1'));
      const { code, output } = await stepwise(project.folder, 'check', '--format', 'json');
      const { problems, findings } = checkSchema(output);
      assert.deepEqual(problems, [
        {
          file: 'shop/migrations/0003_latin.py',
          message: 'This file cannot be read: it is not UTF-8: byte 0xE9 in line 1.',
        },
      ]);
      assert.equal(findings.length, 1);
      assert.equal(code, 2);
    } finally {
      project.dispose();
    }
  });

  it('tells where a file has a syntax error, and checks the rest of it', async () => {
    const project = writeDiskProject(shop);
    try {
      const text = project.read(indexMigration);
      project.write(indexMigration, `${text}\n    def broken(self:\n`);
      project.write('shop/migrations/0003_half.py', 'class Migration(\n');
      const { code, output } = await stepwise(project.folder, 'check', '--format', 'json');
      const { problems, findings } = checkSchema(output);
      const line = text.split('\n').length + 1;
      assert.deepEqual(problems, [
        {
          file: indexMigration,
          message: `line ${line}: This is no valid Python, so what it belongs to could not be checked.`,
        },
        {
          file: 'shop/migrations/0003_half.py',
          message: 'line 1: This is no valid Python, so what it belongs to could not be checked.',
        },
      ]);
      assert.deepEqual(
        findings.map(({ rule, refusals }) => [rule, refusals]),
        [['blocking-index', ['0002_order_placed_at.py has a syntax error, which has to be mended first.']]],
      );
      assert.equal(code, 2);
    } finally {
      project.dispose();
    }
  });

  it('rejects what is not a report: the schema can fail', () => {
    const validate = new Ajv2020().compile(schema);
    assert.equal(validate({ version: 1, findings: [], summary: {}, problems: [] }), false);
    assert.equal(validate({ version: 2 }), false);
  });
});
