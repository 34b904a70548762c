import type { Span } from '../base/span.ts';
import type { DatabaseKind } from '../base/target.ts';
import { childExpressionsOf, childStatementsOf, expressionsOf } from '../syntax/child-expressions.ts';
import type { Expression, Module, Statement } from '../syntax/module.ts';

/** What one settings module says, as far as it is written down there. */
export interface SettingsModule {
  /** Databases that are named: as an engine, as the scheme of a URL, or by an app that needs one. */
  readonly databases: ReadonlySet<DatabaseKind>;
  /** `undefined` where it is not set, `'various'` where a condition or the environment decides. */
  readonly userModel: string | 'various' | undefined;
  readonly defaultAutoField: string | 'various' | undefined;
  /** App label → dotted module; `undefined` for apps without migrations. */
  readonly migrationModules: ReadonlyMap<string, string | undefined>;
}

const settingNames = ['DATABASES', 'INSTALLED_APPS', 'AUTH_USER_MODEL', 'DEFAULT_AUTO_FIELD', 'MIGRATION_MODULES'];
const settingName = new RegExp(`^[ \\t]*(?:${settingNames.join('|')})\\b`, 'm');

/** Whether a text may be that of a settings module: a cheap look before it is read. */
export function mayBeSettings(text: string): boolean {
  return settingName.test(text);
}

/** Where the setting of the databases is written, or of one of them: its name. */
export function databasesSpan(text: string): Span | undefined {
  const found = /^([ \t]*)DATABASES\b(?=[ \t]*(?:\[[^\]\n]*\][ \t]*)*(?::[^=\n]+)?=(?!=))/m.exec(text);
  if (found === null) return undefined;
  const start = found.index + (found[1]?.length ?? 0);
  return { start, end: start + 'DATABASES'.length };
}

/** `"options": "-c lock_timeout=5s"`, a setting of a database backend: anything but a comment. */
export function namesLockTimeout(text: string): boolean {
  return /^[^#\n]*lock_timeout/im.test(text);
}

/**
 * The top-level statements of a settings module that may say something; the others are left out, because a settings
 * module is long and reading it takes longer than reading all migrations of an app.
 */
export function tellingParts(text: string): string {
  const withoutDocstrings = text.replace(/^("{3}|'{3})[\s\S]*?\1/gm, '');
  // A statement begins in the first column, with anything but a comment, the end of a bracket or a further branch.
  const statements = withoutDocstrings.split(/^(?=[^\s#)\]}])(?!(?:elif|else|except|finally)\b)/m);
  return statements.filter((statement) => telling.test(statement)).join('');
}

const telling = new RegExp(
  `${settingNames.join('|')}|import \\*|postg|psql|pgsql|mysql|mariadb|sqlite|spatialite|oracle`,
);

const enginePatterns: readonly { readonly pattern: RegExp; readonly database: DatabaseKind }[] = [
  // `django.db.backends.postgresql`, `django.contrib.gis.db.backends.postgis`, `django.contrib.postgres`, …
  { pattern: /^(?=.*\.)[\w.]*(?:postgres|postgis|psqlextra)[\w.]*$/, database: 'postgresql' },
  { pattern: /^(?:postgres(?:ql)?|psql|pgsql|postgis)(?:\+\w+)?:\/\//, database: 'postgresql' },
  { pattern: /^[\w.]*\bbackends?\.mysql$|^mysql\.connector\.django$/, database: 'mysql' },
  // An app, and the engine of a service, that are for MySQL alone.
  { pattern: /^django_mysql$|^django_psdb_engine$/, database: 'mysql' },
  { pattern: /^mysql(?:2|gis)?(?:[+-]\w+)?:\/\//, database: 'mysql' },
  { pattern: /^mariadb(?:\+\w+)?:\/\//, database: 'mariadb' },
  { pattern: /^[\w.]*\bbackends?\.(?:sqlite3|spatialite)$/, database: 'sqlite' },
  { pattern: /^(?:sqlite3?|spatialite):\/\//, database: 'sqlite' },
  { pattern: /^[\w.]*\bbackends?\.oracle$/, database: 'oracle' },
  { pattern: /^oracle(?:gis)?(?:\+\w+)?:\/\//, database: 'oracle' },
];

interface Assignment {
  readonly name: string;
  readonly value: Expression;
}

export function readSettingsModule(module: Module): SettingsModule {
  const assignments = [...assignmentsIn(module.body)];
  return {
    databases: databasesIn(module),
    userModel: textSetting(assignments, 'AUTH_USER_MODEL'),
    defaultAutoField: textSetting(assignments, 'DEFAULT_AUTO_FIELD'),
    migrationModules: migrationModulesIn(assignments),
  };
}

/** Branches and classes included: django-configurations has the settings as attributes. */
function* assignmentsIn(statements: readonly Statement[]): Generator<Assignment> {
  for (const statement of statements) {
    if (statement.kind === 'assign') {
      for (const target of statement.targets) {
        if (target.kind === 'name') yield { name: target.name, value: statement.value };
      }
    } else if (statement.kind !== 'function') {
      yield* assignmentsIn(childStatementsOf(statement));
    }
  }
}

function textSetting(assignments: readonly Assignment[], name: string): string | 'various' | undefined {
  const own = assignments.filter((assignment) => assignment.name === name);
  const values = new Set(own.map(({ value }) => (value.kind === 'string' ? value.value : undefined)));
  if (values.size === 0) return undefined;
  const [only] = values;
  return values.size === 1 && only !== undefined ? only : 'various';
}

function migrationModulesIn(assignments: readonly Assignment[]): ReadonlyMap<string, string | undefined> {
  const modules = new Map<string, string | undefined>();
  for (const { name, value } of assignments) {
    if (name !== 'MIGRATION_MODULES' || value.kind !== 'dictionary') continue;
    for (const { key, value: target } of value.entries) {
      if (key?.kind !== 'string' || key.value === undefined) continue;
      if (target.kind === 'string' && target.value !== undefined) modules.set(key.value, target.value);
      else if (target.kind === 'constant' && target.value === null) modules.set(key.value, undefined);
    }
  }
  return modules;
}

/** Migrations run on the default database unless somebody says otherwise; where it tells nothing, the others may. */
function databasesIn(module: Module): ReadonlySet<DatabaseKind> {
  const ofDefault = databasesNamed(textsIn(module.body, withoutOthers));
  return ofDefault.size > 0 ? ofDefault : databasesNamed(textsIn(module.body, expressionsOf));
}

function databasesNamed(texts: Iterable<string>): ReadonlySet<DatabaseKind> {
  const databases = new Set<DatabaseKind>();
  for (const text of texts) {
    const found = enginePatterns.find(({ pattern }) => pattern.test(text));
    if (found) databases.add(found.database);
  }
  return databases;
}

/** Every string of the code; comments and docstrings are none. */
function* textsIn(
  statements: readonly Statement[],
  partsOf: (statement: Statement) => readonly Expression[],
): Generator<string> {
  for (const statement of statements) {
    const isDocstring = statement.kind === 'expression' && statement.value.kind === 'string';
    if (!isDocstring) for (const expression of partsOf(statement)) yield* textsOf(expression);
    yield* textsIn(childStatementsOf(statement), partsOf);
  }
}

/** The expressions of a statement; of `DATABASES` the default one alone. */
function withoutOthers(statement: Statement): readonly Expression[] {
  if (statement.kind !== 'assign') return expressionsOf(statement);
  const { targets, value } = statement;
  if (targets.some((target) => target.kind === 'name' && target.name === 'DATABASES') && value.kind === 'dictionary') {
    const own = value.entries.filter(({ key }) => key?.kind === 'string' && key.value === 'default');
    return own.length > 0 ? own.map((entry) => entry.value) : [value];
  }
  return targets.some(isOtherDatabase) ? [] : expressionsOf(statement);
}

/** `DATABASES["reports"]`, and what is in it. */
function isOtherDatabase(target: Expression): boolean {
  if (target.kind !== 'subscript') return false;
  const { object, index } = target;
  if (object.kind === 'subscript') return isOtherDatabase(object);
  if (object.kind !== 'name' || object.name !== 'DATABASES') return false;
  return index[0]?.kind === 'string' && index[0].value !== 'default';
}

function* textsOf(expression: Expression): Generator<string> {
  if (expression.kind === 'string') {
    // Of `f"postgres://{user}@{host}/"` the beginning tells.
    yield expression.value ?? expression.parts[0]?.literals[0] ?? '';
  }
  for (const child of childExpressionsOf(expression)) yield* textsOf(child);
}
