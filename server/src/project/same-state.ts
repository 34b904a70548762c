import type { ProjectState } from '../django/project-state.ts';
import { LayeredMap } from '../schema/layered-map.ts';
import type { Schema } from '../schema/schema.ts';
import type { Value } from '../syntax/value.ts';

/** What is written where a value comes from. */
export type TextOf = (value: Value) => string | undefined;

/**
 * What is there `now`, as the objects that were `known` before wherever they say the same: the whole state, an app, a
 * model. What is written where does not count. Parts that are shared are not looked into, so it costs as much as what an
 * edit has touched, and what comes behind finds all else as it was.
 */
export function settledState(known: ProjectState, now: ProjectState, textOf: TextOf): ProjectState {
  if (known === now) return known;
  const isSame = comparison(textOf);
  const apps = settledMap(known.apps, now.apps, (app, appNow) =>
    settledMap(app, appNow, (model, modelNow) => settledPart(model, modelNow, isSame)),
  );
  const isKnown = apps === known.apps && isSameSet(known.looseCollations, now.looseCollations);
  return isKnown ? known : { ...now, apps };
}

/** The same for tables. */
export function settledSchema(known: Schema, now: Schema): Schema {
  if (known === now) return known;
  const isSame = comparison(() => undefined);
  const tables = settledMap(known.tables, now.tables, (table, tableNow) =>
    isSame(table, tableNow) ? table : tableNow,
  );
  const isKnown =
    tables === known.tables &&
    isSame(known.enumTypes, now.enumTypes) &&
    isSame(known.goneTables, now.goneTables) &&
    isSameSet(known.constrainedDomains ?? nothing, now.constrainedDomains ?? nothing);
  return isKnown ? known : { ...now, tables };
}

/** A model or table and what it was found to differ from: every migration behind an edit would compare them again. */
const differing = new WeakMap<object, object>();

function settledPart<P extends object>(known: P, now: P, isSame: IsSame): P {
  if (differing.get(known) === now) return now;
  if (isSame(known, now)) return known;
  differing.set(known, now);
  return now;
}

function settledMap<V extends object>(
  known: ReadonlyMap<string, V>,
  now: ReadonlyMap<string, V>,
  settled: (known: V, now: V) => V,
): ReadonlyMap<string, V> {
  if (known === now) return known;
  let isKnown = known.size === now.size;
  let result = now;
  for (const [key, value] of now) {
    const before = known.get(key);
    const after = before === undefined || before === value ? value : settled(before, value);
    if (after !== before) isKnown = false;
    if (after !== value) result = LayeredMap.over(result).with(key, after);
  }
  return isKnown ? known : result;
}

function isSameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one === other || (one.size === other.size && [...one].every((each) => other.has(each)));
}

type IsSame = (one: unknown, other: unknown) => boolean;

function comparison(textOf: TextOf): IsSame {
  const isSame: IsSame = (one, other) => {
    if (one === other) return true;
    if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
    if (isMap(one)) return isMap(other) && isSameMap(one, other, isSame);
    if (Array.isArray(one)) return Array.isArray(other) && isSameArray(one, other, isSame);
    if (isValue(one)) return isValue(other) && isSameValue(one, other, isSame, textOf);
    return isSameRecord(one, other, isSame);
  };
  return isSame;
}

/** `Map` and what is used like one. */
function isMap(value: object): value is ReadonlyMap<unknown, unknown> {
  return value instanceof Map || ('get' in value && 'entries' in value && 'size' in value);
}

function isSameMap(one: ReadonlyMap<unknown, unknown>, other: ReadonlyMap<unknown, unknown>, isSame: IsSame): boolean {
  if (one.size !== other.size) return false;
  for (const [key, value] of one) {
    if (!isSame(value, other.get(key)) || !other.has(key)) return false;
  }
  return true;
}

function isSameArray(one: readonly unknown[], other: readonly unknown[], isSame: IsSame): boolean {
  return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
}

const nothing: ReadonlySet<string> = new Set();

function isSameRecord(one: object, other: object, isSame: IsSame, ignored = nothing): boolean {
  const [ones, others] = [one as Fields, other as Fields];
  let surplus = Object.keys(others).length;
  for (const key of Object.keys(ones)) {
    if (!(key in others) || !(ignored.has(key) || isSame(ones[key], others[key]))) return false;
    surplus--;
  }
  return surplus === 0;
}

type Fields = Readonly<Record<string, unknown>>;

function isValue(value: object): value is Value {
  return 'kind' in value && 'at' in value && 'module' in value;
}

/** Values are the same by what they are worth; those that cannot be told, by how they are written. */
function isSameValue(one: Value, other: Value, isSame: IsSame, textOf: TextOf): boolean {
  if (one.kind !== other.kind) return false;
  if (one.kind === 'unknown') return isSameText(textOf(one), textOf(other));
  const names = [nameOf(one), nameOf(other)];
  if (names[0] !== undefined) return names[0] === names[1];
  if (one.kind === 'function') return isSameText(textOf(one), textOf(other));
  return isSameRecord(one, other, isSame, places);
}

function isSameText(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other;
}

/** Of functions and classes only the name gets into a state; a lambda has none. */
function nameOf(value: Value): string | undefined {
  if (value.kind !== 'function' && value.kind !== 'class') return undefined;
  return value.definition.kind === 'lambda' ? undefined : value.definition.name;
}

/** Where a value is written: no part of what it is worth. */
const places: ReadonlySet<string> = new Set(['at', 'module', 'via', 'definedAt', 'scope']);
