import { childStatementsOf } from '../syntax/child-expressions.ts';
import type { Expression, Module } from '../syntax/module.ts';

/** A class of an apps.py that describes an app. */
export interface AppConfig {
  /** `name = "shop.orders"`: the dotted path of the app. */
  readonly name: string | undefined;
  readonly label: string | undefined;
  readonly defaultAutoField: string | undefined;
}

/**
 * The configuration that Django picks in an apps.py: the only class there, else the one with `default = True`. Where it
 * would pick none, the first one: some setting names it.
 */
export function readAppConfig(module: Module): AppConfig | undefined {
  const classes = module.body.filter((statement) => statement.kind === 'class');
  const configs = classes.filter(({ bases }) => bases.some((base) => isConfigClass(base.value)));
  const attributes = configs.map((config) => attributesOf(config.body));
  const eligible = attributes.filter((each) => each.get('default') !== false);
  const chosen = eligible.length === 1 ? eligible[0] : eligible.find((each) => each.get('default') === true);
  const config = chosen ?? eligible[0];
  if (!config) return undefined;
  const text = (name: string): string | undefined => {
    const value = config.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  return { name: text('name'), label: text('label'), defaultAutoField: text('default_auto_field') };
}

/** `AppConfig`, `apps.AppConfig`, or a class of the project's own that is named alike. */
function isConfigClass(base: Expression): boolean {
  const name = base.kind === 'name' || base.kind === 'attribute' ? base.name : '';
  return /Config$/.test(name);
}

function attributesOf(body: Module['body']): ReadonlyMap<string, unknown> {
  const attributes = new Map<string, unknown>();
  for (const statement of body.flatMap((each) => (each.kind === 'if' ? childStatementsOf(each) : [each]))) {
    if (statement.kind !== 'assign') continue;
    const [target] = statement.targets;
    const { value } = statement;
    if (target?.kind !== 'name' || (value.kind !== 'string' && value.kind !== 'constant')) continue;
    attributes.set(target.name, value.value);
  }
  return attributes;
}
