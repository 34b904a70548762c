import type { TextEdit } from '../../base/text-edit.ts';
import type { Project } from '../../project/project.ts';
import type { Change, ChangeKind, RunCode, WriteRows } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { findTable, type Schema } from '../../schema/schema.ts';
import { setKeyword } from '../edits/arguments.ts';
import { importName } from '../edits/imports.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { insertBeforeClass, unusedName } from '../edits/migration-class.ts';
import type { Fix } from '../fix.ts';
import { isFreshColumn } from '../fresh-column.ts';
import { calleeText } from '../operation-site.ts';
import { findWrittenCall, type WrittenCall } from '../written-call.ts';
import { reverseFunction } from './reverse-function.ts';

interface Surroundings {
  readonly project: Project;
  before(change: Change): Schema;
}

/**
 * Gives a `RunPython` its `reverse_code`: none is needed where only rows are added or where rolling back drops what was
 * written; a function where what was done can be undone; else one that says why it cannot.
 */
export function reverseCode(change: RunCode, migration: Migration, { project, before }: Surroundings): readonly Fix[] {
  const site = findWrittenCall(change, migration, project);
  if (site === undefined) return [];
  const deeds = deedsOf(change, migration);
  const writes = deeds.filter((each) => each.kind === 'WriteRows');
  const lasting = writes.filter((write) => outlives(write, migration, before(write), project));
  const leavesRows = change.understood && change.writesExistingRows === false;
  const needsNone = leavesRows || (change.writesExistingRows === true && change.understood && lasting.length === 0);
  const isSafe = leavesRows && lasting.every(isRepeatable);
  const reverse = reverseFunction(change, lasting, site.source);
  const written = reverse === undefined ? [] : [undoing(site, reverse.name, reverse.text)];
  if (deeds.some(staysBehind)) return [explaining(site, change, lasting, 'the database')];
  if (!needsNone) return written.length > 0 ? written : [explaining(site, change, lasting, 'rows')];
  // Nothing to undo is the best reverse; a noop that leaves rows to be added twice comes second.
  return isSafe ? [noop(site, 'safe'), ...written] : [...written, noop(site, 'review')];
}

/** What the function of an operation does. */
function deedsOf(change: RunCode, { forward }: Migration): readonly Change[] {
  const later = forward.slice(forward.indexOf(change) + 1);
  const end = later.findIndex((each) => !isDoneBy(each, change));
  return later.slice(0, end < 0 ? undefined : end);
}

function isDoneBy({ kind, origin }: Change, change: RunCode): boolean {
  const { call, span } = change.origin;
  if (origin.code !== undefined) return origin.within.at(-1) === call || call === undefined;
  return kind === 'WriteRows' && origin.span.start === span.start;
}

/** Statements that leave nothing behind when the function is through, or nothing that would have to be taken back. */
const leavingNothing: ReadonlySet<ChangeKind> = new Set<ChangeKind>([
  'LockTable',
  'Maintenance',
  'OtherStatement',
  'RefreshView',
  'Reindex',
  'SetConstraints',
  'SetTimeout',
  'ValidateConstraint',
]);

/** `CREATE FUNCTION` and the like stay. */
function staysBehind(change: Change): boolean {
  if (change.kind === 'WriteRows' || change.kind === 'Truncate') return false;
  return !leavingNothing.has(change.kind) || (change.kind === 'OtherStatement' && change.statement.includes(' '));
}

/** Whether something that was there before is other than it was after the migration was rolled back. */
function outlives(
  { table, operation, assignments }: WriteRows,
  migration: Migration,
  before: Schema,
  project: Project,
): boolean {
  if (table === undefined) return true;
  if (findTable(before, table)?.bornIn === migration.id) return false;
  // What fills a new column is a part of adding it.
  const isFresh = assignments.every(({ column }) => isFreshColumn(table, column, migration, before, project));
  return operation !== 'update' || assignments.length === 0 || !isFresh;
}

/** `get_or_create` finds its row when the migration runs again; `create` adds another one. */
function isRepeatable({ code }: WriteRows): boolean {
  return code?.call.callee.kind === 'attribute' && code.call.callee.name.endsWith('get_or_create');
}

function noop(site: WrittenCall, safety: Fix['safety']): Fix {
  const callee = calleeText(site.source, site.call);
  return {
    title: `Allow migrating back: reverse_code=${callee}.noop`,
    safety,
    edits: [{ kind: 'change', file: site.source.file, edits: [withReverse(site, `${callee}.noop`)] }],
  };
}

function undoing(site: WrittenCall, name: string, text: string): Fix {
  const { source } = site;
  return {
    title: `Write the reverse function "${name}"`,
    safety: 'review',
    edits: [{ kind: 'change', file: source.file, edits: [withReverse(site, name), insertBeforeClass(source, text)] }],
  };
}

function explaining(site: WrittenCall, change: RunCode, writes: readonly WriteRows[], what: string): Fix {
  const { source } = site;
  const error = importName(source.text, source.module, 'django.db.migrations.exceptions', 'IrreversibleError');
  const name = unusedName(source, `reverse_${change.functionName?.split('.').at(-1) ?? 'code'}`);
  const text = [
    `def ${name}(apps, schema_editor):`,
    `    raise ${error.name}(${quoted(reasonOf(change, writes, what), quoteOf(source.text))})`,
  ].join('\n');
  return {
    title: 'Write a reverse function that says why there is no way back',
    safety: 'review',
    edits: [
      {
        kind: 'change',
        file: source.file,
        edits: [...error.edits, withReverse(site, name), insertBeforeClass(source, text)],
      },
    ],
  };
}

function reasonOf(change: RunCode, writes: readonly WriteRows[], what: string): string {
  const worst =
    writes.find(({ operation }) => operation === 'delete') ?? writes.find(({ operation }) => operation === 'update');
  if (worst === undefined) return `What ${change.functionName ?? 'this step'} did to ${what} cannot be undone.`;
  const table = worst.table?.name ?? worst.label;
  if (worst.operation === 'delete') return `The rows of ${table} that were deleted cannot be brought back.`;
  const columns = worst.assignments.map(({ column }) => column).join(', ');
  return `The old values of ${columns === '' ? table : `${table} (${columns})`} cannot be brought back.`;
}

/** `reverse_code=…`, or in place of the `None` that is written there. */
function withReverse({ source, call }: WrittenCall, value: string): TextEdit {
  const second = call.arguments[1];
  if (second !== undefined && second.name === undefined) return { span: second.value.span, newText: value };
  return setKeyword({ text: source.text, module: source.module, call }, 'reverse_code', value);
}
