import type { AlterTableCmd } from 'libpg-query';
import type { ChangeBase } from '../../schema/change.ts';
import type { TableName } from '../../schema/table-name.ts';
import { tellingSpan } from '../words.ts';
import type { Step } from './step.ts';

/** One of the actions of an ALTER TABLE, with the tokens that it is written in. */
export interface TableAction {
  readonly command: AlterTableCmd;
  readonly table: TableName;
  /** `ALTER TABLE ONLY` */
  readonly isOnly: boolean;
  readonly first: number;
  readonly end: number;
  /** With the schema as the actions before it leave it. */
  readonly step: Step;
}

export function actionFacts({ step, first, end }: TableAction): ChangeBase {
  return step.facts('ALTER TABLE', tellingSpan(step, first, end));
}
