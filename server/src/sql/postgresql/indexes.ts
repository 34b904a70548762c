import type { IndexElem, IndexStmt, Node } from 'libpg-query';
import type { Span } from '../../base/span.ts';
import type { Change, DropIndex } from '../../schema/change.ts';
import { findTable, type Index, type Schema, type Table } from '../../schema/schema.ts';
import type { TableName } from '../../schema/table-name.ts';
import { isStandIn } from '../stand-in.ts';
import { statementSpan } from '../words.ts';
import { columnOnly } from './expressions.ts';
import { generatedName, tableNameOf } from './names.ts';
import { allOf, asKind, lastNameIn } from './node.ts';
import type { Step } from './step.ts';

export function createIndex(node: IndexStmt, step: Step): readonly Change[] {
  const table = tableNameOf(node.relation);
  return [
    {
      ...step.facts('CREATE INDEX', statementSpan(step)),
      kind: 'CreateIndex',
      table,
      index: indexOf(node, table, step),
      concurrently: node.concurrent === true,
      ifNotExists: node.if_not_exists === true,
      ...(node.relation?.inh === true ? {} : { only: true }),
    },
  ];
}

function indexOf(node: IndexStmt, table: TableName, step: Step): Index {
  const elements = allOf(node.indexParams, 'IndexElem');
  const classes = elements.map(({ opclass }) => lastNameIn(opclass)).filter((name) => name !== '');
  const name = node.idxname && !isStandIn(node.idxname) ? node.idxname : undefined;
  return {
    name: name ?? generatedIndexName(elements, table, step),
    nameIsExact: name !== undefined || (!node.idxname && findTable(step.before, table)?.complete === true),
    columns: elements.flatMap(({ name = '' }) => (name === '' || isStandIn(name) ? [] : [name])),
    unique: node.unique === true,
    method: node.accessMethod || 'btree',
    partial: node.whereClause !== undefined,
    expressions: elements.some(({ expr }) => expr !== undefined),
    operatorClass: classes.length > 0 ? classes.join(' ') : undefined,
    ...(node.nulls_not_distinct === true ? { nullsDistinct: false } : {}),
    ownedBy: undefined,
    bornIn: step.migration,
  };
}

function generatedIndexName(elements: readonly IndexElem[], table: TableName, step: Step): string {
  const known = findTable(step.before, table);
  const isTaken = (name: string): boolean => known?.indexes.has(name) === true || known?.constraints.has(name) === true;
  return generatedName(table.name, keyNames(elements).join('_'), 'idx', isTaken);
}

/** What the keys are called in the name of the index, numbered where they repeat each other. */
function keyNames(elements: readonly IndexElem[]): readonly string[] {
  const names: string[] = [];
  for (const { name, expr } of elements) {
    const base = name || nameOfExpression(expr) || 'expr';
    let unique = base;
    for (let number = 1; names.includes(unique); number++) unique = `${base}${number}`;
    if (!isStandIn(base)) names.push(unique);
  }
  return names;
}

/** As `FigureColname` in PostgreSQL's source names the columns of a query. */
function nameOfExpression(node: Node | undefined): string | undefined {
  const cast = asKind(node, 'TypeCast');
  if (cast !== undefined) return nameOfExpression(cast.arg) ?? lastNameIn(cast.typeName?.names);
  const collated = asKind(node, 'CollateClause');
  if (collated !== undefined) return nameOfExpression(collated.arg);
  if (asKind(node, 'CoalesceExpr') !== undefined) return 'coalesce';
  if (asKind(node, 'CaseExpr') !== undefined) return 'case';
  const call = asKind(node, 'FuncCall');
  return call === undefined ? columnOnly(node) : lastNameIn(call.funcname);
}

/**
 * @param names of the index, with its schema where that is written
 */
export function dropIndex(
  names: readonly string[],
  at: Span,
  options: Pick<DropIndex, 'concurrently'> & { readonly cascade: boolean; readonly ifExists: boolean },
  step: Step,
): DropIndex {
  const index = names.at(-1) ?? '';
  return {
    ...step.facts('DROP INDEX', at),
    kind: 'DropIndex',
    table: findIndexTable(step.before, index)?.name,
    index,
    ...options,
  };
}

/** The table of an index: statements about indexes name the index alone. */
export function findIndexTable(schema: Schema, index: string): Table | undefined {
  for (const table of schema.tables.values()) {
    if (table.indexes.has(index) || table.constraints.get(index)?.kind === 'unique') return table;
  }
  return undefined;
}

export function isConcurrent(parameters: readonly Node[] | undefined): boolean {
  return allOf(parameters, 'DefElem').some(({ defname }) => defname === 'concurrently');
}
