import type { Difference } from '../difference.ts';

/** What the proof has to know of an example of a rule beyond what it shows. */
export interface ExampleProof {
  /** Files that the example leaves out, with `# file: path` headers: the history before it, modules that it imports. */
  readonly history?: string;
  /** Files that Django needs and that Stepwise does not see. */
  readonly hidden?: readonly string[];
  /** SQL that makes the tables that the example takes for granted, before its migration. */
  readonly tables?: readonly string[];
  /** Texts of the example that cannot run here, with what takes their place. */
  readonly adapted?: Readonly<Record<string, string>>;
  /** Texts of the example that Django before 5.0 does not know, with what takes their place there. */
  readonly inOldWords?: Readonly<Record<string, string>>;
  /** The first release that knows what it shows: before that nobody can write it. */
  readonly since?: string;
  /** SQL that fills the tables before the migration; what it leaves empty gets rows that are made up. */
  readonly rows?: readonly string[];
  /** The fixes that leave something different behind, or stop until something is written in, by title. */
  readonly fixes?: Readonly<Record<string, FixProof>>;
}

export interface FixProof {
  /** The first release that it is offered on, for a reason that stands beside it. */
  readonly since?: string;
  /** The schema after the deploy, as compared with that after the unfixed migration. */
  readonly schema?: Difference;
  readonly rows?: Difference;
  /** Columns that have other values each time: they are not compared. */
  readonly volatile?: readonly string[];
  /** The same at the end, when all steps of later releases are done. Nothing differs where nothing is said. */
  readonly finally?: { readonly schema?: Difference; readonly rows?: Difference };
  /** The schema after rolling back, as compared with the one before. */
  readonly rolledBack?: Difference;
  /** What a person writes where the fix stops on purpose; the text before it and after it. */
  readonly fillIn?: Readonly<Record<string, string>>;
  /** The release before writes nothing while the migrations run: what it might write the wanted schema refuses. */
  readonly between?: 'nothing';
  /** What the release before cannot do any more, for a reason that the fix is not about: `shop.Order: insert_all`. */
  readonly oldFails?: readonly string[];
  /** What `makemigrations` would write where models that are made up do not fit. */
  readonly pending?: readonly string[];
  /** Migrating back raises this text. */
  readonly irreversible?: string;
}
