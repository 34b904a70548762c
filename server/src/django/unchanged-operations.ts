import type { CallExpression, Expression } from '../syntax/module.ts';
import type { DjangoMigration } from './migration-file.ts';

type Listed = Pick<DjangoMigration, 'text' | 'operationsList'>;

/**
 * The calls in a list of operations that an edit has left as they were, by what they are now; `undefined` where more has
 * been edited than the inside of the list. All that a name in one of them can mean is then the same.
 */
export function unchangedCalls(earlier: Listed, now: Listed): ReadonlyMap<Expression, CallExpression> | undefined {
  const [list, listBefore] = [now.operationsList, earlier.operationsList];
  if (list === undefined || listBefore === undefined || !isAlikeAround(earlier, now)) return undefined;
  const unchanged = new Map<Expression, CallExpression>();
  const isUnchanged = (item: Expression | undefined, before: Expression | undefined): boolean => {
    if (item === undefined || before === undefined || !isSameText(earlier, before, now, item)) return false;
    if (item.kind === 'call' && before.kind === 'call') unchanged.set(item, before);
    return true;
  };
  const [items, itemsBefore] = [list.items, listBefore.items];
  const most = Math.min(items.length, itemsBefore.length);
  let front = 0;
  while (front < most && isUnchanged(items[front], itemsBefore[front])) front++;
  let back = 0;
  while (front + back < most && isUnchanged(items.at(-1 - back), itemsBefore.at(-1 - back))) back++;
  return unchanged;
}

function isAlikeAround(one: Listed, other: Listed): boolean {
  const { start, end } = one.operationsList?.span ?? { start: 0, end: 0 };
  const { start: otherStart, end: otherEnd } = other.operationsList?.span ?? { start: 0, end: 0 };
  return (
    start === otherStart &&
    one.text.slice(0, start) === other.text.slice(0, start) &&
    one.text.slice(end) === other.text.slice(otherEnd)
  );
}

function isSameText(one: Listed, at: Expression, other: Listed, place: Expression): boolean {
  if (at === place) return true;
  const { start, end } = at.span;
  const { start: otherStart, end: otherEnd } = place.span;
  return end - start === otherEnd - otherStart && one.text.slice(start, end) === other.text.slice(otherStart, otherEnd);
}
