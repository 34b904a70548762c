import type { Change } from '../schema/change.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { applyChange } from '../schema/replay.ts';
import type { Schema } from '../schema/schema.ts';

/** The schema in the middle of a migration. Replayed only when somebody asks: SQL does, operations know their models. */
export class SchemaSoFar {
  readonly #migration: MigrationId;
  readonly #pending: Change[] = [];
  #schema: Schema;

  constructor(before: Schema, migration: MigrationId) {
    this.#schema = before;
    this.#migration = migration;
  }

  add(changes: readonly Change[]): void {
    for (const change of changes) this.#pending.push(change);
  }

  now(): Schema {
    for (const change of this.#pending) this.#schema = applyChange(this.#schema, change, this.#migration);
    this.#pending.length = 0;
    return this.#schema;
  }
}
