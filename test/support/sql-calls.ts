import type { PlaceholderStyle } from '../../server/src/sql/placeholders.ts';
import { childExpressionsOf, expressionsOf } from '../../server/src/syntax/child-expressions.ts';
import { dottedNameOf } from '../../server/src/syntax/dotted-name.ts';
import { evaluate } from '../../server/src/syntax/evaluate.ts';
import type { CallExpression, Expression, FunctionStatement, Statement } from '../../server/src/syntax/module.ts';
import type { Scope, Surroundings } from '../../server/src/syntax/scope.ts';
import { classScope, functionScope } from '../../server/src/syntax/scopes.ts';
import type { Value } from '../../server/src/syntax/value.ts';
import { isSequence, nameAt } from '../../server/src/syntax/values.ts';

/** A file by itself, on PostgreSQL. */
export const alone: Surroundings = { resolveModule: () => undefined, facts: { vendor: 'postgresql' } };

/** A value that is sent to the database as SQL. */
export interface SentSql {
  readonly call: CallExpression;
  readonly value: Value;
  readonly placeholders: PlaceholderStyle;
}

/** Everything in a file that `RunSQL` or a method `execute` is called with, functions included. */
export function sentSqlIn(scope: Scope): readonly SentSql[] {
  return inStatements(scope.module.body, scope);
}

function inStatements(statements: readonly Statement[], scope: Scope): readonly SentSql[] {
  return statements.flatMap((statement) => [
    ...expressionsOf(statement).flatMap((expression) => inExpression(expression, scope)),
    ...blocksOf(statement, scope).flatMap(([block, inner]) => inStatements(block, inner)),
  ]);
}

function blocksOf(statement: Statement, scope: Scope): readonly (readonly [readonly Statement[], Scope])[] {
  const inside = (...blocks: readonly (readonly Statement[])[]) => blocks.map((block) => [block, scope] as const);
  switch (statement.kind) {
    case 'function':
      return [[statement.body, functionScope(functionValue(statement, scope), new Map())]];
    case 'class':
      return [[statement.body, classScope(statement, scope)]];
    case 'if':
    case 'for':
    case 'while':
      return inside(statement.body, statement.orElse);
    case 'with':
      return inside(statement.body);
    case 'try':
      return inside(statement.body, ...statement.handlers, statement.orElse, statement.finally);
    case 'match':
      return inside(...statement.cases);
    default:
      return [];
  }
}

function functionValue(definition: FunctionStatement, scope: Scope): Extract<Value, { kind: 'function' }> {
  const { module } = scope;
  const at = nameAt(definition.name, definition.nameSpan);
  return { kind: 'function', at, module, definition, definedIn: module, bound: new Map(), scope: scope.enclosing };
}

function inExpression(expression: Expression, scope: Scope): readonly SentSql[] {
  const inner = childExpressionsOf(expression).flatMap((child) => inExpression(child, scope));
  return expression.kind === 'call' ? [...sentBy(expression, scope), ...inner] : inner;
}

function sentBy(call: CallExpression, scope: Scope): readonly SentSql[] {
  const name = (dottedNameOf(call.callee) ?? lastName(call.callee)).split('.').at(-1);
  const plain = call.arguments.filter(({ form }) => form === 'plain');
  const argument = (position: number, ...names: readonly string[]) =>
    plain.find((each) => names.includes(each.name ?? ''))?.value ??
    plain.filter((each) => each.name === undefined)[position]?.value;
  if (name === 'RunSQL') {
    const both = [argument(0, 'sql'), argument(1, 'reverse_sql')];
    return both.flatMap((each) => (each === undefined ? [] : runSql(call, evaluate(each, scope))));
  }
  const sql = name === 'execute' ? argument(0, 'sql', 'sqltext') : undefined;
  if (sql === undefined) return [];
  const value = evaluate(sql, scope);
  const text = value.kind === 'call' && /(^|\.)text$/.test(value.callee ?? '') ? value.positional[0] : undefined;
  if (text !== undefined) return [{ call, value: text, placeholders: 'named' }];
  return [{ call, value, placeholders: argument(1, 'params') === undefined ? 'none' : 'format' }];
}

function lastName(expression: Expression): string {
  return expression.kind === 'attribute' ? expression.name : '';
}

function runSql(call: CallExpression, value: Value): readonly SentSql[] {
  if (!isSequence(value)) return [{ call, value, placeholders: 'none' }];
  return value.items.map((item) => {
    const [sql = item, params] = isSequence(item) ? item.items : [item];
    return { call, value: sql, placeholders: params === undefined ? 'none' : 'format' };
  });
}
