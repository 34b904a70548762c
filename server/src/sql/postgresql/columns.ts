import type { ColumnDef, Constraint as ConstraintNode } from 'libpg-query';
import type { Column, ForeignKeyReference } from '../../schema/column.ts';
import type { Constraint, ConstraintOptions } from '../../schema/schema.ts';
import type { TableName } from '../../schema/table-name.ts';
import { elementEnd, findWord, indexAt, sqlBetween } from '../words.ts';
import { writtenTypeOf } from './column-type.ts';
import { constraintOf } from './constraints.ts';
import { defaultOf } from './defaults.ts';
import { tableNameOf } from './names.ts';
import { allOf, lastNameIn, namesIn } from './node.ts';
import type { Step } from './step.ts';

export interface WrittenColumn {
  readonly column: Column;
  /** Its constraints by the names that they have in the database. */
  readonly constraints: readonly Constraint[];
}

/**
 * The column of a definition in CREATE TABLE or ADD COLUMN.
 *
 * @param siblings the constraints before it in the same statement
 */
export function columnOf(
  node: ColumnDef,
  table: TableName,
  siblings: readonly Constraint[],
  step: Step,
): WrittenColumn {
  const name = node.colname ?? '';
  const nodes = allOf(node.constraints, 'Constraint');
  const { type, isSerial } = writtenTypeOf(node.typeName, step);
  const has = (...kinds: readonly ConstraintNode['contype'][]): boolean =>
    nodes.some(({ contype }) => kinds.includes(contype));
  const isIdentity = has('CONSTR_IDENTITY');
  const foreign = nodes.find(({ contype }) => contype === 'CONSTR_FOREIGN');
  const constraints = inlineConstraints(nodes, table, name, siblings, step);
  const column: Column = {
    name,
    type,
    nullable: !(isSerial || isIdentity || has('CONSTR_NOTNULL', 'CONSTR_PRIMARY')),
    default: writtenDefault(node, nodes, step),
    primaryKey: has('CONSTR_PRIMARY'),
    unique: has('CONSTR_UNIQUE'),
    autoIncrement: isSerial || isIdentity,
    ...(isSerial ? { counter: 'serial' } : identityOf(node, nodes, step)),
    generated: generatedBy(nodes),
    check: constraints.find(({ kind }) => kind === 'check')?.condition,
    references: foreign && referenceOf(foreign, has('CONSTR_ATTR_DEFERRED')),
    collation: node.collClause === undefined ? undefined : lastNameIn(node.collClause.collname),
    bornIn: step.migration,
  };
  return { column, constraints: constraints.filter(({ kind }) => kind !== 'not-null') };
}

function inlineConstraints(
  nodes: readonly ConstraintNode[],
  table: TableName,
  column: string,
  siblings: readonly Constraint[],
  step: Step,
): readonly Constraint[] {
  const constraints: Constraint[] = [];
  const has = (kind: ConstraintNode['contype']): boolean => nodes.some(({ contype }) => contype === kind);
  const isDeferred = has('CONSTR_ATTR_DEFERRED');
  const when: Pick<Constraint, 'deferred'> = isDeferred ? { deferred: true } : {};
  const options: ConstraintOptions = {
    ...(isDeferred || has('CONSTR_ATTR_DEFERRABLE') ? { deferrable: true } : {}),
    ...(isDeferred ? { initially: 'DEFERRED' } : {}),
  };
  for (const node of nodes) {
    const constraint = constraintOf(node, table, column, [...siblings, ...constraints], step);
    if (constraint === undefined) continue;
    const isKey = constraint.kind === 'foreign-key';
    constraints.push(isKey ? { ...constraint, ...when, options: { ...constraint.options, ...options } } : constraint);
  }
  return constraints;
}

function identityOf(node: ColumnDef, nodes: readonly ConstraintNode[], step: Step): Pick<Column, 'counter'> {
  const written = nodes.find(({ contype }) => contype === 'CONSTR_IDENTITY');
  if (written === undefined) return {};
  const first = indexAt(step, step.offsetOf(written.location));
  return { counter: { identity: sqlBetween(step, first, endOf(node, nodes, first, step)) } };
}

function writtenDefault(node: ColumnDef, nodes: readonly ConstraintNode[], step: Step): Column['default'] {
  const written = nodes.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  if (written === undefined) return undefined;
  const first = indexAt(step, step.offsetOf(written.location));
  const keyword = findWord(step, 'DEFAULT', first, step.tokens.length);
  return defaultOf(written.raw_expr, sqlBetween(step, keyword + 1, endOf(node, nodes, first, step)));
}

/** The token behind a column's constraint: the next one begins there, or the column ends. */
function endOf(node: ColumnDef, nodes: readonly ConstraintNode[], first: number, step: Step): number {
  const end = elementEnd(step, indexAt(step, step.offsetOf(node.location)));
  const starts = nodes.map(({ location }) => indexAt(step, step.offsetOf(location))).filter((start) => start > first);
  return Math.min(end, ...starts);
}

function generatedBy(nodes: readonly ConstraintNode[]): Column['generated'] {
  const written = nodes.find(({ contype }) => contype === 'CONSTR_GENERATED');
  if (written === undefined) return undefined;
  return written.generated_kind === 'v' ? 'virtual' : 'stored';
}

function referenceOf(foreign: ConstraintNode, deferred: boolean): ForeignKeyReference {
  const reference = { table: tableNameOf(foreign.pktable), column: namesIn(foreign.pk_attrs)[0], enforced: true };
  return deferred ? { ...reference, deferred } : reference;
}
