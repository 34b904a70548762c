import type { TextEdit } from '../../base/text-edit.ts';
import { findKeyword, removeArgument, setKeyword } from '../edits/arguments.ts';
import type { FieldSource, KeywordChanges } from '../field-source.ts';

/** What leaves of a unique field its column: without the constraint, and without the indexes that it would get instead. */
export interface PlainField {
  readonly changes: KeywordChanges;
  /** Another class, where it is the class that makes the field unique. */
  readonly className?: string;
}

/** `undefined` where it is its class that makes the field unique and no other class has the same column. */
export function plainField({ text, call }: FieldSource): PlainField | undefined {
  const className = text.slice(call.callee.span.start, call.callee.span.end);
  const isWritten = findKeyword(call, 'unique') !== undefined;
  if (className.endsWith('OneToOneField')) {
    const positional = call.arguments.filter(({ name }) => name === undefined);
    const isPlain = className === 'models.OneToOneField' && positional.length <= 2;
    if (!isPlain || isWritten || findKeyword(call, 'parent_link') !== undefined) return undefined;
    return { changes: { db_index: 'False' }, className: 'models.ForeignKey' };
  }
  if (!isWritten) return undefined;
  const isIndexed = findKeyword(call, 'db_index') !== undefined || /(^|\.)(SlugField|ForeignKey)$/.test(className);
  return { changes: { unique: undefined, ...(isIndexed ? { db_index: 'False' } : {}) } };
}

/** The edits that make a {@link PlainField} of a field where it is written. */
export function plainFieldEdits(source: FieldSource): readonly TextEdit[] | undefined {
  const plain = plainField(source);
  if (plain === undefined) return undefined;
  const { call } = source;
  const unique = findKeyword(call, 'unique');
  const isIndexed = plain.changes['db_index'] !== undefined;
  if (unique === undefined) {
    const newText = plain.className ?? '';
    return [{ span: call.callee.span, newText }, setKeyword(source, 'db_index', 'False')];
  }
  if (!isIndexed) return [removeArgument(source, unique)];
  if (findKeyword(call, 'db_index') === undefined) return [{ span: unique.span, newText: 'db_index=False' }];
  return [removeArgument(source, unique), setKeyword(source, 'db_index', 'False')];
}
