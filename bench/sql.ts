import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shipped } from './bundles.ts';
import { type Measurement, milliseconds } from './report.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { median } from './statistics.ts';

const rounds = 15;
const statements = 200;

/** What SQL costs: once for its parser, then for each statement that is read, replayed and judged. */
export async function measureSql(): Promise<readonly Measurement[]> {
  // Empty: a project with SQL in its history has the parser before anybody types.
  const folder = mkdtempSync(join(tmpdir(), 'stepwise-bench-sql-'));
  try {
    return await measureIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureIn(folder: string): Promise<readonly Measurement[]> {
  const firsts: number[] = [];
  for (let round = 0; round < 5; round++) {
    const server = await startServerProcess(shipped.server, folder);
    firsts.push(await firstLiteral(server, folder));
    await server.stop();
  }
  const server = await startServerProcess(shipped.server, folder);
  await firstLiteral(server, folder);
  const each = await everyFurtherOne(server, folder);
  await server.stop();
  const [first, oneStatement] = [median(firsts), median(each)];
  return [
    {
      name: 'first SQL in a session → diagnostics',
      value: milliseconds(first),
      target: { text: '≤ 100 ms', isMet: first <= 100 },
    },
    {
      name: `each of ${statements} new SQL statements, read, replayed and judged`,
      value: milliseconds(oneStatement),
      target: { text: '≤ 0.2 ms', isMet: oneStatement <= 0.2 },
    },
  ];
}

async function firstLiteral(server: ServerProcess, folder: string): Promise<number> {
  const text = migrationWith('');
  await server.open(join(folder, 'bench_sql/migrations/0001_first.py'), text);
  // The editor has been open for a while.
  for (let key = 0; key < 20; key++) await server.edit(0, 0, key % 2 === 0 ? '#\n' : '');
  const place = server.text().indexOf('\n    ]');
  return server.edit(place, place, `\n        ${operationWith(statementNumber(0))}`);
}

/** Milliseconds for one statement, from files with many beside files with none. */
async function everyFurtherOne(server: ServerProcess, folder: string): Promise<readonly number[]> {
  const times: number[] = [];
  let number = 1;
  for (let round = 0; round < rounds; round++) {
    await server.open(join(folder, `bench_sql/migrations/0002_round_${round}.py`), migrationWith(''));
    const texts = Array.from({ length: statements }, () => statementNumber(number++));
    const place = server.text().indexOf('\n    ]');
    const without = await server.edit(place, place, '  # nothing');
    const withAll = await server.edit(place, place, `\n        ${operationWith(texts.join(';\n'))}`);
    times.push((withAll - without) / statements);
  }
  return times;
}

function migrationWith(operations: string): string {
  return `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [${operations}
    ]
`;
}

function operationWith(sql: string): string {
  return `migrations.RunSQL("""${sql}""", migrations.RunSQL.noop),`;
}

/** No two are the same: those that were read before are remembered. */
function statementNumber(number: number): string {
  const table = `bench_table_${number % 50}`;
  switch (number % 4) {
    case 0:
      return `ALTER TABLE ${table} ADD COLUMN column_${number} varchar(40) DEFAULT 'new'`;
    case 1:
      return `CREATE INDEX CONCURRENTLY index_${number} ON ${table} (column_${number - 1})`;
    case 2:
      return `UPDATE ${table} SET column_${number - 2} = 'old' WHERE id BETWEEN ${number} AND ${number + 1000}`;
    default:
      return `ALTER TABLE ${table} ADD CONSTRAINT check_${number} CHECK (column_${number - 3} <> '') NOT VALID`;
  }
}
