import type { FilePath } from '../base/file-path.ts';
import type { Level } from '../base/level.ts';
import { nearestName } from '../base/nearest-name.ts';
import type { Span } from '../base/span.ts';
import type { DatabaseKind, Target, Version } from '../base/target.ts';
import type { Choice, PyprojectOption } from './options.ts';
import { databaseChoices, deployChoices, pyprojectOptions, ruleLevelChoices } from './options.ts';
import type { ProjectSettings, SettingProblem } from './project-settings.ts';
import { defaultProjectSettings } from './project-settings.ts';
import type { TomlEntry, TomlTable } from './toml-tree.ts';
import { readToml } from './toml-tree.ts';

export interface PyprojectReading {
  readonly settings: ProjectSettings;
  readonly problems: readonly SettingProblem[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is being read: collects problems by the key that they are about. */
interface Reading {
  readonly ruleNames: readonly string[];
  report(key: string, span: Span, complaint: string): void;
}

const section = 'tool.stepwise';

/**
 * Reads `[tool.stepwise]`. What cannot be used is a problem at its place, and the rest still applies.
 *
 * @returns `undefined` where the file does not configure Stepwise at all
 */
export function readPyproject(
  text: string,
  file: FilePath,
  ruleNames: readonly string[],
): PyprojectReading | undefined {
  // Most pyproject.toml files do not mention Stepwise, and reading TOML takes longer than reading a migration.
  if (!text.includes('stepwise')) return undefined;
  const problems: SettingProblem[] = [];
  const document = readToml(text);
  if (document.kind === 'fault') {
    if (!/tool\s*\.\s*stepwise/.test(text)) return undefined;
    const message = `This file is not valid TOML, so its ${section} does not apply: ${document.message}.`;
    return { settings: defaultProjectSettings, problems: [{ file, span: document.span, message }] };
  }
  const entry = findEntry(document, ['tool', 'stepwise']);
  if (entry === undefined) return undefined;
  const reading: Reading = {
    ruleNames,
    report: (key, span, complaint) => void problems.push({ file, span, message: `${key}: ${complaint}` }),
  };
  const settings = readSettings(entry, reading);
  return { settings, problems: problems.sort((one, other) => one.span.start - other.span.start) };
}

function findEntry(document: TomlTable, path: readonly string[]): TomlEntry | undefined {
  let table: TomlTable | undefined = document;
  let entry: TomlEntry | undefined;
  for (const key of path) {
    entry = table?.entries.get(key);
    table = entry?.value.kind === 'table' ? entry.value : undefined;
  }
  return entry;
}

function readSettings(entry: TomlEntry, reading: Reading): ProjectSettings {
  const settings: Mutable<ProjectSettings> = { ...defaultProjectSettings };
  if (entry.value.kind !== 'table') {
    reading.report(section, entry.keySpan, 'expected a table.');
    return settings;
  }
  for (const [key, each] of entry.value.entries) {
    const option = pyprojectOptions.find(({ name }) => name === key);
    if (option) readOption(option, each, settings, reading);
    else reading.report(`${section}.${key}`, each.keySpan, `there is no such option.${hint(key, optionNames())}`);
  }
  return settings;
}

function readOption(
  { name }: PyprojectOption,
  entry: TomlEntry,
  settings: Mutable<ProjectSettings>,
  reading: Reading,
): void {
  const key = `${section}.${name}`;
  switch (name) {
    case 'database':
      settings.database = readChoice<DatabaseKind>(key, entry, databaseChoices, reading);
      return;
    case 'database-version':
      settings.databaseVersion = readVersion(key, entry, reading);
      return;
    case 'django-version':
      settings.django = readVersion(key, entry, reading);
      return;
    case 'deploys':
      settings.deploys = readChoice<Target['deploys']>(key, entry, deployChoices, reading) ?? settings.deploys;
      return;
    case 'rules':
      settings.rules = readRuleLevels(key, entry, reading);
      return;
    case 'ignore':
      settings.ignore = readPatterns(key, entry, reading);
      return;
  }
}

function readChoice<T extends string>(
  key: string,
  { value }: TomlEntry,
  choices: readonly (Choice & { readonly value: T })[],
  reading: Reading,
): T | undefined {
  const written = value.kind === 'value' ? value.value : undefined;
  const choice = choices.find((each) => each.value === written);
  if (choice) return choice.value;
  const names = choices.map((each) => each.value);
  const allowed = names.map((each) => `"${each}"`).join(', ');
  const guess = typeof written === 'string' ? hint(written, names) : '';
  reading.report(key, value.span, `expected one of ${allowed}.${guess}`);
  return undefined;
}

function readVersion(key: string, { value }: TomlEntry, reading: Reading): Version | undefined {
  const written = value.kind === 'value' && typeof value.value === 'string' ? value.value : undefined;
  const match = /^(\d{1,4})(?:\.(\d{1,4}))?(?:\.\d+)*$/.exec(written ?? '');
  if (match) return [Number(match[1]), Number(match[2] ?? 0)];
  // As a number, 5.10 would be read as 5.1.
  reading.report(key, value.span, 'expected a version in quotes, like "5.2".');
  return undefined;
}

function readRuleLevels(key: string, entry: TomlEntry, reading: Reading): ProjectSettings['rules'] {
  const levels = new Map<string, Level | 'off'>();
  if (entry.value.kind !== 'table') {
    reading.report(
      key,
      entry.value.span,
      'expected a table of rules and their levels, like { rename-column = "off" }.',
    );
    return levels;
  }
  for (const [rule, each] of entry.value.entries) {
    if (!reading.ruleNames.includes(rule)) {
      reading.report(`${key}.${rule}`, each.keySpan, `there is no such rule.${hint(rule, reading.ruleNames)}`);
      continue;
    }
    const level = readChoice<Level | 'off'>(`${key}.${rule}`, each, ruleLevelChoices, reading);
    if (level) levels.set(rule, level);
  }
  return levels;
}

function readPatterns(key: string, { value }: TomlEntry, reading: Reading): readonly string[] {
  if (value.kind !== 'array') {
    reading.report(key, value.span, 'expected a list of patterns, like ["legacy/**"].');
    return [];
  }
  return value.items.flatMap((item) => {
    if (item.kind === 'value' && typeof item.value === 'string') return [item.value];
    reading.report(key, item.span, 'expected a pattern in quotes.');
    return [];
  });
}

function optionNames(): readonly string[] {
  return pyprojectOptions.map(({ name }) => name);
}

function hint(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? '' : ` Did you mean ${nearest}?`;
}
