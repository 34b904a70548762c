import type { TextEdit } from '../../base/text-edit.ts';
import type { Argument, CallExpression, Module } from '../../syntax/module.ts';
import { isFirstOnLine, lineBreakOf } from './layout.ts';
import { insertItems, removeItem } from './list-items.ts';

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
  return addArgument(site, `${name}=${newText}`);
}

/** Adds an argument at the end, on a line of its own where the arguments stand on lines of their own. */
function addArgument(site: CallSite, argument: string): TextEdit {
  const { call, text } = site;
  const first = call.arguments[0];
  if (first === undefined) {
    const at = call.argumentsSpan.start + 1;
    return { span: { start: at, end: call.argumentsSpan.end - 1 }, newText: argument };
  }
  if (isFirstOnLine(text, first.span.start) || isFirstOnLine(text, call.argumentsSpan.end - 1)) {
    return insertItems(listOf(site), call.arguments.length, [argument]);
  }
  const last = call.arguments.at(-1) ?? first;
  return { span: { start: last.span.end, end: last.span.end }, newText: `, ${argument}` };
}

export function removeArgument(site: CallSite, argument: Argument): TextEdit {
  return removeItem(listOf(site), site.call.arguments.indexOf(argument));
}

function listOf({ text, module, call }: CallSite) {
  return { text, module, span: call.argumentsSpan, items: call.arguments };
}
