import type { Directive } from '../../alembic/directives.ts';
import type { AlembicRevision } from '../../alembic/revision-file.ts';
import type { Span } from '../../base/span.ts';
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
 * @param mayMention other directives that speak of these and are understood
 */
export function wayBackOf(
  source: AlembicRevision,
  isOpposite: (directive: Directive) => boolean,
  names: readonly string[],
  mayMention: (place: DirectivePlace) => boolean = () => false,
): WayBack {
  const { places } = directivesBack(source);
  const [place, ...others] = places.filter(({ directive }) => isOpposite(directive));
  const understood = places.filter((each) => each === place || mayMention(each));
  const mentions = source.downgrades.some(({ value: { definition } }) => {
    const text = textWithout(
      understood.map(({ statement }) => statement.span),
      definition.span,
      source.text,
    );
    return names.some((name) => mentionsName(text, name));
  });
  if (others.length > 0 || mentions) return { kind: 'unclear' };
  return place === undefined ? { kind: 'missing' } : { kind: 'written', place };
}

function textWithout(parts: readonly Span[], whole: Span, text: string): string {
  let rest = '';
  let from = whole.start;
  for (const { start, end } of parts) {
    if (start < from || end > whole.end) continue;
    rest += text.slice(from, start);
    from = end;
  }
  return rest + text.slice(from, whole.end);
}

function mentionsName(text: string, name: string): boolean {
  if (!text.includes(name)) return false;
  return new RegExp(`(?<![\\w$])${name.replaceAll(/[^\w]/g, '\\$&')}(?![\\w$])`).test(text);
}
