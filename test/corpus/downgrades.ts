/**
 * Takes the way back out of every revision of a checked-out project, lets it be written anew, and walks the history on a real
 * PostgreSQL: up to each revision, back by what was written, and up once more. What is different then is told.
 *
 * npx tsx test/corpus/downgrades.ts [--beside <folder>] [--plugin <package>]… [--env <file>] [--only <revision>]… [--list] <folder of the revisions>
 *
 * `--beside` holds modules that the revisions import; a `--plugin` is a package that they or their directives come from;
 * `--only` tries some of the revisions; `--env` is an `env.py` in the place of the plain one, which takes `sqlalchemy.url`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rules } from '../../server/src/rules/registry.ts';
import { alembicReleases } from '../proof/alembic-releases.ts';
import { completeAlembicProject } from '../proof/complete-alembic-project.ts';
import { type Command, type Driver, failureOf, RunFailed, startDriver } from '../proof/driver.ts';
import { startPostgres } from '../proof/postgres-server.ts';
import { NEWEST } from '../proof/postgres-versions.ts';
import { providePython } from '../proof/python-environment.ts';
import { makeScratchFolder } from '../proof/scratch-folder.ts';
import { applyFix, openTexts } from '../support/rule-examples.ts';
import { run } from '../vscode/host/command.ts';

const { values: flags, positionals } = parseArgs({
  options: {
    beside: { type: 'string' },
    env: { type: 'string' },
    only: { type: 'string', multiple: true },
    plugin: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

const versions = 'migrations/versions';

/** What the proof does not compare: functions, extensions, comments, and what counts a serial column. */
const MORE = `
  SELECT 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ') ' || md5(p.prosrc)
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  UNION ALL SELECT 'extension ' || extname FROM pg_extension
  UNION ALL SELECT 'comment ' || pg_describe_object(classoid, objoid, objsubid) || ': ' || description
  FROM pg_description WHERE pg_describe_object(classoid, objoid, objsubid) ~ '^(table|column|index|constraint)'
  AND (classoid <> 'pg_class'::regclass OR (SELECT relnamespace FROM pg_class WHERE oid = objoid) = 'public'::regnamespace)
  UNION ALL SELECT 'sequence ' || s.relname || ' of ' || t.relname || '.' || a.attname
  FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
  JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
  WHERE d.deptype IN ('a', 'i')
  ORDER BY 1`;

type Outcome = 'equal' | 'different' | 'raises' | 'fails' | 'up again differs' | 'up again fails';

const release = (await alembicReleases()).at(-1);
const [source] = positionals;
if (release === undefined || source === undefined) throw new Error('Name the folder of the revisions.');

const written = await writtenDowngrades(source);
const counts = new Map<string, number>([
  ['revisions', written.order.length],
  ['generated', written.generated.size],
]);
for (const reason of written.reasons.values()) count(`not generated: ${reason}`);
const server = await startPostgres(NEWEST);
const folder = await writeProject(written.texts);
const plugins = flags.plugin.join('-');
const python = await providePython({
  ...release,
  series: [release.series, ...flags.plugin].join('-'),
  requirements: `${release.requirements}${flags.plugin.map((each) => `${each}\n`).join('')}`,
});
const driver = startDriver('alembic', python, server);
try {
  await walk(driver);
} finally {
  await driver.stop();
  await server.stop();
  await rm(folder, { recursive: true });
}
console.log(source, Object.fromEntries(counts), plugins);

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

interface Written {
  readonly texts: ReadonlyMap<string, string>;
  /** Revisions as they are run, and those of them whose way back is written anew. */
  readonly order: readonly string[];
  readonly generated: ReadonlySet<string>;
  /** Why it is not, by revision. */
  readonly reasons: ReadonlyMap<string, string>;
}

async function writtenDowngrades(from: string): Promise<Written> {
  const files = readdirSync(from, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.py'));
  const originals = new Map(files.map((each) => [`${versions}/${each}`, readFileSync(join(from, each), 'utf8')]));
  const texts = await emptied(completeProject(originals));
  const generated = new Set<string>();
  const reasons = new Map<string, string>();
  const { order, checked } = await opened(texts);
  let after = texts;
  for (const [id, file] of order) {
    const [finding] = checked.check(file);
    const fix = finding?.fixes()[0];
    if (fix === undefined) reasons.set(id, finding?.refusals()[0] ?? (finding ? 'no answer' : 'nothing to take back'));
    else {
      generated.add(id);
      after = applyFix(after, fix);
    }
    if (flags.list && fix === undefined) console.log(`${id}: ${reasons.get(id)}`);
  }
  return { texts: after, order: order.map(([id]) => id), generated, reasons };
}

function completeProject(originals: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (release === undefined) throw new Error('It was looked up.');
  const complete = new Map(completeAlembicProject(originals, release));
  const env = 'migrations/env.py';
  const imports = flags.plugin.map((each) => `import ${each.replaceAll('-', '_')}\n`).join('');
  const text = flags.env === undefined ? complete.get(env) : readFileSync(flags.env, 'utf8');
  return complete.set(env, `${imports}${text ?? ''}`);
}

async function opened(texts: ReadonlyMap<string, string>) {
  const checked = await openTexts(
    texts,
    rules.filter(({ name }) => name === 'irreversible-downgrade'),
  );
  const [project] = checked.workspace.projects;
  if (project === undefined) throw new Error('There are no revisions.');
  const order = project.order.flatMap((id) => {
    const file = project.migration(id)?.migration.file;
    return file === undefined ? [] : [[id, file] as const];
  });
  return { checked, project, order };
}

/** With functions that take nothing back. */
async function emptied(texts: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const { project, order } = await opened(texts);
  const after = new Map(texts);
  for (const [id, file] of order) {
    const definition = project.revision(id)?.downgrades[0]?.value.definition;
    const text = texts.get(file);
    if (definition?.kind !== 'function' || text === undefined) continue;
    const { start, end } = definition.bodySpan;
    after.set(file, `${text.slice(0, start)}pass${text.slice(end)}`);
  }
  return after;
}

async function writeProject(texts: ReadonlyMap<string, string>): Promise<string> {
  const to = await makeScratchFolder('stepwise-corpus-');
  for (const [file, text] of texts) {
    await mkdir(join(to, file, '..'), { recursive: true });
    await writeFile(join(to, file), text);
  }
  if (flags.beside !== undefined) await cp(flags.beside, to, { recursive: true });
  return to;
}

async function walk(alembic: Driver): Promise<void> {
  const sql = (text: string) => alembic.run({ database: 'postgres' }, [{ do: 'execute', sql: [text] }]);
  await run(python, ['-m', 'compileall', '-q', versions], { cwd: folder });
  await sql('CREATE DATABASE history');
  const main = { database: 'history', project: folder };
  const done: string[] = [];
  let waiting: string[] = [];
  for (const id of written.order) {
    if (written.generated.has(id) && flags.only?.includes(id) !== false) {
      await alembic.run(main, waiting.map((each) => ({ do: 'migrate', to: each })) as readonly Command[]);
      waiting = [];
      const before = await schemaOf(alembic, 'history');
      await alembic.run(main, [{ do: 'migrate', to: id }]);
      const after = await schemaOf(alembic, 'history');
      await sql('CREATE DATABASE trial TEMPLATE history STRATEGY file_copy');
      await trial(alembic, id, { done, before, after });
      await sql('DROP DATABASE trial WITH (FORCE)');
    } else waiting.push(id);
    done.push(id);
  }
}

interface Around {
  readonly done: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Back and up again, in a copy. */
async function trial(alembic: Driver, id: string, { done, before, after }: Around): Promise<void> {
  const session = { database: 'trial', project: folder };
  const to = done.map((each) => ['alembic', each] as const);
  const back = await alembic.run(session, [{ do: 'migrate-back', to }]).catch(failureOf);
  if (back instanceof RunFailed) {
    tell(id, /^(?:RuntimeError|NotImplementedError)$/.test(back.type) ? 'raises' : 'fails', [back.message]);
    return;
  }
  const lines = differences(before, await schemaOf(alembic, 'trial'));
  tell(id, lines.length === 0 ? 'equal' : 'different', lines);
  const again = await alembic.run(session, [{ do: 'migrate', to: id }]).catch(failureOf);
  if (again instanceof RunFailed) tell(id, 'up again fails', [again.message]);
  else {
    const others = differences(after, await schemaOf(alembic, 'trial'));
    if (others.length > 0) tell(id, 'up again differs', others);
  }
}

function tell(id: string, outcome: Outcome, lines: readonly string[]): void {
  count(outcome);
  if (outcome !== 'equal')
    console.log(`${outcome}: ${id}\n${lines.map((each) => `  ${each.slice(0, 240)}`).join('\n')}`);
}

function differences(expected: readonly string[], found: readonly string[]): readonly string[] {
  const [one, other] = [new Set(expected), new Set(found)];
  return [
    ...expected.filter((line) => !other.has(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !one.has(line)).map((line) => `+ ${line}`),
  ];
}

async function schemaOf(alembic: Driver, database: string): Promise<readonly string[]> {
  const [schema, more] = await alembic.run({ database }, [{ do: 'schema' }, { do: 'query', sql: MORE }]);
  return [...schema, ...more.map((row) => row.join(' '))];
}
