import { changesNames } from '../../alembic/naming.ts';
import type { Project } from '../../project/project.ts';

interface Naming {
  readonly project: Project;
  /** What the file calls `alembic.op`. */
  readonly op: string;
}

/**
 * The literal of a name that something has in the database, as it is to be written in a directive: a naming convention that
 * builds on names would be applied to it once more.
 *
 * @param kind `index`, or the kind of a constraint
 */
export function finalName(literal: string, kind: string, { project, op }: Naming): string {
  const naming = project.environmentFile?.naming;
  return naming !== undefined && changesNames(naming, kind) ? formed(literal, op) : literal;
}

/** `op.f("…")` */
export function formed(literal: string, op: string): string {
  return `${op}.f(${literal})`;
}
