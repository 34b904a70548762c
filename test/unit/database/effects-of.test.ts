import assert from 'node:assert/strict';
import { defaultTarget, type Target } from '../../../server/src/base/target.ts';
import { describeChanges } from '../../../server/src/database/describe.ts';
import type { Effects } from '../../../server/src/database/effects.ts';
import { effectsOf } from '../../../server/src/database/effects-of.ts';
import type { AddColumn, AlterColumn, Change, CreateIndex, WriteRows } from '../../../server/src/schema/change.ts';
import { type Column, columnType } from '../../../server/src/schema/column.ts';
import type { Schema } from '../../../server/src/schema/schema.ts';
import { tableName } from '../../../server/src/schema/table-name.ts';
import { base, column, constraint, index, randomUuid, schemaOf, table, zero } from './building-blocks.ts';

const order = tableName('shop_order');
const customer = tableName('shop_customer');
const migration = 'shop.0002_change';

function effects(
  change: Change,
  before: Schema = schemaOf(table('shop_order')),
  target: Target = defaultTarget,
): Effects {
  return effectsOf(change, { before, target, migration });
}

/** `ACCESS EXCLUSIVE shop_order` for each lock, in order. */
function locksOf(change: Change, before?: Schema): readonly string[] {
  return effects(change, before).locks.map(({ table: { name }, mode }) => `${mode} ${name}`);
}

function addColumn(added: Column, rest: Partial<AddColumn> = {}): AddColumn {
  return { ...base, kind: 'AddColumn', table: order, column: added, transientDefault: undefined, ...rest };
}

function alterColumn(to: Column): AlterColumn {
  return {
    ...base,
    kind: 'AlterColumn',
    table: order,
    column: to.name,
    to,
    facets: { type: undefined, nullable: undefined },
    fillsNulls: undefined,
  };
}

function createIndex(rest: Partial<CreateIndex> = {}): CreateIndex {
  const built = index('total_idx', 'total');
  return { ...base, kind: 'CreateIndex', table: order, index: built, concurrently: false, ifNotExists: false, ...rest };
}

function deleteRows(rest: Partial<WriteRows> = {}): WriteRows {
  return {
    ...base,
    kind: 'WriteRows',
    operation: 'delete',
    table: order,
    label: 'Order',
    rows: 'all',
    assignments: [],
    method: 'set',
    batched: false,
    guarded: false,
    code: undefined,
    ...rest,
  };
}

describe('effectsOf on PostgreSQL', () => {
  describe('a new column', () => {
    it('is a change of the catalog when it is nullable or has a constant default', () => {
      for (const added of [column('total'), column('total', { nullable: false, default: zero })]) {
        const found = effects(addColumn(added));
        assert.equal(found.blocks, 'nothing');
        assert.equal(found.rewrites, false);
        assert.equal(found.fails, undefined);
        assert.equal(found.breaksRunningCode, false);
        assert.deepEqual(locksOf(addColumn(added)), ['ACCESS EXCLUSIVE shop_order']);
      }
    });

    it('rewrites the table for a volatile default, a sequence or a stored expression', () => {
      const rewriting = [
        column('token', { default: randomUuid }),
        column('number', { autoIncrement: true, nullable: false }),
        column('sum', { generated: 'stored' }),
      ];
      for (const added of rewriting) {
        assert.equal(effects(addColumn(added)).rewrites, true, added.name);
        assert.equal(effects(addColumn(added)).blocks, 'reads and writes', added.name);
      }
      assert.equal(effects(addColumn(column('sum', { generated: 'virtual' }))).rewrites, false);
    });

    it('fails on rows when it is NOT NULL and nothing fills it', () => {
      const bare = addColumn(column('total', { nullable: false }));
      assert.equal(effects(bare).fails, 'with rows');
      const filled = addColumn(column('total', { nullable: false }), { transientDefault: zero });
      assert.equal(effects(filled).fails, undefined);
      assert.equal(effects(filled).breaksRunningCode, true, 'the default is gone when the old release inserts');
    });

    it('fails on rows when it is unique and all of them get one value', () => {
      assert.equal(effects(addColumn(column('code', { unique: true, default: zero }))).fails, 'with rows');
      assert.equal(effects(addColumn(column('code', { unique: true }))).fails, undefined);
      assert.equal(effects(addColumn(column('code', { unique: true, default: randomUuid }))).fails, undefined);
    });

    it('scans for an inline check, even when it is nullable', () => {
      const found = effects(addColumn(column('stock', { check: 'stock >= 0' })));
      assert.deepEqual([found.scans, found.blocks], [true, 'reads and writes']);
    });

    it('locks the table that it refers to, and scans only with a default', () => {
      const references = { table: customer, column: 'id', enforced: true };
      const both = ['ACCESS EXCLUSIVE shop_order', 'SHARE ROW EXCLUSIVE shop_customer'];
      assert.deepEqual(locksOf(addColumn(column('customer_id', { references }))), both);
      assert.equal(effects(addColumn(column('customer_id', { references }))).scans, false);
      assert.equal(effects(addColumn(column('customer_id', { references, default: zero }))).scans, true);
      const loose = { ...references, enforced: false };
      assert.deepEqual(locksOf(addColumn(column('customer_id', { references: loose }))), both.slice(0, 1));
    });
  });

  describe('a changed column', () => {
    const schemaWith = (was: Column, ...constraints: readonly ReturnType<typeof constraint>[]): Schema =>
      schemaOf(table('shop_order', { columns: [was], constraints }));

    it('does nothing at all where nothing differs, or where the column is not known', () => {
      const found = effects(alterColumn(column('total')), schemaWith(column('total')));
      assert.deepEqual([found.locks, found.blocks, found.source], [[], 'nothing', undefined]);
      assert.deepEqual(effects(alterColumn(column('total', { nullable: false }))).locks, []);
    });

    it('rewrites for integer to bigint and is free for a longer varchar', () => {
      const wide = effects(alterColumn(column('total', { type: columnType('bigint') })), schemaWith(column('total')));
      assert.deepEqual([wide.rewrites, wide.blocks], [true, 'reads and writes']);
      const name = column('name', { type: columnType('varchar', 20) });
      const longer = effects(alterColumn({ ...name, type: columnType('varchar', 40) }), schemaWith(name));
      assert.deepEqual([longer.rewrites, longer.scans, longer.blocks], [false, false, 'nothing']);
      assert.equal(longer.locks[0]?.mode, 'ACCESS EXCLUSIVE');
    });

    it('reads every row for a free change of a column that a check names', () => {
      const name = column('name', { type: columnType('varchar', 20) });
      const check = constraint('check', 'name_given', { columns: ['name'] });
      const longer = alterColumn({ ...name, type: columnType('text') });
      assert.equal(effects(longer, schemaWith(name, check)).scans, true);
    });

    it('fails where no cast leads to the new type', () => {
      const found = effects(alterColumn(column('total', { type: columnType('uuid') })), schemaWith(column('total')));
      assert.equal(found.fails, 'always');
    });

    it('scans for SET NOT NULL unless a valid check proves it, from PostgreSQL 12', () => {
      const change = alterColumn(column('total', { nullable: false }));
      const proof = constraint('check', 'total_set', { columns: ['total'], provesNotNull: 'total' });
      assert.equal(effects(change, schemaWith(column('total'))).blocks, 'reads and writes');
      assert.equal(effects(change, schemaWith(column('total'), proof)).blocks, 'nothing');
      const notValid = { ...proof, validated: false };
      assert.equal(effects(change, schemaWith(column('total'), notValid)).blocks, 'reads and writes');
      const old: Target = { ...defaultTarget, databaseVersion: [11, 0] };
      assert.equal(effects(change, schemaWith(column('total'), proof), old).blocks, 'reads and writes');
    });

    it('breaks the inserts of the running release by SET NOT NULL and by taking a default away', () => {
      const change = alterColumn(column('total', { nullable: false }));
      assert.equal(effects(change, schemaWith(column('total'))).breaksRunningCode, true);
      const withDefault = column('total', { nullable: false, default: zero });
      assert.equal(effects(change, schemaWith(withDefault)).breaksRunningCode, true);
      assert.equal(effects(alterColumn(column('total')), schemaWith(withDefault)).breaksRunningCode, false);
    });
  });

  describe('an index', () => {
    it('blocks writes while it is built, and nothing when it is built concurrently', () => {
      assert.deepEqual(locksOf(createIndex()), ['SHARE shop_order']);
      assert.equal(effects(createIndex()).blocks, 'writes');
      const concurrent = effects(createIndex({ concurrently: true, transaction: undefined }));
      assert.deepEqual([concurrent.blocks, concurrent.fails], ['schema changes', undefined]);
    });

    it('cannot be built concurrently in a transaction', () => {
      assert.equal(effects(createIndex({ concurrently: true })).fails, 'always');
    });

    it('costs nothing on a table that the migration created, while the transaction hides it or it is empty', () => {
      const born = { bornIn: migration };
      assert.equal(effects(createIndex(), schemaOf(table('shop_order', born))).blocks, 'nothing');
      const seeded = schemaOf(table('shop_order', { ...born, hasRows: true }));
      assert.equal(effects(createIndex(), seeded).blocks, 'nothing');
      assert.equal(effects(createIndex({ transaction: undefined }), seeded).blocks, 'writes');
    });
  });

  describe('a constraint', () => {
    const add = (added: ReturnType<typeof constraint>, usingIndex?: string): Change => ({
      ...base,
      kind: 'AddConstraint',
      table: order,
      constraint: added,
      usingIndex,
    });

    it('is checked against every row unless it is NOT VALID', () => {
      assert.equal(effects(add(constraint('check', 'c'))).blocks, 'reads and writes');
      assert.equal(effects(add(constraint('check', 'c', { validated: false }))).blocks, 'nothing');
    });

    it('blocks writes on both sides of a foreign key', () => {
      const key = constraint('foreign-key', 'f', { references: customer });
      assert.deepEqual(locksOf(add(key)), ['SHARE ROW EXCLUSIVE shop_order', 'SHARE ROW EXCLUSIVE shop_customer']);
      assert.equal(effects(add(key)).blocks, 'writes');
    });

    it('builds an index for uniqueness unless one is given', () => {
      assert.equal(effects(add(constraint('unique', 'u'))).blocks, 'reads and writes');
      assert.equal(effects(add(constraint('unique', 'u'), 'u_idx')).blocks, 'nothing');
    });

    it('is validated without blocking reads or writes', () => {
      const validate: Change = { ...base, kind: 'ValidateConstraint', table: order, constraint: 'f' };
      const key = constraint('foreign-key', 'f', { references: customer, validated: false });
      const before = schemaOf(table('shop_order', { constraints: [key] }));
      assert.deepEqual(locksOf(validate, before), ['SHARE UPDATE EXCLUSIVE shop_order', 'ROW SHARE shop_customer']);
      assert.deepEqual([effects(validate, before).scans, effects(validate, before).blocks], [true, 'schema changes']);
    });
  });

  it('locks the tables on both ends of foreign keys when a table is dropped', () => {
    const references = { table: order, column: 'id', enforced: true };
    const before = schemaOf(
      table('shop_order'),
      table('shop_line', { columns: [column('order_id', { references })] }),
      table('shop_other'),
    );
    const drop: Change = { ...base, kind: 'DropTable', table: order, cascade: true };
    assert.deepEqual(locksOf(drop, before), ['ACCESS EXCLUSIVE shop_order', 'ACCESS EXCLUSIVE shop_line']);
    assert.deepEqual([effects(drop, before).loses, effects(drop, before).breaksRunningCode], ['table', true]);
  });

  it('loses nothing by dropping what the migration itself created', () => {
    const born = schemaOf(table('shop_order', { bornIn: migration, columns: [column('total')] }));
    const drop: Change = { ...base, kind: 'DropColumn', table: order, column: 'total', cascade: false };
    assert.equal(effects(drop, born).loses, undefined);
    assert.equal(effects(drop).loses, 'column');
  });

  it('loses rows by deleting them, and locks only those', () => {
    assert.deepEqual(locksOf(deleteRows()), ['ROW EXCLUSIVE shop_order']);
    assert.deepEqual([effects(deleteRows()).loses, effects(deleteRows()).blocks], ['rows', 'nothing']);
    assert.equal(effects(deleteRows({ operation: 'update' })).loses, undefined);
  });

  it('does nothing to the database by a change of state alone', () => {
    const stateOnly: Change = {
      ...base,
      applies: { state: true, database: false },
      kind: 'DropColumn',
      table: order,
      column: 'total',
      cascade: false,
    };
    assert.deepEqual([effects(stateOnly).loses, effects(stateOnly).locks], [undefined, []]);
  });
});

describe('effectsOf on other databases', () => {
  const on = (database: Target['database']): Target => ({ ...defaultTarget, database, databaseVersion: [8, 0] });
  const before = schemaOf(table('shop_order'));

  it('claims no lock of PostgreSQL, and of Oracle nothing about how it goes about it', () => {
    for (const database of ['mysql', 'mariadb', 'sqlite', 'oracle'] as const) {
      const found = effects(createIndex(), before, on(database));
      assert.deepEqual([found.locks, found.works], [[], []]);
    }
    const found = effects(createIndex(), before, on('oracle'));
    assert.deepEqual([found.blocks, found.scans, found.source], ['nothing', false, undefined]);
  });

  it('fails for a NOT NULL column without default, except where MySQL fills in zeros', () => {
    const bare = addColumn(column('total', { nullable: false }));
    assert.equal(effects(bare, before, on('sqlite')).fails, 'with rows');
    assert.equal(effects(bare, before, on('mysql')).fails, undefined);
    assert.equal(effects(bare, before, on('mysql')).breaksRunningCode, true);
  });

  it('loses what is dropped', () => {
    const drop: Change = { ...base, kind: 'DropTable', table: order, cascade: false };
    assert.equal(effects(drop, before, on('sqlite')).loses, 'table');
  });
});

describe('describeChanges', () => {
  /** Without the source, which comes last. */
  const told = (change: Change): readonly string[] =>
    describeChanges([{ change, effects: effects(change) }]).filter((sentence) => !sentence.startsWith('['));

  it('names the lock, whom it keeps waiting and what is done under it', () => {
    assert.deepEqual(told(createIndex()), [
      'Takes SHARE on "shop_order", which keeps writes waiting.',
      'Reads every row; writes wait until it is done.',
    ]);
    assert.deepEqual(told(addColumn(column('token', { default: randomUuid }))), [
      'Takes ACCESS EXCLUSIVE on "shop_order", which keeps reads and writes waiting.',
      'Writes the whole table and its indexes anew; reads and writes wait until it is done.',
    ]);
  });

  it('says when it is over in an instant', () => {
    assert.deepEqual(told(addColumn(column('note'))), [
      'Takes ACCESS EXCLUSIVE on "shop_order", which keeps reads and writes waiting.',
      'Changes the catalog alone: an instant, once it has the lock. The lock stays until the transaction ends.',
    ]);
  });

  it('says what fails, is lost or breaks', () => {
    const drop: Change = { ...base, kind: 'DropColumn', table: order, column: 'total', cascade: false };
    assert.deepEqual(told(drop).slice(2), [
      'Deletes the column with what is in it. Rolling back does not bring it back.',
      'The release that is running does not expect it.',
    ]);
    assert.ok(told(addColumn(column('c', { nullable: false }))).includes('Fails on a table that has rows.'));
  });

  it('is silent where nothing is known to happen', () => {
    const code: Change = { ...base, kind: 'Opaque', reason: 'it is built at run time' };
    assert.deepEqual(told(code), []);
  });
});
