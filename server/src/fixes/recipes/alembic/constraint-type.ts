import { sortEdits } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { DropConstraint } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { findTable, type Schema } from '../../../schema/schema.ts';
import { finalName } from '../../alembic/final-name.ts';
import { readDirectivePlace } from '../../alembic/revision-site.ts';
import { constraintTypes } from '../../alembic/written-constraint.ts';
import { setKeyword } from '../../edits/arguments.ts';
import { quoted, quoteOf } from '../../edits/layout.ts';
import { type Answer, isRefused, refusal } from '../../fix.ts';

interface Setting {
  readonly project: Project;
  before(change: DropConstraint): Schema;
}

/** Says in `op.drop_constraint` what kind of constraint it is, as the revisions before have made it. */
export function constraintType(change: DropConstraint, migration: Migration, setting: Setting): readonly Answer[] {
  const place = readDirectivePlace(change, migration, setting.project);
  if (isRefused(place)) return place;
  const kind = kindOf(change, setting.before(change));
  const type = kind && constraintTypes[kind];
  if (kind === undefined || type === undefined) {
    return refusal('No revision in sight creates the constraint: of what type it is cannot be told.');
  }
  const { source, call, directive } = place;
  const quote = quoteOf(source.text);
  const name = directive.arguments.get('constraint_name');
  const isLiteral = name?.kind === 'string' && name.at.kind === 'string' && name.via === undefined;
  // With a type, a naming convention has a say in the name.
  const literal = isLiteral ? source.text.slice(name.at.span.start, name.at.span.end) : '';
  const final = finalName(literal, kind, { project: setting.project, op: place.op });
  const edits = sortEdits([
    ...(isLiteral && final !== literal ? [{ span: name.at.span, newText: final }] : []),
    setKeyword({ text: source.text, module: source.module, call }, 'type_', quoted(type, quote)),
  ]);
  return [
    {
      title: `Say that "${change.constraint}" is of the type ${type}`,
      safety: 'safe',
      edits: [{ kind: 'change', file: source.file, edits }],
    },
  ];
}

/** MySQL keeps a unique constraint as an index. */
function kindOf({ table, constraint }: DropConstraint, before: Schema) {
  const known = findTable(before, table);
  const isUnique = known?.indexes.get(constraint)?.unique === true;
  return known?.constraints.get(constraint)?.kind ?? (isUnique ? 'unique' : undefined);
}
