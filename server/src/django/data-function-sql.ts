import type { Span } from '../base/span.ts';
import type { Change, ChangeBase, SqlHole } from '../schema/change.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { Schema } from '../schema/schema.ts';
import type { CallExpression } from '../syntax/module.ts';
import type { FoundSql } from './data-functions/reading.ts';
import { lowerSql, type SendingSetting } from './lower-sql.ts';
import { SchemaSoFar } from './schema-so-far.ts';

/** What the SQL of a data function meets. */
export interface CodeSetting extends Pick<SendingSetting, 'context' | 'migration' | 'module'> {
  /** The operations around the function, its own included. */
  readonly within: readonly CallExpression[];
  /** The schema just before the operation. */
  before(): Schema;
}

/** Lowers what a data function sends, one text after the other; what it does beside that is told by `add`. */
export class CodeLowering {
  readonly changes: Change[] = [];
  readonly holes: SqlHole[] = [];
  readonly #setting: CodeSetting;
  #schema: SchemaSoFar | undefined;

  constructor(setting: CodeSetting) {
    this.#setting = setting;
  }

  add(changes: readonly Change[]): void {
    this.changes.push(...changes);
    this.#schema?.add(changes);
  }

  /** @param fallback what to underline for SQL that is written in another file */
  send(found: FoundSql, base: ChangeBase, fallback: Span): void {
    const { within, before, ...setting } = this.#setting;
    const { call, inside, moment, functions } = found;
    const schema = this.#schema ?? new SchemaSoFar(this.#before(before), setting.migration);
    this.#schema = schema;
    const isHere = inside.module === setting.module;
    const { holes, changes } = lowerSql([{ value: found.value, placeholders: found.placeholders }], {
      ...setting,
      call: isHere ? call : undefined,
      within,
      fallback: isHere ? call.callee.span : fallback,
      common: {
        // Django's models know nothing of it.
        applies: { state: false, database: base.applies.database },
        transaction: transactionIn(found, base, setting.migration),
        certainty: moment.conditional || found.isOneOfSeveral ? 'conditional' : base.certainty,
        reverse: base.reverse,
      },
      repeats: moment.repeats,
      fill: () => undefined,
      before: () => schema.now(),
    });
    this.holes.push(...holes);
    const code = { file: inside.file, module: inside.module, functions, call };
    const isGuarded = moment.guarded ? { guarded: true } : {};
    this.add(changes.map((change) => ({ ...change, ...isGuarded, origin: { ...change.origin, code } })));
  }

  /** The schema before the first text: replayed only now, with what was written until then. */
  #before(before: CodeSetting['before']): Schema {
    const schema = new SchemaSoFar(before(), this.#setting.migration);
    schema.add(this.changes);
    return schema.now();
  }
}

/** `with transaction.atomic()` makes one where there is none. */
export function transactionIn(
  { moment: { block } }: Pick<FoundSql, 'moment'>,
  { transaction }: Pick<ChangeBase, 'transaction'>,
  migration: MigrationId,
): ChangeBase['transaction'] {
  return transaction ?? (block === undefined ? undefined : `${migration}:${block}`);
}
