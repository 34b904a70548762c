import type { Difference } from './difference.ts';

/** A migration that hurts, and what one of its fixes is to make of it. */
export interface FixCase {
  readonly name: string;
  readonly rule: string;
  /** The project as one text with `# file: path` headers; settings and `__init__.py` are added. */
  readonly project: string;
  /** `shop/migrations/0002_x.py`: the file that the finding and the fix are in. */
  readonly file: string;
  /** The migration before it, `0001_initial`: what is applied when the rows go in, and after rolling back. */
  readonly before: string;
  /** Django does nothing at all while the file is there: it is left out until the rows are in. */
  readonly breaksHistory?: true;
  /** SQL that fills the tables before the migration runs. */
  readonly rows?: readonly string[];
  readonly unfixed?: Unfixed;
  readonly steps: readonly [FixStep, ...FixStep[]];
}

/**
 * What the migration does as it is written: with the rows, it either runs or fails with a message that contains `fails`.
 * Where it fails, `schema` says what to compare with: its result on an empty database, or the schema before it.
 */
export type Unfixed = 'runs' | { readonly fails: string; readonly schema: 'on an empty database' | 'before' };

/** One deploy: a fix is applied and the project migrated. A second step is the rest that belongs to a later release. */
export interface FixStep {
  /** Words of the title of the fix. */
  readonly fix: string;
  /** Where it is not the case's own file: the migration that the earlier step left to complete. */
  readonly file?: string;
  /** Where it is another rule that offers the rest. */
  readonly rule?: string;
  /** The files that the fix creates. */
  readonly creates?: readonly string[];
  /** The comment that the fix is about; all others must survive. */
  readonly losesComment?: string;
  /** Milder rules that speak about what the fix makes of it: a rename is better than a loss, and still a rename. */
  readonly brings?: readonly string[];
  /** What a person fills in where a value cannot be derived. The migration must raise this text until then. */
  readonly fillIn?: FillIn;
  /** Needed for the migration to run at all; without it, it must raise this text and change nothing. */
  readonly guard?: { readonly environment: Readonly<Record<string, string>>; readonly raises: string };
  /** The final schema as compared with that of the unfixed migration. */
  readonly schema?: Difference;
  /** The final rows as compared with those of the unfixed migration; with those before it where it fails. */
  readonly rows?: Difference;
  /** The schema after rolling back as compared with the one before. */
  readonly rolledBack?: Difference;
  /** Rolling back gives the rows back as they were before the migration. */
  readonly restoresRows?: true;
  /** Written after the migration and before rolling back, with the rows that are there afterwards besides the restored ones. */
  readonly later?: { readonly sql: readonly string[]; readonly rows: readonly string[] };
  /** What cannot be taken back raises this text; then nothing is rolled back. */
  readonly irreversible?: string;
  /** With rows, rolling back raises this text; then it is tried in an empty database. */
  readonly rowsPreventRollback?: string;
}

export interface FillIn {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly raises?: string;
}
