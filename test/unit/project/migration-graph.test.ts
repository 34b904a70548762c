import assert from 'node:assert/strict';
import type { MigrationFacts, Reference } from '../../../server/src/project/migration-facts.ts';
import type { OrderedGraph } from '../../../server/src/project/migration-graph.ts';
import { orderedGraphOf } from '../../../server/src/project/migration-graph.ts';
import { seededRandom } from '../../support/random.ts';

/**
 * Reads a history, one migration a line: `shop.0002 < shop.0001 users.__first__ [shop.a shop.b] > blog.0003` depends on
 * two, replaces two and runs before one. `$AUTH_USER_MODEL` is a swappable dependency, `?` one that cannot be told.
 */
function graphOf(text: string, settings: Readonly<Record<string, string>> = {}): OrderedGraph {
  const lines = text.split('\n').map((line) => line.trim());
  return orderedGraphOf({
    migrations: lines.filter((line) => line !== '').map(readLine),
    swappable: (setting) => settings[setting],
  });
}

function readLine(line: string): MigrationFacts {
  const [id = ''] = line.split(' ');
  const [app = '', name = ''] = id.split('.');
  const part = (pattern: RegExp): readonly Reference[] =>
    (pattern.exec(line)?.[1] ?? '').split(' ').filter(Boolean).map(readReference);
  return {
    id,
    file: `${app}/migrations/${name}.py`,
    app,
    name,
    dependencies: part(/<([^[>]*)/),
    replaces: part(/\[([^\]]*)\]/),
    runBefore: part(/>(.*)/),
  };
}

function readReference(text: string): Reference {
  const none = { app: undefined, name: undefined, setting: undefined };
  if (text === '?') return { kind: 'unknown', ...none };
  if (text.startsWith('$')) return { kind: 'swappable', ...none, setting: text.slice(1) };
  const [app = '', name = ''] = text.split('.');
  return { kind: 'plain', app, name, setting: undefined };
}

function orderOf({ steps }: OrderedGraph): string {
  return steps.map(({ id }) => id).join(' ');
}

/** `b←a`: b begins with the schema that a leaves. */
function wakes({ steps }: OrderedGraph): string {
  return steps.map(({ id, after }) => (after === undefined ? id : `${id}←${steps[after]?.id}`)).join(' ');
}

describe('the order of migrations', () => {
  it('goes app by app, parents first', () => {
    const graph = graphOf(`
      shop.0002 < shop.0001 users.0001
      shop.0001
      users.0002 < users.0001
      users.0001
      blog.0001 < users.0002
    `);
    assert.equal(orderOf(graph), 'users.0001 users.0002 blog.0001 shop.0001 shop.0002');
    assert.equal(
      wakes(graph),
      'users.0001 users.0002←users.0001 blog.0001←users.0002 shop.0001←blog.0001 shop.0002←shop.0001',
    );
  });

  it('takes the last parent in name order first, as Django does', () => {
    const graph = graphOf(`
      shop.0001 < aaa.0001 bbb.0001
      aaa.0001
      bbb.0001
      aaa.0002 < aaa.0001 shop.0001
    `);
    assert.equal(orderOf(graph), 'bbb.0001 aaa.0001 shop.0001 aaa.0002');
  });

  it('does not depend on the order in which files are found', () => {
    const lines = ['a.1', 'a.2 < a.1 b.1', 'b.1 < c.1', 'b.2 < b.1', 'c.1', 'c.2 < c.1 a.1'];
    const expected = orderOf(graphOf(lines.join('\n')));
    assert.equal(orderOf(graphOf(lines.toReversed().join('\n'))), expected);
  });

  it('keeps two branches one behind the other', () => {
    assert.equal(orderOf(graphOf('a.1\n a.2x < a.1\n a.2y < a.1\n a.3 < a.2x a.2y')), 'a.1 a.2y a.2x a.3');
    assert.equal(orderOf(graphOf('a.1\n a.2x < a.1\n a.2y < a.1')), 'a.1 a.2x a.2y');
  });

  it('heeds run_before', () => {
    const graph = graphOf('a.0001\n a.0002 < a.0001\n zoo.0001 > a.0002\n');
    assert.equal(orderOf(graph), 'zoo.0001 a.0001 a.0002');
    assert.deepEqual(graph.graph.parentsOf('a.0002'), ['a.0001', 'zoo.0001']);
  });

  it('manages thousands in a row', () => {
    const names = Array.from({ length: 5000 }, (_, index) => `a.${String(index).padStart(5, '0')}`);
    const { steps, graph } = graphOf(names.map((name, index) => `${name} < ${names[index - 1] ?? '?'}`).join('\n'));
    assert.equal(steps.length, 5000);
    assert.equal(steps.at(-1)?.id, 'a.04999');
    assert.equal(graph.ancestorsOf('a.04999').size, 4999);
  });
});

describe('dependencies', () => {
  it('on other projects are unknown, not wrong', () => {
    const { graph } = graphOf('shop.0001 < auth.0012_alter_user ? $AUTH_USER_MODEL');
    assert.deepEqual(graph.parentsOf('shop.0001'), []);
    assert.deepEqual(graph.unknownParentsOf('shop.0001'), []);
  });

  it('on the beginning and the end of an app are resolved', () => {
    const { graph } = graphOf(`
      shop.0001 < users.__first__
      shop.0002 < shop.0001 users.__latest__ shop.__first__
      users.0001
      users.0002 < users.0001
    `);
    assert.deepEqual(graph.parentsOf('shop.0001'), ['users.0001']);
    assert.deepEqual(graph.parentsOf('shop.0002'), ['shop.0001', 'users.0002']);
  });

  it('on a swappable model lead to the first migration of its app', () => {
    const text = 'shop.0001 < $AUTH_USER_MODEL\n users.0001\n users.0002 < users.0001';
    assert.deepEqual(graphOf(text, { AUTH_USER_MODEL: 'users.User' }).graph.parentsOf('shop.0001'), ['users.0001']);
    assert.deepEqual(graphOf(text, { AUTH_USER_MODEL: 'auth.User' }).graph.parentsOf('shop.0001'), []);
    assert.deepEqual(graphOf(text).graph.parentsOf('shop.0001'), []);
  });

  it('that do not exist are told, with what was probably meant', () => {
    const { graph } = graphOf(`
      shop.0001_initial
      shop.0002_order_total < shop.0001_initial
      shop.0003_paid < shop.0001_intial shop.0002_auto_20240101 shop.0009_nowhere
      shop.0009_somewhere < shop.0003_paid
    `);
    assert.deepEqual(graph.unknownParentsOf('shop.0003_paid'), [
      { index: 0, app: 'shop', name: '0001_intial', nearest: 'shop.0001_initial' },
      { index: 1, app: 'shop', name: '0002_auto_20240101', nearest: 'shop.0002_order_total' },
      // Depending on what comes after it would close a cycle.
      { index: 2, app: 'shop', name: '0009_nowhere', nearest: undefined },
    ]);
  });

  it('make ancestors, direct or not', () => {
    const { graph } = graphOf('a.1\n a.2 < a.1\n b.1 < a.2\n b.2 < b.1');
    assert.deepEqual([...graph.ancestorsOf('b.2')].sort(), ['a.1', 'a.2', 'b.1']);
    assert.deepEqual(graph.childrenOf('a.2'), ['b.1']);
    assert.equal(graph.groupOf('b.2'), 'b');
  });

  it('are put together over all ancestors: what they cannot be told of, settings, and apps out of sight', () => {
    const { graph } = graphOf(`
      a.1 < auth.0001
      a.2 < a.1 $AUTH_USER_MODEL
      b.1 < b.0_gone
      c.1 < a.2 b.1
      c.2 < c.1 ?
    `);
    const told = (id: string) => {
      const { isWhole, settings, unseenApps } = graph.reachOf(id);
      return [isWhole, [...settings].join(), [...unseenApps].sort().join()];
    };
    assert.deepEqual(told('a.1'), [true, '', 'auth']);
    assert.deepEqual(told('a.2'), [true, 'AUTH_USER_MODEL', ',auth']);
    assert.deepEqual(told('b.1'), [false, '', '']);
    assert.deepEqual(told('c.1'), [false, 'AUTH_USER_MODEL', ',auth']);
  });

  it('are the same however they are asked for, in cycles and squashes too', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 60; round++) {
      const { graph, steps } = graphOf(randomHistory(random));
      for (const { id } of steps) {
        const ancestors = graph.ancestorsOf(id);
        const before = steps.filter((step) => step.id !== id && graph.runsBefore(step.id, id));
        assert.deepEqual(before.map((step) => step.id).sort(), [...ancestors].filter((each) => each !== id).sort());
        const settings = new Set([id, ...ancestors].flatMap((each) => [...graph.reachOf(each).settings]));
        assert.deepEqual([...graph.reachOf(id).settings].sort(), [...settings].sort());
      }
    }
  });
});

/** A few migrations that depend on each other at random: most of them on earlier ones. */
function randomHistory(random: (limit: number) => number): string {
  const ids = Array.from({ length: 3 + random(12) }, (_, index) => `${random(2) === 0 ? 'a' : 'b'}.${index}`);
  return ids
    .map((id, index) => {
      const parents = ids.filter((_, other) => random(50) < (other < index ? 15 : 1));
      const setting = random(10) === 0 ? [`$SETTING_${index}`] : [];
      const replaces = random(10) === 0 ? ` [${ids[random(ids.length)]}]` : '';
      return `${id} < ${[...parents, ...setting].join(' ')}${replaces}`;
    })
    .join('\n');
}

describe('leaves', () => {
  it('are the migrations that nothing of their app depends on', () => {
    const { groups } = graphOf('a.1\n a.2x < a.1\n a.2y < a.1\n b.1 < a.2x').graph;
    assert.deepEqual(groups.get('a'), {
      name: 'a',
      folder: 'a/migrations',
      members: ['a.1', 'a.2x', 'a.2y'],
      leaves: ['a.2x', 'a.2y'],
    });
    assert.deepEqual(groups.get('b')?.leaves, ['b.1']);
  });

  it('are one where a merge joins them', () => {
    assert.deepEqual(graphOf('a.1\n a.2x < a.1\n a.2y < a.1\n a.3 < a.2x a.2y').graph.groups.get('a')?.leaves, ['a.3']);
  });
});

describe('a squash', () => {
  const replaced = `
    a.0001
    a.0001_squashed_0002 [a.0001 a.0002]
    a.0002 < a.0001 b.0001
    a.0003 < a.0002
    b.0001
    b.0002 < b.0001 a.0002
  `;

  it('stands for what it replaces', () => {
    const { graph } = graphOf(replaced);
    assert.deepEqual(graph.parentsOf('a.0003'), ['a.0001_squashed_0002']);
    assert.deepEqual(graph.parentsOf('b.0002'), ['a.0001_squashed_0002', 'b.0001']);
    assert.deepEqual(graph.parentsOf('a.0001_squashed_0002'), ['b.0001']);
    assert.deepEqual(graph.groups.get('a')?.leaves, ['a.0003']);
    assert.deepEqual(graph.unknownParentsOf('a.0003'), []);
  });

  it('and what it replaces begin with the same schema', () => {
    assert.equal(
      wakes(graphOf(replaced)),
      'b.0001 a.0001←b.0001 a.0002←a.0001 a.0001_squashed_0002←b.0001 a.0003←a.0001_squashed_0002 b.0002←a.0003',
    );
  });

  it('stands for migrations that are gone', () => {
    const { graph } = graphOf('a.0001_squashed_0002 [a.0001 a.0002]\n a.0003 < a.0002\n b.0001 < a.0001');
    assert.deepEqual(graph.parentsOf('a.0003'), ['a.0001_squashed_0002']);
    assert.deepEqual(graph.parentsOf('b.0001'), ['a.0001_squashed_0002']);
    assert.deepEqual(graph.unknownParentsOf('a.0003'), []);
  });

  it('can be squashed again', () => {
    const text = `
      a.0001
      a.0002 < a.0001
      a.0002_squashed [a.0001 a.0002]
      a.0003 < a.0002
      a.0003_squashed [a.0002_squashed a.0003]
      a.0004 < a.0003
    `;
    assert.deepEqual(graphOf(text).graph.parentsOf('a.0004'), ['a.0003_squashed']);
    assert.equal(
      wakes(graphOf(text)),
      'a.0001 a.0002←a.0001 a.0002_squashed a.0003←a.0002_squashed a.0003_squashed a.0004←a.0003_squashed',
    );
  });

  it('that replaces its own replacement is no endless loop', () => {
    const { steps } = graphOf('a.1 [a.2]\n a.2 [a.1]\n a.3 [a.3]');
    assert.deepEqual(steps.map(({ id }) => id).sort(), ['a.1', 'a.2', 'a.3']);
  });
});

describe('a cycle', () => {
  it('is told as a path that ends where it began', () => {
    const { graph } = graphOf('a.1 < b.2\n b.1 < a.1\n b.2 < b.1\n c.1');
    assert.deepEqual(graph.cycleThrough('a.1'), ['a.1', 'b.2', 'b.1', 'a.1']);
    assert.deepEqual(graph.cycleThrough('b.1'), ['b.1', 'a.1', 'b.2', 'b.1']);
    assert.equal(graph.cycleThrough('c.1'), undefined);
  });

  it('can be a migration that depends on itself', () => {
    assert.deepEqual(graphOf('a.1 < a.1').graph.cycleThrough('a.1'), ['a.1', 'a.1']);
  });

  it('is the shortest one where there are several', () => {
    const { graph } = graphOf('a.1 < a.4 a.2\n a.2 < a.1\n a.3 < a.2\n a.4 < a.3');
    assert.deepEqual(graph.cycleThrough('a.1'), ['a.1', 'a.2', 'a.1']);
    assert.deepEqual(graph.cycleThrough('a.3'), ['a.3', 'a.2', 'a.1', 'a.4', 'a.3']);
  });

  it('comes last, in name order, before what hangs on it', () => {
    const { steps } = graphOf('a.1\n a.2 < a.1 b.1\n b.1 < a.2\n aa.1 < b.1\n c.1 < a.1\n a.3 < a.2');
    assert.deepEqual(
      steps.map(({ id }) => id),
      ['a.1', 'c.1', 'a.2', 'b.1', 'a.3', 'aa.1'],
    );
  });

  it('among replaced migrations is survived', () => {
    const { steps } = graphOf('a.1 < a.2\n a.2 < a.1\n a.3 [a.1 a.2]');
    assert.deepEqual(steps.map(({ id }) => id).sort(), ['a.1', 'a.2', 'a.3']);
  });
});
