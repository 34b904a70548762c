import type { DatabaseKind } from '../../base/target.ts';
import { isMysqlOrMariadb } from '../../base/target.ts';
import type { PlaceholderStyle } from '../../sql/placeholders.ts';
import { argument } from './arguments.ts';
import { type Held, type HeldOf, isRowsInHand, unknown } from './held.ts';
import { type Arguments, leadsOutOfSight, type Reading } from './reading.ts';
import { heldText, heldValue, isText } from './texts.ts';
import type { CallPlace } from './write-methods.ts';

/** What a method of a cursor, a connection or the schema editor returns; the SQL that it sends is noted. */
export function sqlMethod(
  object: HeldOf<'schema-editor' | 'cursor' | 'connection'>,
  method: string,
  args: Arguments,
  place: CallPlace,
  reading: Reading,
): Held {
  const text = argument(args, 0, object.kind === 'cursor' ? 'query' : 'sql') ?? args.keywords.get('sql');
  const params = argument(args, 1, 'params');
  switch (method) {
    case 'cursor':
    case 'chunked_cursor':
      return { kind: 'cursor' };
    case 'schema_editor':
      return { kind: 'schema-editor' };
    case 'execute':
      sendSql({ text, index: 0, placeholders: styleOf(object, params) }, place, reading);
      return { kind: 'answer' };
    case 'executemany':
      sendSql({ text, index: 0, placeholders: 'format' }, place, reading);
      return { kind: 'answer' };
    case 'copy':
    case 'copy_expert':
      if (object.kind !== 'cursor') return unknown;
      sendSql({ text, index: 0, placeholders: 'none' }, place, reading);
      return unknown;
    case 'quote_name':
      return quotedName(args, place, reading);
    default:
      return otherMethod(object, method, args, reading);
  }
}

function otherMethod(
  object: HeldOf<'schema-editor' | 'cursor' | 'connection'>,
  method: string,
  args: Arguments,
  reading: Reading,
): Held {
  if (object.kind === 'connection') return unknown;
  if (method.startsWith('fetch')) return { kind: 'answer' };
  if (/^(close|quote_|mogrify|__)/.test(method)) return unknown;
  reading.found.altersSchema = true;
  return args.positional.some(isRowsInHand) ? unknown : { kind: 'answer' };
}

/** Without parameters a cursor sends the text as it is; the schema editor formats it unless they are `None`. */
function styleOf({ kind }: Held, params: Held | undefined): PlaceholderStyle {
  if (params === undefined) return kind === 'schema-editor' ? 'format' : 'none';
  return params.kind === 'constant' && params.value === null ? 'none' : 'format';
}

interface SentText {
  readonly text: Held | undefined;
  /** Which of the arguments it is. */
  readonly index: number;
  readonly placeholders: PlaceholderStyle;
}

/** Notes a text that is sent; one of which nothing is known leads out of sight. */
export function sendSql(
  { text: sent, index, placeholders }: SentText,
  { call, inside }: CallPlace,
  reading: Reading,
): void {
  const texts = sent?.kind === 'either-text' ? sent.options : [sent ?? unknown];
  const at = call.arguments[index]?.value ?? call;
  for (const text of texts) {
    if (!isText(text)) {
      leadsOutOfSight(reading, call, inside, 'it puts SQL together at run time');
      continue;
    }
    reading.found.done.push({
      kind: 'sql',
      value: heldValue(text, at, inside.module),
      placeholders,
      isOneOfSeveral: texts.length > 1,
      call,
      inside,
      moment: reading.moment,
      functions: [...reading.functions],
    });
  }
}

/** Functions of psycopg that send SQL or put it together; undefined for all others. */
export function driverCall(name: string, args: Arguments, place: CallPlace, reading: Reading): Held | undefined {
  const [, module, member] = /^psycopg2?\.(extras|sql)\.(\w+)$/.exec(name) ?? [];
  if (module === 'extras' && (member === 'execute_values' || member === 'execute_batch')) {
    sendSql({ text: argument(args, 1, 'sql'), index: 1, placeholders: 'format' }, place, reading);
    return { kind: 'answer' };
  }
  if (module !== 'sql') return undefined;
  const [first = unknown] = args.positional;
  switch (member) {
    case 'SQL':
    case 'Composed':
      return first;
    case 'Identifier':
      return identifier(args, place, reading);
    case 'Literal':
      return first.kind === 'text' ? heldOf(`'${first.text.replaceAll("'", "''")}'`, place) : first;
    case 'Placeholder':
      return heldOf(first.kind === 'text' ? `%(${first.text})s` : '%s', place);
    default:
      return undefined;
  }
}

/** `"public"."shop_order"`; unknown where a part of it is. */
function identifier(args: Arguments, place: CallPlace, reading: Reading): Held {
  const names = args.positional.flatMap((each) => (each.kind === 'text' ? [each.text] : []));
  if (names.length === 0 || names.length < args.positional.length) return unknown;
  return heldOf(names.map((each) => quotedFor(each, reading.context.target.database)).join('.'), place);
}

/** `connection.ops.quote_name("shop_order")`; a name in quotes is left as it is. */
export function quotedName({ positional: [name] }: Arguments, place: CallPlace, reading: Reading): Held {
  if (name?.kind !== 'text') return unknown;
  return heldOf(quotedFor(name.text, reading.context.target.database), place);
}

function quotedFor(name: string, database: DatabaseKind): string {
  const quote = isMysqlOrMariadb(database) ? '`' : '"';
  return name.startsWith(quote) && name.endsWith(quote) ? name : quote + name + quote;
}

function heldOf(text: string, { call, inside: { module } }: CallPlace): Held {
  return heldText({ kind: 'string', at: call, module, value: text });
}
