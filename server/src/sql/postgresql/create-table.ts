import type { CreateStmt, CreateTableAsStmt, Node, PartitionSpec, RangeVar } from 'libpg-query';
import type { Change } from '../../schema/change.ts';
import type { Column } from '../../schema/column.ts';
import { type Constraint, findTable } from '../../schema/schema.ts';
import { type TableName, tableKeyOf } from '../../schema/table-name.ts';
import { isStandIn } from '../stand-in.ts';
import { statementSpan } from '../words.ts';
import { columnOf } from './columns.ts';
import { constraintOf } from './constraints.ts';
import { tableNameOf } from './names.ts';
import { allOf, asKind, nodesWithin } from './node.ts';
import { headSpan, type Step } from './step.ts';

export function createTable(node: CreateStmt, step: Step): readonly Change[] {
  const table = tableNameOf(node.relation);
  const elements = node.tableElts ?? [];
  const { columns: written, constraints, isWhole } = elementsOf(elements, table, step);
  const parent = allOf(node.inhRelations, 'RangeVar')[0];
  const partitionOf = node.partbound === undefined || parent === undefined ? undefined : tableNameOf(parent);
  const inherited = partitionOf === undefined ? undefined : findTable(step.before, partitionOf);
  const columns = [
    ...[...(inherited?.columns.values() ?? [])].map((column) => ({ ...column, bornIn: step.migration })),
    ...written,
  ];
  const borrows = parent !== undefined || node.ofTypename !== undefined || hasLike(elements);
  return [
    {
      ...step.facts('CREATE TABLE', headSpan(node.relation, step)),
      kind: 'CreateTable',
      table,
      model: undefined,
      columns: withPrimaryKey(columns, constraints),
      indexes: [],
      constraints,
      inlineConstraints: 'listed',
      complete: isWhole && (!borrows || inherited?.complete === true),
      ...(partitionOf === undefined ? {} : { partitionOf }),
      ...(node.partbound?.is_default === true ? { isDefaultPartition: true } : {}),
      ...(node.partspec === undefined ? {} : { partitionedBy: partitionKey(node.partspec) }),
      ...optionsOf(node.relation, node.if_not_exists),
    },
  ];
}

/** The columns and constraints in the order in which they are written: names are given in that order. */
function elementsOf(elements: readonly Node[], table: TableName, step: Step) {
  const columns: Column[] = [];
  const constraints: Constraint[] = [];
  let isWhole = true;
  for (const element of elements) {
    const definition = asKind(element, 'ColumnDef');
    const constraint = asKind(element, 'Constraint');
    if (definition !== undefined && isStandIn(definition.colname ?? '')) isWhole = false;
    else if (definition !== undefined) {
      const written = columnOf(definition, table, constraints, step);
      columns.push(written.column);
      constraints.push(...written.constraints);
    } else if (constraint !== undefined) {
      constraints.push(
        ...[constraintOf(constraint, table, undefined, constraints, step)].filter((each) => each !== undefined),
      );
    }
  }
  return { columns, constraints, isWhole };
}

function partitionKey({ partParams }: PartitionSpec): readonly string[] {
  return allOf(partParams, 'PartitionElem').flatMap(({ name }) => (name === undefined || name === '' ? [] : [name]));
}

function hasLike(elements: readonly Node[]): boolean {
  return elements.some((element) => asKind(element, 'TableLikeClause') !== undefined);
}

/** What is in a primary key cannot be NULL. */
function withPrimaryKey(columns: readonly Column[], constraints: readonly Constraint[]): readonly Column[] {
  const keys = constraints.find(({ kind }) => kind === 'primary-key')?.columns ?? [];
  return columns.map((column) => (keys.includes(column.name) ? { ...column, nullable: false } : column));
}

/** `CREATE TABLE … AS`, `SELECT … INTO`: the columns are those of the query. */
export function createTableAs(node: CreateTableAsStmt, step: Step): readonly Change[] {
  const relation = node.into?.rel;
  if (node.objtype === 'OBJECT_MATVIEW') {
    return [
      {
        ...step.facts('CREATE MATERIALIZED VIEW', statementSpan(step)),
        kind: 'CreateView',
        view: tableNameOf(relation),
        materialized: true,
        replaces: false,
        reads: tablesReadBy(node.query),
      },
    ];
  }
  return createdByQuery(relation, node.into?.skipData !== true, node.if_not_exists, step);
}

export function createdByQuery(
  relation: RangeVar | undefined,
  withRows: boolean,
  ifNotExists: boolean | undefined,
  step: Step,
): readonly Change[] {
  return [
    {
      ...step.facts('CREATE TABLE', statementSpan(step)),
      kind: 'CreateTable',
      table: tableNameOf(relation),
      model: undefined,
      columns: [],
      indexes: [],
      constraints: [],
      complete: false,
      withRows,
      ...optionsOf(relation, ifNotExists),
    },
  ];
}

function optionsOf(relation: RangeVar | undefined, ifNotExists: boolean | undefined) {
  return {
    ...(relation?.relpersistence === 't' ? { temporary: true } : {}),
    ...(ifNotExists === true ? { ifNotExists } : {}),
  };
}

/** The tables and views in the FROM clauses of a query, without its own common table expressions. */
export function tablesReadBy(query: Node | undefined): readonly TableName[] {
  const nodes = [...nodesWithin(query)];
  const own = new Set(nodes.map((each) => asKind(each, 'CommonTableExpr')?.ctename));
  const tables = new Map<string, TableName>();
  for (const relation of allOf(nodes, 'RangeVar')) {
    if (relation.schemaname === undefined && own.has(relation.relname)) continue;
    if (isStandIn(relation.relname ?? '')) continue;
    const name = tableNameOf(relation);
    tables.set(tableKeyOf(name), name);
  }
  return [...tables.values()];
}
