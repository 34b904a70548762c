import type { Node, RangeVar } from 'libpg-query';
import type { Span } from '../../base/span.ts';
import type { Change, ChangeBase } from '../../schema/change.ts';
import type { MigrationId } from '../../schema/migration-id.ts';
import type { Schema } from '../../schema/schema.ts';
import { indexAt, symbolAt, tellingSpan, type Words } from '../words.ts';
import type { PostgresqlParser } from './parser.ts';

/** A statement on its way to the changes that it makes. All offsets are within its text. */
export interface Step extends Words {
  /** The schema just before the statement. */
  readonly before: Schema;
  readonly migration: MigrationId;
  readonly parser: PostgresqlParser;
  /** What a tree makes, for statements inside others. */
  readonly lower: (node: Node, step: Step) => readonly Change[];
  /** Where in a PL/pgSQL body it stands; undefined for a statement of its own. */
  readonly inBody: { readonly inLoop: boolean; readonly guarded: boolean } | undefined;
  /** The statement is sent again and again, with other values for its parameters and what is filled in. */
  readonly repeats: boolean;
  /** Where something was put in the place of what is only known when the statement runs. */
  readonly guesses: readonly Span[];
  /** Where a node of the statement's tree begins. */
  offsetOf(location: number | undefined): number;
  /**
   * What every change tells, whatever it does.
   *
   * @param name `ALTER TABLE`
   * @param at the part of the statement to underline
   */
  facts(name: string, at: Span): ChangeBase;
}

/** The step for another part of the same statement, with the schema as it is by then. */
export function after(step: Step, before: Schema): Step {
  return { ...step, before };
}

/** The index behind the name of a table: `public.orders`. */
export function afterTable(relation: RangeVar | undefined, step: Step): number {
  let index = indexAt(step, step.offsetOf(relation?.location)) + 1;
  while (symbolAt(step, index) === '.') index += 2;
  return index;
}

/** The name of a table with its schema. */
export function tableSpan(relation: RangeVar, step: Step): Span {
  return tellingSpan(step, indexAt(step, step.offsetOf(relation.location)), afterTable(relation, step));
}

/** From the first word of the statement to the name of its table: `CREATE TABLE IF NOT EXISTS orders`. */
export function headSpan(relation: RangeVar | undefined, step: Step): Span {
  return tellingSpan(step, 0, afterTable(relation, step));
}
