import { changesNames } from '../../alembic/naming.ts';
import type { Project } from '../../project/project.ts';
import type { Constraint, Table } from '../../schema/schema.ts';
import { quoted } from '../edits/layout.ts';
import { type Refused, refusal } from '../fix.ts';
import { unknownName } from '../refusals.ts';

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

const madeUpByDatabase = refusal('The database makes up its name, which something else has already: name it first.');

const namedOutOfSight = refusal(
  'What it is called depends on a naming convention that env.py takes from elsewhere: name it first.',
);

/**
 * The literal of the name that an index or a constraint has without being told, for a directive that says it.
 *
 * @param before the table that it is added to, where it is known
 */
export function nameApart(
  { name, nameIsExact, unnamed }: Pick<Constraint, 'name' | 'nameIsExact' | 'unnamed'>,
  kind: string,
  before: Table | undefined,
  naming: Naming & { readonly quote: '"' | "'" },
): string | Refused {
  const literal = quoted(name, naming.quote);
  if (unnamed !== undefined && naming.project.environmentFile?.naming.isKnown === false) return namedOutOfSight;
  if (unnamed === 'named-by-convention' && nameIsExact) return formed(literal, naming.op);
  if (unnamed === 'named-by-database') {
    const isTaken = before?.constraints.has(name) === true || before?.indexes.has(name) === true;
    return isTaken ? madeUpByDatabase : finalName(literal, kind, naming);
  }
  return nameIsExact ? finalName(literal, kind, naming) : unknownName;
}
