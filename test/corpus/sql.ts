/**
 * Reads all SQL in the migrations of checked-out projects: how much of it PostgreSQL's parser takes, and whether every
 * statement is found again in the file.
 *
 * npx tsx test/corpus/sql.ts [--list] <folder>…
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { emptySchema } from '../../server/src/schema/schema.ts';
import { fileSpanOf } from '../../server/src/sql/literal-map.ts';
import { lowerScript } from '../../server/src/sql/lower-script.ts';
import { readScript } from '../../server/src/sql/script.ts';
import { sqlTextOf } from '../../server/src/sql/sql-text.ts';
import { moduleScope } from '../../server/src/syntax/scopes.ts';
import { pythonParser } from '../support/python.ts';
import { postgresqlParser } from '../support/sql.ts';
import { alone, sentSqlIn } from '../support/sql-calls.ts';

const { values: flags, positionals: folders } = parseArgs({
  options: { list: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const python = await pythonParser();
const parser = await postgresqlParser();

for (const folder of folders) {
  const counts = {
    files: 0,
    texts: 0,
    unknown: 0,
    withHoles: 0,
    statements: 0,
    parsed: 0,
    problems: 0,
    unreadable: 0,
    misplaced: 0,
  };
  const kinds = new Map<string, number>();
  let milliseconds = 0;
  for (const path of pythonFiles(folder)) {
    const text = readFileSync(path, 'utf8');
    if (!/RunSQL|execute/.test(text)) continue;
    counts.files++;
    const scope = moduleScope(python.read(text), alone);
    const { module } = scope;
    for (const { call, value, placeholders } of sentSqlIn(scope)) {
      const sql = sqlTextOf(value, { textOf: (each) => (each === module ? text : undefined), fill: () => undefined });
      if (sql === undefined) {
        if (value.kind === 'reference' || (value.kind === 'constant' && value.value === null)) continue;
        counts.unknown++;
        if (flags.list)
          console.log(`unknown ${path}: ${text.slice(value.at.span.start, value.at.span.end).slice(0, 80)}`);
        continue;
      }
      counts.texts++;
      if (sql.holes.length > 0) counts.withHoles++;
      const start = performance.now();
      const script = readScript(sql, { database: 'postgresql', placeholders, parser });
      if (script === undefined) throw new Error('The parser is there.');
      const changes = lowerScript(script, {
        migration: 'corpus',
        before: emptySchema,
        module,
        fallback: call.span,
        call,
        within: [],
        common: {
          applies: { state: false, database: true },
          transaction: 't',
          certainty: 'certain',
          reverse: 'missing',
        },
        repeats: false,
        fileOf: () => undefined,
        parser,
      });
      milliseconds += performance.now() - start;
      for (const { span, read } of script.statements) {
        counts.statements++;
        const at = fileSpanOf(sql, span, module);
        const isPlain = at !== undefined && sql.holes.length === 0;
        const found = at && text.slice(at.start, at.end);
        // What an escape or a second literal breaks up is compared without what Python takes out.
        const bare = (each: string) => each.replaceAll(/\\n|["'\\]|\s/g, '');
        if (isPlain && bare(found ?? '') !== bare(sql.text.slice(span.start, span.end))) {
          counts.misplaced++;
          if (flags.list) console.log(`misplaced ${path}: ${found}\n  ${sql.text.slice(span.start, span.end)}`);
        }
        const kind = read?.parsed.kind;
        if (kind === 'tree') counts.parsed++;
        else if (kind === 'problem') counts.problems++;
        else counts.unreadable++;
        if (kind !== 'tree' && flags.list && read !== undefined) {
          console.log(`${kind} ${path}: ${JSON.stringify(read.parsed)}\n  ${sql.text.slice(span.start, span.end)}`);
        }
      }
      for (const change of changes) {
        kinds.set(change.kind, (kinds.get(change.kind) ?? 0) + 1);
        if (flags.list) {
          const {
            facets: _f,
            origin,
            ...rest
          } = change as never as Record<string, unknown> & { origin: { name: string } };
          if (change.kind === 'Opaque' || change.kind === 'InvalidSql' || process.env['ALL'])
            console.log(
              change.kind,
              origin.name,
              text.slice(change.at.start, change.at.end).slice(0, 100),
              JSON.stringify({ ...rest, applies: undefined, transaction: undefined, reverse: undefined }).slice(0, 400),
            );
        }
      }
    }
  }
  console.log(folder, counts, `${(milliseconds / counts.statements).toFixed(3)} ms a statement`);
  console.log(
    [...kinds]
      .sort((one, other) => other[1] - one[1])
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', '),
  );
}

function* pythonFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* pythonFiles(path);
    else if (/(migrations|versions)\/.*\.py$/.test(path)) yield path;
  }
}
