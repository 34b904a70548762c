import type { TextEdit } from '../base/text-edit.ts';
import { carriedImports } from './edits/carried-imports.ts';
import { itemWithComments, trailingComment } from './edits/list-items.ts';
import { rewritten } from './edits/rewritten.ts';
import type { OperationSite } from './operation-site.ts';

/** An operation as it is written in another migration, with everything that is said about it. */
export interface MovedOperation {
  /** In column 0, comments first; what stood behind it stands above it. */
  readonly text: string;
  readonly imports: readonly string[];
}

/**
 * @param edits of the operation, in offsets of its file
 * @returns undefined where it uses something that its own file defines
 */
export function movedOperation(site: OperationSite, edits: readonly TextEdit[]): MovedOperation | undefined {
  const { source, call } = site;
  const carried = carriedImports(source.text, source.module, [call]);
  if (carried.missing.length > 0) return undefined;
  return { text: commentsOf(site) + rewritten(source.text, call.span, edits), imports: carried.lines };
}

/** What is said about an operation, each comment on a line of its own, in column 0. */
export function commentsOf({ source, call, list, index }: OperationSite): string {
  const above = rewritten(source.text, { ...itemWithComments(list, index), end: call.span.start }, []);
  const behind = trailingComment(list, index);
  return behind === undefined ? above : `${above}${behind}\n`;
}
