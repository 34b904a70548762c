import { childExpressionsOf } from '../../syntax/child-expressions.ts';
import type { Expression } from '../../syntax/module.ts';
import { type AssignedValue, type Held, isRowsInHand, type Row, unknown } from './held.ts';
import { findName, type NameScope } from './name-scope.ts';
import type { Reading } from './reading.ts';
import { noteUnsteady } from './unsteady.ts';

/** `target = value`: a name, an attribute of a row, or several of them at once. */
export function assign(target: Expression, held: Held, value: Expression, scope: NameScope, reading: Reading): void {
  switch (target.kind) {
    case 'name':
      scope.names.set(target.name, labeled(held, target.name));
      return;
    case 'attribute': {
      const object = reading.evaluate(target.object, scope);
      if (object.kind === 'row') {
        noteUnsteady(object.row.from ? 'existing' : 'new', target.name, held, { value, inside: scope.inside }, reading);
        assignColumn(object.row, target.name, assignedValue(held, value, scope), reading);
      }
      if (object.kind === 'object') object.attributes.set(target.name, held);
      return;
    }
    case 'subscript': {
      // `order.data["total"] = 1` changes the column `data` in a way of its own for each row.
      const object = reading.evaluate(target.object, scope);
      if (object.kind === 'row-attribute') assignColumn(object.row, object.name, 'expression', reading);
      if (object.kind === 'list') object.items.push(held);
      return;
    }
    case 'list':
    case 'tuple':
      target.items.forEach((item, index) => {
        const each = held.kind === 'list' && held.isWhole ? (held.items[index] ?? unknown) : unknown;
        assign(item, each, value, scope, reading);
      });
      return;
    case 'starred':
      assign(target.value, unknown, value, scope, reading);
      return;
    default:
      return;
  }
}

/** A model whose name is not known goes by the variable that holds it. */
function labeled(held: Held, label: string): Held {
  if (held.kind !== 'model' || held.model.app !== undefined) return held;
  return { kind: 'model', model: { ...held.model, label } };
}

export function assignColumn(row: Row, name: string, value: AssignedValue, reading: Reading): void {
  const known = row.assigned.get(name);
  const { picks, conditional } = reading.moment;
  // Assigned on some ways through the code only, or twice: not one value for every row.
  const isOneOfSeveral = picks || conditional || (known !== undefined && known !== value) || known === 'unknown';
  row.assigned.set(name, value === 'constant' && isOneOfSeveral ? 'unknown' : value);
}

/** What is assigned to one row after the other: a constant only if it is written as one. */
function assignedValue(held: Held, value: Expression, scope: NameScope): AssignedValue {
  switch (held.kind) {
    case 'text':
    case 'number':
    case 'constant':
    case 'environment':
      return 'constant';
    case 'external':
      // `OrderStatus.DRAFT`
      return 'constant';
    default:
      return mentionsRow(value, scope) ? 'expression' : literalValue(value);
  }
}

function literalValue(value: Expression): AssignedValue {
  switch (value.kind) {
    case 'string':
      return value.value === undefined ? 'unknown' : 'constant';
    case 'number':
    case 'constant':
      return 'constant';
    case 'unary':
      return literalValue(value.operand);
    case 'list':
    case 'tuple':
    case 'set':
    case 'dictionary': {
      const values = childExpressionsOf(value).map(literalValue);
      return values.every((each) => each === 'constant') ? 'constant' : 'unknown';
    }
    default:
      return 'unknown';
  }
}

function mentionsRow(expression: Expression, scope: NameScope): boolean {
  if (expression.kind === 'name') {
    const held = findName(scope, expression.name);
    return held !== undefined && (held.kind === 'row' || (held.kind === 'list' && isRowsInHand(held)));
  }
  return childExpressionsOf(expression).some((child) => mentionsRow(child, scope));
}
