import type { AlembicRevision } from '../../alembic/revision-file.ts';
import { namesIn } from '../../syntax/names.ts';
import { carriedCode, codeOf } from '../carried-code.ts';
import { namesBoundBy } from '../edits/top-level.ts';
import type { StatementPlace } from './revision-site.ts';

/** What moved statements need to mean the same in another revision. */
export interface CodeAround {
  readonly imports: readonly string[];
  /** Constants and functions of the file. */
  readonly code: string;
}

/** What Alembic reads of a revision. */
const alembicsNames = new Set(['revision', 'down_revision', 'branch_labels', 'depends_on', 'upgrade', 'downgrade']);

/** Undefined where statements use what the function itself, or the revision, gives a value to. */
export function codeAround(
  source: AlembicRevision,
  places: readonly StatementPlace[],
  statements: readonly string[],
): CodeAround | undefined {
  const local = new Set(places.flatMap(({ definition }) => definition.body.flatMap(namesBoundBy)));
  if (statements.some((statement) => [...namesIn(statement).keys()].some((name) => local.has(name)))) return undefined;
  const carried = carriedCode(source, statements);
  if (carried === undefined) return undefined;
  if (carried.definitions.some(({ names }) => names.some((name) => alembicsNames.has(name)))) return undefined;
  return {
    imports: carried.imports.filter((line) => !/^from alembic import op\b/.test(line)),
    code: codeOf(source, carried.definitions),
  };
}
