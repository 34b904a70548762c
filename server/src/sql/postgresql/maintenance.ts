import type {
  ClusterStmt,
  LockStmt,
  RangeVar,
  RefreshMatViewStmt,
  ReindexStmt,
  TruncateStmt,
  VacuumStmt,
} from 'libpg-query';
import type { Span } from '../../base/span.ts';
import type { Change } from '../../schema/change.ts';
import type { Maintenance, Reindex } from '../../schema/sql-change.ts';
import { statementSpan } from '../words.ts';
import { findIndexTable, isConcurrent } from './indexes.ts';
import { tableNameOf } from './names.ts';
import { allOf, asKind } from './node.ts';
import { type Step, tableSpan } from './step.ts';

export function truncate(node: TruncateStmt, step: Step): readonly Change[] {
  const relations = allOf(node.relations, 'RangeVar');
  return relations.map((relation) => ({
    ...step.facts('TRUNCATE', oneOf(relations, relation, step)),
    kind: 'Truncate',
    table: tableNameOf(relation),
    cascade: node.behavior === 'DROP_CASCADE',
    restartIdentity: node.restart_seqs === true,
  }));
}

/** What to underline for one of the tables of a statement: the name, where there are several. */
function oneOf(relations: readonly RangeVar[], relation: RangeVar, step: Step): Span {
  return relations.length > 1 ? tableSpan(relation, step) : statementSpan(step);
}

/** VACUUM and ANALYZE of some tables, or of all. */
export function vacuum(node: VacuumStmt, step: Step): readonly Change[] {
  const isFull = allOf(node.options, 'DefElem').some(({ defname, arg }) => defname === 'full' && isSwitchedOn(arg));
  const vacuumed = isFull ? 'vacuum-full' : 'vacuum';
  const operation: Maintenance['operation'] = node.is_vacuumcmd === true ? vacuumed : 'analyze';
  const facts = step.facts(node.is_vacuumcmd === true ? 'VACUUM' : 'ANALYZE', statementSpan(step));
  const relations = allOf(node.rels, 'VacuumRelation');
  if (relations.length === 0) return [{ ...facts, kind: 'Maintenance', operation, table: undefined }];
  return relations.map(({ relation }) => ({ ...facts, kind: 'Maintenance', operation, table: tableNameOf(relation) }));
}

/** An option without a value is on: `FULL`, `FULL true`, `FULL 1`. */
function isSwitchedOn(argument: Parameters<typeof asKind>[0]): boolean {
  const word = asKind(argument, 'String')?.sval?.toLowerCase();
  const number = asKind(argument, 'Integer');
  if (number !== undefined) return number.ival !== undefined && number.ival !== 0;
  return word === undefined || word === 'true' || word === 'on';
}

export function cluster(node: ClusterStmt, step: Step): Change {
  return {
    ...step.facts('CLUSTER', statementSpan(step)),
    kind: 'Maintenance',
    operation: 'cluster',
    table: node.relation === undefined ? undefined : tableNameOf(node.relation),
  };
}

const targets: Readonly<Record<NonNullable<ReindexStmt['kind']>, Reindex['target']>> = {
  REINDEX_OBJECT_DATABASE: 'database',
  REINDEX_OBJECT_INDEX: 'index',
  REINDEX_OBJECT_SCHEMA: 'schema',
  REINDEX_OBJECT_SYSTEM: 'system',
  REINDEX_OBJECT_TABLE: 'table',
};

export function reindex(node: ReindexStmt, step: Step): Change {
  const target = targets[node.kind ?? 'REINDEX_OBJECT_TABLE'];
  const relation = node.relation && tableNameOf(node.relation);
  const indexed = relation && target === 'index' ? findIndexTable(step.before, relation.name)?.name : relation;
  return {
    ...step.facts('REINDEX', statementSpan(step)),
    kind: 'Reindex',
    target,
    name: relation?.name ?? node.name,
    table: indexed,
    concurrently: isConcurrent(node.params),
  };
}

/** By the numbers of `lockdefs.h`. */
const lockModes = [
  undefined,
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;

export function lockTable(node: LockStmt, step: Step): readonly Change[] {
  const mode = lockModes[node.mode ?? 0] ?? 'ACCESS EXCLUSIVE';
  const relations = allOf(node.relations, 'RangeVar');
  return relations.map((relation) => ({
    ...step.facts('LOCK TABLE', oneOf(relations, relation, step)),
    kind: 'LockTable',
    table: tableNameOf(relation),
    mode,
  }));
}

export function refreshView(node: RefreshMatViewStmt, step: Step): Change {
  return {
    ...step.facts('REFRESH MATERIALIZED VIEW', statementSpan(step)),
    kind: 'RefreshView',
    view: tableNameOf(node.relation),
    concurrently: node.concurrent === true,
    withData: node.skipData !== true,
  };
}
