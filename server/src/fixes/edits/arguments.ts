import type { TextEdit } from '../../base/text-edit.ts';
import type { Argument, CallExpression, Module } from '../../syntax/module.ts';
import { isFirstOnLine, lineBreakOf } from './layout.ts';
import { insertItems, itemsWithComments, removeItem, removeItems } from './list-items.ts';

/** A call as it stands in a file. */
export interface CallSite {
  readonly text: string;
  readonly module: Module;
  readonly call: CallExpression;
}

export function findKeyword(call: CallExpression, name: string): Argument | undefined {
  return call.arguments.find((argument) => argument.name === name);
}

/** Adds `name=value`, or puts `value` in place of the value that `name` has. */
export function setKeyword(site: CallSite, name: string, value: string): TextEdit {
  const existing = findKeyword(site.call, name);
  const newText = value.replaceAll(/\r?\n/g, lineBreakOf(site.text));
  if (existing) return { span: existing.value.span, newText };
  return addArguments(site, [`${name}=${newText}`]);
}

/** As {@link setKeyword}, for several at once: edits of one place would get in each other's way. */
export function setKeywords(site: CallSite, keywords: Readonly<Record<string, string>>): readonly TextEdit[] {
  const entries = Object.entries(keywords);
  const changed = entries.filter(([name]) => findKeyword(site.call, name) !== undefined);
  const added = entries.filter(([name]) => findKeyword(site.call, name) === undefined);
  return [
    ...changed.map(([name, value]) => setKeyword(site, name, value)),
    ...(added.length === 0
      ? []
      : [
          addArguments(
            site,
            added.map(([name, value]) => `${name}=${value}`),
          ),
        ]),
  ];
}

/** Adds arguments at the end, on lines of their own where the arguments stand on lines of their own. */
function addArguments(site: CallSite, added: readonly string[]): TextEdit {
  const { call, text } = site;
  const first = call.arguments[0];
  if (first === undefined) {
    const at = call.argumentsSpan.start + 1;
    return { span: { start: at, end: call.argumentsSpan.end - 1 }, newText: added.join(', ') };
  }
  if (isFirstOnLine(text, first.span.start) || isFirstOnLine(text, call.argumentsSpan.end - 1)) {
    return insertItems(listOf(site), call.arguments.length, added);
  }
  const last = call.arguments.at(-1) ?? first;
  return { span: { start: last.span.end, end: last.span.end }, newText: `, ${added.join(', ')}` };
}

export function removeArgument(site: CallSite, argument: Argument): TextEdit {
  return removeItem(listOf(site), site.call.arguments.indexOf(argument));
}

/** The comments above an argument, inside it and behind it on its line, which go with it: lines for column 0. */
export function commentsOfArgument({ text, module, call }: CallSite, argument: Argument): string {
  const index = call.arguments.indexOf(argument);
  const { start } = itemsWithComments(listOf({ text, module, call }), index, index);
  const { span } = argument;
  const own = module.comments.filter((comment) => {
    if (comment.span.start < span.end) return comment.span.start >= start;
    return /^,?[ \t]*$/.test(text.slice(span.end, comment.span.start));
  });
  return own.map((comment) => `${comment.text}\n`).join('');
}

/** Several at once: those side by side share what stands between them. */
export function removeArguments(site: CallSite, removed: readonly Argument[]): readonly TextEdit[] {
  const { arguments: all } = site.call;
  const edits: TextEdit[] = [];
  for (let first = 0; first < all.length; first++) {
    let end = first;
    while (removed.some((each) => each === all[end])) end++;
    if (end > first) edits.push(removeItems(listOf(site), first, end - 1));
    first = end;
  }
  return edits;
}

function listOf({ text, module, call }: CallSite) {
  return { text, module, span: call.argumentsSpan, items: call.arguments };
}
