import type { IndexElem, IndexStmt, Node } from 'libpg-query';
import type { Span } from '../../base/span.ts';
import type { Change, DropIndex } from '../../schema/change.ts';
import { findTable, type Index, type Schema, type Table } from '../../schema/schema.ts';
import type { TableName } from '../../schema/table-name.ts';
import { isStandIn } from '../stand-in.ts';
import { statementSpan } from '../words.ts';
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
    ownedBy: undefined,
    bornIn: step.migration,
  };
}

function generatedIndexName(elements: readonly IndexElem[], table: TableName, step: Step): string {
  const known = findTable(step.before, table);
  const isTaken = (name: string): boolean => known?.indexes.has(name) === true || known?.constraints.has(name) === true;
  const keys = elements.map(keyName).filter((name) => !isStandIn(name));
  return generatedName(table.name, keys.join('_'), 'idx', isTaken);
}

/** A key that is an expression is called after its function. */
function keyName({ name, expr }: IndexElem): string {
  return name || lastNameIn(asKind(expr, 'FuncCall')?.funcname) || 'expr';
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
