import type { CallStmt, FuncCall, SelectStmt } from 'libpg-query';
import type { Change } from '../../schema/change.ts';
import { statementSpan } from '../words.ts';
import { createdByQuery } from './create-table.ts';
import { isKnownFunction } from './expressions.ts';
import { allOf, asKind, namesIn } from './node.ts';
import { otherStatement } from './other-statement.ts';
import { writesIn } from './rows.ts';
import { settingChange, settingText } from './settings.ts';
import type { Step } from './step.ts';

/** What a query does besides reading: writes in WITH, `INTO table`, functions that are called for what they do. */
export function select(node: SelectStmt, step: Step): readonly Change[] {
  const into = node.intoClause;
  const changes = [
    ...writesIn(node.withClause, step),
    ...(into === undefined ? [] : createdByQuery(into.rel, true, undefined, step)),
    ...calledFunctions(node).flatMap((call) => callChange(call, step) ?? []),
  ];
  return changes.length > 0 ? changes : [otherStatement(step)];
}

/** `SELECT do_something()`: a query without a table is there for its functions. */
function calledFunctions({ fromClause = [], targetList }: SelectStmt): readonly FuncCall[] {
  if (fromClause.length > 0) return [];
  return allOf(targetList, 'ResTarget').flatMap(({ val }) => asKind(val, 'FuncCall') ?? []);
}

function callChange({ funcname, args = [] }: FuncCall, step: Step): Change | undefined {
  const names = namesIn(funcname);
  const name = names.at(-1) ?? '';
  if (name === 'set_config') {
    const [setting, value, isLocal] = args;
    const scope = asKind(isLocal, 'A_Const')?.boolval?.boolval === true ? 'transaction' : 'session';
    return settingChange(settingText(setting) ?? '', settingText(value), scope, step);
  }
  return isHarmless(names) ? undefined : calledCode('function', name, step);
}

function isHarmless(names: readonly string[]): boolean {
  const name = names.at(-1) ?? '';
  return names[0] === 'pg_catalog' || name.startsWith('pg_') || isKnownFunction(name) || harmless.has(name);
}

/** Functions of PostgreSQL that aggregate, or have nothing to do with tables. */
const harmless: ReadonlySet<string> = new Set([
  'array_agg',
  'avg',
  'bool_or',
  'count',
  'max',
  'min',
  'set_config',
  'string_agg',
  'sum',
  'to_regclass',
  'exists',
]);

/** `CALL procedure()` */
export function call(node: CallStmt, step: Step): readonly Change[] {
  return [calledCode('procedure', namesIn(node.funccall?.funcname).at(-1) ?? '', step)];
}

function calledCode(kind: string, name: string, step: Step): Change {
  const reason = `it calls the ${kind} "${name}", whose code is not looked into`;
  return { ...step.facts('CALL', statementSpan(step)), kind: 'Opaque', reason };
}
