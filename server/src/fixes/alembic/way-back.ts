import type { Directive } from '../../alembic/directives.ts';
import type { AlembicRevision } from '../../alembic/revision-file.ts';
import { type DirectivePlace, directivesBack } from './revision-site.ts';

/** Where `downgrade()` takes back what a directive of `upgrade()` does. */
export type WayBack =
  | { readonly kind: 'written'; readonly place: DirectivePlace }
  /** It says nothing about it. */
  | { readonly kind: 'missing' }
  /** It speaks of it in a way that cannot be edited. */
  | { readonly kind: 'unclear' };

/**
 * @param isOpposite whether a directive takes it back
 * @param names what it is about: a way back that speaks of these otherwise is not understood
 */
export function wayBackOf(
  source: AlembicRevision,
  isOpposite: (directive: Directive) => boolean,
  names: readonly string[],
): WayBack {
  const { places } = directivesBack(source);
  const [place, ...others] = places.filter(({ directive }) => isOpposite(directive));
  const own = place === undefined ? undefined : place.statement.span;
  const mentions = source.downgrades.some(({ value: { definition } }) => {
    const { span } = definition;
    const text =
      own === undefined
        ? source.text.slice(span.start, span.end)
        : source.text.slice(span.start, own.start) + source.text.slice(own.end, span.end);
    return names.some((name) => mentionsName(text, name));
  });
  if (others.length > 0 || mentions) return { kind: 'unclear' };
  return place === undefined ? { kind: 'missing' } : { kind: 'written', place };
}

function mentionsName(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replaceAll(/[^\w]/g, '\\$&')}(?![\\w$])`).test(text);
}
