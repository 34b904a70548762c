import type { AlembicRevision } from '../../alembic/revision-file.ts';
import { namesIn } from '../../syntax/names.ts';
import { carriedCode, codeOf } from '../carried-code.ts';
import { namesBoundBy } from '../edits/top-level.ts';
import type { Refused } from '../fix.ts';
import { usesOwnNames } from '../refusals.ts';
import type { StatementPlace } from './revision-site.ts';

/** What moved statements need to mean the same in another revision. */
export interface CodeAround {
  readonly imports: readonly string[];
  /** Constants and functions of the file. */
  readonly code: string;
}

/** What Alembic reads of a revision. */
const alembicsNames = new Set(['revision', 'down_revision', 'branch_labels', 'depends_on', 'upgrade', 'downgrade']);

/** Refuses where statements use what the function itself, or the revision, gives a value to. */
export function codeAround(
  source: AlembicRevision,
  places: readonly StatementPlace[],
  statements: readonly string[],
): CodeAround | Refused {
  const local = new Set(places.flatMap(({ definition }) => definition.body.flatMap(namesBoundBy)));
  if (statements.some((statement) => [...namesIn(statement).keys()].some((name) => local.has(name))))
    return usesOwnNames;
  const carried = carriedCode(source, statements);
  if (carried === undefined) return usesOwnNames;
  if (carried.definitions.some(({ names }) => names.some((name) => alembicsNames.has(name)))) return usesOwnNames;
  return {
    imports: carried.imports.filter((line) => !/^from alembic import op\b/.test(line)),
    code: codeOf(source, carried.definitions),
  };
}
