import type { Change } from '../schema/change.ts';
import type { RuleContext } from './rule.ts';

/** The changes that PostgreSQL makes outside of transactions only. */
export function outsideTransactions(changes: readonly Change[], context: RuleContext): readonly Change[] {
  return changes.filter((change) => context.effects(change).refusesTransactions);
}

/** What such a change is called: `REINDEX CONCURRENTLY`, `VACUUM`. */
export function statementName(change: Change): string {
  switch (change.kind) {
    case 'CreateIndex':
      return 'CREATE INDEX CONCURRENTLY';
    case 'DropIndex':
      return 'DROP INDEX CONCURRENTLY';
    case 'AlterEnum':
      return 'ALTER TYPE … ADD VALUE';
    case 'DetachPartition':
      return 'DETACH PARTITION CONCURRENTLY';
    case 'Reindex':
      return change.concurrently ? 'REINDEX CONCURRENTLY' : `REINDEX ${change.target.toUpperCase()}`;
    case 'Maintenance':
      return change.operation === 'cluster' ? 'CLUSTER' : 'VACUUM';
    case 'OtherStatement':
      return change.statement;
    default:
      return change.origin.name;
  }
}
