import { enumValuesOf, isEnum } from '../../alembic/column-types.ts';
import { isFalse } from '../../alembic/columns.ts';
import { enumIn, typeNameOf } from '../../alembic/enums.ts';
import type { Span } from '../../base/span.ts';
import type { Change, ChangeOf } from '../../schema/change.ts';
import type { Column } from '../../schema/column.ts';
import type { Value } from '../../syntax/value.ts';

/** A column that gets the type of an enum, which the directive does not create. */
export interface EnumColumn {
  readonly change: ChangeOf<'AddColumn' | 'AlterColumn'>;
  /** The name of the type in the database. */
  readonly type: string;
  readonly values: readonly string[];
  /** Where the type is written. */
  readonly at: Span | undefined;
}

/** Those of a revision that do not say that the type is there (`create_type=False`). */
export function enumColumnsOf(forward: readonly Change[]): readonly EnumColumn[] {
  return forward.flatMap((change): readonly EnumColumn[] => {
    if ((change.kind !== 'AddColumn' && change.kind !== 'AlterColumn') || change.origin.sql !== undefined) return [];
    const value = typeGivenBy(change);
    const written = enumIn(value);
    const type = written && typeNameOf(written);
    if (value === undefined || written === undefined || !isEnum(written) || type === undefined) return [];
    if (isFalse(written.keywords.get('create_type'))) return [];
    const isHere = change.origin.call !== undefined && value.via === undefined;
    return [{ change, type, values: enumValuesOf(written), at: isHere ? value.at.span : undefined }];
  });
}

function typeGivenBy(change: ChangeOf<'AddColumn' | 'AlterColumn'>): Value | undefined {
  if (change.kind === 'AddColumn') return change.column.written?.type;
  return change.facets.type === undefined ? undefined : change.to.written?.type;
}

/** The type of a column of a table, as it is written, that goes by a name in the database. */
export function enumValueIn(columns: readonly Column[], type: string): Value | undefined {
  return columns
    .map(({ written }) => written?.type)
    .find((value) => {
      const written = enumIn(value);
      return written !== undefined && isEnum(written) && typeNameOf(written) === type;
    });
}
