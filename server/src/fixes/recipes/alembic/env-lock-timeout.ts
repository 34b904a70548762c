import type { Span } from '../../../base/span.ts';
import { containsSpan } from '../../../base/span.ts';
import type { Project } from '../../../project/project.ts';
import { childStatementsOf } from '../../../syntax/child-expressions.ts';
import { dottedNameOf } from '../../../syntax/dotted-name.ts';
import type { Expression, Statement } from '../../../syntax/module.ts';
import { insertBefore } from '../../edits/function-body.ts';
import { isFirstOnLine } from '../../edits/layout.ts';
import type { Fix } from '../../fix.ts';
import { lockTimeoutValue } from '../lock-timeout.ts';

/**
 * Lets every revision give up waiting for a lock: a setting of the session, made just before the revisions run. Alembic
 * has begun its own transaction by then; a statement that is sent before would begin one that it leaves open.
 */
export function envLockTimeout({ connection, module }: Project): readonly Fix[] {
  const { databases } = connection;
  const env = databases && module(databases.file);
  if (databases === undefined || env === undefined) return [];
  const { text } = env;
  const run = runAfter(databases.at, env.module.body);
  if (run === undefined || !isFirstOnLine(text, run.statement.span.start)) return [];
  const line = `${run.context}.execute("SET lock_timeout = '${lockTimeoutValue}'")`;
  return [
    {
      title: `Give up waiting for a lock after ${lockTimeoutValue}, in every revision: SET lock_timeout in env.py`,
      safety: 'review',
      edits: [{ kind: 'change', file: databases.file, edits: [insertBefore(text, run.statement, [line])] }],
    },
  ];
}

interface Run {
  readonly statement: Statement;
  /** What `run_migrations` is called on. */
  readonly context: string;
}

/** The `context.run_migrations()` that follows the place where the context is configured, in the same function. */
function runAfter(configured: Span, statements: readonly Statement[]): Run | undefined {
  for (const statement of statements) {
    if (statement.kind === 'function') {
      const inside = containsSpan(statement.span, configured) ? runAfter(configured, statement.body) : undefined;
      if (inside !== undefined) return inside;
      continue;
    }
    const context = statement.kind === 'expression' ? contextOf(statement.value) : undefined;
    if (context !== undefined && statement.span.start > configured.end) return { statement, context };
    const inside = runAfter(configured, childStatementsOf(statement));
    if (inside !== undefined) return inside;
  }
  return undefined;
}

function contextOf(expression: Expression): string | undefined {
  if (expression.kind !== 'call') return undefined;
  return /^(.*)\.run_migrations$/.exec(dottedNameOf(expression.callee) ?? '')?.[1];
}
