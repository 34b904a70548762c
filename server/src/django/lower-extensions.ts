import { quotedText } from '../database/quoted-names.ts';
import type { Change } from '../schema/change.ts';
import { truthOf } from '../syntax/truth.ts';
import { quoted } from './expressions/reading.ts';
import { factsFor, modelAfter, type Step } from './lower-fields.ts';
import { argumentSpan, factsOf } from './operation-scope.ts';
import { tableOfModel } from './tables.ts';
import { textOf } from './values.ts';

/** The extension of each operation that is named after one. */
const extensions: Readonly<Record<string, string>> = {
  BloomExtension: 'bloom',
  BtreeGinExtension: 'btree_gin',
  BtreeGistExtension: 'btree_gist',
  CITextExtension: 'citext',
  CryptoExtension: 'pgcrypto',
  HStoreExtension: 'hstore',
  TrigramExtension: 'pg_trgm',
  UnaccentExtension: 'unaccent',
};

/** `CreateExtension("…")` and those that are named after theirs. Django asks first whether it is there. */
export function createExtension(step: Step): readonly Change[] {
  const { operation } = step;
  const name = extensions[operation.name] ?? textOf(operation.arguments.get('name'));
  return name === undefined
    ? []
    : statement(step, 'CREATE EXTENSION', `CREATE EXTENSION IF NOT EXISTS ${quoted(name)}`);
}

export function createCollation(step: Step): readonly Change[] {
  const argument = (name: string) => step.operation.arguments.get(name);
  const [name, locale] = [textOf(argument('name')), textOf(argument('locale'))];
  if (name === undefined || locale === undefined) return [];
  const provider = textOf(argument('provider'));
  const deterministic = argument('deterministic');
  const options = [
    `locale=${quoted(locale)}`,
    ...(provider === undefined || provider === 'libc' ? [] : [`provider=${quoted(provider)}`]),
    ...(deterministic && truthOf(deterministic) === false ? ['deterministic=false'] : []),
  ];
  return statement(step, 'CREATE COLLATION', `CREATE COLLATION ${quoted(name)} (${options.join(', ')})`);
}

export function removeCollation(step: Step): readonly Change[] {
  const name = textOf(step.operation.arguments.get('name'));
  return name === undefined ? [] : statement(step, 'DROP COLLATION', `DROP COLLATION ${quoted(name)}`);
}

/** PostgreSQL alone is sent it. */
function statement({ operation, scope }: Step, words: string, sql: string): readonly Change[] {
  if (scope.context.target.database !== 'postgresql') return [];
  return [{ ...factsOf(operation, scope, operation.at), kind: 'OtherStatement', statement: words, sql }];
}

/** `AlterModelTableComment` */
export function alterTableComment(step: Step): readonly Change[] {
  const { operation, to, scope } = step;
  const model = modelAfter(step);
  const { database } = scope.context.target;
  if (database !== 'postgresql' || model.options.proxy) return [];
  const table = tableOfModel(to, model, database);
  const comment = quotedText(textOf(operation.arguments.get('table_comment')) ?? '');
  const facts = factsFor(step, model, argumentSpan(operation, scope, 'table_comment', 'name'));
  return [{ ...facts, kind: 'SetTableOption', table, option: 'comment', column: undefined, comment }];
}
