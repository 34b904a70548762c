import type { Schema } from '../schema/schema.ts';
import type { ProjectState } from './project-state.ts';

/** What the migrations, or operations, up to a point have built: the models of the framework and the tables of the database. */
export interface Built {
  readonly state: ProjectState;
  readonly schema: Schema;
}

export function isSameBuilt(one: Built, other: Built): boolean {
  return one === other || (one.state === other.state && one.schema === other.schema);
}
