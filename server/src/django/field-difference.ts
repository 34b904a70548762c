import { isVersionAtLeast, type Target } from '../base/target.ts';
import { isSameTable } from '../schema/table-name.ts';
import { truthOf } from '../syntax/truth.ts';
import { columnNameOf, type Field } from './field.ts';
import type { ProjectState } from './project-state.ts';
import { tableOfRef } from './tables.ts';
import { isSameValue } from './values.ts';

/** Arguments that never reach the database. */
const withoutDatabase = new Set([
  'blank',
  'choices',
  'db_column',
  'editable',
  'error_messages',
  'help_text',
  'limit_choices_to',
  'name',
  'on_delete',
  'related_name',
  'related_query_name',
  'serialize',
  'validators',
  'verbose_name',
]);

/** Arguments that are the same whether they are written with this value or left out. */
const defaults: Readonly<Record<string, boolean>> = {
  auto_created: false,
  auto_now: false,
  auto_now_add: false,
  db_constraint: true,
  db_index: false,
  null: false,
  parent_link: false,
  primary_key: false,
  unique: false,
};

/** Arguments of unknown classes that are known to shape the column of most. */
const shaping = ['max_length', 'max_digits', 'decimal_places', 'base_field', 'size', 'srid', 'dim', 'geography'];

/** Whether Django looks at the database at all for this alteration: something other than labels and choices differs. */
export function isAlteration(
  old: { readonly field: Field; readonly state: ProjectState },
  changed: { readonly field: Field; readonly state: ProjectState },
  target: Target,
): boolean {
  const [one, other] = [old.field, changed.field];
  if (columnNameOf(one) !== columnNameOf(other)) return true;
  if (one.relation?.form === 'many-to-many' && one.name !== other.name) return true;
  if (!isSameClass(one, other)) return true;
  const ignored = isSameTarget(old, changed, target) ? new Set([...withoutDatabase, 'to']) : withoutDatabase;
  return argumentNamesOf(one, other).some((name) => !ignored.has(name) && differs(one, other, name));
}

/** Whether two fields are of one class; a class that moved to another module of its package is the same. */
function isSameClass(one: Field, other: Field): boolean {
  if (one.class.internalType !== undefined || other.class.internalType !== undefined) {
    return one.class.name === other.class.name && one.class.internalType === other.class.internalType;
  }
  if (one.classPath === other.classPath && one.classPath !== undefined) return true;
  return one.class.name === other.class.name && packageOf(one) === packageOf(other);
}

/** Whether an unknown class is given the same arguments as far as they can shape its column. */
export function hasSameShape(one: Field, other: Field): boolean {
  return isSameClass(one, other) && shaping.every((name) => !differs(one, other, name));
}

function differs(one: Field, other: Field, name: string): boolean {
  const standard = standardValueOf(one, name);
  if (standard !== undefined) return flagOf(one, name, standard) !== flagOf(other, name, standard);
  if (name === 'to')
    return one.relation?.to?.app !== other.relation?.to?.app || one.relation?.to?.name !== other.relation?.to?.name;
  return !isSameValue(one.arguments.get(name), other.arguments.get(name));
}

function standardValueOf(field: Field, name: string): boolean | undefined {
  if (name === 'db_index') return field.class.isIndexed;
  if (name === 'unique') return field.class.form === 'one-to-one';
  return defaults[name];
}

function flagOf(field: Field, name: string, standard: boolean): boolean {
  const value = field.arguments.get(name);
  return value === undefined ? standard : (truthOf(value) ?? standard);
}

/** A foreign key whose target changed its name but not its table is left alone since Django 5.0. */
function isSameTarget(
  old: { readonly field: Field; readonly state: ProjectState },
  changed: { readonly field: Field; readonly state: ProjectState },
  { django, database }: Target,
): boolean {
  const from = old.field.relation;
  const to = changed.field.relation;
  if (!from?.to || !to?.to || to.form === 'many-to-many' || !isVersionAtLeast(django, 5, 0)) return false;
  return isSameTable(tableOfRef(old.state, from.to, database), tableOfRef(changed.state, to.to, database));
}

function argumentNamesOf(one: Field, other: Field): readonly string[] {
  const names = new Set([...one.arguments.keys(), ...other.arguments.keys()]);
  if (one.relation || other.relation) names.add('to');
  return [...names];
}

function packageOf(field: Field): string | undefined {
  return field.classPath?.split('.')[0];
}
