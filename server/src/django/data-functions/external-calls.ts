import { assignColumn } from './assignment.ts';
import { attributeOf, quoteName } from './attributes.ts';
import { fileFunction } from './file-texts.ts';
import { type Held, isRowsInHand, listOf, loadedRow, rowSetOf, unknown } from './held.ts';
import { modelFrom } from './module-names.ts';
import { type Arguments, leadsOutOfSight, type Reading } from './reading.ts';
import { elementOf } from './rows-methods.ts';
import { driverCall, quotedName } from './sql-calls.ts';
import { dedented } from './texts.ts';
import { noteNetwork } from './unsteady.ts';
import type { CallPlace } from './write-methods.ts';

/** What a function from outside the project's files returns. */
export function externalCall(name: string, args: Arguments, place: CallPlace, reading: Reading): Held {
  const builtin = name.startsWith('builtins.')
    ? builtinCall(name.slice('builtins.'.length), args, place, reading)
    : undefined;
  if (builtin !== undefined) return builtin;
  noteNetwork(name, place, reading);
  const [first = unknown] = args.positional;
  const last = name.slice(name.lastIndexOf('.') + 1);
  const sent = driverCall(name, args, place, reading);
  if (sent !== undefined) return sent;
  const file = fileFunction(name, args, place, reading);
  if (file !== undefined) return file;
  if (name === quoteName) return quotedName(args, place, reading);
  if (name === 'textwrap.dedent') return dedented(args, place);
  if (name === 'django.db.transaction.get_connection') return { kind: 'connection' };
  if (/^django\.(db\.models|contrib\.postgres)\./.test(name))
    return last === 'Value' ? first : { kind: 'query-expression' };
  if (name === 'django.contrib.auth.get_user_model') return userModel(reading);
  if (name === 'functools.partial') return partial(first, args);
  if (name === 'django.db.transaction.atomic' && first.kind !== 'function') return { kind: 'result', of: name };
  if (name === 'django.db.transaction.on_commit' || name === 'django.db.transaction.atomic')
    return runs(first, reading);
  if (isSettingsReader(last, first)) return { kind: 'environment', name: first.kind === 'text' ? first.text : last };
  if (last === 'call_command') {
    leadsOutOfSight(
      reading,
      place.call,
      place.inside,
      `it runs the management command${first.kind === 'text' ? ` "${first.text}"` : ''}`,
    );
    return unknown;
  }
  return takesRows(name, last, args, place, reading);
}

/** Functions that get rows and hand them on, and all those that may write them. */
function takesRows(name: string, last: string, args: Arguments, place: CallPlace, reading: Reading): Held {
  const [first = unknown] = args.positional;
  const rows = rowSetOf(first);
  if (rows !== undefined && /paginator|batch|chunk/i.test(last)) return { kind: 'pages', rows };
  if (rows !== undefined && last === 'islice') return listOf([loadedRow({ ...rows, batched: true })], false);
  if (/^(copy|deepcopy|tqdm|track|progressbar|cycle)$/.test(last)) return first;
  if (/^(chain|from_iterable)$/.test(last)) return listOf(args.positional.map(elementOf), false);
  const all = [...args.positional, ...args.keywords.values()];
  if (!isHarmless(name) && all.some(isRowsInHand)) {
    leadsOutOfSight(
      reading,
      place.call,
      place.inside,
      `it hands rows or models to "${name.replace(/^builtins\./, '')}"`,
    );
  }
  return { kind: 'result', of: name };
}

const harmlessPackages =
  /^(builtins|django|copy|itertools|functools|collections|logging|json|uuid|datetime|decimal|math|random|re|string|time|typing|operator|hashlib|sys|os|textwrap|warnings|enum|pprint|statistics|contextlib)(\.|$)/;

function isHarmless(name: string): boolean {
  return harmlessPackages.test(name);
}

function userModel({ context }: Reading): Held {
  const [app, label] = context.swappable('AUTH_USER_MODEL')?.split('.') ?? [];
  if (app === undefined || label === undefined) return unknown;
  return modelFrom(`${app}.models`, label, context);
}

function partial(first: Held, args: Arguments): Held {
  if (first.kind !== 'function') return first;
  return {
    ...first,
    boundPositional: [...first.boundPositional, ...args.positional.slice(1)],
    boundKeywords: new Map([...first.boundKeywords, ...args.keywords]),
  };
}

function runs(callee: Held, reading: Reading): Held {
  if (callee.kind !== 'function' || reading.functions.includes(callee.definition)) return unknown;
  return reading.call(callee, { positional: [], keywords: new Map(), isPartial: false });
}

/** `os.getenv("X")`, `env.bool("X")`, `config("X")` */
function isSettingsReader(last: string, first: Held): boolean {
  if (last === 'getenv') return true;
  const isName = first.kind === 'text' && /^[A-Z][A-Z0-9_]*$/.test(first.text);
  return isName && /^(env|config|bool|str|int|get|flag)$/.test(last);
}

function builtinCall(name: string, args: Arguments, place: CallPlace, reading: Reading): Held | undefined {
  const [first = unknown, second = unknown] = args.positional;
  switch (name) {
    case 'list':
    case 'tuple':
    case 'set':
    case 'frozenset':
    case 'sorted':
    case 'reversed':
    case 'iter':
      if (first.kind === 'rows') return listOf([loadedRow(first.rows)], false);
      return first.kind === 'unknown' ? listOf([], false) : first;
    case 'dict':
      return { kind: 'dictionary', entries: args.keywords, isWhole: args.positional.length === 0 && !args.isPartial };
    case 'enumerate':
      return listOf([listOf([unknown, elementOf(first)], true)], false);
    case 'zip':
      return listOf([listOf(args.positional.map(elementOf), true)], false);
    case 'next':
    case 'max':
    case 'min':
      return elementOf(first);
    case 'map':
    case 'filter': {
      const element = elementOf(second);
      const result = first.kind === 'function' ? reading.call(first, { ...args, positional: [element] }) : unknown;
      return listOf([name === 'map' ? result : element], false);
    }
    case 'getattr':
      return getAttribute(first, second, place, reading);
    case 'setattr':
      if (first.kind === 'row' && second.kind === 'text') assignColumn(first.row, second.text, 'unknown', reading);
      return unknown;
    case 'type':
      return first.kind === 'row' ? { kind: 'model', model: first.row.model } : unknown;
    case 'bool':
    case 'int':
    case 'str':
      return first;
    case 'len':
    case 'any':
    case 'all':
      return { kind: 'answer' };
    default:
      return undefined;
  }
}

function getAttribute(object: Held, name: Held, { call }: CallPlace, reading: Reading): Held {
  const written = call.arguments[0]?.value;
  if (name.kind !== 'text' || written === undefined) return unknown;
  return attributeOf(
    object,
    { kind: 'attribute', object: written, name: name.text, nameSpan: call.span, span: call.span },
    reading,
  );
}
