import assert from 'node:assert/strict';
import { evaluate, valueOfName } from '../../../server/src/syntax/evaluate.ts';
import type { PythonParser } from '../../../server/src/syntax/parser.ts';
import type { Facts, ModuleName, Scope, Surroundings } from '../../../server/src/syntax/scope.ts';
import { classScope, functionScope, moduleScope } from '../../../server/src/syntax/scopes.ts';
import { pythonParser } from '../../support/python.ts';
import { shownValue } from '../../support/values.ts';

describe('evaluate', () => {
  let python: PythonParser;

  before(async () => {
    python = await pythonParser();
  });

  /** Modules by their name (`main`, `helpers`, `pkg.deep`); relative imports of any level find them by name. */
  function scopeOf(files: Readonly<Record<string, string>>, facts: Facts): Scope {
    const scopes = new Map<string, Scope>();
    const surroundings: Surroundings = {
      facts,
      resolveModule: ({ name }: ModuleName) => {
        const text = files[name];
        if (text === undefined) return undefined;
        const known = scopes.get(name) ?? moduleScope(python.read(text), surroundings);
        scopes.set(name, known);
        return known;
      },
    };
    const main = surroundings.resolveModule({ level: 0, name: 'main' }, python.read(''));
    if (main === undefined) throw new Error('No main module.');
    return main;
  }

  /** The value of the name `x` after everything in the text. */
  function checkValue(text: string, expected: string, siblings: Readonly<Record<string, string>> = {}): void {
    const scope = scopeOf({ ...siblings, main: text }, { vendor: undefined });
    assert.equal(shownValue(valueOfName('x', scope)), expected, text);
  }

  function checkValueOn(vendor: string, text: string, expected: string): void {
    assert.equal(shownValue(valueOfName('x', scopeOf({ main: text }, { vendor }))), expected, text);
  }

  it('keeps literals', () => {
    checkValue('x = "a"', '"a"');
    checkValue('x = 12', '12');
    checkValue('x = -0x1F', '-31');
    checkValue('x = None', 'None');
    checkValue('x = [True, (1, "b"), {"k": ...}, {1}]', '[True, (1, "b"), {"k": ...}, {1}]');
    checkValue('x = "a" "b"\n', '"ab"');
    checkValue('x: str = "typed"', '"typed"');
  });

  it('is unknown where nothing can be said', () => {
    checkValue('x = y', '?');
    checkValue('x = y()', '?()');
    checkValue('x = y[0]', '?');
    checkValue('x = "a" < y', '?');
    checkValue('x = (yield)', '?');
    checkValue('y = 1', 'not bound');
    checkValue('x = 1\ndel x', '?');
  });

  it('qualifies names through imports', () => {
    checkValue('from django.db import models as m\nx = m.CASCADE', 'django.db.models.CASCADE');
    checkValue('import django.db.models\nx = django.db.models.CASCADE', 'django.db.models.CASCADE');
    checkValue('import django.db.models as m\nx = m.CASCADE', 'django.db.models.CASCADE');
    checkValue('from ..app import models\nx = models.Order', '..app.models.Order');
    checkValue('from . import y\nx = y', '.y');
    checkValue(
      'from django.db import models\nx = models.CharField("n", max_length=50)',
      'django.db.models.CharField("n", max_length=50)',
    );
    checkValue('from a import models\nmodels = other()\nx = models.F()', '?()');
    checkValue('try:\n  from a import F\nexcept ImportError:\n  from b import F\nx = F', 'a.F');
  });

  it('folds texts', () => {
    checkValue('t = "orders"\nx = "DROP TABLE " + t', '"DROP TABLE orders"');
    checkValue('t = "orders"\nx = f"DROP TABLE {t}{{}}"', '"DROP TABLE orders{}"');
    checkValue('x = "a" f"{1}" "b"', '"a1b"');
    checkValue('x = f"{y}"', '?');
    checkValue('y = "a"\nx = f"{y!r}"', '?');
    checkValue('x = "%s %d%% %(n)s"', '"%s %d%% %(n)s"');
    checkValue('x = "%s=%d 100%%" % ("a", 3)', '"a=3 100%"');
    checkValue('x = "%(a)s" % {"a": "b"}', '"b"');
    checkValue('x = "%s" % "a"', '"a"');
    checkValue('x = "%s %s" % ("a",)', '?');
    checkValue('x = "%s" % ("a", "b")', '?');
    checkValue('x = "%5.2f" % 3', '?');
    checkValue('x = "{} {0}{n}".format("a", n="b")', '"a ab"');
    checkValue('x = "{:>5}".format("a")', '?("a")');
    checkValue('x = "{{{}}}".format("a")', '"{a}"');
    checkValue('x = ", ".join(["a", "b"])', '"a, b"');
    checkValue('x = ", ".join(["a", y])', '?(["a", ?])');
    checkValue('x = " A b ".strip().lower().replace("b", "c")', '"a c"');
    checkValue('x = "ab" * 2', '"abab"');
    checkValue('x = str(1.0)', 'builtins.str(1)');
    checkValue('import textwrap\nx = textwrap.dedent("""\n  a\n    b\n""")', '"\\na\\n  b\\n"');
  });

  it('calculates with whole numbers', () => {
    checkValue('x = (1 + 2) * 3 - 2 ** 3', '1');
    checkValue('x = -7 // 2', '-4');
    checkValue('x = -7 % 3', '2');
    checkValue('x = 1 / 2', '?');
    checkValue('x = 1.5', '1.5');
    checkValue('x = 1 // 0', '?');
  });

  it('folds lists', () => {
    checkValue('a = [1]\nb = (2,)\nx = a + [3] + list(b)', '[1, 3, 2]');
    checkValue('x = [1] + unknown()', '[1, …]');
    checkValue('x = unknown + [1]', '[1, …]');
    checkValue('x = [1] + "a"', '?');
    checkValue('a = [1]\nx = [0, *a, 2]', '[0, 1, 2]');
    checkValue('x = [0, *y]', '[0, …]');
    checkValue('x = [1, 2][1]', '2');
    checkValue('x = [1, 2][-1]', '2');
    checkValue('x = [1, 2][5]', '?');
    checkValue('x = [1, 2][0:1]', '?');
    checkValue('x = [0] * 3', '[0, 0, 0]');
    checkValue('x = {"a": 1, "b": 2}["b"]', '2');
    checkValue('a = {"a": 1}\nx = {**a, "b": 2, "a": 3}', '{"a": 3, "b": 2}');
    checkValue('x = {**y, "b": 2}', '{"b": 2, …}');
  });

  it('follows lists that grow', () => {
    checkValue('x = []\nx.append(1)\nx += [2]\nx.extend((3, 4))\nx.insert(0, 0)\nx = x + [5]', '[0, 1, 2, 3, 4, 5]');
    checkValue('x = [1]\nx.sort()', '?');
    checkValue('x = [1]\nx.extend(y)', '[1, …]');
    checkValue('x = [1]\nx += y', '[1, …]');
    checkValue('x = [1]\nx[0] = 2', '?');
    checkValue('x = {}\nx["a"] = 1\nx["b"] = 2\nx["a"] = 3\nx.update({"c": 4})', '{"a": 3, "b": 2, "c": 4}');
    checkValue('x = {}\nx[y] = 1\nx["a"] = 2', '?');
    checkValue('y = [1]\nx = y\ny.append(2)', '[1]');
    checkValue('x = {1}\nx.add(2)', '{1, 2}');
  });

  it('takes names as they are where they are used', () => {
    checkValue('a = 1\nx = [a]\na = 2', '[1]');
    checkValue('x = 1\nx = [x]\nx = [x]', '[[1]]');
    checkValue('a, (b, c) = 1, (2, 3)\nx = [a, b, c]', '[1, 2, 3]');
    checkValue('a = b = 1\nx = [a, b]', '[1, 1]');
    checkValue('a, *b = 1, 2\nx = [a, b]', '[?, ?]');
    checkValue('a, b = 1, 2, 3\nx = a', '?');
  });

  it('unfolds comprehensions over data', () => {
    checkValue('x = [a * 2 for a in (1, 2)]', '[2, 4]');
    checkValue(
      'x = [(a, b) for a in [1, 2] for b in "c", "d" if a > 1]'.replace('"c", "d"', '("c", "d")'),
      '[(2, "c"), (2, "d")]',
    );
    checkValue('x = {k: v for k, v in {"a": 1}.items()}', '{"a": 1}');
    checkValue('x = [f(p, q) for p, q in zip([1, 2], "ab")]', '[…]');
    checkValue('x = [(p, q) for p, q in zip([1, 2], ["a", "b", "c"])]', '[(1, "a"), (2, "b")]');
    checkValue('x = [(i, n) for i, n in enumerate(["a", "b"], start=1)]', '[(1, "a"), (2, "b")]');
    checkValue('x = [i for i in range(1, 7, 2)]', '[1, 3, 5]');
    checkValue('x = [i for i in range(100000)]', '[…]');
    checkValue('x = [i for i in unknown]', '[…]');
    checkValue('x = [i for i in [1, 2] if unknown(i)]', '[…]');
    checkValue('x = list(k for k in {"a": 1})', '["a"]');
    checkValue('x = len([1, 2])', '2');
    checkValue('x = list(reversed([1, 2]))', '[2, 1]');
    checkValue('x = dict(a=1)', '{"a": 1}');
    checkValue('def zip(a): return a\nx = zip([1])', '[1]');
  });

  it('unfolds loops over data', () => {
    checkValue('x = []\nfor t in ["a", "b"]:\n  x.append(f"DROP {t}")', '["DROP a", "DROP b"]');
    checkValue('x = []\nfor k, v in {"a": 1}.items():\n  y = [k]\n  x += y\n  x.append(v)', '["a", 1]');
    checkValue('x = [0]\nfor t in unknown():\n  x.append(1)', '[0, ~1, …]');
    checkValue('x = []\nfor t in [1, 2]:\n  if t == 2: break\n  x.append(t)', '[~1, …]'.replace('~1', '~?'));
    checkValue('x = 0\nwhile y:\n  x = 1', '?');
    checkValue('x = 0\nfor t in [1, 2]:\n  x = x + t', '3');
    checkValue('x = 0\nfor t in unknown:\n  x = x + t', '?');
    checkValue('for x in [1, 2]:\n  pass', '2');
  });

  it('keeps what a method is called for, but for what it puts into a list', () => {
    checkValue('import a\nfor t in unknown():\n  a.drop(t)\nx = a.f', 'a.f');
    checkValue('import a\nif unknown():\n  a.drop(1)\nx = a.f', 'a.f');
    checkValue('import a\ndef f():\n  for t in unknown():\n    if t: a.drop(t)\n  return a.f\nx = f()', 'a.f');
    checkValue('import a\nfor t in unknown():\n  a.drop(t)\n  a = t\nx = a.f', '?');
    checkValue('y = [0]\ndef f():\n  for t in unknown():\n    y.append(1)\n  return y\nx = f()', '[0, ~1, …]');
  });

  it('asks once what came before a loop or a test, however many stand in a row', () => {
    const rounds = 'x = []\nfor t in range(40):\n  for u in unknown(t):\n    if u:\n      x.append(1)';
    checkValue(rounds, `[${Array.from({ length: 40 }, () => '~1').join(', ')}, …]`);
    checkValue(
      `x = []\n${'if unknown:\n  x = x + [1]\n'.repeat(40)}`,
      `[${Array.from({ length: 40 }, () => '~1').join(', ')}]`,
    );
  });

  it('decides tests where it can', () => {
    checkValue('x = 1 if True else 2', '1');
    checkValue('x = 1 if [] else 2', '2');
    checkValue('x = 1 if not None and "a" in ("a",) else 2', '1');
    checkValue('x = 1 if (4, 2) >= (4, 1) else 2', '1');
    checkValue('x = 1 if 1 < 2 <= 2 != 3 else 2', '1');
    checkValue('x = 1 if unknown else 2', '?');
    checkValue('x = 1 if unknown else 1', '1');
    checkValue('x = 1\nif False:\n  x = 2\nelif True:\n  x = 3\nelse:\n  x = 4', '3');
    checkValue('x = unknown or 1', '?');
    checkValue('x = None or 1', '1');
    checkValue('x = 5 if unknown and False else 6', '6');
  });

  it('marks what an undecided test makes conditional', () => {
    checkValue('x = [1]\nif unknown:\n  x.append(2)', '[1, ~2]');
    checkValue('if unknown:\n  x = [1]\nelse:\n  x = [2]', '[~1, ~2]');
    checkValue('if unknown:\n  x = [1]', '~[~1]');
    checkValue('if unknown:\n  x = "a"\nelse:\n  x = "b"', '?');
    checkValue('x = [1 if unknown else 2]', '[~1, ~2]');
    checkValue('x = [1] + ([2] if unknown else [])', '[1, ~2]');
    checkValue('if unknown:\n  x = 1\nelse:\n  raise ValueError', '1');
    checkValue('if unknown:\n  y = 1\nx = [y]', '[~1]');
    checkValue('if unknown:\n  y = "a"\nx = "b" + y', '?');
  });

  it('knows the database where the caller does', () => {
    const text = 'from django.db import connection\nif connection.vendor == "postgresql":\n  x = [1]\nelse:\n  x = [2]';
    checkValueOn('postgresql', text, '[1]');
    checkValueOn('mysql', text, '[2]');
    checkValue(text, '[~1, ~2]');
    checkValueOn('sqlite', 'x = op.get_bind().dialect.name', '"sqlite"');
    checkValueOn('sqlite', 'x = schema_editor.connection.vendor in ("sqlite", "mysql")', 'True');
    checkValueOn('sqlite', 'x = model.name', '?');
  });

  it('follows functions of the file that do nothing but return', () => {
    checkValue('def f(a, b="c"):\n  """doc"""\n  return [a, b]\nx = f(1)', '[1, "c"]');
    checkValue('def f(a):\n  b = a + 1\n  return b\nx = f(a=1)', '2');
    checkValue('def f(a):\n  if a:\n    return 1\n  return 2\nx = f(0)', '2');
    checkValue('def f(a):\n  if a:\n    return 1\n  return 2\nx = f(unknown)', '?(?)');
    checkValue('f = lambda a: [a]\nx = f(1)', '[1]');
    checkValue('def f(n):\n  return f(n)\nx = f(1)', '?(1)');
    checkValue('def f(*a):\n  return a\nx = f(1)', '?(1)');
    checkValue('@cached\ndef f():\n  return 1\nx = f()', '?()');
    checkValue('def f():\n  yield 1\nx = f()', '?()');
    checkValue('def f(a):\n  return a\nx = f(1, 2)', '?(1, 2)');
    checkValue('def f():\n  return y\ny = 1\nx = f()', '1');
    checkValue('def f(m):\n  def g(apps):\n    return m\n  return g\nx = f("Order")', 'function g');
  });

  it('binds arguments of partial functions', () => {
    checkValue(
      'from functools import partial\ndef f(a, b, c): pass\nx = partial(f, 1, c=2)',
      'function f with a=1, c=2',
    );
    checkValue('import functools\nx = functools.partial(g, 1)', 'functools.partial(?, 1)');
    checkValue('from functools import partial\ndef f(a, b): return [a, b]\nx = partial(f, 1)(2)', '[1, 2]');
  });

  it('reads attributes of classes at hand', () => {
    checkValue('class A:\n  t = "a"\n  u = t + "b"\nx = A.u', '"ab"');
    checkValue('class B:\n  t = 1\nclass A(B): pass\nx = A.t', '1');
    checkValue('class A:\n  t = 1\nx = A.missing', '?');
    checkValue('class A:\n  t = 1\n  def f(self): return t\nt = 2\nx = A.f(1)', '2');
    checkValue('class A(A): pass\nx = A.t', '?');
  });

  it('looks into modules at hand', () => {
    const helpers = 'T = "orders"\ndef drop(t): return "DROP " + t\nclass C:\n  t = 1';
    checkValue('from .helpers import T as t\nx = [t]', '["orders"]', { helpers });
    checkValue('from . import helpers\nx = helpers.drop(helpers.T)', '"DROP orders"', { helpers });
    checkValue('import helpers as h\nx = h.C.t', '1', { helpers });
    checkValue('import pkg.deep\nx = pkg.deep.V', '1', { 'pkg.deep': 'V = 1' });
    checkValue('from .helpers import *\nx = drop("a")', '"DROP a"', { helpers });
    checkValue('from .helpers import missing\nx = missing', '.helpers.missing', { helpers });
    checkValue('from .relay import T\nx = T', '"orders"', { helpers, relay: 'from .helpers import T' });
  });

  it('ends where names need themselves', () => {
    checkValue('x = x', '?');
    checkValue('from .b import y as x', '?', { b: 'from .main import x as y' });
    checkValue('from .b import *\nfrom .main import *', 'not bound', { b: 'from .main import *' });
    checkValue('def f(): return g()\ndef g(): return f()\nx = f()', '?()');
    checkValue('x = [lambda: x]', '[function lambda]');
    checkValue(`x = ${'('.repeat(150)}1${')'.repeat(150)}`, '1');
    checkValue(`x = ${'1 + '.repeat(300)}1`, '301');
    checkValue(`x = ${'1 + '.repeat(600)}1`, '?');
  });

  it('tells where a value comes from', () => {
    const scope = scopeOf(
      { main: 'from .ops import A\nB = "b"\nclass M:\n  y = A + [B]', ops: 'A = [f(1)]' },
      { vendor: undefined },
    );
    const [, , definition] = scope.module.body;
    assert.ok(definition?.kind === 'class' && definition.body[0]?.kind === 'assign');
    const value = evaluate(definition.body[0].value, classScope(definition, scope));
    assert.ok(value.kind === 'list');
    const [call, text] = value.items;
    assert.equal(call?.kind, 'call');
    assert.notEqual(call.module, scope.module);
    assert.deepEqual(call.via, { at: { kind: 'name', span: { start: 42, end: 43 }, name: 'A' }, module: scope.module });
    assert.deepEqual(text?.at.span, { start: 47, end: 48 });
    assert.deepEqual(text.definedAt?.at.span, { start: 23, end: 26 });
  });

  it('takes names inside a branch as they are there', () => {
    const scope = scopeOf(
      { main: 'a = 1\nif unknown:\n  a = 2\n  f(a)\nelse:\n  f(a)\nfor a in [3, 4]:\n  f(a)' },
      { vendor: undefined },
    );
    const shown = scope.module.body.flatMap((statement) => {
      const inner = statement.kind === 'if' ? [...statement.body, ...statement.orElse] : [];
      const all = statement.kind === 'for' ? statement.body : inner;
      return all.flatMap((each) => (each.kind === 'expression' ? [shownValue(evaluate(each.value, scope))] : []));
    });
    assert.deepEqual(shown, ['?(2)', '?(1)', '?(?)']);
  });

  it('opens the inside of a function', () => {
    const scope = scopeOf({ main: 'T = 1\ndef f(apps, n=2):\n  t = [T, apps, n]\n  return t' }, { vendor: undefined });
    const value = valueOfName('f', scope);
    assert.ok(value?.kind === 'function');
    assert.equal(shownValue(valueOfName('t', functionScope(value, new Map()))), '[1, ?, ?]');
    const given = new Map([['n', { kind: 'number' as const, at: value.at, module: scope.module, value: 5 }]]);
    assert.equal(shownValue(valueOfName('t', functionScope(value, given))), '[1, ?, 5]');
  });
});
