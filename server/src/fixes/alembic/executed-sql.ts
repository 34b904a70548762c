import type { AlembicRevision } from '../../alembic/revision-file.ts';
import type { Project } from '../../project/project.ts';
import { quoteOf } from '../edits/layout.ts';
import { sqlLiteral } from '../sql/python-sql.ts';
import { inAutocommitBlock, opCall } from './directive-text.ts';
import type { NewRevision } from './new-revision.ts';
import { opImportOf } from './revision-text.ts';

/** `op.execute("…")` in column 0. */
export function executeText(sql: string, source: AlembicRevision, depth: number): string {
  return opCall(opImportOf(source).name, 'execute', [sqlLiteral(asText(sql), quoteOf(source.text))], {}, depth);
}

/** The same for a statement that may have several lines. Those keep their own indentation, wherever the call is moved. */
export function executeLines(sql: string, source: AlembicRevision, depth: number): string {
  const [first = '', ...rest] = sql.split('\n');
  if (rest.length === 0) return executeText(sql, source, depth);
  const margin = ' '.repeat(depth + 4);
  const gaps = rest.flatMap((line) => (line.trim() === '' ? [] : [line.length - line.trimStart().length]));
  const lines = [first, ...rest.map((line) => line.slice(Math.min(...gaps)))];
  const escaped = asText(lines.map((line) => (line === '' ? '' : margin + line)).join('\n'))
    .replaceAll('\\', '\\\\')
    .replaceAll('"""', '\\"\\"\\"');
  return [`${opImportOf(source).name}.execute(`, '    """', escaped, `${margin}"""`, ')'].join('\n');
}

/** A plain string is what `sa.text` takes: `:name` in it would stand for a value. */
function asText(sql: string): string {
  return sql.replaceAll(/(?<![:\w\\]):(?=\w)(?!\w+:)/g, '\\:');
}

/**
 * Statements that are to share no lock with the revisions before them. Those of one `alembic upgrade` run in one transaction
 * unless env.py says otherwise; an autocommit block ends it.
 */
export function executedApart(sql: readonly string[], source: AlembicRevision, project: Project): readonly string[] {
  const isApart = project.environmentFile?.transactionPerMigration === true;
  const statements = sql.map((each) => executeText(each, source, isApart ? 4 : 8));
  return isApart ? statements : [inAutocommitBlock(opImportOf(source).name, statements)];
}

/** A revision that sends SQL, its statements laid out for column 0. */
export function revisionOf(
  words: Pick<NewRevision, 'slug' | 'docstring'>,
  upgrade: readonly string[],
  downgrade: readonly string[],
): NewRevision {
  return { ...words, imports: [], code: '', upgrade, downgrade };
}
