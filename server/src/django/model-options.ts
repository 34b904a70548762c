import type { MigrationId } from '../schema/migration-id.ts';
import { truthOf } from '../syntax/truth.ts';
import type { Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import { readConstraints } from './constraint-state.ts';
import { readIndexes } from './index-state.ts';
import type { ModelOptions } from './project-state.ts';
import { calleeNameOf, given, isWhole, itemsOf, textOf, textsOf } from './values.ts';

/** Reads the `options` of CreateModel. */
export function readModelOptions(value: Value | undefined, bornIn: MigrationId | undefined): ModelOptions {
  const option = optionsIn(value);
  const tableComment = textOf(option('db_table_comment'));
  const tablespace = textOf(option('db_tablespace'));
  return {
    ...(tableComment !== undefined && { tableComment }),
    ...(tablespace !== undefined && { tablespace }),
    dbTable: textOf(option('db_table')),
    managed: flagOf(option('managed'), true),
    proxy: flagOf(option('proxy'), false),
    swappable: textOf(option('swappable')),
    requiredVendor: textOf(option('required_db_vendor')),
    orderWithRespectTo: textOf(option('order_with_respect_to')),
    uniqueTogether: readTogether(option('unique_together')),
    indexTogether: readTogether(option('index_together')),
    indexes: readIndexes(option('indexes'), bornIn),
    constraints: readConstraints(option('constraints'), bornIn),
  };
}

/** Whether everything that shapes the table could be read from the `options` of CreateModel. */
export function areOptionsWhole(value: Value | undefined): boolean {
  if (value === undefined) return true;
  if (value.kind !== 'dictionary' || value.partial) return given(value) === undefined;
  const option = optionsIn(value);
  return ['indexes', 'constraints'].every((name) => isWhole(option(name)));
}

/** `managed` after AlterModelOptions: what is not in its options goes back to Django's default. */
export function managedAfter(options: Value | undefined): boolean {
  return flagOf(optionsIn(options)('managed'), true);
}

/** `unique_together`: a collection of collections, or one collection of names. */
export function readTogether(value: Value | undefined): readonly (readonly string[])[] {
  const collection = collectionOf(value);
  const items = itemsOf(collection);
  if (items.some((item) => item.kind === 'string')) return [textsOf(collection)];
  return items.map((item) => textsOf(collectionOf(item)));
}

/** `set([…])`, `frozenset(…)` and the like are what they are given. */
function collectionOf(value: Value | undefined): Value | undefined {
  if (value?.kind !== 'call') return value;
  const isCollection = ['set', 'frozenset', 'list', 'tuple'].includes(calleeNameOf(value));
  return isCollection && isSequence(value.positional[0]) ? value.positional[0] : value;
}

function optionsIn(value: Value | undefined): (name: string) => Value | undefined {
  if (value?.kind !== 'dictionary') return () => undefined;
  return (name) => given(value.entries.find((entry) => textOf(entry.key) === name)?.value);
}

function flagOf(value: Value | undefined, otherwise: boolean): boolean {
  return value === undefined ? otherwise : (truthOf(value) ?? otherwise);
}
