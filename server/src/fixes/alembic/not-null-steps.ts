import { isTrue } from '../../alembic/columns.ts';
import type { Directive } from '../../alembic/directives.ts';
import type { AlembicRevision } from '../../alembic/revision-file.ts';
import { nameOf } from '../../alembic/step.ts';
import type { Project } from '../../project/project.ts';
import type { AlterColumn } from '../../schema/change.ts';
import type { TableName } from '../../schema/table-name.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { notNullCheckName, provenDocstring } from '../recipes/validated-not-null.ts';
import { writtenName, writtenTable } from '../sql/sql-names.ts';
import { opCall } from './directive-text.ts';
import { executedApart } from './executed-sql.ts';
import { finalName } from './final-name.ts';
import type { NewRevision } from './new-revision.ts';
import { opImportOf } from './revision-text.ts';

/** A column that is to become NOT NULL. */
export interface NotNullColumn {
  readonly table: TableName;
  readonly column: string;
  readonly source: AlembicRevision;
  readonly project: Project;
}

/** Adds `CHECK (column IS NOT NULL) NOT VALID`: new rows obey at once, the rows that are there are not read. */
export function addCheckText(of: NotNullColumn): string {
  const { column, source } = of;
  const { op, name, table, schema } = partsOf(of);
  const condition = quoted(`${writtenName(column)} IS NOT NULL`, quoteOf(source.text));
  const keywords = { schema, postgresql_not_valid: 'True' };
  return opCall(op, 'create_check_constraint', [name, table, condition], keywords, 4);
}

export function dropCheckText(of: NotNullColumn): string {
  const { op, name, table, schema } = partsOf(of);
  const type = quoted('check', quoteOf(of.source.text));
  return opCall(op, 'drop_constraint', [name, table], { type_: type, schema }, 4);
}

function partsOf({ table, column, source, project }: NotNullColumn) {
  const quote = quoteOf(source.text);
  const op = opImportOf(source).name;
  const literal = quoted(notNullCheckName({ table: table.name, column }), quote);
  return {
    op,
    name: finalName(literal, 'check', { project, op }),
    table: quoted(table.name, quote),
    schema: table.schema === undefined ? undefined : quoted(table.schema, quote),
  };
}

/** Whether a directive does nothing but to set NOT NULL, or to allow NULL. */
export function isOnlyNullability({ name, arguments: given }: Directive): boolean {
  const others = [...given.keys()].filter((each) => !each.startsWith('existing_'));
  const expected = ['column_name', 'nullable', 'schema', 'table_name'];
  return name === 'alter_column' && others.every((each) => expected.includes(each));
}

/** Whether a directive allows NULL in the column again. */
export function isNullableAgain({ name, arguments: given }: Directive, { table, column }: AlterColumn): boolean {
  if (name !== 'alter_column' || !isTrue(given.get('nullable'))) return false;
  return nameOf(given.get('table_name')) === table.name && nameOf(given.get('column_name')) === column;
}

/** The statements that such a revision consists of, in column 0. */
interface NotNullStatements {
  /** Sets NOT NULL. */
  readonly forward: string;
  /** Takes it back. */
  readonly backward: string;
  /** Directives where nothing else is given. */
  readonly dropCheck?: string;
  readonly addCheck?: string;
}

/**
 * Proves the check without blocking anybody, sets NOT NULL on that proof without reading the table again, and drops the
 * check that is no longer needed.
 */
export function proveRevision(
  of: NotNullColumn,
  { forward, backward, dropCheck = dropCheckText(of), addCheck = addCheckText(of) }: NotNullStatements,
): NewRevision {
  const { table, column, source, project } = of;
  const name = writtenName(notNullCheckName({ table: table.name, column }));
  const validate = `ALTER TABLE ${writtenTable(table)} VALIDATE CONSTRAINT ${name}`;
  return {
    slug: `${table.name}_${column}_not_null`.toLowerCase().replaceAll(/\W+/g, '_'),
    docstring: (previous) => provenDocstring({ table: table.name, column }, previous),
    imports: [],
    code: '',
    upgrade: [...executedApart([validate], source, project), forward, dropCheck],
    downgrade: [addCheck, backward],
  };
}
