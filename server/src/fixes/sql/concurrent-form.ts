import type { CreateIndex, DropIndex } from '../../schema/change.ts';
import type { DetachPartition, RefreshView, Reindex } from '../../schema/sql-change.ts';
import {
  closingBracket,
  elementsFrom,
  findWord,
  skipAny,
  skipWords,
  symbolAt,
  type Words,
  wordAt,
} from '../../sql/words.ts';
import { nameBehindCondition, writtenNameAt } from './written-name.ts';

/** A change that PostgreSQL can also make while the table is in use. */
export type ConcurrentChange = CreateIndex | DropIndex | Reindex | RefreshView | DetachPartition;

/** Where ` CONCURRENTLY` goes: an offset in the text; undefined where the statement has no such form. */
export function concurrentPlace(change: ConcurrentChange, words: Words): number | undefined {
  const index = lastWordBefore(change, words);
  return index === undefined ? undefined : words.tokens[index]?.end;
}

function lastWordBefore(change: ConcurrentChange, words: Words): number | undefined {
  switch (change.kind) {
    case 'CreateIndex':
      return change.concurrently ? undefined : wordIndex(words, 'INDEX', skipWords(words, 1, 'UNIQUE'));
    case 'DropIndex':
      return change.concurrently || change.cascade === true ? undefined : dropOfOne(words);
    case 'Reindex':
      return change.concurrently || change.target === 'system' ? undefined : reindexed(words);
    case 'RefreshView':
      return change.concurrently || !change.withData ? undefined : wordIndex(words, 'VIEW', 2);
    case 'DetachPartition':
      return change.mode === 'plain' ? detached(words) : undefined;
  }
}

function wordIndex(words: Words, word: string, index: number): number | undefined {
  return wordAt(words, index) === word ? index : undefined;
}

/** Only one index can be dropped so, and nothing with it. */
function dropOfOne(words: Words): number | undefined {
  const name = nameBehindCondition(words, 2);
  const end = name && skipWords(words, name.next, 'RESTRICT');
  return end === words.tokens.length ? wordIndex(words, 'INDEX', 1) : undefined;
}

function reindexed(words: Words): number | undefined {
  const kind = symbolAt(words, 1) === '(' ? closingBracket(words, 1) + 1 : 1;
  return skipAny(words, kind, ['INDEX', 'TABLE', 'SCHEMA', 'DATABASE']) > kind ? kind : undefined;
}

/** It has to be the only action of its statement. */
function detached(words: Words): number | undefined {
  const action = findWord(words, 'DETACH', 2);
  if (action < 0 || elementsFrom(words, 2).length > 1) return undefined;
  const name = writtenNameAt(words, skipWords(words, action + 1, 'PARTITION'));
  return name === undefined ? undefined : name.next - 1;
}
