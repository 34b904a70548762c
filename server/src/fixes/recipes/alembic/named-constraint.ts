import type { TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { AddConstraint, Change, DropConstraint } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { type Constraint, findTable, type Schema } from '../../../schema/schema.ts';
import { noneIn } from '../../alembic/directive-text.ts';
import { type DirectivePlace, directivesBack, findDirectivePlace } from '../../alembic/revision-site.ts';
import { quoted, quoteOf } from '../../edits/layout.ts';
import { type Answer, type Refused, refusal } from '../../fix.ts';

interface Setting {
  readonly project: Project;
  before(change: Change): Schema;
}

/** Where a constraint is made, if that is in this revision, and where it is dropped without a name. */
export interface UnnamedConstraint {
  readonly constraint: Constraint;
  readonly add: AddConstraint | undefined;
  readonly drops: readonly DropConstraint[];
}

/**
 * Writes the name of a constraint where it is made and where it is dropped: the one that it has anyway, by the naming
 * convention or because PostgreSQL calls it so; elsewhere one that says what it is.
 */
export function namedConstraint(of: UnnamedConstraint, migration: Migration, setting: Setting): readonly Answer[] {
  const { project } = setting;
  const chosen = nameFor(of, setting);
  if (chosen === undefined) return namelessFor(of, setting);
  const written = of.add === undefined ? of.drops : [of.add, ...of.drops];
  const places = written.map((change) => findPlace(change, migration, project));
  const edits = places.map((place) => place && nameEdit(place, chosen));
  const complete = edits.filter((edit) => edit !== undefined);
  if (complete.length === 0 || complete.length < edits.length) return noneWritten;
  complete.sort((one, other) => one.span.start - other.span.start);
  return [
    {
      title: `Name it "${chosen.name}"`,
      safety: chosen.isItsOwn ? 'safe' : 'review',
      edits: [{ kind: 'change', file: migration.file, edits: complete }],
    },
  ];
}

const noneWritten = refusal(
  'It is not made and dropped once each, in directives that say None for its name: write the name there by hand.',
);
const unknownConvention = refusal(
  'What it is called depends on a naming convention that env.py takes from elsewhere: look the name up in the database.',
);
const numberedByDatabase = refusal(
  'Something else has the name that the database would make up, or its columns are not known: look the name up there.',
);
export const noNameForIt = refusal('Nothing tells what it is about: write a name that says it.');
export const madeOutOfSight = refusal('No revision in sight makes the constraint: look its name up in the database.');

/** Why no name is chosen. */
function namelessFor({ constraint: { unnamed } }: UnnamedConstraint, { project }: Setting): Refused {
  if (unnamed !== undefined && project.environmentFile?.naming.isKnown === false) return unknownConvention;
  return unnamed === 'named-by-database' && project.target.database === 'postgresql' ? numberedByDatabase : noNameForIt;
}

/** In `upgrade()` or in `downgrade()`. */
function findPlace(change: Change, migration: Migration, project: Project): DirectivePlace | undefined {
  const source = project.revision(migration.id);
  const back = source === undefined ? [] : directivesBack(source).places;
  return (
    findDirectivePlace(change, migration, project) ??
    back.find(({ call }) => call === change.origin.call && change.certainty === 'certain')
  );
}

interface ChosenName {
  readonly name: string;
  /** The convention is not to be applied to it once more. */
  readonly isFinal: boolean;
  /** It is called so without being told. */
  readonly isItsOwn: boolean;
}

const prefixes: Partial<Record<Constraint['kind'], string>> = { 'foreign-key': 'fk', unique: 'uq' };

function nameFor({ constraint, add }: UnnamedConstraint, { project, before }: Setting): ChosenName | undefined {
  const { name, nameIsExact, unnamed, kind, columns, references } = constraint;
  const naming = project.environmentFile?.naming;
  const hasPattern = [...(naming?.patterns.keys() ?? [])].some((named) => named === kind);
  if (unnamed === undefined || unnamed === 'named-by-convention') {
    return nameIsExact ? { name, isFinal: hasPattern, isItsOwn: true } : undefined;
  }
  // What it is called depends on a convention that is out of sight.
  if (naming?.isKnown === false) return undefined;
  const isCertain = columns.length > 0 || kind === 'primary-key';
  if (unnamed === 'named-by-database' && project.target.database === 'postgresql') {
    return isCertain && !isTaken(name, add, before) ? { name, isFinal: false, isItsOwn: true } : undefined;
  }
  const prefix = prefixes[kind];
  if (add === undefined || prefix === undefined || !isCertain) return undefined;
  const parts = [prefix, add.table.name, ...columns, ...(references === undefined ? [] : [references.name])];
  return { name: parts.join('_'), isFinal: false, isItsOwn: false };
}

/** PostgreSQL numbers a name that something else has already. */
function isTaken(name: string, add: AddConstraint | undefined, before: Setting['before']): boolean {
  const table = add && findTable(before(add), add.table);
  return table !== undefined && (table.constraints.has(name) || table.indexes.has(name));
}

/** `None` becomes the name. */
function nameEdit(place: DirectivePlace, { name, isFinal }: ChosenName): TextEdit | undefined {
  const { source, call, op } = place;
  const span = noneIn(place, 'constraint_name');
  if (span === undefined) return undefined;
  const text = quoted(name, quoteOf(source.text));
  const { callee } = call;
  const owner = callee.kind === 'attribute' && callee.object.kind === 'name' ? callee.object.name : op;
  return { span, newText: isFinal ? `${owner}.f(${text})` : text };
}
