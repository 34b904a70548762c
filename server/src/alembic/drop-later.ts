import type { Change } from '../schema/change.ts';
import { type TableName, tableName } from '../schema/table-name.ts';
import type { Comment, FunctionStatement } from '../syntax/module.ts';
import type { AlembicRevision, RevisionFunction } from './revision-file.ts';

/**
 * Alembic knows no state apart from the database, so that a column or table which the models have no more stays in it
 * until a later release drops it is said by a comment of `upgrade()`: `# stepwise: drop-column-later[invoice.vat_number]`.
 */
const dropLater = /^#\s*stepwise:\s*drop-(column|table)-later\s*\[\s*([^\][\s]+)\s*\]/;

/** Why most drops wait. */
export const stillUsed = 'what runs now still uses it';

/** Names that can stand in the brackets. */
const plainName = /^[\w$-]+$/;

export function isDropLater({ text }: Comment): boolean {
  return dropLater.test(text);
}

/**
 * The comment that leaves a table, or a column of it, to a later release. Undefined for names that cannot stand in it.
 *
 * @param reason for people
 */
export function dropLaterComment(table: TableName, column: string | undefined, reason: string): string | undefined {
  const names = [
    ...(table.schema === undefined ? [] : [table.schema]),
    table.name,
    ...(column === undefined ? [] : [column]),
  ];
  if (table.unknown !== undefined || !names.every((name) => plainName.test(name))) return undefined;
  const what = column === undefined ? 'table' : 'column';
  return `# stepwise: drop-${what}-later[${names.join('.')}] ${reason}`;
}

/** What a revision leaves to later releases, as the drops that they owe. It holds when all else in the revision is done. */
export function leftToLater({ value }: RevisionFunction, source: AlembicRevision): readonly Change[] {
  const { comments } = source.module;
  const { definition, definedIn } = value;
  // Nearly all revisions say nothing of the kind.
  if (definition.kind !== 'function' || definedIn !== source.module || !comments.some(isDropLater)) return [];
  const end = endOf(definition, source);
  return comments
    .filter(({ span, ownLine }) => ownLine && span.start > definition.span.start && span.end <= end)
    .flatMap((comment) => leftBy(comment) ?? []);
}

/** Comments behind the last statement of a function are no part of it: it goes on to the next line that is not indented. */
function endOf({ span }: FunctionStatement, { text }: AlembicRevision): number {
  const next = /^[^\s]/m.exec(text.slice(span.end).replace(/^.*/, (line) => ' '.repeat(line.length)));
  return next === null ? text.length : span.end + next.index;
}

function leftBy({ text, span }: Comment): Change | undefined {
  const [, what, names = ''] = dropLater.exec(text) ?? [];
  const parts = names.split('.');
  const column = what === 'column' ? parts.pop() : undefined;
  const [name, schema, ...others] = parts.reverse();
  if (name === undefined || name === '' || others.length > 0) return undefined;
  const table = tableName(name, schema);
  const left = {
    at: span,
    table,
    cascade: false,
    origin: { kind: 'alembic-call', name: `drop ${what} later`, span, call: undefined, within: [] },
    applies: { state: true, database: false },
    transaction: undefined,
    certainty: 'certain',
    reverse: 'noop',
  } as const;
  return column === undefined ? { ...left, kind: 'DropTable' } : { ...left, kind: 'DropColumn', column };
}
