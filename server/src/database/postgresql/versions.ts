import { isVersionAtLeast, type Target } from '../../base/target.ts';
import type { Change, ChangeOf } from '../../schema/change.ts';
import type { Constraint } from '../../schema/schema.ts';

/** Whether the statement is newer than the PostgreSQL that it is for, which takes it for an error of syntax. */
export function isTooNew(change: Change, { databaseVersion }: Target): boolean {
  const since = sinceVersion(change);
  return since !== undefined && !isVersionAtLeast(databaseVersion, since, 0);
}

/** The first version that knows the statement, by the release notes of 13 to 18; undefined for all versions. */
function sinceVersion(change: Change): number | undefined {
  if (change.origin.sql === undefined) return undefined;
  switch (change.kind) {
    case 'AddColumn':
      return change.column.generated === 'virtual' ? 18 : undefined;
    case 'AddConstraint':
      return constraintSince(change.constraint);
    case 'CreateTable':
      return tableSince(change);
    case 'CreateIndex':
      return change.index.nullsDistinct === false ? 15 : undefined;
    case 'DetachPartition':
      return change.mode === 'plain' ? undefined : 14;
    case 'Maintenance':
      return change.operation === 'set-access-method' ? 15 : undefined;
    case 'WriteRows':
      return change.origin.name === 'MERGE' ? 15 : undefined;
    case 'SetTableOption':
      if (change.option === 'compression') return 14;
      if (change.option !== 'generated-expression') return undefined;
      return change.isDropped === true ? 13 : 17;
    default:
      return undefined;
  }
}

function tableSince({ columns, constraints }: ChangeOf<'CreateTable'>): number | undefined {
  if (columns.some(({ generated }) => generated === 'virtual')) return 18;
  return Math.max(0, ...constraints.map((constraint) => constraintSince(constraint) ?? 0)) || undefined;
}

function constraintSince({ kind, enforced, nullsDistinct }: Constraint): number | undefined {
  if (kind === 'not-null' || enforced === false) return 18;
  return nullsDistinct === false ? 15 : undefined;
}
