import type { FilePath } from '../base/file-path.ts';
import type { SettingProblem } from '../config/project-settings.ts';
import type { Files } from '../project/files.ts';
import { openWorkspace } from '../project/open-workspace.ts';
import type { ProjectProblem } from '../project/project.ts';
import type { Workspace } from '../project/workspace.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { SqlParserSource } from '../sql/postgresql/parser-source.ts';
import type { PythonParser } from '../syntax/parser.ts';
import { type CheckOptions, checkFile, type OfferedFix, offersOf, type RuleFailure } from './check.ts';
import { effectsMemory } from './effects-memory.ts';
import type { Finding } from './finding.ts';
import { collectSettings } from './settings.ts';

/** A folder with its projects, its settings and what the rules say about its migrations. */
export interface CheckedWorkspace {
  /** Documents and changes on the disk are told to it. */
  readonly workspace: Workspace;
  /** The migrations that are reported on, in the order in which they run: checking them so judges each only once. */
  migrationFiles(): readonly FilePath[];
  /** The settings that are reported on: of each project the module in which its databases are set. */
  settingsFiles(): readonly FilePath[];
  check(file: FilePath): readonly Finding[];
  offers(file: FilePath): readonly OfferedFix[];
  /** What could not be read, settings aside. */
  readProblems(): readonly ProjectProblem[];
  settingProblems(): readonly SettingProblem[];
}

export interface CheckedWorkspaceOptions {
  readonly root: FilePath;
  readonly files: Files;
  readonly parser: PythonParser;
  /** Whatever asks about migrations throws a {@link SqlParserNeededError} while it is needed and not loaded. */
  readonly sqlParser: SqlParserSource;
  readonly rules: readonly RunnableRule[];
  readonly onRuleFailure: (failure: RuleFailure) => void;
}

export function openCheckedWorkspace(options: CheckedWorkspaceOptions): CheckedWorkspace {
  const settings = collectSettings(options.rules.map(({ name }) => name));
  const workspace = openWorkspace({
    root: options.root,
    files: options.files,
    parser: options.parser,
    sqlParser: () => options.sqlParser.current(),
    decisionsIn: (pyproject, text) => settings.read(pyproject, text),
  });
  // What is wrong with a history, or with a project, can be told only by who sees all of it.
  const farSighted = options.rules.filter(
    ({ group, checkSettings }) => group === 'History' || checkSettings !== undefined,
  );
  const needsAll = new Set(farSighted.map(({ name }) => name));
  const isBlind = (rule: string) => options.files.isPartial === true && needsAll.has(rule);
  const checkOptions: CheckOptions = {
    rules: options.rules,
    chosenLevel: (rule, file) => (isBlind(rule) ? 'off' : settings.settingsFor(file).rules.get(rule)),
    isIgnored: (file) => settings.isIgnored(file),
    onRuleFailure: options.onRuleFailure,
    effects: effectsMemory(),
  };
  return {
    workspace,
    migrationFiles: () =>
      workspace.projects.flatMap(({ files }) => [...files.keys()]).filter((file) => !settings.isIgnored(file)),
    settingsFiles() {
      const files = workspace.projects.flatMap(({ connection }) => connection.databases?.file ?? []);
      return [...new Set(files)].filter((file) => !settings.isIgnored(file));
    },
    check: (file) => checkFile(workspace.projectOf(file), file, checkOptions),
    offers: (file) => offersOf(workspace.projectOf(file), file, checkOptions),
    readProblems: () => workspace.projects.flatMap(({ problems }) => problems),
    settingProblems() {
      // Settings are read when the projects are laid out.
      return workspace.projects.length === 0 ? [] : settings.problems;
    },
  };
}
