import type { TextEdit } from '../../base/text-edit.ts';
import { findKeyword, removeArgument, setKeyword } from '../edits/arguments.ts';
import type { FieldSource } from '../field-source.ts';

/**
 * Edits of a unique field that leave its column: without the constraint, and without the indexes that the field would
 * bring along instead. `undefined` where it is its class that makes it unique and no other class has the same column.
 */
export function fieldWithoutIndexes({ text, module, call }: FieldSource): readonly TextEdit[] | undefined {
  const site = { text, module, call };
  const className = text.slice(call.callee.span.start, call.callee.span.end);
  const unique = findKeyword(call, 'unique');
  const index = findKeyword(call, 'db_index');
  if (className.endsWith('OneToOneField')) {
    const positional = call.arguments.filter(({ name }) => name === undefined);
    const isPlain = className === 'models.OneToOneField' && positional.length <= 2;
    if (!isPlain || unique !== undefined || findKeyword(call, 'parent_link') !== undefined) return undefined;
    return [{ span: call.callee.span, newText: 'models.ForeignKey' }, setKeyword(site, 'db_index', 'False')];
  }
  if (unique === undefined) return undefined;
  if (index !== undefined) return [removeArgument(site, unique), setKeyword(site, 'db_index', 'False')];
  const isIndexed = /(^|\.)(SlugField|ForeignKey)$/.test(className);
  return [isIndexed ? { span: unique.span, newText: 'db_index=False' } : removeArgument(site, unique)];
}
