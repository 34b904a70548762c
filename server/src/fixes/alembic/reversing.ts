import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { Schema } from '../../schema/schema.ts';
import { finalName, formed } from './final-name.ts';
import type { CallStyle } from './written-constraint.ts';
import type { PlainCode, Step } from './written-directive.ts';
import type { TypeSetting } from './written-type.ts';
import { text, type Writing } from './written-value.ts';

/** What the way back of a revision is written with. */
export interface Reversing {
  readonly writing: Writing;
  readonly migration: Migration;
  readonly project: Project;
  readonly database: TypeSetting['database'];
  /** What the file calls `alembic.op`. */
  readonly op: string;
  /** Before the revision, behind it, and before and after one of its changes. */
  readonly start: Schema;
  readonly end: Schema;
  before(change: Change): Schema;
  after(change: Change): Schema;
}

/** The steps that take a change back; undefined where it is not known how things were before. */
export type Reversed = readonly Step[] | undefined;

export function styleOf({ origin, transaction }: Change, { writing, op, project }: Reversing): CallStyle {
  const { span } = origin.call ?? origin;
  // The names of a project are formed by its convention, or as they are written.
  const isFormed = /\.f\(/.test(writing.source.text.slice(span.start, span.end));
  const isBatch = origin.within.some(
    ({ callee }) => callee.kind === 'attribute' && callee.name === 'batch_alter_table',
  );
  return {
    isBatch,
    isAutocommit: transaction === undefined,
    nameText: (name, kind) => {
      const literal = text(name, writing);
      return isFormed ? formed(literal, op) : finalName(literal, kind, { project, op });
    },
  };
}

export function settingAt(schema: Schema, { writing, database }: Reversing): TypeSetting {
  return { writing, database, schema };
}

/** SQL as a statement of its own. `op.execute` takes `:name` for a parameter. */
export function executed(
  sql: string,
  { isAutocommit }: Pick<CallStyle, 'isAutocommit'>,
  { op, writing }: Pick<Reversing, 'op' | 'writing'>,
): PlainCode {
  const sent = sql.replaceAll(/(?<![:\w\\]):(?=[a-zA-Z_])/g, '\\:');
  const literal = sent.includes('\n') ? blockText(sent) : lineText(sent, writing);
  return { kind: 'code', code: `${op}.execute(${literal})`, isAutocommit, comments: [] };
}

/** In the quotes that need no escapes. */
function lineText(sql: string, writing: Writing): string {
  const other = writing.quote === '"' ? "'" : '"';
  const isBare = !sql.includes(writing.quote) || sql.includes(other);
  return text(sql, isBare ? writing : { ...writing, quote: other });
}

/** Moved to the right, but for what is kept in the database as it is written: the body of a function. */
function blockText(sql: string): string {
  const isKept = /\$\w*\$|'[^']*\n/.test(sql);
  const escaped = sql.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"');
  if (isKept) return `"""${escaped.trim()}"""`;
  return `"""\n    ${escaped.trim().replaceAll('\n', '\n    ')}\n    """`;
}
