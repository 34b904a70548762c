import type { ChangeOf } from './change.ts';
import type { MigrationId } from './migration-id.ts';
import type { EnumType, Schema } from './schema.ts';

/** What a change does to the types of enums. */
export function typesChanged(
  schema: Schema,
  change: ChangeOf<'AlterEnum' | 'DropObject' | 'OtherStatement'>,
  migration: MigrationId,
): Schema {
  if (change.kind === 'OtherStatement') return change.statement === 'ALTER TYPE' ? typesForgotten(schema) : schema;
  if (change.kind === 'DropObject') return change.objectKind === 'type' ? typeDropped(schema, change.name) : schema;
  return change.action === 'create' ? enumCreated(schema, change, migration) : enumAltered(schema, change);
}

function enumCreated(schema: Schema, change: ChangeOf<'AlterEnum'>, bornIn: MigrationId): Schema {
  const { type, ifNotExists, values, withTable: isTables } = change;
  if (ifNotExists && schema.enumTypes?.has(type) === true) return schema;
  const created: EnumType = isTables === true ? { bornIn, values, withTable: true } : { bornIn, values };
  return { ...schema, enumTypes: new Map(schema.enumTypes).set(type, created) };
}

/** A value more, or another name for one. */
function enumAltered(schema: Schema, { action, type, values: [value], to, place }: ChangeOf<'AlterEnum'>): Schema {
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

function typeDropped(schema: Schema, name: string): Schema {
  // The schema that it is in can be left out on either side.
  const own = name.slice(name.lastIndexOf('.') + 1);
  const kept = [...(schema.enumTypes ?? [])].filter(
    ([each]) => each !== name && each.slice(each.lastIndexOf('.') + 1) !== own,
  );
  return kept.length === (schema.enumTypes?.size ?? 0) ? schema : { ...schema, enumTypes: new Map(kept) };
}

/** `ALTER TYPE … RENAME TO`: which type is called what is not known any more. */
function typesForgotten({ enumTypes: _, ...schema }: Schema): Schema {
  return schema;
}
