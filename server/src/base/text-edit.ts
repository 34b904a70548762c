import type { Span } from './span.ts';

/** Replaces `span` of a text by `newText`; an empty span inserts. */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/** Two edits of one set claim the same text; applying them would lose one. */
class OverlappingEditsError extends Error {
  override readonly name = 'OverlappingEditsError';
}

/** Ascending by position; insertions at one place keep the order in which they were given. */
export function sortEdits(edits: readonly TextEdit[]): readonly TextEdit[] {
  return [...edits].sort((one, other) => one.span.start - other.span.start || one.span.end - other.span.end);
}

/** @throws {OverlappingEditsError} when two edits overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let position = 0;
  for (const edit of sortEdits(edits)) {
    if (edit.span.start < position) {
      throw new OverlappingEditsError(`Two edits claim the text at offset ${edit.span.start}.`);
    }
    result += text.slice(position, edit.span.start) + edit.newText;
    position = edit.span.end;
  }
  return result + text.slice(position);
}
