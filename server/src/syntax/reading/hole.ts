import type { Span } from '../../base/span.ts';
import type { Argument, DictionaryExpression, Expression, Statement } from '../module.ts';

/** What stands between two brackets, or in a block, read apart from what surrounds it. */
export type Hole =
  | { readonly kind: 'arguments'; readonly span: Span; readonly items: readonly Argument[]; readonly broken: boolean }
  | { readonly kind: 'items'; readonly span: Span; readonly items: readonly Expression[]; readonly broken: boolean }
  | {
      readonly kind: 'entries';
      readonly span: Span;
      readonly items: DictionaryExpression['entries'];
      readonly broken: boolean;
    }
  | {
      readonly kind: 'block';
      readonly span: Span;
      readonly statements: readonly Statement[];
      readonly broken: boolean;
    };
