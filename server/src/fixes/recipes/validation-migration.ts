import { type TableName, tableText } from '../../schema/table-name.ts';
import type { FollowUp } from '../new-migration.ts';
import { runSqlText } from '../sql/python-sql.ts';

/** A constraint that new rows obey already. */
export interface Unproven {
  readonly table: TableName;
  /** As the database knows it. */
  readonly name: string;
  /** `ALTER TABLE shop_order VALIDATE CONSTRAINT …` */
  readonly statement: string;
  /** Of the file name, where that is not to go by the constraint. */
  readonly slug?: string;
  /** What the docstring calls it, likewise. */
  readonly what?: string;
}

/** The migration that proves a constraint for the rows that were there before it. */
export function validationMigration(unproven: Unproven, after: string, quote: '"' | "'"): FollowUp {
  return {
    ...validationWords(unproven, after),
    imports: [],
    code: '',
    atomic: true,
    operations: [runSqlText('migrations', [unproven.statement], 'noop', quote)],
  };
}

/** What such a migration is called and says. */
export function validationWords(
  { table, name, slug = name, what = `"${name}"` }: Unproven,
  after: string,
): { readonly slug: string; readonly docstring: string } {
  return {
    slug: `validate_${slug.toLowerCase().replaceAll(/\W+/g, '_')}`,
    docstring: [
      `Proves ${what} for the rows of ${tableText(table)} that were there before it, while the table is in use.`,
      '',
      `Runs after ${after}, in the same deploy: new rows obey since then.`,
      '',
    ].join('\n'),
  };
}
