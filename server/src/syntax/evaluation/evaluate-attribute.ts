import { dottedNameOf } from '../dotted-name.ts';
import type { AttributeExpression } from '../module.ts';
import type { Scope, Trace } from '../scope.ts';
import type { Value } from '../value.ts';
import { placedAt, unknownValue } from '../values.ts';
import { pathAttribute } from './paths.ts';

/** `connection.vendor`, `dialect.name` and `engine.name`, where the database is known. */
export function dialectFact(expression: AttributeExpression, scope: Scope): Value | undefined {
  const { vendor } = scope.surroundings.facts;
  if (vendor === undefined) return undefined;
  const isDialect =
    expression.name === 'vendor' ||
    (expression.name === 'name' &&
      /(?:^|\.)(?:dialect|engine)$/.test(dottedNameOf(expression.object) ?? lastNameOf(expression)));
  return isDialect ? { kind: 'string', at: expression, module: scope.module, value: vendor } : undefined;
}

/** `dialect` of `op.get_bind().dialect.name`, which is no chain of names. */
function lastNameOf(expression: AttributeExpression): string {
  return expression.object.kind === 'attribute' ? expression.object.name : '';
}

/** `object.name` where the value of the object is known. */
export function attributeOf(object: Value, expression: AttributeExpression, scope: Scope, trace: Trace): Value {
  const { name } = expression;
  const { module } = scope;
  const unknown = unknownValue(expression, module);
  if (object.kind === 'class') {
    const found = object.scope.find(name, undefined, trace);
    return found === undefined ? unknown : placedAt(found, expression, module);
  }
  if (object.kind === 'string') return pathAttribute(object, name, expression, module) ?? unknown;
  if (object.kind !== 'reference') return unknown;
  const home = object.scope ?? scope.surroundings.resolveModule({ level: 0, name: object.name }, module);
  const found = home?.find(name, undefined, trace);
  if (found !== undefined) return placedAt(found, expression, module);
  const qualified = object.name.endsWith('.') ? object.name + name : `${object.name}.${name}`;
  return { kind: 'reference', at: expression, module, name: qualified, scope: undefined };
}
