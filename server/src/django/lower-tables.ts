import type { ChangeOf } from '../schema/change.ts';
import type { Column } from '../schema/column.ts';
import type { Constraint, Index } from '../schema/schema.ts';
import { columnOfField } from './columns.ts';
import type { ConstraintState } from './constraint-state.ts';
import { namedTable } from './field-site.ts';
import { withNamedKey } from './foreign-keys.ts';
import {
  builtConstraintOf,
  fieldIndexOf,
  likeIndexOf,
  type NamedTable,
  namedIndexOf,
  togetherIndexOf,
  uniqueConstraintOf,
} from './indexes.ts';
import type { ChangeFacts, OperationScope } from './operation-scope.ts';
import type { ModelState, ProjectState } from './project-state.ts';
import { columnsNamed, primaryKeyFieldsOf, tableOfModel } from './tables.ts';

/** The table of a model with everything that Django builds along with it. */
export function createTable(
  model: ModelState,
  state: ProjectState,
  { context, id }: OperationScope,
  facts: ChangeFacts,
): ChangeOf<'CreateTable'> {
  const { database } = context.target;
  const table = tableOfModel(state, model, database);
  const named = namedTable(table, model, context, id);
  const columns: Column[] = [];
  const indexes: Index[] = [];
  for (const field of model.fields.values()) {
    const unnamed = columnOfField(field, state, database, id);
    if (!unnamed) continue;
    const column = withNamedKey(unnamed, table, database);
    columns.push(column);
    const built = [fieldIndexOf(field, column, named), likeIndexOf(field, column, named, state)];
    indexes.push(...built.filter((index) => index !== undefined));
  }
  const { named: namedIndexes, constraints, sentLast } = metaOf(model, named, columns);
  return {
    ...facts,
    kind: 'CreateTable',
    table,
    model: `${model.app}.${model.name}`,
    columns,
    indexes: [...indexes, ...namedIndexes],
    constraints,
    complete: model.complete,
    sentLast,
    ...(model.options.tableComment && { comment: model.options.tableComment }),
    ...(model.options.tablespace && { tablespace: model.options.tablespace }),
  };
}

interface BuiltMeta {
  readonly named: readonly Index[];
  readonly constraints: readonly Constraint[];
  /** The names of the constraints that are no part of CREATE TABLE. */
  readonly sentLast: readonly string[];
}

/** What the model's `Meta` builds. */
function metaOf(model: ModelState, table: NamedTable, columns: readonly Column[]): BuiltMeta {
  const { uniqueTogether, indexTogether, indexes, constraints } = model.options;
  const built = constraints.map((constraint) => builtConstraintOf(model, constraint, table));
  const uniques = uniqueTogether.map((fields) => uniqueConstraintOf(columnsNamed(model, fields), table));
  // Django keeps a CREATE TABLE with values for its defaults apart from texts that are written out already.
  const hasValues = columns.some((column) => column.default?.kind === 'constant');
  const isLast = ({ kind, value }: ConstraintState) =>
    hasValues || (kind === 'unique' && value?.kind === 'call' && value.keywords.has('nulls_distinct'));
  return {
    sentLast: [...uniques.map(({ name }) => name), ...constraints.filter(isLast).map(({ name }) => name)],
    named: [
      ...indexTogether.map((fields) => togetherIndexOf(model, fields, table)),
      ...indexes.flatMap((index) => namedIndexOf(model, index, table) ?? []),
      ...built.flatMap((each) => (each && 'index' in each ? each.index : [])),
    ],
    constraints: [
      ...compositeKeyOf(model, table),
      ...uniques,
      ...built.flatMap((each) => (each && 'constraint' in each ? each.constraint : [])),
    ],
  };
}

function compositeKeyOf(model: ModelState, table: NamedTable): readonly Constraint[] {
  const fields = primaryKeyFieldsOf(model);
  if (fields.length < 2) return [];
  const columns = columnsNamed(
    model,
    fields.map((field) => field.name),
  );
  return [
    {
      ...uniqueConstraintOf(columns, table),
      kind: 'primary-key',
      name: `${table.name}_pkey`,
      unnamed: 'named-by-database',
    },
  ];
}

export function dropTable(
  model: ModelState,
  state: ProjectState,
  { context }: OperationScope,
  facts: ChangeFacts,
): ChangeOf<'DropTable'> {
  const { database } = context.target;
  return { ...facts, kind: 'DropTable', table: tableOfModel(state, model, database), cascade: database !== 'sqlite' };
}
