import { firstTransactionOf } from '../alembic/transactions.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import type { RuleContext } from './rule.ts';

/** What the revision before leaves uncommitted, and the changes of this one that are committed together with it. */
export interface SharedTransaction {
  readonly before: Migration;
  readonly left: readonly Change[];
  readonly shared: readonly Change[];
}

/**
 * The transaction in which `alembic upgrade` begins this revision, where it runs the one before as well: they share one
 * unless env.py sets `transaction_per_migration`. Undefined where env.py is not in sight, and where no single revision is
 * before. Those further back are more likely deployed than not.
 */
export function sharedTransaction(
  migration: Migration,
  { project }: Pick<RuleContext, 'project'>,
): SharedTransaction | undefined {
  const source = project.revision(migration.id);
  if (source === undefined || project.environmentFile?.transactionPerMigration !== false) return undefined;
  const [parent, ...others] = project.graph.parentsOf(migration.id);
  const before = parent === undefined || others.length > 0 ? undefined : project.migration(parent)?.migration;
  const last = before?.forward.at(-1)?.transaction;
  if (before === undefined || last === undefined) return undefined;
  const first = firstTransactionOf(source.revision);
  return {
    before,
    left: before.forward.filter(({ transaction }) => transaction === last),
    shared: migration.forward.filter(({ transaction }) => transaction === first),
  };
}
