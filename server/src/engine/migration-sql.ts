import type { FilePath } from '../base/file-path.ts';
import type { Target } from '../base/target.ts';
import { withPlainNames } from '../database/postgresql/ddl/plain-names.ts';
import { type DdlSetting, type SentStatement, sentTogether } from '../database/postgresql/ddl/sent-statement.ts';
import { statementsOf } from '../database/postgresql/ddl/statements-of.ts';
import { isStillToCome, stillWaiting } from '../database/postgresql/ddl/waiting.ts';
import type { DjangoOperation } from '../django/migration-file.ts';
import type { JudgedMigration, Project } from '../project/project.ts';
import type { Change, TransactionId } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { effectsMemory, type KnownEffects } from './effects-memory.ts';
import { titleOf, titleOfCall } from './outline.ts';

/** What an operation of a migration sends, or what is sent when all of them are done. */
export interface SentSection {
  readonly title: string;
  readonly statements: readonly SentStatement[];
  /** The one that it runs in; `undefined` for none. Of a migration of Django all that counts is whether it is atomic. */
  readonly transaction: TransactionId;
}

/** The SQL that a migration file becomes; `undefined` for a file that holds none. */
export function migrationSqlOf(project: Project, file: FilePath): string | undefined {
  const judged = project.migrationAt(file);
  if (judged === undefined) return undefined;
  const { migration } = judged;
  const { database } = project.target;
  const head = [`-- ${migration.id}`];
  if (!migration.complete) head.push('-- Parts of the file cannot be read yet: what they do is missing here.');
  if (database !== 'postgresql') {
    return `${[...head, `-- SQL is shown for PostgreSQL, and this project uses ${databaseNames[database]}.`].join('\n')}\n`;
  }
  const body = framed(sectionsOf(judged, project), migration);
  return `${[head.join('\n'), ...body].join('\n\n')}\n`;
}

/** With the transactions that they run in, one after the other. */
function framed(sections: readonly SentSection[], { framework, atomic }: Migration): readonly string[] {
  const parts: string[] = [];
  if (framework === 'django') {
    const [begin, commit] = atomic ? ['BEGIN;', 'COMMIT;'] : [];
    return [begin, ...sections.map(sectionText), commit].filter((part) => part !== undefined);
  }

  let open: TransactionId;
  for (const section of sections) {
    if (section.transaction !== open) {
      if (open !== undefined) parts.push('COMMIT;');
      if (section.transaction !== undefined) parts.push('BEGIN;');
    }
    open = section.transaction;
    parts.push(sectionText(section));
  }
  return open === undefined ? parts : [...parts, 'COMMIT;'];
}

const databaseNames = { mysql: 'MySQL', mariadb: 'MariaDB', sqlite: 'SQLite', oracle: 'Oracle' } as const;

/** The operations in order, then what waits for all of them. */
export function sectionsOf(judged: JudgedMigration, project: Project): readonly SentSection[] {
  const known = effectsMemory().effectsIn(judged, project.target);
  const sections: SentSection[] = [];
  let waiting: readonly SentStatement[] = [];
  const { framework } = judged.migration;
  const parts = framework === 'django' ? operationsOf(judged, project) : callsOf(judged);
  for (const { title, changes } of parts) {
    const statements: SentStatement[] = [];
    for (const change of changes) {
      if (isStillToCome(change, waiting)) continue;
      statements.push(...writtenFor(framework, change, { before: known.before(change), waiting }));
      waiting = stillWaiting(waiting, change);
    }
    waiting = [...waiting, ...statements.filter(({ when }) => when === 'migration done')];
    sections.push({ title, statements: sentTogether(statements), transaction: changes[0]?.transaction });
  }
  const last = { title: 'When all operations are done', statements: waiting, transaction: sections[0]?.transaction };
  return waiting.length === 0 ? sections : [...sections, last];
}

/** SQLAlchemy quotes only the names that need it; texts of the author stay as they are. */
function writtenFor(framework: Migration['framework'], change: Change, setting: DdlSetting): readonly SentStatement[] {
  const statements = statementsOf(change, setting);
  if (framework === 'django' || change.kind === 'RunSql') return statements;
  return statements.map((statement) => ({ ...statement, sql: withPlainNames(statement.sql) }));
}

/**
 * The SQL that changes of one operation become, for a glance; `undefined` where they send none, or where it is not known
 * how the database is told.
 *
 * @param known the schema before each of them
 */
export function sqlInShort(changes: readonly Change[], known: KnownEffects, { database }: Target): string | undefined {
  const isWritten = ({ kind, origin }: Change) =>
    (origin.kind === 'django-operation' && kind !== 'RunSql' && kind !== 'RunCode') ||
    (origin.kind === 'alembic-call' && kind !== 'RunSql' && kind !== 'WriteRows' && kind !== 'Opaque');
  if (database !== 'postgresql' || !changes.some(isWritten)) return undefined;
  const statements = changes.flatMap((change) => {
    const framework = change.origin.kind === 'alembic-call' ? 'alembic' : 'django';
    return writtenFor(framework, change, { before: known.before(change), waiting: [] });
  });
  const later = statements.filter(({ when }) => when === 'migration done');
  const lines = [
    ...sentTogether(statements).map(statementText),
    ...(later.length === 0 ? [] : ['-- When all operations are done', ...later.map(statementText)]),
  ].flatMap((text) => text.split('\n'));
  if (lines.length === 0) return undefined;
  const isLong = lines.length > shownLines + 2;
  const hidden = `-- … and ${lines.length - shownLines} more lines`;
  return (isLong ? [...lines.slice(0, shownLines), hidden] : lines).join('\n');
}

/** Of SQL that is looked at in passing. */
const shownLines = 16;

interface OperationChanges {
  readonly title: string;
  readonly changes: readonly Change[];
}

/** The changes by the operation that makes them; operations that make none are there as well. */
function operationsOf({ migration }: JudgedMigration, project: Project): readonly OperationChanges[] {
  const operations = project.source(migration.id)?.operations ?? [];
  const all: { readonly title: string; readonly changes: Change[] }[] = [];
  let next = 0;
  let last: unknown;
  for (const change of migration.forward) {
    const { origin } = change;
    const call = origin.within[0] ?? origin.call;
    const key = call ?? origin.span.start;
    const index = operations.findIndex((each) => each.call !== undefined && each.call === call);
    if (key !== last) {
      for (; next < index; next++) all.push({ title: titleAt(operations, next), changes: [] });
      next = Math.max(next, index + 1);
      all.push({ title: index < 0 ? origin.name : titleAt(operations, index), changes: [] });
    }
    last = key;
    all.at(-1)?.changes.push(change);
  }
  for (; next < operations.length; next++) all.push({ title: titleAt(operations, next), changes: [] });
  return all;
}

/** The changes by the call that makes them; those that its SQL makes are sent with that. */
function callsOf({ migration }: JudgedMigration): readonly OperationChanges[] {
  const all: { readonly title: string; readonly changes: Change[] }[] = [];
  let last: Change | undefined;
  for (const change of migration.forward) {
    if (change.origin.sql !== undefined) continue;
    const isSame = last?.origin.span.start === change.origin.span.start && last.transaction === change.transaction;
    if (isSame) all.at(-1)?.changes.push(change);
    else all.push({ title: titleOfCall(change), changes: [change] });
    last = change;
  }
  return all;
}

function titleAt(operations: readonly DjangoOperation[], index: number): string {
  const operation = operations[index];
  return operation ? titleOf(operation) : '';
}

function sectionText({ title, statements }: SentSection): string {
  const lines = statements.length === 0 ? ['-- Nothing is sent.'] : statements.map(statementText);
  return [`-- ${onOneLine(title)}`, ...lines].join('\n');
}

/** The statement behind what has to be said about it. */
function statementText({ sql, notes }: SentStatement): string {
  const comments = notes.map((note) => `-- ${onOneLine(note)}`);
  return [...comments, ...(sql === '' ? [] : [ended(sql)])].join('\n');
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** A comment at the end would swallow the semicolon. */
function ended(sql: string): string {
  if (sql.endsWith(';')) return sql;
  const lastLine = sql.slice(sql.lastIndexOf('\n') + 1);
  return lastLine.includes('--') ? `${sql}\n;` : `${sql};`;
}
