import { isFalse } from '../../../alembic/columns.ts';
import type { Project } from '../../../project/project.ts';
import type { AddColumn, AlterColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import type { Value } from '../../../syntax/value.ts';
import { columnCallOf } from '../../alembic/column-call.ts';
import { editsInside } from '../../alembic/directive-text.ts';
import { type DirectivePlace, findDirectivePlace } from '../../alembic/revision-site.ts';
import { removeStatement } from '../../alembic/statement-edits.ts';
import { setKeyword } from '../../edits/arguments.ts';
import { quoted, quoteOf } from '../../edits/layout.ts';
import type { Fix } from '../../fix.ts';

interface Setting {
  readonly project: Project;
}

/** Gives the database the default that a column has in Python, where it is a literal: Alembic itself makes no use of that. */
export function serverDefault(change: AddColumn, migration: Migration, { project }: Setting): readonly Fix[] {
  const place = findDirectivePlace(change, migration, project);
  const column = place && columnCallOf(place);
  const written = column?.keyword('default');
  const value = place && written && defaultText(written, place);
  if (place === undefined || column === undefined || value === undefined) return [];
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
export function keptServerDefault(change: AlterColumn, migration: Migration, { project }: Setting): readonly Fix[] {
  const place = findDirectivePlace(change, migration, project);
  if (place === undefined || !onlyDropsDefault(place)) return [];
  return [
    {
      title: `Keep the default of "${change.column}" until a later release`,
      safety: 'review',
      edits: [{ kind: 'change', file: migration.file, edits: [removeStatement(place)] }],
    },
  ];
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
