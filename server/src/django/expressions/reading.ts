import { quotedName } from '../../database/quoted-names.ts';
import type { Expression, Module } from '../../syntax/module.ts';
import type { Value } from '../../syntax/value.ts';
import type { Field } from '../field.ts';
import { columnNameOf } from '../field.ts';
import type { ModelState } from '../project-state.ts';

/** What writing a model's conditions and expressions as SQL needs to know. */
export interface ExpressionSetting {
  readonly model: ModelState;
  /** What a part of an expression is worth, in the module that it stands in. */
  operand(expression: Expression, module: Module): Value;
}

/** What an expression comes to in PostgreSQL. */
export interface SqlExpression {
  readonly sql: string;
  /** A plain column, which needs no parentheses as the key of an index. */
  readonly column?: Field;
}

/** The field that a name stands for: `pk`, `owner`, `owner_id`. */
export function fieldNamed(name: string, { model }: ExpressionSetting): Field | undefined {
  const fields = [...model.fields.values()];
  if (name === 'pk') return fields.find(({ primaryKey }) => primaryKey);
  return model.fields.get(name) ?? fields.find((field) => field.relation && columnNameOf(field) === name);
}

export function quotedColumn(field: Field): string {
  return quoted(columnNameOf(field));
}

/** A name in PostgreSQL's quotes. */
export function quoted(name: string): string {
  return quotedName(name, 'postgresql');
}
