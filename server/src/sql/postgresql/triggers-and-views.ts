import type {
  CommentStmt,
  CopyStmt,
  CreatePolicyStmt,
  CreateStatsStmt,
  CreateTrigStmt,
  GrantStmt,
  RuleStmt,
  ViewStmt,
} from 'libpg-query';
import type { Change } from '../../schema/change.ts';
import type { SetTableOption } from '../../schema/sql-change.ts';
import type { TableName } from '../../schema/table-name.ts';
import { isStandIn } from '../stand-in.ts';
import { statementSpan } from '../words.ts';
import { tablesReadBy } from './create-table.ts';
import { objectNames } from './drops.ts';
import { tableNamed, tableNameOf } from './names.ts';
import { allOf } from './node.ts';
import { otherStatement, statementName } from './other-statement.ts';
import { writeRows } from './rows.ts';
import type { Step } from './step.ts';

export function createView(node: ViewStmt, step: Step): Change {
  return {
    ...step.facts('CREATE VIEW', statementSpan(step)),
    kind: 'CreateView',
    view: tableNameOf(node.view),
    materialized: false,
    replaces: node.replace === true,
    reads: tablesReadBy(node.query),
  };
}

/** Bits of PostgreSQL's `pg_trigger.tgtype`. */
const before = 2;
const insert = 4;

export function createTrigger(node: CreateTrigStmt, step: Step): Change {
  const seesNewRows = node.row === true && node.timing === before && ((node.events ?? 0) & insert) !== 0;
  const called = allOf(node.funcname, 'String').at(-1)?.sval;
  return {
    ...step.facts('CREATE TRIGGER', statementSpan(step)),
    kind: 'CreateTrigger',
    table: tableNameOf(node.relation),
    trigger: node.trigname ?? '',
    ...(seesNewRows && called !== undefined ? { beforeInsert: called } : {}),
  };
}

export function createRule(node: RuleStmt, step: Step): Change {
  return tableOption('rule', tableNameOf(node.relation), undefined, step);
}

export function createPolicy(node: Pick<CreatePolicyStmt, 'table'>, step: Step): Change {
  return tableOption('policy', tableNameOf(node.table), undefined, step);
}

export function createStatistics(node: CreateStatsStmt, step: Step): readonly Change[] {
  const tables = allOf(node.relations, 'RangeVar').map(tableNameOf);
  return tables.map((table) => tableOption('statistics', table, undefined, step));
}

/** `COMMENT ON TABLE` and `COMMENT ON COLUMN`; comments on other things touch no table. */
export function comment(node: CommentStmt, step: Step): Change {
  const names = objectNames(node.object);
  const says = isStandIn(node.comment ?? '') ? undefined : (node.comment ?? null);
  const known = says === undefined ? {} : { says };
  if (node.objtype === 'OBJECT_TABLE')
    return { ...tableOption('comment', lastTable(names), undefined, step), ...known };
  if (node.objtype !== 'OBJECT_COLUMN') return otherStatement(step);
  return { ...tableOption('comment', lastTable(names.slice(0, -1)), names.at(-1), step), ...known };
}

function lastTable(names: readonly string[]): TableName {
  return tableNamed(names.at(-1) ?? '', names.at(-2));
}

export function grant(node: GrantStmt, step: Step): readonly Change[] {
  const tables = node.objtype === 'OBJECT_TABLE' ? allOf(node.objects, 'RangeVar').map(tableNameOf) : [];
  return tables.length === 0
    ? [otherStatement(step)]
    : tables.map((table) => tableOption('privileges', table, undefined, step));
}

function tableOption(
  option: SetTableOption['option'],
  table: TableName,
  column: string | undefined,
  step: Step,
): SetTableOption {
  return { ...step.facts(statementName(step), statementSpan(step)), kind: 'SetTableOption', table, option, column };
}

/** `COPY table FROM`; the other direction only reads. */
export function copy(node: CopyStmt, step: Step): Change {
  if (node.is_from !== true || node.relation === undefined) return otherStatement(step);
  return writeRows('insert', node.relation, 'all', [], step, 'COPY');
}
