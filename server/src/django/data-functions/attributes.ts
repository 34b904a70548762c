import type { AttributeExpression } from '../../syntax/module.ts';
import { type Held, type HeldModel, type RowSet, rowsOf, unknown } from './held.ts';
import { isModelsModule } from './models-module.ts';
import { heldFunction, looksLikeClass, memberOf, modelFrom } from './module-names.ts';
import type { Reading } from './reading.ts';
import { elementOf } from './rows-methods.ts';

/** What `object.name` holds. */
export function attributeOf(object: Held, expression: AttributeExpression, reading: Reading): Held {
  const { name } = expression;
  switch (object.kind) {
    case 'model':
      return managerOf(object.model, expression);
    case 'row':
      return name === '__class__'
        ? { kind: 'model', model: object.row.model }
        : { kind: 'row-attribute', row: object.row, name };
    case 'schema-editor':
      return name === 'connection' ? { kind: 'connection' } : unknown;
    case 'connection':
      return name === 'vendor' || name === 'alias' ? { kind: name } : unknown;
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
    case 'list':
      return name === 'object_list' ? elementOf(object) : unknown;
    default:
      return unknown;
  }
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
  if (owner === 'django.db.connection' || /^django\.db\.connections\b/.test(owner)) {
    if (name === 'vendor' || name === 'alias') return { kind: name };
  }
  if (isModelsModule(owner) && looksLikeClass(name)) return modelFrom(owner, name, context);
  const full = `${owner}.${name}`;
  return full === 'os.environ' ? { kind: 'environment', name: '' } : { kind: 'external', name: full };
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
