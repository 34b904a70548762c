import type { IndexDefinition } from '../../schema/schema.ts';
import { truthOf } from '../../syntax/truth.ts';
import type { CallValue, Value } from '../../syntax/value.ts';
import { columnsNamed } from '../tables.ts';
import { calleeNameOf, given, itemsOf, numberOf, textOf, textsOf } from '../values.ts';
import { conditionSql } from './conditions.ts';
import { fieldOrExpressionSql } from './expressions.ts';
import { type ExpressionSetting, fieldNamed, quoted, quotedColumn } from './reading.ts';

/** What `models.Index(…)`, or a `UniqueConstraint` that is built as an index, says beyond its columns. */
export function indexDefinitionOf(
  call: CallValue,
  setting: ExpressionSetting,
  tablespace: string | undefined,
): IndexDefinition {
  const keyword = (name: string): Value | undefined => given(call.keywords.get(name));
  const classes = textsOf(keyword('opclasses'));
  const fields = textsOf(keyword('fields')).map((field, index) => fieldKey(field, classes[index], setting));
  const condition = keyword('condition');
  return {
    keys: [...fields, ...call.positional.map((expression) => keySql(expression, setting))],
    include: columnsNamed(setting.model, textsOf(keyword('include'))),
    condition: condition && conditionOf(condition, setting),
    parameters: parametersOf(call),
    tablespace: textOf(keyword('db_tablespace')) ?? tablespace,
  };
}

function conditionOf(value: Value, setting: ExpressionSetting): IndexDefinition['condition'] {
  const sql = conditionSql(value, setting);
  return sql === undefined ? 'unknown' : { sql };
}

/** `-placed_at` is a descending key. */
function fieldKey(name: string, operatorClass: string | undefined, setting: ExpressionSetting): string | undefined {
  const field = fieldNamed(name.replace(/^-/, ''), setting);
  if (!field) return undefined;
  const order = name.startsWith('-') ? ['DESC'] : [];
  return [quotedColumn(field), ...(operatorClass ? [operatorClass] : []), ...order].join(' ');
}

/** A key that is written as an expression: in parentheses unless it is a column, with what stands around it behind. */
export function keySql(expression: Value, setting: ExpressionSetting): string | undefined {
  if (expression.kind === 'call') {
    const inner = expression.positional[0] ?? expression.keywords.get('expression');
    const { receiver } = expression;
    switch (calleeNameOf(expression)) {
      case 'desc':
      case 'asc':
        return receiver && after(keySql(receiver, setting), orderOf(expression));
      case 'OrderBy':
        return inner && after(keySql(inner, setting), orderOf(expression));
      case 'OpClass':
        return (
          inner && after(keySql(inner, setting), textOf(expression.keywords.get('name') ?? expression.positional[1]))
        );
      case 'Collate': {
        const key = inner && keySql(inner, setting);
        const collation = textOf(expression.keywords.get('collation') ?? expression.positional[1]);
        return after(key, collation && `COLLATE ${quoted(collation)}`);
      }
      default:
    }
  }
  const written = fieldOrExpressionSql(expression, setting);
  return written && (written.column ? written.sql : `(${written.sql})`);
}

function after(key: string | undefined, suffix: string | undefined): string | undefined {
  return key === undefined || suffix === undefined ? undefined : `${key} ${suffix}`;
}

function orderOf(call: CallValue): string {
  const isTrue = (name: string): boolean => {
    const value = call.keywords.get(name);
    return value !== undefined && truthOf(value) === true;
  };
  const isDescending = calleeNameOf(call) === 'desc' || isTrue('descending');
  const nulls = [...(isTrue('nulls_first') ? ['NULLS FIRST'] : []), ...(isTrue('nulls_last') ? ['NULLS LAST'] : [])];
  return [isDescending ? 'DESC' : 'ASC', ...nulls].join(' ');
}

/** Options of PostgreSQL's index classes, in the order in which Django writes them. */
const parameters = [
  'length',
  'autosummarize',
  'pages_per_range',
  'gin_pending_list_limit',
  'fastupdate',
  'buffering',
  'fillfactor',
  'deduplicate_items',
];

function parametersOf(call: CallValue): string | undefined {
  const written = parameters.flatMap((name) => {
    const value = given(call.keywords.get(name));
    if (value === undefined) return [];
    const number = numberOf(value);
    return `${name} = ${number ?? (truthOf(value) ? 'on' : 'off')}`;
  });
  const columns = itemsOf(call.keywords.get('columns')).flatMap((value) => numberOf(value) ?? []);
  const all = [...written, ...columns.map((length, index) => `col${index + 1} = ${length}`)];
  return all.length === 0 ? undefined : all.join(', ');
}
