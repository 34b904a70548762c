import { calledName, columnTypeArgument } from '../../alembic/columns.ts';
import { containsSpan } from '../../base/span.ts';
import type { Argument } from '../../syntax/module.ts';
import type { Value } from '../../syntax/value.ts';
import type { CallSite } from '../edits/arguments.ts';
import { rewrittenCode } from '../edits/rewritten.ts';
import type { DirectivePlace } from './revision-site.ts';

/** The `sa.Column(…)` of an `add_column`, where it is written there. */
export interface ColumnCall extends CallSite {
  keyword(name: string): Value | undefined;
  /** `sa.ForeignKey(…)` and the like among its arguments. */
  items(name: string): readonly Argument[];
  /** The type as it is written, in column 0. */
  readonly type: string | undefined;
  /** Otherwise it comes from the column that a foreign key refers to. */
  readonly hasType: boolean;
}

export function columnCallOf({ source, directive, call }: DirectivePlace): ColumnCall | undefined {
  const value = directive.name === 'add_column' ? directive.arguments.get('column') : undefined;
  if (value?.kind !== 'call' || value.module !== source.module || calledName(value) !== 'Column') return undefined;
  // What a variable holds or a function makes may be of use elsewhere.
  if (!containsSpan(call.span, value.at.span)) return undefined;
  const { text, module } = source;
  const type = columnTypeArgument(value);
  const isHere = type !== undefined && type.module === module;
  return {
    text,
    module,
    call: value.at,
    keyword: (name) => value.keywords.get(name),
    items: (name) =>
      value.positional
        .filter((item) => item.kind === 'call' && calledName(item) === name)
        .flatMap((item) => value.at.arguments.find((argument) => argument.value === item.at) ?? []),
    type: isHere ? rewrittenCode(text, type.at.span, []) : undefined,
    hasType: type !== undefined,
  };
}
