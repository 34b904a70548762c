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
export function itemWithComments(site: ListSite, index: number): Span {
  const item = site.items[index];
  if (item === undefined) return { start: site.span.end, end: site.span.end };
  return { start: startWithComments(site, item.span, index), end: item.span.end };
}

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

/** The comment behind an item, on its last line. */
export function trailingComment(site: ListSite, index: number): string | undefined {
  const end = endWithComma(site, itemAt(site, index).span.end);
  const comment = site.text.slice(end, endOfTrailingComment(site, end)).trim();
  return comment === '' ? undefined : comment;
}

/** Removes an item with its comma, its comments and, where it stood alone on its lines, those lines. */
export function removeItem(site: ListSite, index: number): TextEdit {
  const item = itemAt(site, index);
  const start = startWithComments(site, item.span, index);
  const end = endWithComma(site, item.span.end);
  if (isFirstOnLine(site.text, start) && isLastOnLine(site, end)) {
    return { span: { start: lineStartBefore(site.text, start), end: nextLineStart(site.text, end) }, newText: '' };
  }
  const next = site.items[index + 1];
  if (next !== undefined) return { span: { start, end: next.span.start }, newText: '' };
  const previous = site.items[index - 1];
  return { span: { start: previous?.span.end ?? start, end: previous ? item.span.end : end }, newText: '' };
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
