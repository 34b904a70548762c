import type { ChangeOf } from './change.ts';
import type { MigrationId } from './migration-id.ts';
import type { EnumType, Schema } from './schema.ts';

export function enumCreated(schema: Schema, change: ChangeOf<'AlterEnum'>, bornIn: MigrationId): Schema {
  const { type, ifNotExists, values, withTable: isTables } = change;
  if (ifNotExists && schema.enumTypes?.has(type) === true) return schema;
  const created: EnumType = isTables === true ? { bornIn, values, withTable: true } : { bornIn, values };
  return { ...schema, enumTypes: new Map(schema.enumTypes).set(type, created) };
}

/** A value more, or another name for one. */
export function enumAltered(
  schema: Schema,
  { action, type, values: [value], to, place }: ChangeOf<'AlterEnum'>,
): Schema {
  const known = schema.enumTypes?.get(type);
  if (known === undefined || value === undefined) return schema;
  const at =
    place === undefined ? known.values.length : known.values.indexOf(place.value) + (place.side === 'after' ? 1 : 0);
  const values =
    action === 'add-value'
      ? [...new Set(known.values.toSpliced(at, 0, value))]
      : known.values.map((each) => (each === value ? (to ?? each) : each));
  return { ...schema, enumTypes: new Map(schema.enumTypes).set(type, { ...known, values }) };
}

export function typeDropped(schema: Schema, name: string): Schema {
  if (schema.enumTypes?.has(name) !== true) return schema;
  const enumTypes = new Map(schema.enumTypes);
  enumTypes.delete(name);
  return { ...schema, enumTypes };
}
