import type { TransactionId } from '../schema/change.ts';
import type { PerformedCall } from '../syntax/performed-call.ts';
import type { CallValue } from '../syntax/value.ts';
import { calledName } from './columns.ts';

/**
 * Tells of each call of a revision, in order, in which transaction it runs. Alembic opens one; an autocommit block
 * commits it and begins anew behind itself, and so does `op.get_bind().commit()`.
 */
export function transactionsOf(revision: string): (call: PerformedCall) => TransactionId {
  let ended = 0;
  let wasAutocommit = false;
  return (call) => {
    const isAutocommit = call.within.some(isAutocommitBlock);
    if ((isAutocommit && !wasAutocommit) || isCommit(call.value)) ended++;
    wasAutocommit = isAutocommit;
    if (isAutocommit) return undefined;
    return ended === 0 ? firstTransactionOf(revision) : `${revision}:${ended}`;
  };
}

/** The one that Alembic opens; where env.py lets revisions share a transaction, the revision before may have begun it. */
export function firstTransactionOf(revision: string): TransactionId {
  return revision;
}

/** `with op.get_context().autocommit_block():` */
function isAutocommitBlock(call: CallValue): boolean {
  return calledName(call) === 'autocommit_block';
}

/** A session that is bound to the connection of the migration commits nothing: that transaction is not its own. */
function isCommit({ at, receiver }: CallValue): boolean {
  const isCalledSo = at.callee.kind === 'attribute' && at.callee.name === 'commit';
  return isCalledSo && receiver?.kind === 'call' && calledName(receiver) === 'get_bind';
}
