import type { CallExpression } from '../../syntax/module.ts';
import { argument, argumentsOf } from './arguments.ts';
import { attributeOf } from './attributes.ts';
import { externalCall } from './external-calls.ts';
import { fileMethod, pathMethod } from './file-texts.ts';
import {
  type Held,
  type HeldList,
  type HeldOf,
  isRowsInHand,
  listOf,
  newRow,
  type Row,
  type RowSet,
  rowsOf,
  someModel,
  unknown,
} from './held.ts';
import type { NameScope } from './name-scope.ts';
import { type Arguments, type FoundModel, leadsOutOfSight, type Reading } from './reading.ts';
import { elementOf, readingMethod } from './rows-methods.ts';
import { quotedName, sendSql, sqlMethod } from './sql-calls.ts';
import { isUncertain } from './statements.ts';
import { textMethod } from './texts.ts';
import { isUnsteadyResult, noteUnsteadyArguments } from './unsteady.ts';
import { type CallPlace, writesRow, writingMethod } from './write-methods.ts';

/** What a call returns; what it writes is noted. */
export function evaluateCall(call: CallExpression, scope: NameScope, reading: Reading): Held {
  const place: CallPlace = { call, inside: scope.inside };
  if (call.callee.kind !== 'attribute') {
    const callee = reading.evaluate(call.callee, scope);
    const args = argumentsOf(call, scope, reading);
    if ((callee.kind === 'unknown' || callee.kind === 'result') && args.positional.some(isRowsInHand)) {
      const name = scope.inside.text.slice(call.callee.span.start, call.callee.span.end);
      leadsOutOfSight(reading, call, scope.inside, `it hands rows or models to "${name}"`);
    }
    return callHeld(callee, args, place, reading);
  }
  const object = reading.evaluate(call.callee.object, scope);
  const method = call.callee.name;
  const args = argumentsOf(call, scope, reading);
  if (isTask(object, method)) {
    reading.found.sendsTask = true;
    return unknown;
  }
  const result = methodCall(object, method, args, place, reading);
  return result ?? callHeld(attributeOf(object, call.callee, reading), args, place, reading);
}

/** `send_invoices.delay(…)` */
function isTask(object: Held, method: string): boolean {
  const isSend = method === 'delay' || method === 'apply_async' || method === 'delay_on_commit' || method === 'enqueue';
  return (
    isSend &&
    (object.kind === 'external' || object.kind === 'function' || object.kind === 'unknown' || object.kind === 'result')
  );
}

function callHeld(callee: Held, args: Arguments, place: CallPlace, reading: Reading): Held {
  switch (callee.kind) {
    case 'function':
      return follow(callee, args, place, reading);
    case 'model':
      noteUnsteadyArguments('new', args, place, reading);
      return newRow(callee.model);
    case 'class':
      return construct(callee, args, place, reading);
    case 'external':
      return externalCall(callee.name, args, place, reading);
    case 'environment':
      return callee;
    case 'result':
      // `timezone.now().date()`
      return isUnsteadyResult(callee) ? callee : unknown;
    default:
      return unknown;
  }
}

const followedCalls = 400;
const followedDepth = 12;

function follow(callee: HeldOf<'function'>, args: Arguments, place: CallPlace, reading: Reading): Held {
  // A function that calls itself writes nothing that its first call has not shown.
  if (reading.functions.includes(callee.definition)) return unknown;
  reading.followed++;
  if (reading.followed > followedCalls || reading.functions.length > followedDepth) {
    leadsOutOfSight(reading, place.call, place.inside, 'too many functions call each other');
    return unknown;
  }
  return reading.call(callee, args);
}

function construct(callee: HeldOf<'class'>, args: Arguments, place: CallPlace, reading: Reading): Held {
  const object: HeldOf<'object'> = { kind: 'object', class: callee, attributes: new Map() };
  const init = callee.statement.body.find((each) => each.kind === 'function' && each.name === '__init__');
  if (init?.kind !== 'function') return object;
  const { inside, scope } = callee;
  const bound: HeldOf<'function'> = {
    kind: 'function',
    definition: init,
    inside,
    scope,
    boundPositional: [object],
    boundKeywords: new Map(),
  };
  follow(bound, args, place, reading);
  return object;
}

/** What a method of something known returns; undefined where it is an attribute that is called. */
function methodCall(
  object: Held,
  method: string,
  args: Arguments,
  place: CallPlace,
  reading: Reading,
): Held | undefined {
  switch (object.kind) {
    case 'apps':
      return appsMethod(method, args, place, reading);
    case 'app-config':
      return configMethod(object.app, method, args, place, reading);
    case 'rows':
      return rowsMethod(object.rows, method, args, place, reading);
    case 'row':
      return writesRow(object.row, method, place, reading) ? unknown : undefined;
    case 'row-attribute':
      return relatedMethod(object.row, object.name, method, args, place, reading);
    case 'values':
      return readingMethod(object.rows, method, place.call, args, reading)?.kind === 'answer'
        ? { kind: 'answer' }
        : object;
    case 'pages':
      return method === 'page' || method === 'get_page' ? rowsOf({ ...object.rows, batched: true }) : unknown;
    case 'list':
      return listMethod(object, method, args, reading);
    case 'dictionary':
      return dictionaryMethod(object, method);
    case 'text':
    case 'loose-text':
      return textMethod(object, method, args, place) ?? pathMethod(object, args, place, reading) ?? unknown;
    case 'open-file':
      return fileMethod(object, args, place, reading);
    case 'model-options':
      return fieldOf(object, method, args);
    case 'connection-operations':
      return method === 'quote_name' ? quotedName(args, place, reading) : unknown;
    case 'environment':
      return { kind: 'environment', name: nameOfVariable(args) ?? object.name };
    case 'schema-editor':
    case 'cursor':
    case 'connection':
      return sqlMethod(object, method, args, place, reading);
    case 'answer':
      // `cursor.execute(…).fetchone()`
      return object;
    default:
      return undefined;
  }
}

function appsMethod(method: string, args: Arguments, place: CallPlace, reading: Reading): Held {
  const [first] = args.positional;
  switch (method) {
    case 'get_model':
      return getModel(args, place, reading);
    case 'get_models':
      return listOf([someModel], false);
    case 'get_app_config':
      return { kind: 'app-config', app: first?.kind === 'text' ? first.text : undefined };
    default:
      return unknown;
  }
}

function configMethod(
  app: string | undefined,
  method: string,
  args: Arguments,
  place: CallPlace,
  reading: Reading,
): Held {
  if (method === 'get_models') return listOf([someModel], false);
  const name = argument(args, 0, 'model_name');
  if (method !== 'get_model' || app === undefined || name?.kind !== 'text') return unknown;
  return historicalModel({ app, model: name.text, setting: undefined }, place, reading);
}

function getModel(args: Arguments, place: CallPlace, reading: Reading): Held {
  const first = argument(args, 0, 'app_label');
  const second = argument(args, 1, 'model_name');
  const setting = first?.kind === 'environment' ? first.name : undefined;
  const label = setting === undefined ? undefined : reading.context.swappable(setting);
  const written = label ?? (first?.kind === 'text' ? first.text : undefined);
  const [app, model] = second?.kind === 'text' ? [written, second.text] : (written?.split('.') ?? []);
  if (app === undefined || model === undefined) {
    if (second?.kind !== 'text') return someModel;
    return { kind: 'model', model: { app: undefined, label: second.text, table: undefined, isLive: false } };
  }
  return historicalModel({ app, model, setting }, place, reading);
}

function historicalModel(use: Omit<FoundModel, keyof CallPlace>, place: CallPlace, reading: Reading): Held {
  const { app, model } = use;
  const { conditional, repeats, tried } = reading.moment;
  if (!conditional && !repeats && !tried) reading.found.models.push({ ...use, ...place });
  return { kind: 'model', model: { app, label: model, table: reading.context.tableOf(app, model), isLive: false } };
}

function rowsMethod(rows: RowSet, method: string, args: Arguments, place: CallPlace, reading: Reading): Held {
  const held =
    readingMethod(rows, method, place.call, args, reading) ?? writingMethod(rows, method, args, place, reading);
  if (held !== undefined) return held;
  if (method === 'using') return rowsOf({ ...rows, source: place.call });
  if (method === 'raw') {
    sendSql({ text: argument(args, 0, 'raw_query'), index: 0, placeholders: 'format' }, place, reading);
  }
  // A method of the project's own manager.
  return rowsOf({ ...rows, selection: 'unknown', source: place.call });
}

const changesRelation: ReadonlySet<string> = new Set(['set', 'remove', 'clear', 'delete', 'save']);

/** `order.lines.all()`, but also `order.data.get("total")` and `order.tags.append(tag)`: fields hold all sorts of things. */
function relatedMethod(
  row: Row,
  name: string,
  method: string,
  args: Arguments,
  place: CallPlace,
  reading: Reading,
): Held {
  const model = { app: undefined, label: name, table: undefined, isLive: row.model.isLive };
  const rows: RowSet = { model, selection: 'filtered', batched: row.from?.batched ?? false, source: place.call };
  const isPlainValue = args.positional.length > 0 && (method === 'get' || method === 'update' || method === 'count');
  if (isPlainValue) return unknown;
  const held = readingMethod(rows, method, place.call, args, reading);
  if (held !== undefined) return held;
  if (changesRelation.has(method)) {
    reading.found.mayWrite = true;
    return unknown;
  }
  return writingMethod(rows, method, args, place, reading) ?? unknown;
}

/** `_meta.get_field("total")` */
function fieldOf({ model }: HeldOf<'model-options'>, method: string, args: Arguments): Held {
  const name = argument(args, 0, 'field_name');
  return method === 'get_field' && name?.kind === 'text' ? { kind: 'field', model, name: name.text } : unknown;
}

function listMethod(list: HeldList, method: string, args: Arguments, reading: Reading): Held {
  const [first = unknown] = args.positional;
  const adds = method === 'append' || method === 'add' || method === 'appendleft' || method === 'insert';
  if (adds && isUncertain(reading)) list.isWhole = false;
  switch (method) {
    case 'append':
    case 'add':
    case 'appendleft':
    case 'insert':
      list.items.push(args.positional.at(-1) ?? first);
      return unknown;
    case 'extend':
    case 'update':
      if (first.kind === 'list') list.items.push(...first.items);
      else list.items.push(elementOf(first));
      list.isWhole = false;
      return unknown;
    case 'values':
    case 'copy':
      return list;
    case 'items':
      return listOf([listOf([unknown, elementOf(list)], true)], false);
    case 'pop':
    case 'get':
    case 'popleft':
      return elementOf(list);
    default:
      return unknown;
  }
}

function dictionaryMethod({ entries, isWhole }: HeldOf<'dictionary'>, method: string): Held {
  const keys = [...entries.keys()].map((text): Held => ({ kind: 'text', text }));
  switch (method) {
    case 'items':
      return listOf(
        [...entries].map(([text, held]) => listOf([{ kind: 'text', text }, held], true)),
        isWhole,
      );
    case 'values':
      return listOf([...entries.values()], isWhole);
    case 'keys':
      return listOf(keys, isWhole);
    default:
      return unknown;
  }
}

/** `environ.get("ALLOW_DELETE")` */
function nameOfVariable(args: Arguments): string | undefined {
  const [first] = args.positional;
  return first?.kind === 'text' && /^[A-Z][A-Z0-9_]*$/.test(first.text) ? first.text : undefined;
}
