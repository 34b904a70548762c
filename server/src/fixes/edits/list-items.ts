import type { Span } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import type { Comment, Module } from '../../syntax/module.ts';
import { indentationAt, isFirstOnLine, lineBreakOf, lineEndAfter, lineStartBefore, nextLineStart } from './layout.ts';

/** A list as it stands in a file: `operations = [ … ]`, the arguments of a call. */
export interface ListSite {
  readonly text: string;
  readonly module: Module;
  /** The brackets included. */
  readonly span: Span;
  readonly items: readonly { readonly span: Span }[];
}

/** The own-line comments directly above an item belong to it, and so does a comment behind it. */
function startWithComments(site: ListSite, item: Span, index: number): number {
  const floor = site.items[index - 1]?.span.end ?? site.span.start + 1;
  let start = item.start;
  for (const comment of site.module.comments.toReversed()) {
    if (comment.span.end > start || !comment.ownLine) continue;
    if (comment.span.start < floor) break;
    if (site.text.slice(comment.span.end, start).trim() !== '') break;
    start = comment.span.start;
  }
  return start;
}

/** Removes an item with its comma, its comments and, where it stood alone on its lines, those lines. */
export function removeItem(site: ListSite, index: number): TextEdit {
  return removeRun(site, index, index);
}

/**
 * Removes items side by side, as {@link removeItem} does one. At the end of the list all goes up to the closing bracket,
 * and the blank lines above.
 */
export function removeItems(site: ListSite, first: number, last: number): TextEdit {
  const previous = site.items[first - 1];
  const closing = site.span.end - 1;
  const isTail = last === site.items.length - 1 && previous !== undefined && isFirstOnLine(site.text, closing);
  if (!isTail || !areOnLines(site, first, last)) return removeRun(site, first, last);
  const kept = endOfTrailingComment(site, endWithComma(site, previous.span.end));
  return { span: { start: nextLineStart(site.text, kept), end: lineStartBefore(site.text, closing) }, newText: '' };
}

function removeRun(site: ListSite, first: number, last: number): TextEdit {
  const start = startWithComments(site, itemAt(site, first).span, first);
  const end = endWithComma(site, itemAt(site, last).span.end);
  if (isFirstOnLine(site.text, start) && isLastOnLine(site, end)) {
    return { span: { start: lineStartBefore(site.text, start), end: nextLineStart(site.text, end) }, newText: '' };
  }
  const next = site.items[last + 1];
  if (next !== undefined) return { span: { start, end: next.span.start }, newText: '' };
  const previous = site.items[first - 1];
  const lastEnd = itemAt(site, last).span.end;
  return { span: { start: previous?.span.end ?? start, end: previous ? lastEnd : end }, newText: '' };
}

/** Whether each of the items begins a line of its own, and so does what comes behind them. */
export function areOnLines(site: ListSite, first: number, last: number): boolean {
  const starts = site.items.slice(first, last + 1).map(({ span }) => span.start);
  const isApart = isLastOnLine(site, endWithComma(site, itemAt(site, last).span.end));
  return isApart && starts.every((start) => isFirstOnLine(site.text, start));
}

/**
 * Items side by side with their comments: those above the first, those behind the last on its line and, behind the last
 * item of the list, all up to the closing bracket.
 */
export function itemsWithComments(site: ListSite, first: number, last: number): Span {
  const start = startWithComments(site, itemAt(site, first).span, first);
  const end = endWithComma(site, itemAt(site, last).span.end);
  if (last < site.items.length - 1) return { start, end: endOfTrailingComment(site, end) };
  return { start, end: end + site.text.slice(end, site.span.end - 1).trimEnd().length };
}

/** Whether a comma stands behind the item. */
export function hasComma(site: ListSite, index: number): boolean {
  const { end } = itemAt(site, index).span;
  return endWithComma(site, end) > end;
}

/** Removes an item whose work another one does from now on: what was said about it stays where it was said. */
export function removeItemKeepingComments(site: ListSite, index: number): TextEdit {
  const { start } = itemAt(site, index).span;
  const end = endWithComma(site, itemAt(site, index).span.end);
  if (!isFirstOnLine(site.text, start) || !isLastOnLine(site, end)) return removeItem(site, index);
  const hasComment = endOfTrailingComment(site, end) > end;
  if (!hasComment) {
    return { span: { start: lineStartBefore(site.text, start), end: nextLineStart(site.text, end) }, newText: '' };
  }
  const comment = site.text.indexOf('#', end);
  return { span: { start, end: comment }, newText: '' };
}

function itemAt(site: ListSite, index: number): { readonly span: Span } {
  const item = site.items[index];
  if (item === undefined) throw new RangeError(`The list has no item ${index}.`);
  return item;
}

/** Puts `newText` (laid out for `itemIndentation`) in place of an item; comments around it stay. */
export function replaceItem(site: ListSite, index: number, newText: string): TextEdit {
  return { span: itemAt(site, index).span, newText: newText.replaceAll(/\r?\n/g, lineBreakOf(site.text)) };
}

/** Puts items before the item at `index`; an index past the end appends. */
export function insertItems(site: ListSite, index: number, items: readonly string[]): TextEdit {
  const lineBreak = lineBreakOf(site.text);
  const texts = items.map((text) => text.replaceAll(/\r?\n/g, lineBreak));
  const indentation = itemIndentation(site);
  const next = site.items[index];
  if (next !== undefined) {
    const at = startWithComments(site, next.span, index);
    const separator = isFirstOnLine(site.text, at) ? `,${lineBreak}${indentation}` : ', ';
    return { span: { start: at, end: at }, newText: texts.map((text) => text + separator).join('') };
  }
  return appendItems(site, texts, indentation, lineBreak);
}

function appendItems(site: ListSite, texts: readonly string[], indentation: string, lineBreak: string): TextEdit {
  const last = site.items.at(-1);
  const closing = site.span.end - 1;
  if (last === undefined) {
    const outer = indentationAt(site.text, site.span.start);
    const body = texts.map((text) => `${lineBreak}${indentation}${text},`).join('');
    return { span: { start: site.span.start + 1, end: closing }, newText: `${body}${lineBreak}${outer}` };
  }
  const end = endWithComma(site, last.span.end);
  const hasComma = end > last.span.end;
  const body = texts.map((text) => `${lineBreak}${indentation}${text}`).join(',');
  if (!isFirstOnLine(site.text, closing)) {
    return { span: { start: end, end }, newText: `${hasComma ? ' ' : ', '}${texts.join(', ')}` };
  }
  const behind = endOfTrailingComment(site, end);
  const comment = site.text.slice(end, behind);
  return { span: { start: end, end: behind }, newText: `${hasComma ? '' : ','}${comment}${body},` };
}

/** How deep the items stand: as the first one on a line of its own does, else one step below the list. */
export function itemIndentation(site: ListSite): string {
  const first = site.items.find((item) => isFirstOnLine(site.text, item.span.start));
  return first ? indentationAt(site.text, first.span.start) : `${indentationAt(site.text, site.span.start)}    `;
}

function endWithComma(site: ListSite, end: number): number {
  let position = end;
  while (position < site.span.end) {
    const comment = commentAt(site.module.comments, position);
    if (comment) position = comment.span.end;
    else if (/\s/.test(site.text[position] ?? '')) position++;
    else break;
  }
  return site.text[position] === ',' ? position + 1 : end;
}

function endOfTrailingComment(site: ListSite, offset: number): number {
  const lineEnd = lineEndAfter(site.text, offset);
  const comment = site.module.comments.find((each) => each.span.start >= offset && each.span.end <= lineEnd);
  return comment && site.text.slice(offset, comment.span.start).trim() === '' ? comment.span.end : offset;
}

function isLastOnLine(site: ListSite, offset: number): boolean {
  const end = endOfTrailingComment(site, offset);
  return site.text.slice(end, lineEndAfter(site.text, end)).trim() === '';
}

function commentAt(comments: readonly Comment[], offset: number): Comment | undefined {
  return comments.find((comment) => comment.span.start === offset);
}
