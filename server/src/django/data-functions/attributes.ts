import type { AttributeExpression } from '../../syntax/module.ts';
import { type Held, type HeldModel, type RowSet, rowsOf, unknown } from './held.ts';
import { isModelsModule } from './models-module.ts';
import { externalNamed, heldFunction, looksLikeClass, memberOf, modelFrom } from './module-names.ts';
import type { Reading } from './reading.ts';
import { elementOf } from './rows-methods.ts';
import { isUnsteadyResult } from './unsteady.ts';

/** `quote = connection.ops.quote_name`, to be called later. */
export const quoteName = 'django.db.connection.ops.quote_name';

/** What `object.name` holds. */
export function attributeOf(object: Held, expression: AttributeExpression, reading: Reading): Held {
  const { name } = expression;
  switch (object.kind) {
    case 'model':
      return name === '_meta' ? { kind: 'model-options', model: object.model } : managerOf(object.model, expression);
    case 'model-options':
      return optionOf(object.model, name);
    case 'field':
      return name === 'column' || name === 'attname' ? columnName(object, reading) : unknown;
    case 'row':
      return name === '__class__'
        ? { kind: 'model', model: object.row.model }
        : { kind: 'row-attribute', row: object.row, name };
    case 'schema-editor':
      if (name === 'quote_name') return { kind: 'external', name: quoteName };
      return name === 'connection' ? { kind: 'connection' } : unknown;
    case 'connection-operations':
      return name === 'quote_name' ? { kind: 'external', name: quoteName } : unknown;
    case 'connection':
      return connectionMember(name);
    case 'cursor':
      // `rowcount`
      return { kind: 'answer' };
    case 'module':
      return memberOf(object.source, name, reading.context) ?? unknown;
    case 'external':
      return externalMember(object.name, name, reading);
    case 'class':
      return methodOf(object, name) ?? { kind: 'external', name: `${object.statement.name}.${name}` };
    case 'object':
      return object.attributes.get(name) ?? methodOfObject(object, name);
    case 'pages':
      return name === 'object_list' ? rowsOf({ ...object.rows, batched: true }) : unknown;
    case 'rows':
      // `page.object_list`, `rows.query`
      return name === 'object_list' ? object : unknown;
    case 'environment':
      return object;
    case 'result':
      return isUnsteadyResult(object) ? object : unknown;
    case 'list':
      return name === 'object_list' ? elementOf(object) : unknown;
    default:
      return unknown;
  }
}

function connectionMember(name: string): Held {
  switch (name) {
    case 'vendor':
    case 'alias':
      return { kind: name };
    case 'ops':
      return { kind: 'connection-operations' };
    case 'connection':
      // The driver's own.
      return { kind: 'connection' };
    default:
      return unknown;
  }
}

/** `Order._meta.db_table` */
function optionOf({ table, app }: HeldModel, name: string): Held {
  if (name === 'db_table' && table !== undefined && table.schema === undefined)
    return { kind: 'text', text: table.name };
  return name === 'app_label' && app !== undefined ? { kind: 'text', text: app } : unknown;
}

function columnName({ model, name }: Extract<Held, { kind: 'field' }>, { context }: Reading): Held {
  return model.app === undefined ? unknown : { kind: 'text', text: context.columnOf(model.app, model.label, name) };
}

/** `Order.objects`; managers that the project named itself may hide some of the rows. */
function managerOf(model: HeldModel, expression: AttributeExpression): Held {
  const { name } = expression;
  const isPlain = name === 'objects' || name === '_base_manager' || name === '_default_manager';
  if (!isPlain && !/objects|manager/i.test(name)) return unknown;
  const rows: RowSet = { model, selection: isPlain ? 'all' : 'unknown', batched: false, source: expression };
  return rowsOf(rows);
}

function externalMember(owner: string, name: string, { context }: Reading): Held {
  if (owner === 'django.conf.settings') return { kind: 'environment', name };
  if (owner === 'sys' && name === 'argv') return { kind: 'environment', name };
  if (isModelsModule(owner) && looksLikeClass(name)) return modelFrom(owner, name, context);
  const full = `${owner}.${name}`;
  return full === 'os.environ' ? { kind: 'environment', name: '' } : externalNamed(full);
}

function methodOf(object: Extract<Held, { kind: 'class' }>, name: string): Held | undefined {
  const method = object.statement.body.find((statement) => statement.kind === 'function' && statement.name === name);
  if (method?.kind !== 'function') return undefined;
  return { ...heldFunction(method, object.inside), scope: object.scope };
}

function methodOfObject(object: Extract<Held, { kind: 'object' }>, name: string): Held {
  const method = methodOf(object.class, name);
  if (method?.kind !== 'function') return unknown;
  const isStatic =
    method.definition.kind === 'function' &&
    method.definition.decorators.some((each) => each.kind === 'name' && each.name === 'staticmethod');
  return isStatic ? method : { ...method, boundPositional: [object] };
}
