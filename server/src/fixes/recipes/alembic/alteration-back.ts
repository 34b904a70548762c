import type { Directive } from '../../../alembic/directives.ts';
import { nameOf } from '../../../alembic/step.ts';
import type { DirectivePlace } from '../../alembic/revision-site.ts';
import { type WayBack, wayBackOf } from '../../alembic/way-back.ts';

/** What `op.alter_column` may say besides what is taken back: of everything else it would be the way back, too. */
const unrelated = ['nullable', 'server_default', 'comment', 'type_', 'new_column_name'];

/**
 * Where `downgrade()` takes back what an `alter_column` does to a column.
 *
 * @param column as it is called by then
 * @param facet the argument that takes it back: `type_`
 */
export function alterationBack(
  { source, directive: { arguments: own } }: DirectivePlace,
  column: string,
  facet: 'type_' | 'new_column_name',
  isOpposite: (directive: Directive) => boolean,
): WayBack {
  const table = nameOf(own.get('table_name'));
  const found = wayBackOf(
    source,
    (directive) =>
      directive.name === 'alter_column' &&
      directive.arguments.has(facet) &&
      nameOf(directive.arguments.get('table_name')) === table &&
      nameOf(directive.arguments.get('column_name')) === column &&
      isOpposite(directive),
    [],
  );
  if (found.kind === 'missing') return wayBackOf(source, () => false, [column]);
  if (found.kind !== 'written') return found;
  const { arguments: given } = found.place.directive;
  return unrelated.some((name) => name !== facet && given.has(name)) ? { kind: 'unclear' } : found;
}
