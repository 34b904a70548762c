import { truthOf } from '../../syntax/truth.ts';
import type { CallValue, Value } from '../../syntax/value.ts';
import { columnsNamed } from '../tables.ts';
import { given, itemsOf, textOf, textsOf } from '../values.ts';
import { conditionSql } from './conditions.ts';
import { keySql } from './index-definition.ts';
import { type ExpressionSetting, quoted } from './reading.ts';

/** What stands behind the name of a constraint of `Meta.constraints`; `undefined` where it cannot be written. */
export function constraintDefinitionOf(
  kind: 'check' | 'unique' | 'exclusion' | 'unknown',
  call: CallValue,
  setting: ExpressionSetting,
): string | undefined {
  const keyword = (name: string): Value | undefined => given(call.keywords.get(name));
  switch (kind) {
    case 'check': {
      const condition = keyword('condition') ?? keyword('check');
      const sql = condition && conditionSql(condition, setting);
      return sql && `CHECK (${sql})`;
    }
    case 'unique': {
      const columns = columnsNamed(setting.model, textsOf(keyword('fields'))).map(quoted);
      return `UNIQUE${nullsSql(keyword('nulls_distinct'))} (${columns.join(', ')})${deferrableSql(keyword('deferrable'))}`;
    }
    case 'exclusion':
      return exclusionSql(call, setting);
    case 'unknown':
      return undefined;
  }
}

function nullsSql(value: Value | undefined): string {
  if (value === undefined) return '';
  return truthOf(value) === false ? ' NULLS NOT DISTINCT' : ' NULLS DISTINCT';
}

/** `models.Deferrable.DEFERRED` */
function deferrableSql(value: Value | undefined): string {
  if (value?.kind !== 'reference') return '';
  return ` DEFERRABLE INITIALLY ${value.name.endsWith('.IMMEDIATE') ? 'IMMEDIATE' : 'DEFERRED'}`;
}

function exclusionSql(call: CallValue, setting: ExpressionSetting): string | undefined {
  const keyword = (name: string): Value | undefined => given(call.keywords.get(name));
  const parts = itemsOf(keyword('expressions')).map((item) => {
    const [expression, operator] = itemsOf(item);
    const key = expression && keySql(expression, setting);
    const sign = operatorOf(operator);
    return key === undefined || sign === undefined ? undefined : `${key} WITH ${sign}`;
  });
  if (parts.length === 0 || parts.includes(undefined)) return undefined;
  const condition = keyword('condition');
  const where = condition && conditionSql(condition, setting);
  if (condition && where === undefined) return undefined;
  const include = columnsNamed(setting.model, textsOf(keyword('include'))).map(quoted);
  return (
    [
      `EXCLUDE USING ${textOf(keyword('index_type')) ?? 'GIST'} (${parts.join(', ')})`,
      ...(include.length > 0 ? [`INCLUDE (${include.join(', ')})`] : []),
      ...(where === undefined ? [] : [`WHERE (${where})`]),
    ].join(' ') + deferrableSql(keyword('deferrable'))
  );
}

const operators: Readonly<Record<string, string>> = {
  ADJACENT_TO: '-|-',
  CONTAINED_BY: '<@',
  CONTAINS: '@>',
  EQUAL: '=',
  FULLY_GT: '>>',
  FULLY_LT: '<<',
  NOT_EQUAL: '<>',
  NOT_GT: '&<',
  NOT_LT: '&>',
  OVERLAPS: '&&',
};

/** `"&&"`, or `RangeOperators.OVERLAPS`. */
function operatorOf(value: Value | undefined): string | undefined {
  if (value?.kind !== 'reference') return textOf(value);
  const name = value.name.slice(value.name.lastIndexOf('.') + 1);
  return value.name.includes('RangeOperators') ? operators[name] : undefined;
}
