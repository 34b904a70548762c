import { needsUsing } from '../../database/postgresql/type-change.ts';
import { quotedName } from '../../database/quoted-names.ts';
import type { ChangeOf } from '../../schema/change.ts';
import { type Column, isSameType, typeText } from '../../schema/column.ts';
import { findColumn } from '../../schema/schema.ts';
import type { Value } from '../../syntax/value.ts';
import type { Reversed, Reversing } from './reversing.ts';
import { defaultText } from './written-column.ts';
import { type CallStyle, directive } from './written-constraint.ts';
import { columnTypeText, type TypeSetting } from './written-type.ts';
import { text, valueText } from './written-value.ts';

/** Gives a column back the type, the nullability and the default that it had; undefined where one is not known. */
export function reversedAlteration(change: ChangeOf<'AlterColumn'>, style: CallStyle, reversing: Reversing): Reversed {
  const { table, column: name, to, written } = change;
  const schema = reversing.before(change);
  const setting: TypeSetting = { writing: reversing.writing, database: reversing.database, schema };
  const known = findColumn(schema, table, name);
  const was: Before = {
    column: known,
    isSure: known?.bornIn !== undefined,
    said: (facet) => written?.get(`existing_${facet}`),
    setting,
  };
  const facets = [typeFacet(change, was), nullableFacet(change, was), defaultFacet(change, was)];
  if (facets.includes('unknown')) return undefined;
  const keywords = facets.flatMap((facet) => (Array.isArray(facet) ? facet : []));
  if (keywords.length === 0) return [];
  const existing = change.facets.type === undefined ? existingType(to, was) : [];
  const kept = change.facets.nullable === undefined ? existingNullable(was) : [];
  const rest = [text(name, reversing.writing)];
  return [
    directive(style, 'alter_column', table, {
      rest,
      keywords: [...existing, ...keywords, ...kept, ...usingFor(change, was)],
    }),
  ];
}

interface Before {
  readonly column: Column | undefined;
  /** A revision in sight has made it what it was: what is not said is known too. */
  readonly isSure: boolean;
  said(facet: 'type' | 'nullable' | 'server_default'): Value | undefined;
  readonly setting: TypeSetting;
}

/** Keywords that give a facet back; none where it has not changed. */
type Facet = readonly string[] | 'unknown';

function typeFacet({ facets, to }: ChangeOf<'AlterColumn'>, was: Before): Facet {
  if (facets.type === undefined) return [];
  const { column, setting } = was;
  const isKnown = column !== undefined && column.type.name !== 'unknown';
  if (isKnown && isSameType(column.type, to.type)) return [];
  const said = was.said('type');
  const type = (isKnown ? columnTypeText(column, setting) : undefined) ?? (said && valueText(said, setting.writing));
  if (type === undefined) return 'unknown';
  const current = columnTypeText(to, setting);
  return [...(current === undefined ? [] : [`existing_type=${current}`]), `type_=${type}`];
}

/** PostgreSQL has to be told how to cast where it does not do so by itself. */
function usingFor(
  { facets, to: from, using, usingIsUnread }: ChangeOf<'AlterColumn'>,
  { column: to, setting }: Before,
): readonly string[] {
  const { writing, database } = setting;
  if (database !== 'postgresql' || facets.type === undefined || to === undefined || to.type.name === 'unknown')
    return [];
  const hasUsing = using !== undefined || usingIsUnread === true;
  if (isSameType(from.type, to.type) || (!hasUsing && !needsUsing(from.type, to.type))) return [];
  const name = /^[a-z_][a-z\d_]*$/.test(to.name) ? to.name : quotedName(to.name, database);
  return [`postgresql_using=${text(`${name}::${typeText(to.type)}`, writing)}`];
}

function nullableFacet({ facets, to }: ChangeOf<'AlterColumn'>, { column, isSure }: Before): Facet {
  if (facets.nullable === undefined) return [];
  // Of a column from elsewhere it is known at least that it was not as it is said to become.
  const nullable = isSure && column !== undefined ? column.nullable : !to.nullable;
  return nullable === to.nullable ? [] : [`nullable=${nullable ? 'True' : 'False'}`];
}

function defaultFacet({ facets, to }: ChangeOf<'AlterColumn'>, was: Before): Facet {
  if (facets.default === undefined) return [];
  const { column, isSure, setting } = was;
  if (isSure && column !== undefined) {
    if (column.default?.sql === to.default?.sql && column.default?.kind === to.default?.kind) return [];
    const known = defaultText(column, setting.writing);
    return known === undefined ? 'unknown' : [`server_default=${known}`];
  }
  const said = was.said('server_default');
  const written = said && valueText(said, setting.writing);
  return written === undefined ? 'unknown' : [`server_default=${written === 'False' ? 'None' : written}`];
}

/** MySQL, which states a column anew, is told what it is; on others it does no harm. */
function existingType(to: Column, { said, setting }: Before): readonly string[] {
  const type = columnTypeText(to, setting);
  const written = said('type');
  const text = type ?? (written && valueText(written, setting.writing));
  return text === undefined ? [] : [`existing_type=${text}`];
}

function existingNullable({ column, isSure, said, setting }: Before): readonly string[] {
  const written = said('nullable');
  if (written !== undefined) return [`existing_nullable=${valueText(written, setting.writing) ?? 'True'}`];
  return isSure && column !== undefined ? [`existing_nullable=${column.nullable ? 'True' : 'False'}`] : [];
}
