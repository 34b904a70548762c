import type { Node } from 'libpg-query';
import type { Change } from '../../schema/change.ts';
import { statementSpan } from '../words.ts';
import { alterTable } from './alter-table.ts';
import { createFunction, runBody } from './bodies.ts';
import { createTable, createTableAs } from './create-table.ts';
import { drop } from './drops.ts';
import { createIndex } from './indexes.ts';
import { cluster, lockTable, refreshView, reindex, truncate, vacuum } from './maintenance.ts';
import { kindOf, type NodeKind, type NodeOf } from './node.ts';
import { otherStatement } from './other-statement.ts';
import { call, select } from './queries.ts';
import { moveToSchema, rename } from './renames.ts';
import { deleteRows, insert, merge, update } from './rows.ts';
import { controlTransaction, setConstraints, setVariable } from './settings.ts';
import type { Step } from './step.ts';
import {
  comment,
  copy,
  createPolicy,
  createRule,
  createStatistics,
  createTrigger,
  createView,
  grant,
} from './triggers-and-views.ts';
import { alterDomain, alterEnum, createDomain, createEnum } from './types.ts';

type Lower<K extends NodeKind> = (node: NodeOf<K>, step: Step) => Change | readonly Change[];

/** What each kind of statement does. All others change no table. */
const lowerings: { readonly [K in NodeKind]?: Lower<K> } = {
  AlterDomainStmt: alterDomain,
  AlterEnumStmt: alterEnum,
  AlterObjectSchemaStmt: moveToSchema,
  AlterPolicyStmt: createPolicy,
  AlterTableMoveAllStmt: (_, step) => ({
    ...step.facts('ALTER TABLE', statementSpan(step)),
    kind: 'Maintenance',
    operation: 'set-tablespace',
    table: undefined,
  }),
  AlterTableStmt: alterTable,
  CallStmt: call,
  ClusterStmt: cluster,
  CommentStmt: comment,
  ConstraintsSetStmt: setConstraints,
  CopyStmt: copy,
  CreateDomainStmt: createDomain,
  CreateEnumStmt: createEnum,
  CreateFunctionStmt: createFunction,
  CreatePolicyStmt: createPolicy,
  CreateStatsStmt: createStatistics,
  CreateStmt: createTable,
  CreateTableAsStmt: createTableAs,
  CreateTrigStmt: createTrigger,
  DeleteStmt: deleteRows,
  DoStmt: runBody,
  DropdbStmt: ({ dbname: database = '' }, step) => ({
    ...step.facts('DROP DATABASE', statementSpan(step)),
    kind: 'DropDatabase',
    database,
  }),
  DropStmt: drop,
  ExecuteStmt: ({ name = '' }, step) => ({
    ...step.facts('EXECUTE', statementSpan(step)),
    kind: 'Opaque',
    reason: `it runs the prepared statement "${name}"`,
  }),
  GrantStmt: grant,
  IndexStmt: createIndex,
  InsertStmt: insert,
  LockStmt: lockTable,
  MergeStmt: merge,
  RefreshMatViewStmt: refreshView,
  ReindexStmt: reindex,
  RenameStmt: rename,
  RuleStmt: createRule,
  SelectStmt: select,
  TransactionStmt: controlTransaction,
  TruncateStmt: truncate,
  UpdateStmt: update,
  VacuumStmt: vacuum,
  VariableSetStmt: setVariable,
  ViewStmt: createView,
};

/** The changes that a statement makes, in order; at least one. */
export function lowerTree(node: Node, step: Step): readonly Change[] {
  const kind = kindOf(node);
  const lower = lowerings[kind] as Lower<NodeKind> | undefined;
  if (lower === undefined) return [otherStatement(step)];
  const lowered = lower((node as Record<string, unknown>)[kind] as NodeOf<NodeKind>, step);
  const changes: readonly Change[] = Array.isArray(lowered) ? lowered : [lowered];
  return changes.length > 0 ? changes : [otherStatement(step)];
}
