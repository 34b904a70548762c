import assert from 'node:assert/strict';
import type { Expression, Statement } from '../../../server/src/syntax/module.ts';
import type { PythonParser } from '../../../server/src/syntax/parser.ts';
import { pythonParser } from '../../support/python.ts';
import { assertSpansNest } from '../../support/spans.ts';

describe('reading', () => {
  let python: PythonParser;

  before(async () => {
    python = await pythonParser();
  });

  function readStatement(text: string): Statement {
    const module = python.read(text);
    const [statement] = module.body;
    assert.deepEqual(module.broken, [], text);
    assertSpansNest(module, { start: 0, end: text.length });
    assert.ok(statement !== undefined);
    return statement;
  }

  function readExpression(text: string): Expression {
    const statement = readStatement(`x = ${text}`);
    assert.ok(statement.kind === 'assign', text);
    return statement.value;
  }

  /** The expression with every name, number and text as it is written and all else fully bracketed by its kind. */
  function checkExpression(text: string, expected: string): void {
    assert.equal(shown(readExpression(text)), expected);
  }

  function checkText(text: string, value: string | undefined, ...literals: readonly (string | undefined)[]): void {
    const expression = readExpression(text);
    assert.ok(expression.kind === 'string', text);
    assert.equal(expression.value, value);
    assert.deepEqual(
      expression.parts.flatMap((part) => part.literals),
      literals.length === 0 ? [value] : literals,
    );
  }

  it('texts', () => {
    checkText('"a"', 'a');
    checkText(String.raw`'\n\t\\\'\x41\u00e9\U0001F600\101\q'`, "\n\t\\'Aé😀A\\q");
    checkText(String.raw`r"\n\""`, String.raw`\n\"`);
    checkText('"""a\n\\\nb"""', 'a\nb');
    checkText('"""a\r\nb"""', 'a\nb');
    checkText("u'a'", 'a');
    checkText(String.raw`"\N{BULLET}"`, undefined);
    checkText(String.raw`"\x4"`, undefined);
    checkText('b"a"', undefined);
    checkText('Rb"a"', undefined);
    checkText('f"{{}}"', '{}');
    checkText('f"a{b}c{d!r:>{w}}"', undefined, 'a', 'c', '');
    checkText('("a"\n  \'b\' f"c")', 'abc', 'a', 'b', 'c');
  });

  it('where the parts of a text are', () => {
    const text = 'x = ("a" rb"""b""")';
    const statement = readStatement(text);
    assert.ok(statement.kind === 'assign' && statement.value.kind === 'string');
    const { span, parts } = statement.value;
    assert.equal(text.slice(span.start, span.end), '("a" rb"""b""")');
    assert.deepEqual(
      parts.map((part) => [part.prefix, part.quote, text.slice(part.contentSpan.start, part.contentSpan.end)]),
      [
        ['', '"', 'a'],
        ['br', '"""', 'b'],
      ],
    );
  });

  it('numbers and constants', () => {
    const cases: readonly (readonly [string, number])[] = [
      ['12', 12],
      ['1_000', 1000],
      ['0xFf', 255],
      ['0b11', 3],
      ['0o17', 15],
      ['1.5', 1.5],
      ['.5', 0.5],
      ['1e-3', 0.001],
      ['1j', Number.NaN],
      ['12345678901234567890', Number.NaN],
    ];
    for (const [text, value] of cases) {
      const expression = readExpression(text);
      assert.ok(expression.kind === 'number', text);
      assert.equal(expression.text, text);
      assert.equal(expression.value, value);
    }
    checkExpression('[True, False, None, ...]', 'list[true, false, null, ...]');
  });

  it('names, attributes and calls', () => {
    checkExpression('a.b.c', 'a.b.c');
    checkExpression('a .b', 'a.b');
    checkExpression('é', 'é');
    checkExpression('f(a, b=1, *c, **d)', 'f(a, b=1, *c, **d)');
    checkExpression('f(x)(y).z()', 'f(x)(y).z()');
    checkExpression('f(a for a in b)', 'f(generator a for a in b)');
    checkExpression('f(  # why\n  a,\n)', 'f(a)');
    checkExpression('f(a = (b))', 'f(a=b)');
  });

  it('collections', () => {
    checkExpression('(1,)', 'tuple[1]');
    checkExpression('()', 'tuple[]');
    checkExpression('(1)', '1');
    checkExpression('1, 2', 'tuple[1, 2]');
    checkExpression('{1, 2}', 'set[1, 2]');
    checkExpression('{}', 'dictionary[]');
    checkExpression('{"a": 1, **b}', 'dictionary["a": 1, **b]');
    checkExpression('[*a.b(), c]', 'list[*a.b(), c]');
    checkExpression('[*a.b()]', 'list[*a.b()]');
    checkExpression('[a for b, c in d if e if f for g in h]', 'list a for tuple[b, c] in d if e if f for g in h');
    checkExpression('{a: b for c in d}', 'dictionary a: b for c in d');
  });

  it('operators', () => {
    checkExpression('a + b * -c', '(a + (b * (- c)))');
    checkExpression('not a and b or c', '(((not a) and b) or c)');
    checkExpression('a < b <= c', '(a < b <= c)');
    checkExpression('a not  in b', '(a not in b)');
    checkExpression('(a) is not (b)', '(a is not b)');
    checkExpression('a if b else c', '(a if b else c)');
    checkExpression('a[1]', 'a[1]');
    checkExpression('a[1, 2]', 'a[1, 2]');
    checkExpression('a[1:n]', 'a[slice 1, n]');
    checkExpression('lambda a, *b, c=1: d', '(lambda a, *b, c=1: d)');
    checkExpression('lambda: d', '(lambda : d)');
    checkExpression('(yield a)', 'other[a]');
  });

  it('imports', () => {
    const names = (text: string): unknown => {
      const statement = readStatement(text);
      assert.ok(statement.kind === 'import' || statement.kind === 'import-from');
      const from = statement.kind === 'import-from' ? [statement.level, statement.module] : [];
      return [
        ...from,
        ...statement.names.map(({ name, alias }) => (alias === undefined ? name : `${name} as ${alias}`)),
      ];
    };
    assert.deepEqual(names('import a.b as c, d'), ['a.b as c', 'd']);
    assert.deepEqual(names('from a.b import c as d, e'), [0, 'a.b', 'c as d', 'e']);
    assert.deepEqual(names('from . import a'), [1, '', 'a']);
    assert.deepEqual(names('from ..a import (\n  b,  # why\n  c as d,\n)'), [2, 'a', 'b', 'c as d']);
    assert.deepEqual(names('from a import *'), [0, 'a', '*']);
    assert.deepEqual(names('from __future__ import a'), [0, '__future__', 'a']);
  });

  it('simple statements', () => {
    const kinds = (text: string): readonly string[] => python.read(text).body.map((statement) => statement.kind);
    assert.deepEqual(kinds('a = b = 1; a += 1\ndel a, b\nreturn\nraise X from y\npass\nassert a\nx: int\nf()\n'), [
      'assign',
      'augmented-assign',
      'delete',
      'return',
      'raise',
      'simple',
      'simple',
      'simple',
      'expression',
    ]);
    const chained = readStatement('a = b.c = 1');
    assert.ok(chained.kind === 'assign');
    assert.deepEqual(chained.targets.map(shown), ['a', 'b.c']);
    const augmented = readStatement('a //= 2');
    assert.ok(augmented.kind === 'augmented-assign');
    assert.equal(augmented.operator, '//=');
  });

  it('compound statements', () => {
    const chain = readStatement('if a:\n  b\nelif c:\n  d\nelse:\n  e\n');
    assert.ok(chain.kind === 'if' && chain.orElse[0]?.kind === 'if');
    assert.equal(chain.orElse[0].orElse.length, 1);
    const attempt = readStatement('try:\n  a\nexcept A as b:\n  c\nexcept B:\n  d\nelse:\n  e\nfinally:\n  f\n');
    assert.ok(attempt.kind === 'try');
    assert.deepEqual([attempt.handlers.length, attempt.orElse.length, attempt.finally.length], [2, 1, 1]);
    const opened = readStatement('with a as b, c:\n  pass\n');
    assert.ok(opened.kind === 'with');
    assert.deepEqual(
      opened.items.map(({ context, target }) => [shown(context), target && shown(target)]),
      [
        ['a', 'b'],
        ['c', undefined],
      ],
    );
    const loop = readStatement('for a, b in c, d:\n  pass\nelse:\n  pass\n');
    assert.ok(loop.kind === 'for');
    assert.deepEqual([shown(loop.target), shown(loop.iterable), loop.orElse.length], ['tuple[a, b]', 'tuple[c, d]', 1]);
    const choice = readStatement('match a:\n  case 1:\n    b\n  case _:\n    c\n');
    assert.ok(choice.kind === 'match');
    assert.equal(choice.cases.length, 2);
  });

  it('functions and classes', () => {
    const text = '@a\n@b.c(1)\nasync def f(x, /, y: int = 2, *z, w, **v) -> None:\n    pass\n    # after\n';
    const statement = readStatement(text);
    assert.ok(statement.kind === 'function');
    assert.equal(statement.name, 'f');
    assert.equal(text.slice(statement.span.start, statement.span.end), text.slice(0, text.indexOf('pass') + 4));
    assert.deepEqual(statement.decorators.map(shown), ['a', 'b.c(1)']);
    assert.deepEqual(
      statement.parameters.map(({ name, form, default: value }) => `${form} ${name}${value ? `=${shown(value)}` : ''}`),
      ['plain x', 'plain y=2', 'star z', 'plain w', 'double-star v'],
    );
    const definition = readStatement('class A(b.C, metaclass=D):\n    """Doc."""\n    x = 1\n');
    assert.ok(definition.kind === 'class');
    assert.deepEqual([definition.name, definition.bases.length, definition.body.length], ['A', 2, 2]);
  });

  it('comments and the docstring', () => {
    const text = '# one\n"""Doc # no."""\nx = "#"  # two\n';
    const module = python.read(text);
    assert.deepEqual(
      module.comments.map(({ text: comment, ownLine }) => [comment, ownLine]),
      [
        ['# one', true],
        ['# two', false],
      ],
    );
    assert.equal(module.docstringEnd, text.indexOf('\nx'));
  });
});

function shown(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'attribute':
      return `${shown(expression.object)}.${expression.name}`;
    case 'number':
      return expression.text;
    case 'string':
      return JSON.stringify(expression.value);
    case 'constant':
      return String(expression.value);
    case 'call':
      return `${shown(expression.callee)}(${expression.arguments
        .map(
          ({ form, name, value }) =>
            `${{ plain: '', star: '*', 'double-star': '**' }[form]}${name ? `${name}=` : ''}${shown(value)}`,
        )
        .join(', ')})`;
    case 'subscript':
      return `${shown(expression.object)}[${expression.isSlice ? 'slice ' : ''}${expression.index.map(shown).join(', ')}]`;
    case 'list':
    case 'tuple':
    case 'set':
      return `${expression.kind}[${expression.items.map(shown).join(', ')}]`;
    case 'dictionary':
      return `dictionary[${expression.entries
        .map(({ key, value }) => (key === undefined ? `**${shown(value)}` : `${shown(key)}: ${shown(value)}`))
        .join(', ')}]`;
    case 'unary':
      return `(${expression.operator} ${shown(expression.operand)})`;
    case 'binary':
      return `(${shown(expression.left)} ${expression.operator} ${shown(expression.right)})`;
    case 'comparison': {
      const [first, ...rest] = expression.operands.map(shown);
      return `(${[first, ...rest.map((operand, index) => `${expression.operators[index]} ${operand}`)].join(' ')})`;
    }
    case 'conditional':
      return `(${shown(expression.body)} if ${shown(expression.test)} else ${shown(expression.orElse)})`;
    case 'lambda': {
      const parameters = expression.parameters.map(
        ({ form, name, default: value }) =>
          `${{ plain: '', star: '*', 'double-star': '**' }[form]}${name}${value ? `=${shown(value)}` : ''}`,
      );
      return `(lambda ${parameters.join(', ')}: ${shown(expression.body)})`;
    }
    case 'comprehension': {
      const clauses = expression.clauses.map(({ target, iterable, conditions }) =>
        [`for ${shown(target)} in ${shown(iterable)}`, ...conditions.map((each) => `if ${shown(each)}`)].join(' '),
      );
      const key = expression.key === undefined ? '' : `${shown(expression.key)}: `;
      return `${expression.form} ${key}${shown(expression.element)} ${clauses.join(' ')}`;
    }
    case 'starred':
      return `*${shown(expression.value)}`;
    case 'other':
      return `other[${expression.children.map(shown).join(', ')}]`;
  }
}
