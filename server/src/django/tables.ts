import type { DatabaseKind } from '../base/target.ts';
import { type TableName, tableName } from '../schema/table-name.ts';
import { contribTableOf } from './contrib-models.ts';
import { columnNameOf, type Field, implicitField, type Relation } from './field.ts';
import { fieldClassOf } from './field-classes.ts';
import { splitTableName, truncatedName } from './identifiers.ts';
import type { LoweringContext } from './lowering-context.ts';
import type { ModelRef } from './model-ref.ts';
import {
  concreteRefOf,
  defaultOptions,
  findModel,
  type ModelState,
  type ProjectState,
  refOf,
} from './project-state.ts';
import { vendorOf } from './vendor.ts';

/** The table of a model, as `Meta.db_table` or Django's rule name it; a proxy's is the one it stands for. */
export function tableOfModel(state: ProjectState, model: ModelState, database: DatabaseKind): TableName {
  if (model.options.proxy) return tableOfRef(state, refOf(model), database);
  return tableNamed(tableTextOf(model, database));
}

/** The table of a model that need not be in sight. */
export function tableOfRef(state: ProjectState, ref: ModelRef, database: DatabaseKind): TableName {
  const concrete = concreteRefOf(state, ref);
  const model = findModel(state, concrete);
  if (model) return tableNamed(tableTextOf(model, database));
  return tableName(contribTableOf(concrete) ?? truncatedName(`${concrete.app}_${concrete.name}`, database));
}

function tableNamed(text: string): TableName {
  const { schema, name } = splitTableName(text);
  return tableName(name, schema);
}

/** The table name as Django has it in `Meta.db_table`: with the quotes by which people smuggle a schema in. */
function tableTextOf(model: ModelState, database: DatabaseKind): string {
  return model.options.dbTable ?? truncatedName(`${model.app}_${model.name.toLowerCase()}`, database);
}

/** Whether Django touches the database for this model at all. */
export function isInDatabase(model: ModelState, context: LoweringContext): boolean {
  const { managed, proxy, swappable, requiredVendor } = model.options;
  if (!managed || proxy) return false;
  if (requiredVendor !== undefined && requiredVendor !== vendorOf(context.target.database)) return false;
  if (swappable === undefined) return true;
  const chosen = context.swappable(swappable);
  return chosen === undefined || chosen.toLowerCase() === `${model.app}.${model.name}`.toLowerCase();
}

/** Whether Django makes up the model behind a many-to-many field: it then creates and drops its table by itself. */
export function hasOwnJoinTable(field: Field): boolean {
  return field.relation?.form === 'many-to-many' && field.relation.through === undefined;
}

/** The model that Django makes up for a many-to-many field without `through`. */
export function joinModelOf(field: Field, model: ModelState, context: LoweringContext): ModelState {
  const { database } = context.target;
  const own = refOf(model);
  const to = field.relation?.to;
  const dbTable =
    field.relation?.dbTable ??
    truncatedName(`${tableTextOf(model, database).replaceAll('"', '')}_${field.name}`, database);
  const names = joinFieldNamesOf(field, model);
  const target = (name: string, ref: ModelRef | undefined): readonly [string, Field] => [
    name,
    implicitField(name, fieldClassOf('django.db.models.ForeignKey', 'ForeignKey', new Set()), {
      relation: foreignKeyTo(ref, field.relation),
      bornIn: field.bornIn,
    }),
  ];
  return {
    app: model.app,
    name: `${model.name}_${field.name}`,
    fields: new Map([['id', automaticKey(model.app, context)], target(names.from, own), target(names.to, to)]),
    options: {
      ...defaultOptions,
      dbTable,
      uniqueTogether: [[names.from, names.to]],
      ...(model.options.tablespace && { tablespace: model.options.tablespace }),
    },
    bases: [],
    bornIn: field.bornIn,
    complete: true,
  };
}

/** The names of the two foreign keys of a made-up join model: to the field's own model and to its target. */
export function joinFieldNamesOf(field: Field, model: ModelState): { readonly from: string; readonly to: string } {
  const own = model.name.toLowerCase();
  const other = field.relation?.to?.name ?? 'unknown';
  return own === other ? { from: `from_${own}`, to: `to_${other}` } : { from: own, to: other };
}

/** The primary key that Django adds to a model that has none. */
export function automaticKey(app: string, context: LoweringContext): Field {
  const path = context.defaultAutoField(app);
  const name = path.slice(path.lastIndexOf('.') + 1);
  return implicitField('id', fieldClassOf(path, name, new Set()), { primaryKey: true });
}

/** The fields that make up the primary key; none where they cannot be told. */
export function primaryKeyFieldsOf(model: ModelState): readonly Field[] {
  for (const field of model.fields.values()) {
    if (!field.primaryKey) continue;
    if (field.class.name !== 'CompositePrimaryKey') return [field];
    const names = field.rest.flatMap((value) => (value.kind === 'string' ? value.value : []));
    return names.flatMap((name) => model.fields.get(name) ?? []);
  }
  return [];
}

/** The columns of the fields with these names; the names themselves where the fields are not known. */
export function columnsNamed(model: ModelState, names: readonly string[]): readonly string[] {
  return names.map((name) => {
    const field = model.fields.get(name);
    return field ? columnNameOf(field) : name;
  });
}

function foreignKeyTo(to: ModelRef | undefined, relation: Relation | undefined): Relation {
  return {
    form: 'foreign-key',
    to,
    toField: undefined,
    dbConstraint: relation?.dbConstraint ?? true,
    through: undefined,
    dbTable: undefined,
  };
}
