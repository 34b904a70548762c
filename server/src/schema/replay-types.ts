import type { ChangeOf } from './change.ts';
import type { MigrationId } from './migration-id.ts';
import type { EnumType, Schema } from './schema.ts';

export function enumCreated(schema: Schema, change: ChangeOf<'AlterEnum'>, bornIn: MigrationId): Schema {
  const { type, ifNotExists, withTable: isTables } = change;
  if (ifNotExists && schema.enumTypes?.has(type) === true) return schema;
  const created: EnumType = isTables === true ? { bornIn, withTable: true } : { bornIn };
  return { ...schema, enumTypes: new Map(schema.enumTypes).set(type, created) };
}

export function typeDropped(schema: Schema, name: string): Schema {
  if (schema.enumTypes?.has(name) !== true) return schema;
  const enumTypes = new Map(schema.enumTypes);
  enumTypes.delete(name);
  return { ...schema, enumTypes };
}
