import type { Schema } from '../../../schema/schema.ts';
import type { TableName } from '../../../schema/table-name.ts';

/** A statement as it is sent for a change. */
export interface SentStatement {
  /** Without a semicolon at its end. What is not known of it stands as a variable: `:type`. */
  readonly sql: string;
  /** Sentences about what is not known, and about what cannot be written as SQL; then `sql` may be empty. */
  readonly notes: readonly string[];
  /** At once, or when all that the operation or the migration does besides is done. */
  readonly when: 'at once' | 'operation done' | 'migration done';
  /** What a statement that waits names: it changes with that, or goes with it. */
  readonly names: readonly NamedColumns[];
}

export interface NamedColumns {
  readonly table: TableName;
  readonly columns: readonly string[];
}

/** What a statement is written by. */
export interface DdlSetting {
  /** The schema just before the change. */
  readonly before: Schema;
  /** What the migration sends when it is done with everything else, as far as it is known already. */
  readonly waiting: readonly SentStatement[];
}

/** Collects what is not known while a statement is written. */
export interface Draft {
  readonly notes: string[];
}

type Unknown = 'type' | 'default' | 'expression' | 'condition' | 'constraint' | 'name' | 'column' | 'columns' | 'value';

const reasons: Readonly<Record<Unknown, string>> = {
  type: ':type is chosen by code that is not read here.',
  default: ':default is only known when the migration runs.',
  expression: ':expression cannot be written without running its code.',
  condition: ':condition cannot be written without running its code.',
  constraint: ':constraint cannot be written without running its code.',
  name: ':name is found, or made up, when the migration runs.',
  column: ':column is that of a table which no migration in sight creates.',
  value: ':value is only known when the migration runs.',
  columns: ':columns could not all be read.',
};

/** A variable for what is not known; why it is not stands in a note. */
export function unknownPart(part: Unknown, draft: Draft): string {
  const note = reasons[part];
  if (!draft.notes.includes(note)) draft.notes.push(note);
  return `:${part}`;
}

/** One statement, sent at once. */
export function sent(write: (draft: Draft) => string): SentStatement {
  const draft: Draft = { notes: [] };
  return { sql: write(draft), notes: draft.notes, when: 'at once', names: [] };
}

/** The same statement, sent when the migration is done with everything else. */
export function sentLast(statement: SentStatement, names: readonly NamedColumns[]): SentStatement {
  return { ...statement, when: 'migration done', names };
}

/** What one operation sends while it runs, in order. */
export function sentTogether(statements: readonly SentStatement[]): readonly SentStatement[] {
  return [
    ...statements.filter(({ when }) => when === 'at once'),
    ...statements.filter(({ when }) => when === 'operation done'),
  ];
}
