import type { FilePath } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import { shiftSpan } from '../base/span.ts';
import { applyOnce } from '../schema/apply-once.ts';
import type { Change, ChangeBase, SqlOrigin } from '../schema/change.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { Schema } from '../schema/schema.ts';
import type { CallExpression, Module } from '../syntax/module.ts';
import { castStringsIn } from './cast-strings.ts';
import { lowerClassified } from './classified/lower.ts';
import { classify } from './classify.ts';
import { fileSpanOf, isWrittenIn, placeElsewhere } from './literal-map.ts';
import { lowerTree } from './postgresql/lower.ts';
import { lowerRead } from './postgresql/lower-read.ts';
import { bytesOf, longestName } from './postgresql/names.ts';
import type { PostgresqlParser } from './postgresql/parser.ts';
import type { ScriptStatement, SqlScript } from './script.ts';
import { isStandIn } from './stand-in.ts';
import { contentOf } from './string-content.ts';

/** Where a script is sent, and what its changes have in common. */
export interface LoweringSetting {
  readonly migration: MigrationId;
  /** The schema just before the script. */
  readonly before: Schema;
  /** The migration's own file: places in others are left out. */
  readonly module: Module;
  /** What to underline for what is written in another file. */
  readonly fallback: Span;
  /** Undefined for a module that is not at hand. */
  fileOf(module: Module): FilePath | undefined;
  /** The Python call that sends it, and what that stands in. */
  readonly call: CallExpression | undefined;
  readonly within: readonly CallExpression[];
  readonly common: Pick<ChangeBase, 'applies' | 'transaction' | 'certainty' | 'reverse'>;
  /** It is sent again and again, with other values for what is filled in. */
  readonly repeats: boolean;
  readonly parser: PostgresqlParser | undefined;
}

/** The changes that a script makes, in order. Each statement meets the schema as those before it leave it. */
export function lowerScript(script: SqlScript, setting: LoweringSetting): readonly Change[] {
  const changes: Change[] = [];
  let { before } = setting;
  for (const [position, statement] of script.statements.entries()) {
    for (const change of lowerStatement(statement, position, script, { ...setting, before })) {
      changes.push(change);
      before = applyOnce(before, change, setting.migration);
    }
  }
  return changes;
}

function lowerStatement(
  statement: ScriptStatement,
  position: number,
  script: SqlScript,
  setting: LoweringSetting,
): readonly Change[] {
  const { before, migration, parser, repeats } = setting;
  const { read } = statement;
  const facts = factsOf(statement, position, script, setting);
  if (read === undefined || parser === undefined) {
    const classified = classify(statement.text, statement.tokens);
    return lowerClassified(classified, { before, migration, facts: withOptions(facts, classified.options) });
  }
  const { text, tokens } = read;
  const step = {
    text,
    guesses: [],
    tokens,
    before,
    migration,
    parser,
    facts,
    lower: lowerTree,
    inBody: undefined,
    repeats,
    offsetOf: () => 0,
  };
  return lowerRead(read, step);
}

type Facts = (name: string, at: Span) => ChangeBase;

/** Makes what every change of a statement tells. */
function factsOf(
  statement: ScriptStatement,
  position: number,
  script: SqlScript,
  { module, fallback, call, within, common, migration, fileOf }: LoweringSetting,
): Facts {
  const { start } = statement.span;
  const placeOf = (part: Span): Span | undefined =>
    fileSpanOf(script.sql, shiftSpan(part, start), module, statement.span);
  const isEditable = (part: Span): boolean => isWrittenIn(script.sql, shiftSpan(part, start), module);
  const together = script.statements.length;
  // PostgreSQL runs the statements of one string in one transaction, unless there is one around them already.
  const implicitTransaction = script.database === 'postgresql' && together > 1 && common.transaction === undefined;
  const parts = { position, together, implicitTransaction };
  const sql: SqlOrigin = { ...originOf(statement, placeOf), ...parts, placeOf, isEditable };
  const span = placeOf({ start: 0, end: statement.text.length }) ?? fallback;
  const whole = implicitTransaction
    ? fileSpanOf(script.sql, { start: 0, end: script.sql.text.length }, module)
    : undefined;
  const transaction = implicitTransaction ? `${migration}:${(whole ?? fallback).start}` : common.transaction;
  const origin = { kind: 'sql-statement', span, call, within, sql } as const;
  return (name, at) => {
    const writtenIn = placeElsewhere(script.sql, shiftSpan(at, start), module, fileOf);
    return {
      ...common,
      transaction,
      at: placeOf(at) ?? fallback,
      origin: writtenIn === undefined ? { ...origin, name } : { ...origin, name, writtenIn },
    };
  };
}

function withOptions(facts: Facts, options: SqlOrigin['options']): Facts {
  return (name, at) => {
    const base = facts(name, at);
    const { sql } = base.origin;
    return sql === undefined ? base : { ...base, origin: { ...base.origin, sql: { ...sql, options } } };
  };
}

function originOf(
  { text, tokens, comments }: ScriptStatement,
  placeOf: SqlOrigin['placeOf'],
): Pick<SqlOrigin, 'text' | 'comments' | 'strings' | 'castStrings' | 'longNames' | 'inBody' | 'options'> {
  const longNames = tokens.flatMap((token) => {
    if (token.end - token.start <= longestName / 4 || (token.kind !== 'word' && token.kind !== 'quoted')) return [];
    const at = placeOf(token);
    if (at === undefined) return [];
    const name = token.kind === 'quoted' ? contentOf(text, token).text : text.slice(token.start, token.end);
    return bytesOf(name) > longestName && !isStandIn(name) ? [{ name, at }] : [];
  });
  const strings = tokens.filter(({ kind }) => kind === 'string').map((token) => contentOf(text, token).text);
  const castStrings = castStringsIn(text, tokens);
  return { text, comments, strings, castStrings, longNames, inBody: false, options: new Map() };
}
