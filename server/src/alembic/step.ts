import type { Span } from '../base/span.ts';
import type { Target } from '../base/target.ts';
import type { Change, ChangeBase, Opaque } from '../schema/change.ts';
import type { Schema } from '../schema/schema.ts';
import { type TableName, tableName } from '../schema/table-name.ts';
import type { PostgresqlParser } from '../sql/postgresql/parser.ts';
import type { Module } from '../syntax/module.ts';
import type { PerformedCall } from '../syntax/performed-call.ts';
import type { Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import { type ColumnSetting, writtenNameOf } from './columns.ts';
import type { Directive } from './directives.ts';
import type { Naming, WrittenName } from './naming.ts';
import type { AlembicRevision } from './revision-file.ts';

/** What the changes of a revision depend on besides the revisions before it. */
export interface RevisionContext {
  readonly target: Target;
  readonly naming: Naming;
  /** Whether env.py or the URL opens the session with UTC as its time zone. */
  readonly isInUtc: boolean;
  sourceOf(module: Module): { readonly file: string; readonly module: Module; readonly text: string } | undefined;
  /** @throws {SqlParserNeededError} while it is not loaded */
  sqlParser(): PostgresqlParser | undefined;
}

/** One call that is lowered. */
export interface Step {
  readonly performed: PerformedCall;
  readonly source: AlembicRevision;
  readonly context: RevisionContext;
  /** The schema just before it. */
  readonly before: Schema;
  readonly base: ChangeBase;
}

export interface DirectiveStep extends Step {
  readonly directive: Directive;
}

export function argumentOf({ directive }: DirectiveStep, name: string): Value | undefined {
  const value = directive.arguments.get(name);
  return value?.kind === 'constant' && value.value === null ? undefined : value;
}

export function textArgument(step: DirectiveStep, name: string): string | undefined {
  return nameOf(argumentOf(step, name));
}

/** The name that a constraint or an index is given. */
export function writtenName(step: DirectiveStep, name: string): WrittenName | undefined {
  return writtenNameOf(argumentOf(step, name));
}

/** A name as it is written, or in `op.f("…")`, `quoted_name(…)`. */
export function nameOf(value: Value | undefined): string | undefined {
  return writtenNameOf(value)?.text;
}

/** The strings of a list. Undefined where one of them is not known. */
export function namesOf(value: Value | undefined): readonly string[] | undefined {
  if (!isSequence(value) || value.partial) return undefined;
  const names = value.items.map(nameOf);
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** The table that a directive is about; undefined where its name is not known. */
export function tableArgument(step: DirectiveStep, name = 'table_name', schema = 'schema'): TableName | undefined {
  const table = textArgument(step, name);
  return table === undefined ? undefined : tableName(table, textArgument(step, schema));
}

export function columnSetting(table: TableName, { context, source }: Step): ColumnSetting {
  return { table, database: context.target.database, bornIn: source.revision, naming: context.naming };
}

/** Where a value is written in the revision's own file; the call where it is not. */
export function placeOf(value: Value | undefined, { base, source }: Step): Span {
  if (value === undefined) return base.at;
  if (value.module === source.module) return value.at.span;
  return value.via?.module === source.module ? value.via.at.span : base.at;
}

/** Says that a call cannot be analyzed, and why. */
export function opaque({ base }: Step, reason: string): Opaque {
  return { ...base, kind: 'Opaque', reason };
}

export function unknownTable(step: DirectiveStep): readonly Change[] {
  return [opaque(step, `the table of ${step.directive.name} is only known at run time`)];
}
