import { isFalse } from '../../../alembic/columns.ts';
import type { Project } from '../../../project/project.ts';
import type { AddColumn, AlterColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import type { Value } from '../../../syntax/value.ts';
import { columnCallOf } from '../../alembic/column-call.ts';
import { editsInside } from '../../alembic/directive-text.ts';
import { readExecutedStatement } from '../../alembic/executed-statement.ts';
import { type DirectivePlace, readDirectivePlace } from '../../alembic/revision-site.ts';
import { removeStatement } from '../../alembic/statement-edits.ts';
import { changedSource } from '../../changed-source.ts';
import { setKeyword } from '../../edits/arguments.ts';
import { quoted, quoteOf } from '../../edits/layout.ts';
import { type Answer, isRefused, type Refused, refusal } from '../../fix.ts';
import { doesMore } from '../../refusals.ts';
import { findTableAction } from '../../sql/table-action.ts';

interface Setting {
  readonly project: Project;
}

const onlyInPython = refusal(
  'What the column is filled with is found by Python, row by row: the database has no default that says the same.',
);

/** Gives the database the default that a column has in Python, where it is a literal: Alembic itself makes no use of that. */
export function serverDefault(change: AddColumn, migration: Migration, { project }: Setting): readonly Answer[] {
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  const column = columnCallOf(place);
  const written = column?.keyword('default');
  // Nothing has said yet what rows are to be filled with.
  if (column === undefined || written === undefined) return [];
  const value = defaultText(written, place);
  if (value === undefined) return onlyInPython;
  return [
    {
      title: `Give it the default in the database: server_default=${value}`,
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: migration.file,
          edits: editsInside(place, [setKeyword(column, 'server_default', value)]),
        },
      ],
    },
  ];
}

/** A value that is the same in Python and in SQL, as a default. */
function defaultText(value: Value, { source }: DirectivePlace): string | undefined {
  const quote = quoteOf(source.text);
  switch (value.kind) {
    case 'string':
      return quoted(value.value, quote);
    case 'number':
      return Number.isFinite(value.value) ? quoted(String(value.value), quote) : undefined;
    case 'constant': {
      const name = sqlalchemyName(source);
      if (name === undefined || typeof value.value !== 'boolean') return undefined;
      return `${name}.${value.value ? 'true' : 'false'}()`;
    }
    default:
      return undefined;
  }
}

function sqlalchemyName({ module }: DirectivePlace['source']): string | undefined {
  const imports = module.body.flatMap((statement) => (statement.kind === 'import' ? statement.names : []));
  const found = imports.find(({ name }) => name === 'sqlalchemy');
  return found && (found.alias ?? found.name);
}

/** Leaves the default that a new column has in the database, which the same revision drops again. */
export function keptServerDefault(change: AlterColumn, migration: Migration, { project }: Setting): readonly Answer[] {
  const place =
    change.origin.sql === undefined
      ? readDirectivePlace(change, migration, project)
      : readDrop(change, migration, project);
  if (isRefused(place)) return place;
  if (change.origin.sql === undefined && !onlyDropsDefault(place)) return doesMore;
  return [
    {
      title: `Keep the default of "${change.column}" until a later release`,
      safety: 'review',
      edits: [changedSource(place.source, [removeStatement(place)])],
    },
  ];
}

/** `ALTER TABLE … ALTER COLUMN … DROP DEFAULT`, alone in its call. */
function readDrop(change: AlterColumn, migration: Migration, project: Project): DirectivePlace | Refused {
  const found = readExecutedStatement(change, migration, project);
  if (isRefused(found)) return found;
  const action = findTableAction(change, found.statement, found.place.source.module);
  return action?.isOnly === true ? found.place : doesMore;
}

function onlyDropsDefault({ directive }: DirectivePlace): boolean {
  const { arguments: given } = directive;
  const fallback = given.get('server_default');
  const isDropped = fallback !== undefined && (isFalse(fallback) || isNone(fallback));
  const expected = ['column_name', 'schema', 'server_default', 'table_name'];
  const others = [...given.keys()].filter((name) => !name.startsWith('existing_'));
  return directive.name === 'alter_column' && isDropped && others.every((name) => expected.includes(name));
}

function isNone(value: Value): boolean {
  return value.kind === 'constant' && value.value === null;
}
