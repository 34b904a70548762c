import type { ChangeBase } from '../../schema/change.ts';
import type { TableName } from '../../schema/table-name.ts';
import type { Classified } from '../classify.ts';
import { type Range, tellingSpan } from '../words.ts';
import type { ClassifiedSetting } from './setting.ts';

/** One action of an ALTER TABLE, from its verb on. */
export interface Action extends Range {
  readonly words: Classified;
  readonly table: TableName;
  /** With the schema as the actions before it leave it. */
  readonly setting: ClassifiedSetting;
}

export function factsOf({ words, first, end, setting }: Action): ChangeBase {
  return setting.facts('ALTER TABLE', tellingSpan(words, first, end));
}
