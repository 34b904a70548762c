import type { Span } from '../../base/span.ts';
import type { SqlString } from './run-sql-site.ts';

/**
 * A statement of a string with all that belongs to it: the comments before it, its `;`, and the comment behind that on
 * its last line, which reading counts to the next one. The extents of a string are adjacent and reach from its start to
 * its end; what follows the last statement belongs to that.
 */
export function extentsOf({ sql, pieces }: Pick<SqlString, 'sql' | 'pieces'>): readonly Span[] {
  const { text } = sql;
  const full = pieces.filter(({ tokens }) => tokens.length > 0);
  const ends = full.map((piece, index) => {
    if (index === full.length - 1) return text.length;
    const next = full[index + 1];
    const comment = next?.comments[0];
    const between = comment && text.slice(piece.whole.end, comment.start);
    const isBehind = comment !== undefined && between !== undefined && !/[\r\n]/.test(between);
    return isBehind && comment.start < (next?.statement.start ?? 0) && isLineEnd(text, comment.end)
      ? comment.end
      : piece.whole.end;
  });
  return full.map((_, index) => ({ start: ends[index - 1] ?? 0, end: ends[index] ?? text.length }));
}

function isLineEnd(text: string, offset: number): boolean {
  return /^[ \t]*(?:\r?\n|$)/.test(text.slice(offset));
}
