import { isOpenFile, pathOfName, readByCall } from '../../syntax/evaluation/file-text.ts';
import { callPath, joinedPath, pathAttribute } from '../../syntax/evaluation/paths.ts';
import type { AttributeExpression, BinaryExpression, Module } from '../../syntax/module.ts';
import type { CallValue, Value } from '../../syntax/value.ts';
import { type Held, type HeldOf, listOf, unknown } from './held.ts';
import type { Arguments, Reading } from './reading.ts';
import { callValue, heldText, heldValue } from './texts.ts';
import type { CallPlace } from './write-methods.ts';

/** `__file__` */
export function heldPath(name: string, { module }: CallPlace['inside'], { context }: Reading): Held | undefined {
  const path = pathOfName(name, module, context.texts);
  return path === undefined ? undefined : { kind: 'text', text: path };
}

/** `path.parent` */
export function partOfPath(object: HeldOf<'text'>, at: AttributeExpression, module: Module): Held {
  const value = heldValue(object, at.object, module);
  const part = value.kind === 'string' ? pathAttribute(value, at.name, at, module) : undefined;
  return part === undefined ? unknown : heldPaths(part);
}

/** `settings.BASE_DIR / "sql"` */
export function dividedPath(at: BinaryExpression, [left, right]: readonly [Held, Held], module: Module): Held {
  const path = joinedPath(heldValue(left, at.left, module), heldValue(right, at.right, module), at, module);
  return path === undefined ? unknown : heldText(path);
}

/** What a function by its dotted name makes of a path, or reads from a file; undefined for all other functions. */
export function fileFunction(name: string, args: Arguments, { call, inside }: CallPlace, reading: Reading) {
  return fileCall({ ...callValue(args, call, inside.module), callee: name }, reading);
}

/** `path.read_text()`; undefined for methods that are no path's. */
export function pathMethod(
  object: HeldOf<'text' | 'loose-text'>,
  args: Arguments,
  { call, inside: { module } }: CallPlace,
  reading: Reading,
): Held | undefined {
  const receiver = heldValue(object, call.callee.kind === 'attribute' ? call.callee.object : call, module);
  return fileCall({ ...callValue(args, call, module), receiver }, reading);
}

/** `file.read()` */
export function fileMethod(file: HeldOf<'open-file'>, args: Arguments, place: CallPlace, reading: Reading): Held {
  const { call, inside } = place;
  return fileCall({ ...callValue(args, call, inside.module), receiver: file.opened }, reading) ?? unknown;
}

function fileCall(call: CallValue, { context }: Reading): Held | undefined {
  const text = callPath(call) ?? readByCall(call, context.texts);
  if (text !== undefined) return heldPaths(text);
  return isOpenFile(call) ? { kind: 'open-file', opened: call } : undefined;
}

/** A path, the text of a file, or several paths. */
function heldPaths(value: Value): Held {
  return value.kind === 'tuple' ? listOf(value.items.map(heldText), true) : heldText(value);
}
