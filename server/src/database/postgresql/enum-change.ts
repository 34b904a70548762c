import type { ColumnType } from '../../schema/column.ts';
import type { EnumType, Schema } from '../../schema/schema.ts';
import { canonicalType } from './type-name.ts';

/** What a column loses that goes from an enum to another type. */
export interface EnumChange {
  /** Whether the new type is an enum too: there is no cast between two, only the way over text. */
  readonly toEnum: boolean;
  /** The values that have no place in the new type; undefined where they cannot be told. */
  readonly lost: readonly string[] | undefined;
}

/** Undefined for what is no enum before, or becomes neither an enum nor a text. */
export function enumChangeOf(from: ColumnType, to: ColumnType, schema: Schema): EnumChange | undefined {
  const before = enumNamed(from, schema);
  const after = enumNamed(to, schema);
  if (before === undefined || from.isArray || to.isArray || from.name === to.name) return undefined;
  // What is not literal in the file is not known to be among the values.
  const values = before.values.length > 0 ? before.values : undefined;
  if (after !== undefined) {
    const isKnown = after.values.length > 0;
    return { toEnum: true, lost: isKnown ? values?.filter((value) => !after.values.includes(value)) : undefined };
  }
  const { name, arguments: args } = canonicalType(to);
  if (!['varchar', 'text', 'citext'].includes(name)) return undefined;
  const [limit = Number.POSITIVE_INFINITY] = args;
  return { toEnum: false, lost: values?.filter((value) => [...value].length > limit) };
}

/** An enum by its name, with or without the schema that it is in. */
function enumNamed({ name }: ColumnType, { enumTypes }: Schema): EnumType | undefined {
  const known = enumTypes?.get(name);
  if (known !== undefined || enumTypes === undefined) return known;
  const named = [...enumTypes].filter(([each]) => each.endsWith(`.${name}`));
  return named.length === 1 ? named[0]?.[1] : undefined;
}
