import type { CallStmt, FuncCall, SelectStmt } from 'libpg-query';
import type { Change } from '../../schema/change.ts';
import { type TableName, tableKeyOf } from '../../schema/table-name.ts';
import { statementSpan } from '../words.ts';
import { createdByQuery } from './create-table.ts';
import { isKnownFunction } from './expressions.ts';
import { tableNameOf } from './names.ts';
import { allOf, asKind, namesIn, nodesWithin } from './node.ts';
import { otherStatement } from './other-statement.ts';
import { writesIn } from './rows.ts';
import { settingChange, settingText } from './settings.ts';
import type { Step } from './step.ts';

/** What a query does besides reading: writes in WITH, `INTO table`, functions that are called for what they do. */
export function select(node: SelectStmt, step: Step): readonly Change[] {
  const into = node.intoClause;
  const changes = [
    ...writesIn(node.withClause, step),
    ...lockedRows(node, step),
    ...(into === undefined ? [] : createdByQuery(into.rel, true, undefined, step)),
    ...calledFunctions(node).flatMap((call) => callChange(call, step) ?? []),
  ];
  return changes.length > 0 ? changes : [otherStatement(step)];
}

/** `FOR UPDATE`, `FOR SHARE OF name`: in the tables of the FROM clause that are named, or in all of them. */
function lockedRows({ lockingClause, fromClause }: SelectStmt, step: Step): readonly Change[] {
  const clauses = allOf(lockingClause, 'LockingClause');
  const named = clauses.flatMap(({ lockedRels }) => allOf(lockedRels, 'RangeVar').map(({ relname }) => relname));
  const isLocked = (name: string | undefined): boolean =>
    clauses.some(({ lockedRels }) => lockedRels === undefined) || named.includes(name);
  const tables = new Map<string, TableName>();
  for (const item of clauses.length === 0 ? [] : (fromClause ?? [])) {
    for (const relation of allOf([...nodesWithin(item, (kind) => kind === 'RangeSubselect')], 'RangeVar')) {
      const table = tableNameOf(relation);
      if (isLocked(relation.alias?.aliasname ?? relation.relname)) tables.set(tableKeyOf(table), table);
    }
  }
  return [...tables.values()].map((table) => ({
    ...step.facts('SELECT', statementSpan(step)),
    kind: 'LockRows',
    table,
  }));
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
