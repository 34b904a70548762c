import type { CallValue, Value } from '../../syntax/value.ts';
import { calleeNameOf, textOf } from '../values.ts';
import { expressionSql } from './expressions.ts';
import { lookupSql } from './lookups.ts';
import type { ExpressionSetting } from './reading.ts';

/** A condition as Django builds it up: parts that are joined, or one that is compared. */
interface Node {
  readonly connector: 'AND' | 'OR';
  readonly negated: boolean;
  readonly parts: readonly (Node | Lookup)[];
}

interface Lookup {
  readonly name: string;
  readonly value: Value;
}

/** A condition (`Q(total__gt=0) | Q(note="")`) as SQL; `undefined` where a part of it cannot be written. */
export function conditionSql(value: Value, setting: ExpressionSetting): string | undefined {
  const node = readNode(value, setting);
  return node && nodeSql(node, setting, false);
}

function readNode(value: Value, setting: ExpressionSetting): Node | undefined {
  if (value.kind === 'call') return readQ(value, setting);
  if (value.kind !== 'unknown') return undefined;
  const { at, module } = value;
  if (at.kind === 'unary' && at.operator === '~') {
    const inner = readNode(setting.operand(at.operand, module), setting);
    return inner && { ...inner, negated: !inner.negated };
  }
  if (at.kind !== 'binary' || (at.operator !== '&' && at.operator !== '|')) return undefined;
  const left = readNode(setting.operand(at.left, module), setting);
  const right = readNode(setting.operand(at.right, module), setting);
  if (!left || !right) return undefined;
  const connector = at.operator === '&' ? 'AND' : 'OR';
  return { connector, negated: false, parts: [...partsFor(left, connector), ...partsFor(right, connector)] };
}

/** Django takes what is joined in the same way into the larger whole. */
function partsFor(node: Node, connector: Node['connector']): Node['parts'] {
  return !node.negated && (node.connector === connector || node.parts.length === 1) ? node.parts : [node];
}

/** `Q(…)`; its keywords come in the order of their names. */
function readQ(call: CallValue, setting: ExpressionSetting): Node | undefined {
  if (calleeNameOf(call) !== 'Q' || call.partial) return undefined;
  const positional = call.positional.map((each): Node | Lookup | undefined => {
    if (each.kind !== 'tuple') return readNode(each, setting);
    const [name, value] = each.items;
    const text = textOf(name);
    return text === undefined || value === undefined || each.items.length !== 2 ? undefined : { name: text, value };
  });
  const keywords = [...call.keywords]
    .filter(([name]) => name !== '_connector' && name !== '_negated')
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]): Lookup => ({ name, value }));
  const parts = [...positional.filter((each) => each !== undefined), ...keywords];
  if (parts.length !== positional.length + keywords.length || parts.length === 0) return undefined;
  const connector = textOf(call.keywords.get('_connector')) ?? 'AND';
  const negated = call.keywords.get('_negated');
  if (connector !== 'AND' && connector !== 'OR') return undefined;
  return { connector, negated: negated?.kind === 'constant' && negated.value === true, parts };
}

function nodeSql(node: Node, setting: ExpressionSetting, isNegated: boolean): string | undefined {
  const negated = isNegated !== node.negated;
  const parts: string[] = [];
  for (const part of node.parts) {
    const written = 'parts' in part ? only(nodeSql(part, setting, negated)) : comparison(part, setting, negated);
    if (written === undefined) return undefined;
    parts.push(...(node.connector === 'AND' || written.length < 2 ? written : [`(${written.join(' AND ')})`]));
  }
  const joined = parts.join(` ${node.connector} `);
  if (node.negated) return `NOT (${joined})`;
  return parts.length > 1 ? `(${joined})` : joined;
}

function only(sql: string | undefined): readonly string[] | undefined {
  return sql === undefined ? undefined : [sql];
}

/** Where it is negated, a column that may hold NULL is asked for not being so, too. */
function comparison(
  { name, value }: Lookup,
  setting: ExpressionSetting,
  isNegated: boolean,
): readonly string[] | undefined {
  const found = lookupSql(name, value, setting, (expression) => expressionSql(expression, setting));
  if (found === undefined) return undefined;
  return isNegated && found.mayBeNull ? [found.sql, `${found.column} IS NOT NULL`] : [found.sql];
}
