import type { FilePath } from '../base/file-path.ts';
import { type Level, milder } from '../base/level.ts';
import type { Span } from '../base/span.ts';
import type { Target } from '../base/target.ts';
import type { JudgedMigration, Project } from '../project/project.ts';
import type { Problem, RelatedPlace, RunnableRule } from '../rules/rule.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { SqlParserNeededError } from '../sql/postgresql/parser-source.ts';
import { ParserDiedError } from '../syntax/parser.ts';
import type { EffectsMemory } from './effects-memory.ts';
import { compareFindings, type Finding } from './finding.ts';
import { type CheckedPlace, type Fixable, fixableAt } from './fixable.ts';
import { applyPrecedence } from './precedence.ts';
import { ruleBookOf } from './rule-book.ts';
import { ruleContextOf } from './rule-context.ts';
import { type Suppressions, suppressionsOf } from './suppressions.ts';

export interface CheckOptions {
  /** All rules there are: names in suppressions are looked up here. */
  readonly rules: readonly RunnableRule[];
  /** The level that somebody chose for a rule; it also replaces what the rule says about single problems. */
  readonly chosenLevel: (rule: string, file: FilePath) => Level | 'off' | undefined;
  /** Files that are read but not judged. */
  readonly isIgnored: (file: FilePath) => boolean;
  readonly onRuleFailure: (failure: RuleFailure) => void;
  readonly effects: EffectsMemory;
}

/** A rule threw. Its findings in this file are lost, all others stand. */
export interface RuleFailure {
  readonly rule: string;
  readonly file: FilePath;
  readonly error: unknown;
}

interface RuleProblem {
  readonly rule: RunnableRule;
  readonly problem: Problem;
}

/** The findings of one migration, by place. */
function checkMigration(project: Project, id: MigrationId, options: CheckOptions): readonly Finding[] {
  const judged = project.migration(id);
  if (judged === undefined || options.isIgnored(judged.migration.file)) return [];
  return checkJudged(project, judged, options);
}

/** The findings of one file; none for a file that holds neither a migration nor the settings of the databases. */
export function checkFile(project: Project, file: FilePath, options: CheckOptions): readonly Finding[] {
  const judged = project.migrationAt(file);
  return judged === undefined
    ? checkSettings(project, file, options)
    : checkMigration(project, judged.migration.id, options);
}

/** What is wrong with the project as a whole is told where its databases are set. */
function checkSettings(project: Project, file: FilePath, options: CheckOptions): readonly Finding[] {
  const { databases } = project.connection;
  if (databases?.file !== file || options.isIgnored(file)) return [];
  const context = { target: project.target, project, databasesAt: databases.at };
  return options.rules.flatMap((rule) => {
    if (rule.checkSettings === undefined || options.chosenLevel(rule.name, file) === 'off') return [];
    if (!isAbout(rule, project)) return [];
    try {
      return Array.from(rule.checkSettings(context), (problem) =>
        toFinding(rule, problem, { file, id: undefined, project }, options),
      );
    } catch (error) {
      return lost(rule, file, error, options);
    }
  });
}

function checkJudged(project: Project, judged: JudgedMigration, options: CheckOptions): readonly Finding[] {
  const { migration } = judged;
  const book = ruleBookOf(options.rules);
  const suppressions = suppressionsOf(migration, project.source(migration.id), book.names);
  const isOff = (name: string): boolean => options.chosenLevel(name, migration.file) === 'off';
  const undecided = new Set(book.aboutComments.map(({ name }) => name));
  const wasJudged = (name: string): boolean => migration.complete && !undecided.has(name) && !isOff(name);
  const context = ruleContextOf(project, judged, options.effects, () => suppressions.outcome(wasJudged));
  const run = (rules: readonly RunnableRule[]): readonly RuleProblem[] => {
    const problems: RuleProblem[] = [];
    for (const rule of rules) {
      if (isOff(rule.name) || !isAbout(rule, context)) continue;
      try {
        // All of them or none: what a rule found before it failed may be half of the truth.
        for (const problem of [...rule.check(migration, context)]) problems.push({ rule, problem });
      } catch (error) {
        undecided.add(rule.name);
        lost(rule, migration.file, error, options);
      }
    }
    return problems;
  };

  const { kept, yielded } = applyPrecedence(run(book.concerning(migration.forward)));
  const open = withoutSilenced(kept, suppressions);
  // A comment that names the rule that yielded has done its work too.
  withoutSilenced(yielded, suppressions);
  // Rules about comments judge what the others left of the suppressions, so they run last.
  const aboutComments = withoutSilenced(run(book.aboutComments), suppressions);

  const place = { file: migration.file, id: migration.id, project };
  const findings = [...open, ...aboutComments].map(({ rule, problem }) => toFinding(rule, problem, place, options));
  return withoutDuplicates(findings).sort(compareFindings);
}

/** Whether the rule knows the database that is migrated. */
function isAbout({ databases }: RunnableRule, { target }: { readonly target: Target }): boolean {
  return databases === undefined || databases.includes(target.database);
}

/** A rule that throws loses its own findings. A dead parser takes the process with it; one that is needed will come. */
function lost(rule: RunnableRule, file: FilePath, error: unknown, options: CheckOptions): [] {
  if (error instanceof ParserDiedError || error instanceof SqlParserNeededError) throw error;
  options.onRuleFailure({ rule: rule.name, file, error });
  return [];
}

function withoutSilenced(problems: readonly RuleProblem[], suppressions: Suppressions): readonly RuleProblem[] {
  return problems.filter(({ rule, problem }) => !suppressions.silences(rule, problem));
}

function toFinding(rule: RunnableRule, problem: Problem, place: CheckedPlace, options: CheckOptions): Finding {
  const { file, id } = place;
  const chosen = options.chosenLevel(rule.name, file);
  const level = chosen === undefined || chosen === 'off' ? (problem.level ?? rule.level) : chosen;
  const { fixes, refusals } = fixableAt(place, rule, problem.fixes, (error) => lost(rule, file, error, options));
  return {
    fixes,
    refusals,
    rule,
    level: problem.cause?.certainty === 'conditional' ? milder(level) : level,
    message: problem.message,
    file,
    span: problem.at,
    migration: id,
    related: relatedPlaces(problem),
  };
}

/** What SQL of another file does is underlined where the migration sends it. */
function relatedPlaces({ related = [], cause }: Problem): readonly RelatedPlace[] {
  const place = cause?.origin.writtenIn;
  if (place === undefined || related.some(({ file }) => file === place.file)) return related;
  return [...related, { ...place, message: 'It is written here.' }];
}

/** A loop that was unfolded reports its body once per turn. */
function withoutDuplicates(findings: readonly Finding[]): Finding[] {
  const byKey = new Map<string, Finding>();
  for (const finding of findings) {
    const { rule, span, message } = finding;
    const key = `${rule.name} ${span.start} ${span.end} ${message}`;
    if (!byKey.has(key)) byKey.set(key, finding);
  }
  return [...byKey.values()];
}

/** A rewrite that is offered although nothing is wrong: the step of a later release. */
export interface OfferedFix extends Fixable {
  readonly rule: RunnableRule;
  readonly file: FilePath;
  readonly migration: MigrationId;
  readonly span: Span;
  /** What is owed, as a sentence. */
  readonly owed: string;
}

export function offersOf(project: Project, file: FilePath, options: CheckOptions): readonly OfferedFix[] {
  const judged = project.migrationAt(file);
  if (judged === undefined || options.isIgnored(file)) return [];
  const context = ruleContextOf(project, judged, options.effects, () => []);
  const place = { file, id: judged.migration.id, project };
  return options.rules.flatMap((rule) => {
    if (rule.offers === undefined || options.chosenLevel(rule.name, file) === 'off') return [];
    if (!isAbout(rule, project)) return [];
    try {
      return Array.from(rule.offers(judged.migration, context), ({ at, owed, fix }) => ({
        ...fixableAt(place, rule, fix, (error) => lost(rule, file, error, options)),
        rule,
        file,
        migration: judged.migration.id,
        span: at,
        owed,
      }));
    } catch (error) {
      return lost(rule, file, error, options);
    }
  });
}
