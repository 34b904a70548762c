import type { FilePath } from '../base/file-path.ts';
import type { Level } from '../base/level.ts';
import type { Span } from '../base/span.ts';
import type { DatabaseKind, Target } from '../base/target.ts';
import type { Citation, Effects } from '../database/effects.ts';
import type { Answer } from '../fixes/fix.ts';
import type { Project } from '../project/project.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import type { Schema } from '../schema/schema.ts';
import type { Suppression } from './suppression.ts';

/** One kind of hazard: what it is, how it is told, how it is explained and mended. One file per rule. */
export interface Rule extends RunnableRule {
  readonly docs: RuleDocs;
  readonly sources: readonly Citation[];
  readonly examples: { readonly bad: readonly BadExample[]; readonly good: readonly GoodExample[] };
}

/** What checking needs of a rule. The rest makes its page, and is left out of the bundles (scripts/rule-bundling.mjs). */
export interface RunnableRule {
  /** Permanent: suppressions, settings, pages and JSON use it. */
  readonly name: string;
  readonly level: Level;
  readonly group: RuleGroup;
  /** The databases that it is about; all of them where nothing is said. On others it is silent. */
  readonly databases?: readonly DatabaseKind[];
  /** The kinds of changes that `check` begins with: of a migration without any of them it is not asked. */
  readonly kinds?: readonly Change['kind'][];
  /** One sentence, ends with a full stop. */
  readonly summary: string;
  check(migration: Migration, context: RuleContext): Iterable<Problem>;
  /** What it says about the project as a whole, at the settings that are deployed. */
  checkSettings?(settings: SettingsContext): Iterable<Problem>;
  /** Rewrites that are offered although nothing is wrong: the step of a later release, when its time has come. */
  offers?(migration: Migration, context: RuleContext): Iterable<Offer>;
}

/** The headings of the rule tables, in their order. */
export type RuleGroup =
  | 'Data loss'
  | 'Cannot be rolled back'
  | 'Fails when it runs'
  | 'Blocks a live table'
  | 'Breaks the running release'
  | 'Data migrations'
  | 'History'
  | 'Comments';

/** Markdown. */
export interface RuleDocs {
  readonly whatHappens: string;
  readonly whyItHurts: string;
  /** At least one of them. */
  readonly whatToDo: { readonly django?: string; readonly alembic?: string };
  readonly whenItIsFine: string;
}

export interface RuleContext {
  readonly target: Target;
  readonly project: Project;
  /** The schema just before one of this migration's changes. */
  before(change: Change): Schema;
  /** The schema before the migration as a whole. */
  readonly start: Schema;
  effects(change: Change): Effects;
  /** The suppressions of the file, and what each came to: complete for the rules about comments, which run last. */
  readonly suppressions: readonly Suppression[];
}

/** The settings module of a project in which its databases are set. */
export interface SettingsContext {
  readonly target: Target;
  readonly project: Project;
  /** Where `DATABASES` is written in it. */
  readonly databasesAt: Span;
}

/** What a rule yields. */
export interface Problem {
  readonly at: Span;
  /** Names the thing and what will happen. Advice is the fix's title. */
  readonly message: string;
  /** Computed when somebody asks. The first fix is the preferred one. */
  readonly fixes?: () => readonly Answer[];
  readonly related?: readonly RelatedPlace[];
  /** The rule's own level where not given. */
  readonly level?: Level;
  /** The change that is to blame, for precedence between rules and for conditional changes (one level milder). */
  readonly cause?: Change;
  /** Further changes that this problem explains: rules that yield to this one are silent about them too. */
  readonly covers?: readonly Change[];
}

export interface RelatedPlace {
  readonly file: FilePath;
  readonly span: Span;
  readonly message: string;
}

export interface Offer {
  readonly at: Span;
  /** What is owed, as a sentence: it stands in the list of owed steps even where no fix can be written for it. */
  readonly owed: string;
  readonly fix: () => readonly Answer[];
}

/**
 * `files` holds one or several files under `# file: path` headers. In the file that is checked (the last one), a line
 * of `~~~~ message` under a line of code marks the expected span and its message.
 */
export interface BadExample {
  readonly title: string;
  readonly files: string;
  /** After the fix with this title: the files that it changed or created, under `# file: path` headers. */
  readonly fixed?: readonly { readonly title: string; readonly files: string }[];
  /** The `[tool.stepwise]` of the project, where it matters. */
  readonly settings?: string;
}

export interface GoodExample {
  readonly title: string;
  readonly files: string;
  readonly settings?: string;
}
