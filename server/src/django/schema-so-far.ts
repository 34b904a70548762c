import { applyOnce } from '../schema/apply-once.ts';
import type { Change } from '../schema/change.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { Schema } from '../schema/schema.ts';

/** The schema in the middle of a migration: every change meets the one that those before it leave. */
export class SchemaSoFar {
  readonly #migration: MigrationId;
  readonly #steps: Schema[] = [];
  #schema: Schema;

  constructor(before: Schema, migration: MigrationId) {
    this.#schema = before;
    this.#migration = migration;
  }

  add(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#steps.push(this.#schema);
      this.#schema = applyOnce(this.#schema, change, this.#migration);
    }
  }

  now(): Schema {
    return this.#schema;
  }

  /** The schema before each of the changes so far. */
  steps(): readonly Schema[] {
    return this.#steps;
  }
}
