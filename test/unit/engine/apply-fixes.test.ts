import assert from 'node:assert/strict';
import { applyFixes, type Candidate } from '../../../server/src/engine/apply-fixes.ts';
import type { FileEdit, Fix } from '../../../server/src/fixes/fix.ts';

type Texts = Map<string, string>;

/** Offers a fix as long as the text has `old`: one that replaces it. */
function replacing(file: string, old: string, text: string, more: readonly FileEdit[] = []) {
  return (texts: Texts): Fix | undefined => {
    const start = texts.get(file)?.indexOf(old) ?? -1;
    if (start < 0) return undefined;
    const edits = [{ span: { start, end: start + old.length }, newText: text }];
    return { title: `${old} → ${text}`, safety: 'safe', edits: [{ kind: 'change', file, edits }, ...more] };
  };
}

function run(texts: Texts, offers: readonly ((texts: Texts) => Fix | undefined)[]) {
  const passes: string[][] = [];
  const originals = new Map(texts);
  const outcome = applyFixes(
    {
      candidates() {
        passes.push([]);
        return offers.flatMap((offer): Candidate[] => {
          const fix = offer(texts);
          return fix === undefined ? [] : [{ rule: 'rule', file: 'a.py', fixes: () => [fix], refusals: () => [] }];
        });
      },
      read(file) {
        const text = texts.get(file);
        return text === undefined ? { kind: 'missing' } : { kind: 'text', text };
      },
      put: (file, text) => void texts.set(file, text),
      hide: (file) => void texts.delete(file),
      takeBack(file) {
        const original = originals.get(file);
        if (original === undefined) texts.delete(file);
        else texts.set(file, original);
      },
    },
    ['a.py'],
    (candidate) => candidate.fixes()[0],
  );
  // The last pass over a file finds nothing to do, nor does the last round.
  return { ...outcome, passes: passes.length - 2 };
}

describe('applying fixes', () => {
  it('composes edits that do not meet in one pass', () => {
    const texts: Texts = new Map([['a.py', 'one two three']]);
    const { passes, applied, files } = run(texts, [replacing('a.py', 'one', '1'), replacing('a.py', 'three', '3')]);
    assert.equal(texts.get('a.py'), '1 two 3');
    assert.deepEqual([passes, applied.length], [1, 2]);
    assert.deepEqual(files.get('a.py'), { before: 'one two three', after: '1 two 3' });
  });

  it('computes one of two that meet anew', () => {
    const texts: Texts = new Map([['a.py', 'onetwo']]);
    assert.equal(run(texts, [replacing('a.py', 'one', '1'), replacing('a.py', 'two', '2')]).passes, 2);
    assert.equal(texts.get('a.py'), '12');
  });

  it('computes what follows from all of a file when all else is done, whichever comes first', () => {
    /** Writes behind the text how long it is. */
    const telling = (texts: Texts): Fix | undefined => {
      const text = texts.get('a.py') ?? '';
      const end = text.length;
      const [, line = '', told] = /^(.*)\n(\d*)$/.exec(text) ?? [];
      if (told === String(line.length)) return undefined;
      const edits = [{ span: { start: line.length + 1, end }, newText: String(line.length) }];
      return { title: 'tell', safety: 'safe', edits: [{ kind: 'change', file: 'a.py', edits }], followsFromAll: true };
    };
    const shorten = replacing('a.py', 'one', '1');
    for (const offers of [
      [shorten, telling],
      [telling, shorten],
    ]) {
      const texts: Texts = new Map([['a.py', 'one two\n']]);
      const { passes, refused } = run(texts, offers);
      assert.equal(texts.get('a.py'), '1 two\n5');
      assert.deepEqual([passes, refused], [2, []]);
    }
  });

  it('leaves alone what would follow from all of a file when another fix has settled it', () => {
    const telling = (texts: Texts): Fix | undefined => {
      const fix = replacing('a.py', 'one', 'one, told')(texts);
      return texts.get('a.py')?.includes('told') === true ? undefined : fix && { ...fix, followsFromAll: true };
    };
    const texts: Texts = new Map([['a.py', 'one, two']]);
    const { applied } = run(texts, [telling, replacing('a.py', 'one', '1')]);
    assert.equal(texts.get('a.py'), '1, two');
    assert.equal(applied.length, 1);
  });

  it('goes on with what a fix has brought about', () => {
    const texts: Texts = new Map([['a.py', 'one']]);
    const { applied } = run(texts, [replacing('a.py', 'one', 'two'), replacing('a.py', 'two', 'three')]);
    assert.equal(texts.get('a.py'), 'three');
    assert.equal(applied.length, 2);
  });

  it('creates files, one a pass in a folder, because each takes a number', () => {
    const texts: Texts = new Map([['a.py', 'one two']]);
    const creating = (file: string): FileEdit => ({ kind: 'create', file, text: 'new' });
    const { passes, files } = run(texts, [
      replacing('a.py', 'one', '1', [creating('m/0002_x.py')]),
      replacing('a.py', 'two', '2', [creating('m/0003_y.py')]),
    ]);
    assert.equal(passes, 2);
    assert.deepEqual(files.get('m/0003_y.py'), { before: undefined, after: 'new' });
  });

  it('renames a file with its edits, and goes on with it under its new name', () => {
    const texts: Texts = new Map([['a.py', 'one two']]);
    const { files, applied } = run(texts, [
      replacing('a.py', 'one', '1', [{ kind: 'rename', file: 'a.py', to: 'b.py' }]),
      replacing('a.py', 'two', '2'),
      replacing('b.py', 'two', 'three'),
    ]);
    assert.deepEqual([...texts], [['b.py', '1 three']]);
    assert.equal(applied.length, 2);
    assert.deepEqual(
      [...files],
      [
        ['b.py', { before: undefined, after: '1 three' }],
        ['a.py', { before: 'one two', after: undefined }],
      ],
    );
  });

  it('refuses as a whole a fix whose new file exists, and says why', () => {
    const texts: Texts = new Map([
      ['a.py', 'one two'],
      ['m/0002_x.py', 'old'],
    ]);
    const { refused, applied } = run(texts, [
      replacing('a.py', 'one', '1', [{ kind: 'create', file: 'm/0002_x.py', text: 'new' }]),
      replacing('a.py', 'two', '2'),
    ]);
    assert.equal(texts.get('a.py'), 'one 2');
    assert.equal(texts.get('m/0002_x.py'), 'old');
    assert.deepEqual(
      refused.map(({ title, reason }) => `${title}: ${reason}`),
      ['one → 1: m/0002_x.py exists already'],
    );
    assert.equal(applied.length, 1);
  });

  it('refuses a fix that changes nothing or claims a place twice', () => {
    const edit = { span: { start: 0, end: 2 }, newText: '' };
    const fix = (title: string, edits: readonly FileEdit[]): Fix => ({ title, safety: 'safe', edits });
    const twice = fix('twice', [{ kind: 'change', file: 'a.py', edits: [edit, edit] }]);
    const { refused } = run(new Map([['a.py', 'one']]), [() => fix('empty', []), () => twice]);
    assert.deepEqual(
      refused.map(({ title, reason }) => `${title}: ${reason}`),
      ['empty: it changes nothing', 'twice: its edits of a.py overlap'],
    );
  });

  it('takes back a fix that is still offered after it, with the files that it made, and applies the others', () => {
    const texts: Texts = new Map([['a.py', 'one two']]);
    let number = 0;
    const endless = (): Fix => ({
      title: 'endless',
      safety: 'review',
      edits: [{ kind: 'create', file: `m/${++number}.py`, text: 'new' }],
    });
    const { applied, refused, files } = run(texts, [replacing('a.py', 'two', '2'), endless]);
    assert.deepEqual([...texts], [['a.py', 'one 2']]);
    assert.deepEqual([...files.keys()], ['a.py']);
    assert.deepEqual(
      applied.map(({ title }) => title),
      ['two → 2'],
    );
    assert.deepEqual(
      refused.map(({ title, reason }) => `${title}: ${reason}`),
      ['endless: it would have to be applied again and again'],
    );
  });

  it('comes to an end when fixes undo each other', () => {
    const texts: Texts = new Map([['a.py', 'one']]);
    const { refused } = run(texts, [replacing('a.py', 'one', 'two'), replacing('a.py', 'two', 'one')]);
    assert.equal(refused.length, 1);
  });
});
