import type { TextEdit } from '../../base/text-edit.ts';
import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { setClassAttribute } from '../edits/migration-class.ts';
import { type Answer, isRefused } from '../fix.ts';
import { notSeparable } from '../refusals.ts';
import {
  type RunSqlSite,
  readStatementSite,
  type SqlString,
  statementsOf,
  textOfStatement,
} from '../sql/run-sql-site.ts';
import { splitString } from '../sql/split-string.ts';

/**
 * Sends each statement of a string by itself, outside of a transaction: PostgreSQL makes one transaction of all that come
 * in one string, and refuses there what runs concurrently.
 */
export function oneStatementPerString(
  change: Change,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const found = readStatementSite(change, migration, project);
  if (isRefused(found)) return found;
  if (statementsOf([found.statement.string]).length < 2) return [];
  const { site, statement } = found;
  const { source } = site;
  const forward = splitString(source, statement.string, site.form === 'list');
  const reverse = splitReverse(site);
  if (forward === undefined || reverse === undefined) return notSeparable;
  const attribute = source.atomic ? [setClassAttribute(source, 'atomic', 'False')] : [];
  const isAlone = migration.forward.every(
    (each) => each.origin.call === change.origin.call && (each.kind === 'RunSql' || isConcurrent(each)),
  );
  return [
    {
      title: source.atomic
        ? 'Send each statement in a string of its own, outside a transaction'
        : 'Send each statement in a string of its own',
      safety: isAlone || !source.atomic ? 'safe' : 'review',
      edits: [{ kind: 'change', file: source.file, edits: [...attribute, ...forward, ...reverse] }],
    },
  ];
}

/** The way back has the same trouble with what it does concurrently. */
function splitReverse({ reverse, source }: RunSqlSite): readonly TextEdit[] | undefined {
  if (!Array.isArray(reverse)) return [];
  const strings: readonly SqlString[] = reverse;
  const mixed = strings.filter((string) => {
    const statements = statementsOf([string]);
    return statements.length > 1 && statements.some((each) => /\bCONCURRENTLY\b/i.test(textOfStatement(each)));
  });
  const edits = mixed.map((string) => splitString(source, string, strings.length > 1));
  return edits.includes(undefined) ? undefined : edits.flatMap((each) => each ?? []);
}

function isConcurrent(change: Change): boolean {
  return 'concurrently' in change && change.concurrently;
}
