import type { ConstraintsSetStmt, Node, TransactionStmt, VariableSetStmt } from 'libpg-query';
import type { Change } from '../../schema/change.ts';
import type { SetTimeout, TransactionControl } from '../../schema/sql-change.ts';
import { statementSpan } from '../words.ts';
import { allOf, asKind } from './node.ts';
import { otherStatement } from './other-statement.ts';
import type { Step } from './step.ts';

const timeouts: ReadonlySet<string> = new Set([
  'idle_in_transaction_session_timeout',
  'lock_timeout',
  'statement_timeout',
  'transaction_timeout',
]);

export function setVariable(node: VariableSetStmt, step: Step): Change {
  const [argument] = node.args ?? [];
  const value = node.kind === 'VAR_SET_VALUE' ? settingText(argument) : undefined;
  const scope = node.is_local === true ? 'transaction' : 'session';
  return settingChange(node.name ?? '', value, scope, step) ?? otherStatement(step);
}

/** The value of a setting as text: `5s`, `0`, `replica`. */
export function settingText(node: Node | undefined): string | undefined {
  const constant = asKind(node, 'A_Const');
  if (constant?.ival !== undefined) return String(constant.ival.ival ?? 0);
  return constant?.sval?.sval ?? constant?.fval?.fval;
}

/** What a setting changes that matters here; undefined for all others. */
export function settingChange(
  written: string,
  value: string | undefined,
  scope: SetTimeout['scope'],
  step: Step,
): Change | undefined {
  const setting = written.toLowerCase();
  const facts = step.facts('SET', statementSpan(step));
  if (timeouts.has(setting)) {
    const milliseconds = value === undefined ? undefined : millisecondsIn(value);
    return { ...facts, kind: 'SetTimeout', setting, milliseconds, scope };
  }
  if (setting !== 'session_replication_role') return undefined;
  return {
    ...facts,
    kind: 'SwitchTriggers',
    table: undefined,
    triggers: 'all',
    enabled: value?.toLowerCase() !== 'replica',
  };
}

/** Units of time settings; without one it is milliseconds. */
const units: Readonly<Record<string, number>> = {
  us: 0.001,
  '': 1,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function millisecondsIn(value: string): number | undefined {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(value) ?? [];
  const factor = units[unit.toLowerCase()];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}

const commands: Readonly<Partial<Record<NonNullable<TransactionStmt['kind']>, TransactionControl['command']>>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_COMMIT_PREPARED: 'commit',
  TRANS_STMT_PREPARE: 'prepare',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback',
  TRANS_STMT_ROLLBACK_TO: 'rollback-to',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_START: 'begin',
};

export function controlTransaction(node: TransactionStmt, step: Step): Change {
  const command = commands[node.kind ?? 'TRANS_STMT_BEGIN'] ?? 'begin';
  return transactionChange(command, step);
}

export function transactionChange(command: TransactionControl['command'], step: Step): TransactionControl {
  return { ...step.facts(command.toUpperCase(), statementSpan(step)), kind: 'TransactionControl', command };
}

export function setConstraints(node: ConstraintsSetStmt, step: Step): Change {
  const named = allOf(node.constraints, 'RangeVar').map(({ relname = '' }) => relname);
  return {
    ...step.facts('SET CONSTRAINTS', statementSpan(step)),
    kind: 'SetConstraints',
    constraints: named.length > 0 ? named : 'all',
    when: node.deferred === true ? 'deferred' : 'immediate',
  };
}
