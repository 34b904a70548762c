import { childExpressionsOf, childStatementsOf, expressionsOf } from '../../syntax/child-expressions.ts';
import type { CallExpression, Expression, Statement } from '../../syntax/module.ts';

/**
 * The fields of a row that a loop's body changes before it saves it: those of `save(update_fields=[…])`, else those
 * that are assigned or changed in place. Undefined where that cannot be told: the row is handed to somebody, saved
 * twice, or its primary key changes.
 */
export function savedFields(
  body: readonly Statement[],
  row: string,
  save: CallExpression,
): readonly string[] | undefined {
  const expressions = body.flatMap(allExpressions);
  const saves = expressions.filter((each) => isMethodOf(each, row, 'save'));
  if (saves.length !== 1) return undefined;
  const named = save.arguments.find(({ name }) => name === 'update_fields');
  const fields = named === undefined ? changedFields(body, row, expressions) : literalTexts(named.value);
  if (fields === undefined || fields.length === 0 || fields.some((field) => field === 'pk' || field === 'id'))
    return undefined;
  return fields;
}

function changedFields(
  body: readonly Statement[],
  row: string,
  expressions: readonly Expression[],
): readonly string[] | undefined {
  if (expressions.some((each) => isHandedOn(each, row))) return undefined;
  const fields = new Set<string>();
  for (const statement of body.flatMap(allStatements)) {
    for (const target of changedBy(statement)) {
      const field = fieldOf(target, row);
      if (field !== undefined) fields.add(field);
    }
  }
  return [...fields];
}

/** Methods of lists and dictionaries; those that relations have as well leave it open what they change. */
const changesInPlace = new Set([
  'append',
  'extend',
  'insert',
  'pop',
  'popitem',
  'update',
  'setdefault',
  'sort',
  'reverse',
]);
const ambiguous = new Set(['add', 'set', 'clear', 'remove', 'discard']);

/** What a statement assigns, deletes or changes by a method call: `row.tags.append(tag)`. */
function changedBy(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assign':
    case 'delete':
      return statement.targets.flatMap((target) => (target.kind === 'tuple' ? target.items : [target]));
    case 'augmented-assign':
      return [statement.target];
    case 'expression': {
      const { value } = statement;
      if (value.kind !== 'call' || value.callee.kind !== 'attribute') return [];
      return changesInPlace.has(value.callee.name) ? [value.callee.object] : [];
    }
    default:
      return [];
  }
}

/** `total` of `row.total`, `row.total["net"]`, `row.total.net`. */
function fieldOf(target: Expression, row: string): string | undefined {
  if (target.kind === 'subscript') return fieldOf(target.object, row);
  if (target.kind !== 'attribute') return undefined;
  return target.object.kind === 'name' && target.object.name === row ? target.name : fieldOf(target.object, row);
}

/** `normalize(row)`, `setattr(row, name, value)`, `row.tags.clear()`: what changes then is out of sight. */
function isHandedOn(expression: Expression, row: string): boolean {
  if (expression.kind !== 'call') return false;
  if (expression.arguments.some(({ value }) => value.kind === 'name' && value.name === row)) return true;
  const { callee } = expression;
  return callee.kind === 'attribute' && ambiguous.has(callee.name) && fieldOf(callee.object, row) !== undefined;
}

function isMethodOf(expression: Expression, row: string, method: string): boolean {
  if (expression.kind !== 'call' || expression.callee.kind !== 'attribute') return false;
  const { object, name } = expression.callee;
  return name === method && object.kind === 'name' && object.name === row;
}

function literalTexts(value: Expression): readonly string[] | undefined {
  if (value.kind !== 'list' && value.kind !== 'tuple' && value.kind !== 'set') return undefined;
  const texts = value.items.flatMap((item) => (item.kind === 'string' && item.value !== undefined ? [item.value] : []));
  return texts.length === value.items.length ? texts : undefined;
}

/** A statement and all those in its blocks. */
export function allStatements(statement: Statement): readonly Statement[] {
  return [statement, ...childStatementsOf(statement).flatMap(allStatements)];
}

function allExpressions(statement: Statement): readonly Expression[] {
  return [...expressionsOf(statement).flatMap(withChildren), ...childStatementsOf(statement).flatMap(allExpressions)];
}

function withChildren(expression: Expression): readonly Expression[] {
  return [expression, ...childExpressionsOf(expression).flatMap(withChildren)];
}
