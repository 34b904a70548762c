import type { Span } from '../../base/span.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { Fix } from '../fix.ts';

/**
 * Takes the `CASCADE` out of a statement: PostgreSQL then refuses the drop and lists what depends on it.
 *
 * @param word where it stands in the statement
 */
export function withoutCascade({ origin: { sql } }: Change, word: Span, { file }: Migration): readonly Fix[] {
  if (sql === undefined) return [];
  const part = { start: sql.text.slice(0, word.start).trimEnd().length, end: word.end };
  const span = sql.isEditable(part) ? sql.placeOf(part) : undefined;
  if (span === undefined) return [];
  return [
    {
      title: 'Remove CASCADE: PostgreSQL then refuses the drop while something depends on it',
      safety: 'review',
      edits: [{ kind: 'change', file, edits: [{ span, newText: '' }] }],
    },
  ];
}
