import type { Expression, Module } from '../module.ts';
import type { CallValue, StringValue, Value } from '../value.ts';
import { isSequence } from '../values.ts';

/*
 * A path is a text with `/` between its parts: no text has an operator `/` or an attribute `parent` of its own. Below a
 * folder that is not known it begins with the first part that is.
 */

function path(value: string, at: Expression, module: Module): StringValue {
  return { kind: 'string', at, module, value };
}

/** `left / right` */
export function joinedPath(left: Value, right: Value, at: Expression, module: Module): Value | undefined {
  const joined = joinedParts([left, right]);
  return joined === undefined ? undefined : path(joined, at, module);
}

/** The parts from the last one on that is absolute or not known; undefined where that is the last one. */
function joinedParts(parts: readonly Value[]): string | undefined {
  let joined: string | undefined;
  for (const part of parts) {
    if (part.kind === 'number' || isSequence(part) || part.kind === 'dictionary') return undefined;
    const text =
      part.kind === 'string' && part.conditional === undefined ? part.value.replaceAll('\\', '/') : undefined;
    if (text === undefined || joined === undefined || joined === '' || text.startsWith('/')) joined = text;
    else joined = `${joined.replace(/\/$/, '')}/${text}`;
  }
  return joined;
}

/** `path.parent` and the like. */
export function pathAttribute(object: StringValue, name: string, at: Expression, module: Module): Value | undefined {
  // A member of an enumeration has a `name`, too.
  if (object.conditional || !object.value.includes('/')) return undefined;
  switch (name) {
    case 'parent':
      return path(parentOf(object.value), at, module);
    case 'parents': {
      const items: Value[] = [];
      for (let each = object.value; each !== '' && each !== '/'; each = parentOf(each)) {
        items.push(path(parentOf(each), at, module));
      }
      return { kind: 'tuple', at, module, items, partial: false };
    }
    case 'name':
      return path(nameOf(object.value), at, module);
    case 'stem':
      return path(withoutSuffix(nameOf(object.value)), at, module);
    default:
      return undefined;
  }
}

/** What a function or a method of `os.path`, `pathlib` or `importlib.resources` makes of paths; undefined for all others. */
export function callPath(call: CallValue): Value | undefined {
  if (call.partial) return undefined;
  if (call.callee === 'os.path.splitext') return splitPath(call);
  const made = call.callee === undefined ? madeByMethod(call) : madeByFunction(call.callee, call);
  return made === undefined ? undefined : path(made, call.at, call.module);
}

/** `("shop/sql/one", ".sql")` */
function splitPath({ positional: [first], at, module }: CallValue): Value | undefined {
  if (first?.kind !== 'string' || first.conditional) return undefined;
  const root = withoutSuffix(first.value);
  const items = [path(root, at, module), path(first.value.slice(root.length), at, module)];
  return { kind: 'tuple', at, module, items, partial: false };
}

function madeByFunction(callee: string, { positional }: CallValue): string | undefined {
  const [first] = positional;
  const known = first?.kind === 'string' && !first.conditional ? first.value : undefined;
  switch (callee) {
    case 'os.path.join':
    case 'pathlib.Path':
    case 'pathlib.PurePath':
      return joinedParts(positional);
    case 'os.path.dirname':
      return known === undefined ? undefined : parentOf(known);
    case 'os.path.abspath':
    case 'os.path.realpath':
    case 'os.path.normpath':
    case 'os.fspath':
      return known;
    case 'os.path.basename':
      return known === undefined ? undefined : nameOf(known);
    case 'importlib.resources.files':
      return packageFolder(first);
    default:
      return undefined;
  }
}

/** The folder of a package by its dotted name; a path stays one. */
export function packageFolder(value: Value | undefined): string | undefined {
  if (value?.kind === 'reference') return value.name.replaceAll('.', '/');
  if (value?.kind !== 'string' || value.conditional) return undefined;
  return value.value.includes('/') ? value.value : value.value.replaceAll('.', '/');
}

function madeByMethod({ receiver, at, positional }: CallValue): string | undefined {
  if (receiver === undefined || at.callee.kind !== 'attribute') return undefined;
  const { name } = at.callee;
  if (name === 'joinpath') return joinedParts([receiver, ...positional]);
  if (receiver.kind !== 'string' || receiver.conditional) return undefined;
  const [first] = positional;
  const given = first?.kind === 'string' ? first.value : undefined;
  switch (name) {
    case 'resolve':
    case 'absolute':
    case 'as_posix':
      return receiver.value;
    case 'with_name':
      return given === undefined ? undefined : inFolder(parentOf(receiver.value), given);
    case 'with_suffix':
      return given === undefined ? undefined : withoutSuffix(receiver.value) + given;
    default:
      return undefined;
  }
}

function inFolder(folder: string, name: string): string {
  return folder === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

function parentOf(value: string): string {
  const slash = value.lastIndexOf('/');
  return slash === 0 ? '/' : value.slice(0, Math.max(0, slash));
}

function nameOf(value: string): string {
  return value.slice(value.lastIndexOf('/') + 1);
}

function withoutSuffix(value: string): string {
  return value.replace(/(?<=[^/])\.[^./]*$/, '');
}
