import { containsSpan } from '../../../base/span.ts';
import type { Project } from '../../../project/project.ts';
import type { Change } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { insertAtHead } from '../../edits/function-body.ts';
import { importModule } from '../../edits/imports.ts';
import { quoteOf } from '../../edits/layout.ts';
import { type Answer, refusal } from '../../fix.ts';
import { severalDatabases } from '../../refusals.ts';
import { destructiveFlag, guardLines } from '../guard-lines.ts';

const upgradeElsewhere = refusal('upgrade() is not written in this file as a function.');

/** Lets `upgrade()` raise first unless an environment flag is set. */
export function guardedRevision(
  { origin }: Change,
  { id }: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const revision = project.revision(id);
  if (revision === undefined) return [];
  const { text, module, file, upgrades } = revision;
  const own = upgrades.filter(({ value }) => value.definedIn === module);
  const around = own.filter(({ value }) => containsSpan(value.definition.span, origin.span));
  // A helper of the file is called by one of them; with several it cannot be told by which.
  const [upgrade, other] = around.length > 0 ? around : own;
  const definition = upgrade?.value.definition;
  if (other !== undefined) return severalDatabases;
  if (definition?.kind !== 'function') return upgradeElsewhere;
  const os = importModule(text, module, 'os');
  const guard = insertAtHead(text, definition, guardLines(os.name, quoteOf(text)));
  return [
    {
      title: `Run this only where ${destructiveFlag} is set`,
      safety: 'review',
      edits: [{ kind: 'change', file, edits: [...os.edits, guard] }],
    },
  ];
}
