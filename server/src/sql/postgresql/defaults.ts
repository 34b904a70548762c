import type { Node } from 'libpg-query';
import type { ColumnDefault } from '../../schema/column.ts';
import { isStandIn } from '../stand-in.ts';
import { functionsIn, isKnownFunction, isVolatile } from './expressions.ts';
import { asKind, nodesWithin } from './node.ts';

/**
 * How often a default is evaluated when a column is added.
 *
 * @param sql the expression as it is written; nothing is said about one with stand-ins in it
 */
export function defaultOf(expression: Node | undefined, sql: string): ColumnDefault | undefined {
  if (expression === undefined || asKind(expression, 'A_Const')?.isnull === true) return undefined;
  if (isStandIn(sql)) return { kind: 'unknown', sql: undefined };
  const functions = functionsIn(expression);
  if (functions.some(isVolatile)) return { kind: 'volatile', sql };
  if (!functions.every(isKnownFunction)) return { kind: 'unknown', sql };
  return { kind: functions.length > 0 || readsClock(expression) ? 'stable' : 'constant', sql };
}

/** `CURRENT_TIMESTAMP`, `CURRENT_USER` and the like. */
function readsClock(expression: Node): boolean {
  for (const each of nodesWithin(expression)) if (asKind(each, 'SQLValueFunction') !== undefined) return true;
  return false;
}
