import type { AlembicRevision } from '../../alembic/revision-file.ts';
import type { Project } from '../../project/project.ts';
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

/**
 * Proves the check without blocking anybody, sets NOT NULL on that proof without reading the table again, and drops the
 * check that is no longer needed.
 *
 * @param setNotNull the statement that sets NOT NULL, and the one that takes it back, in column 0
 */
export function proveRevision(
  of: NotNullColumn,
  setNotNull: { readonly forward: string; readonly backward: string },
): NewRevision {
  const { table, column, source, project } = of;
  const name = writtenName(notNullCheckName({ table: table.name, column }));
  const validate = `ALTER TABLE ${writtenTable(table)} VALIDATE CONSTRAINT ${name}`;
  return {
    slug: `${table.name}_${column}_not_null`.toLowerCase().replaceAll(/\W+/g, '_'),
    docstring: (previous) => provenDocstring({ table: table.name, column }, previous),
    imports: [],
    code: '',
    upgrade: [...executedApart([validate], source, project), setNotNull.forward, dropCheckText(of)],
    downgrade: [addCheckText(of), setNotNull.backward],
  };
}
