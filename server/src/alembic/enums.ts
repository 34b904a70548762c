import type { AlterEnum } from '../schema/sql-change.ts';
import type { Value } from '../syntax/value.ts';
import { enumNameOf, enumValuesOf, isEnum, writtenTypeOf } from './column-types.ts';
import { isFalse } from './columns.ts';
import type { Step } from './step.ts';

/** The type that creating a table creates with it. Adding a column does not. */
export function createdEnums(type: Value | undefined, { base, context }: Step): readonly AlterEnum[] {
  const written = writtenTypeOf(type);
  if (context.target.database !== 'postgresql' || written === undefined || !isEnum(written)) return [];
  if (isFalse(written.keywords.get('create_type'))) return [];
  const name = enumNameOf(written);
  if (name === undefined) return [];
  const values = enumValuesOf(written);
  return [
    {
      ...base,
      kind: 'AlterEnum',
      type: name,
      action: 'create',
      values,
      to: undefined,
      ifNotExists: true,
      place: undefined,
    },
  ];
}
