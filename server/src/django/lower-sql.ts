import type { Span } from '../base/span.ts';
import type { Change, ChangeBase, RunSql, SqlHole } from '../schema/change.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { Schema } from '../schema/schema.ts';
import { filledHole } from '../sql/filled-source.ts';
import { lowerScript } from '../sql/lower-script.ts';
import type { PlaceholderStyle } from '../sql/placeholders.ts';
import { readScript, type SqlScript } from '../sql/script.ts';
import { type SqlTextSetting, sqlTextOf } from '../sql/sql-text.ts';
import type { CallExpression, Module } from '../syntax/module.ts';
import type { Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import type { LoweringContext } from './lowering-context.ts';
import { SchemaSoFar } from './schema-so-far.ts';
import { given } from './values.ts';

/** One string that goes to the database as it is. */
export interface SentSql {
  readonly value: Value;
  readonly placeholders: PlaceholderStyle;
  /** The values that are sent beside it. */
  readonly parameters?: Value | undefined;
}

/** Where SQL is sent, and what its changes have in common. */
export interface SendingSetting {
  readonly context: Pick<LoweringContext, 'target' | 'sqlParser' | 'sourceOf'>;
  readonly migration: MigrationId;
  /** The migration's own file. */
  readonly module: Module;
  readonly call: CallExpression | undefined;
  readonly within: readonly CallExpression[];
  /** What to underline for SQL that is written in another file. */
  readonly fallback: Span;
  readonly common: Pick<ChangeBase, 'applies' | 'transaction' | 'certainty' | 'reverse'>;
  /** It is sent again and again, with other values. */
  readonly repeats: boolean;
  readonly fill: SqlTextSetting['fill'];
  /** The schema just before. */
  before(): Schema;
}

/** What is sent, as far as it can be told, and what it changes. */
export interface LoweredSql {
  readonly statements: RunSql['statements'];
  readonly holes: readonly SqlHole[];
  /** Some of the texts are not known at all. */
  readonly isUnread: boolean;
  readonly changes: readonly Change[];
}

/**
 * The SQL of a `RunSQL`: one string, or a list of strings and of pairs of a string and its parameters. A string with
 * parameters is formatted, one without is sent as it is.
 */
export function sentByRunSql(sql: Value | undefined): readonly (SentSql | undefined)[] {
  if (sql === undefined) return [undefined];
  if (!isSequence(sql)) return [{ value: sql, placeholders: 'none' }];
  const sent = sql.items.map((item): SentSql => {
    const [value = item, params] = isSequence(item) ? item.items : [item];
    const parameters = given(params);
    return { value, placeholders: parameters === undefined ? 'none' : 'format', parameters };
  });
  return sql.partial ? [...sent, undefined] : sent;
}

/** @throws {SqlParserNeededError} where there is SQL for PostgreSQL and its parser is not loaded */
export function lowerSql(sent: readonly (SentSql | undefined)[], setting: SendingSetting): LoweredSql {
  const soFar = new SchemaSoFar(setting.before(), setting.migration);
  const changes: Change[] = [];
  const textOf = (module: Module) => setting.context.sourceOf(module)?.text;
  const holes: SqlHole[] = [];
  let isUnread = false;
  const statements = sent.map((each) => {
    const script = each && scriptOf(each, setting);
    if (script === undefined) {
      isUnread = true;
      return undefined;
    }
    for (const hole of script.sql.holes) {
      if (hole.module === setting.module) holes.push(filledHole(hole, textOf));
    }
    const made = changesOf(script, soFar.now(), setting);
    soFar.add(made);
    changes.push(...made);
    return script.sql.holes.length > 0 ? undefined : script.sql.text;
  });
  return { statements, holes, isUnread, changes };
}

function scriptOf({ value, placeholders }: SentSql, { context, fill }: SendingSetting): SqlScript | undefined {
  const sql = sqlTextOf(value, { textOf: (module) => context.sourceOf(module)?.text, fill });
  if (sql === undefined) return undefined;
  const { database } = context.target;
  const parser = database === 'postgresql' ? context.sqlParser() : undefined;
  return readScript(sql, { database, placeholders, parser }) ?? { sql, database, statements: [] };
}

function changesOf(script: SqlScript, before: Schema, setting: SendingSetting): readonly Change[] {
  const { context, migration, module, fallback, call, within, common, repeats } = setting;
  const parser = context.target.database === 'postgresql' ? context.sqlParser() : undefined;
  const fileOf = (each: Module) => context.sourceOf(each)?.file;
  return lowerScript(script, { fileOf, migration, before, module, fallback, call, within, common, repeats, parser });
}
