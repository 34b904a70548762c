import type { A_Expr, Node, PartitionBoundSpec } from 'libpg-query';
import type { Table } from '../../schema/schema.ts';
import { tokensOf } from '../token.ts';
import { columnOnly, notNullColumn } from './expressions.ts';
import { allOf, asKind, lastNameIn } from './node.ts';
import type { Step } from './step.ts';

type Operator = '<' | '<=' | '=' | '>=' | '>';

/** What a row must fulfil: the key compared with a constant; of `in` any of them. */
interface Comparison {
  readonly operator: Operator | 'in';
  readonly values: readonly Constant[];
}

type Constant = number | string;

/**
 * Whether the checks of a table already keep its rows within the bounds of the partition that it becomes, so that
 * PostgreSQL does not read them. Told for one key column and bounds that are constants, no for everything else.
 */
export function isWithinBounds(
  bound: PartitionBoundSpec | undefined,
  parent: Table | undefined,
  partition: Table | undefined,
  step: Step,
): boolean {
  const [key] = parent?.partitionedBy ?? [];
  const needed = key === undefined || parent?.partitionedBy?.length !== 1 ? undefined : neededBy(bound);
  if (key === undefined || needed === undefined || partition === undefined) return false;
  const conditions = conditionsOf(partition, step);
  const isSet =
    partition.columns.get(key)?.nullable === false || conditions.some((each) => notNullColumn(each) === key);
  const known = conditions.flatMap((condition) => comparisonsIn(condition, key));
  return isSet && needed.every((one) => known.some((other) => implies(other, one)));
}

/** `undefined` where the bounds are more than a comparison of one column can say. */
function neededBy(bound: PartitionBoundSpec | undefined): readonly Comparison[] | undefined {
  if (bound?.is_default === true) return undefined;
  const { listdatums: list = [], lowerdatums: [lower, second] = [], upperdatums: [upper] = [] } = bound ?? {};
  if (list.length > 0) {
    const values = list.map(constantOf);
    return values.includes(undefined) ? undefined : [{ operator: 'in', values: values.filter(isConstant) }];
  }
  if (lower === undefined || upper === undefined || second !== undefined) return undefined;
  const from = rangeEnd('>=', lower);
  const to = rangeEnd('<', upper);
  return from && to && [...from, ...to];
}

/** MINVALUE and MAXVALUE need nothing; the grammar takes them for columns. */
function rangeEnd(operator: Operator, node: Node): readonly Comparison[] | undefined {
  if (['minvalue', 'maxvalue'].includes(columnOnly(node) ?? '')) return [];
  const value = constantOf(node);
  return value === undefined ? undefined : [{ operator, values: [value] }];
}

/** What all rows of the table fulfil, taken apart at AND. */
function conditionsOf(table: Table, { parser }: Step): readonly Node[] {
  return [...table.constraints.values()].flatMap(({ kind, validated, condition }) => {
    if (kind !== 'check' || !validated || condition === undefined) return [];
    const text = `SELECT ${condition}`;
    const parsed = parser.parse({ text, tokens: tokensOf(text, 'postgresql') });
    const query = parsed.kind === 'tree' ? asKind(parsed.node, 'SelectStmt') : undefined;
    return conjuncts(allOf(query?.targetList, 'ResTarget')[0]?.val);
  });
}

function conjuncts(node: Node | undefined): readonly Node[] {
  const logic = asKind(node, 'BoolExpr');
  if (logic?.boolop === 'AND_EXPR') return (logic.args ?? []).flatMap(conjuncts);
  return node === undefined ? [] : [node];
}

function comparisonsIn(node: Node, key: string): readonly Comparison[] {
  const expression = asKind(node, 'A_Expr');
  if (expression === undefined) return [];
  const { kind, lexpr, rexpr } = expression;
  if (kind === 'AEXPR_OP') return operatorComparison(expression, key);
  if (columnOnly(lexpr) !== key) return [];
  const values = (asKind(rexpr, 'List')?.items ?? []).map(constantOf).filter(isConstant);
  const [from, to] = values;
  if (kind === 'AEXPR_IN' && lastNameIn(expression.name) === '=') return [{ operator: 'in', values }];
  if (kind !== 'AEXPR_BETWEEN' || from === undefined || to === undefined) return [];
  return [
    { operator: '>=', values: [from] },
    { operator: '<=', values: [to] },
  ];
}

const mirrored: Readonly<Record<string, Operator>> = { '<': '>', '<=': '>=', '=': '=', '>=': '<=', '>': '<' };

function operatorComparison({ name, lexpr, rexpr }: A_Expr, key: string): readonly Comparison[] {
  const mirror = mirrored[lastNameIn(name)];
  const operator = mirror && mirrored[mirror];
  if (mirror === undefined || operator === undefined) return [];
  const [left, right] = [constantOf(lexpr), constantOf(rexpr)];
  if (columnOnly(lexpr) === key && right !== undefined) return [{ operator, values: [right] }];
  return columnOnly(rexpr) === key && left !== undefined ? [{ operator: mirror, values: [left] }] : [];
}

function constantOf(node: Node | undefined): Constant | undefined {
  const cast = asKind(node, 'TypeCast');
  if (cast !== undefined) return constantOf(cast.arg);
  const constant = asKind(node, 'A_Const');
  if (constant?.ival !== undefined) return constant.ival.ival ?? 0;
  if (constant?.fval?.fval !== undefined) return Number(constant.fval.fval);
  return constant?.sval?.sval;
}

function isConstant(value: Constant | undefined): value is Constant {
  return value !== undefined;
}

/** Whether what fulfils the one fulfils the other. */
function implies(known: Comparison, needed: Comparison): boolean {
  const allowed = known.operator === 'in' || known.operator === '=' ? known.values : undefined;
  if (allowed !== undefined && allowed.length > 0) return allowed.every((value) => fulfils(value, needed));
  const [value] = known.values;
  const [bound] = needed.values;
  if (value === undefined || bound === undefined) return false;
  const order = orderOf(value, bound);
  if (order === undefined) return false;
  if (needed.operator === '>=') return (known.operator === '>=' || known.operator === '>') && order >= 0;
  if (needed.operator !== '<') return false;
  return (known.operator === '<' && order <= 0) || (known.operator === '<=' && order < 0);
}

function fulfils(value: Constant, { operator, values }: Comparison): boolean {
  const orders = values.map((each) => orderOf(value, each));
  if (operator === 'in') return orders.includes(0);
  const [order] = orders;
  if (order === undefined) return false;
  return operator === '>=' ? order >= 0 : operator === '<' && order < 0;
}

/** Negative, zero or positive; texts have an order of their own only as dates. */
function orderOf(one: Constant, other: Constant): number | undefined {
  if (one === other) return 0;
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const areDates = [one, other].every((each) => typeof each === 'string' && /^\d{4}-\d\d-\d\d$/.test(each));
  if (!areDates) return undefined;
  return one < other ? -1 : 1;
}
