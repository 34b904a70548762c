import type { WriteRows } from '../schema/change.ts';
import { childExpressionsOf } from '../syntax/child-expressions.ts';
import type { Expression } from '../syntax/module.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import { calledName } from './columns.ts';
import { columnsIn } from './copied-values.ts';

type Strings = NonNullable<WriteRows['strings']>;

/** What `table.update().where(table.c.state == "new").values(state="sent")` writes and compares. */
export function stringsInConstruct(chain: readonly CallValue[]): Pick<WriteRows, 'strings'> {
  return factsOf(
    chain.flatMap((call) => {
      if (calledName(call) === 'values') return valuesIn(call);
      return calledName(call) === 'where' ? call.at.arguments.flatMap(({ value }) => comparedIn(value)) : [];
    }),
  );
}

/** The rows of `op.bulk_insert(table, [{"state": "new"}])`. */
export function stringsInRows(rows: Value | undefined): Pick<WriteRows, 'strings'> {
  return factsOf(rowsIn(rows));
}

function factsOf(strings: Strings): Pick<WriteRows, 'strings'> {
  return strings.length === 0 ? {} : { strings };
}

function valuesIn({ positional, keywords }: CallValue): Strings {
  const named = [...keywords].flatMap(([column, value]) =>
    value.kind === 'string' ? [{ column, value: value.value }] : [],
  );
  return [...rowsIn(positional[0]), ...named];
}

/** `{"state": "new"}`, `{orders.c.state: "new"}`, a list of them. */
function rowsIn(value: Value | undefined): Strings {
  if (isSequence(value)) return value.items.flatMap(rowsIn);
  if (value?.kind !== 'dictionary') return [];
  return value.entries.flatMap(({ key, value: given }) => {
    const [column] = key.kind === 'string' ? [key.value] : columnsIn(key.at);
    return column === undefined || given.kind !== 'string' ? [] : [{ column, value: given.value }];
  });
}

/** `orders.c.state == "new"`, whatever stands around it. */
function comparedIn(expression: Expression): Strings {
  if (expression.kind !== 'comparison') return childExpressionsOf(expression).flatMap(comparedIn);
  const [left, right, ...others] = expression.operands;
  if (left === undefined || right?.kind !== 'string' || right.value === undefined || others.length > 0) return [];
  const isColumn = left.kind === 'attribute' || left.kind === 'subscript' || isColumnCall(left);
  const [column] = isColumn ? columnsIn(left) : [];
  return column === undefined ? [] : [{ column, value: right.value }];
}

/** `sa.column("state")`, unlike `sa.func.lower(…)` and `sa.cast(…)`. */
function isColumnCall(expression: Expression): boolean {
  if (expression.kind !== 'call') return false;
  const { callee } = expression;
  return (callee.kind === 'attribute' || callee.kind === 'name') && callee.name === 'column';
}
