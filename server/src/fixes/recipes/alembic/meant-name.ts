import type { Change } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { type Answer, refusal } from '../../fix.ts';

/** A name that nothing has, and the one that is nearest to it. */
export interface NearestName {
  readonly name: string;
  readonly nearest: string;
}

/**
 * Writes the name that was most likely meant, where the call of a directive has the other one once. What is dropped is for
 * a person to name: a wrong guess would lose it.
 */
export function meantName(
  change: Change,
  { name, nearest }: NearestName,
  { file, text }: Migration,
): readonly Answer[] {
  const { call, sql } = change.origin;
  if (change.kind.startsWith('Drop')) return notGuessed;
  if (call === undefined || sql !== undefined) return [];
  const { start, end } = call.span;
  const written = new RegExp(`(?<=(["']))${name.replaceAll(/\W/g, '\\$&')}(?=\\1)`, 'g');
  const [place, ...others] = text.slice(start, end).matchAll(written);
  if (place === undefined || others.length > 0) return [];
  const at = start + place.index;
  const edits = [{ span: { start: at, end: at + name.length }, newText: nearest }];
  return [{ title: `Write "${nearest}" instead`, safety: 'review', edits: [{ kind: 'change', file, edits }] }];
}

const notGuessed = refusal('Which one was meant is for you to say: a wrong guess would be lost.');
