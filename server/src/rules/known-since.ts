import type { Misnamed } from '../database/misnamed.ts';
import type { Change } from '../schema/change.ts';
import { placeOf } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { isUnknown } from '../schema/reversibility.ts';
import type { TableName } from '../schema/table-name.ts';
import { isCaught } from '../syntax/caught.ts';
import type { RuleContext } from './rule.ts';

/**
 * Whether all that revisions have done since one of them is told by their changes: code that is not at hand may have done
 * anything in between. The one has to be among those that this one builds on, and to work on the same database.
 *
 * @param until the change of the migration up to which it matters; all of them where none is given
 */
export function isKnownSince(
  { since, table }: Pick<Misnamed, 'since' | 'table'>,
  migration: Migration,
  { project }: RuleContext,
  until?: Change,
): boolean {
  const { order, graph } = project;
  if (since !== migration.id && !graph.runsBefore(since, migration.id)) return false;
  const between = order.slice(order.indexOf(since), order.indexOf(migration.id));
  const own = until === undefined ? migration.forward : migration.forward.slice(0, placeOf(until, migration.forward));
  return isFollowed(migration, own) && between.every((id) => isFollowedAt(id));

  function isFollowedAt(id: MigrationId): boolean {
    const each = project.migration(id)?.migration;
    return each !== undefined && isFollowed(each, each.forward);
  }

  function isFollowed(each: Migration, changes: readonly Change[]): boolean {
    // Functions of several databases are one history here.
    const isOne = (project.revision(each.id)?.upgrades.length ?? 0) <= 1;
    return (
      isOne &&
      each.complete &&
      each.staysInSight?.() === true &&
      !changes.some((change) => isUnknown(change) || callsFunctionFor(change, table))
    );
  }
}

/** `SELECT AddGeometryColumn('users', …)`: functions do anything. */
function callsFunctionFor(change: Change, table: TableName): boolean {
  const isCall = change.kind === 'OtherStatement' && change.statement === 'SELECT';
  return isCall && change.origin.sql?.text.includes(table.name) === true;
}

/** Whether a step runs for certain, and ends the migration where it fails. */
export function isDecisive({ certainty, applies, origin }: Change, { module }: Migration): boolean {
  const isCertain = certainty === 'certain' && applies.database;
  return isCertain && origin.call !== undefined && !isCaught(origin.span, module.body);
}
