import type { FilledSource, SqlHole } from '../schema/change.ts';
import { type Binding, bindingsOf } from '../syntax/bindings.ts';
import { dottedNameOf } from '../syntax/dotted-name.ts';
import { argumentsFor, returnedBy } from '../syntax/local-calls.ts';
import type {
  AttributeExpression,
  BinaryExpression,
  CallExpression,
  Expression,
  Module,
  NameExpression,
} from '../syntax/module.ts';
import { isNumberPlaceholder, isNumberSuffix } from '../syntax/number-format.ts';
import type { Hole } from './literal-map.ts';

/** From what may stand in any statement to what may not. */
const order: readonly FilledSource[] = ['constant', 'number', 'identifier', 'operator', 'run-time'];

/** What is filled into a text, where that is not known before it runs. */
export function filledHole(
  { at, by, filled, isNumber }: Hole,
  textOf: (module: Module) => string | undefined,
): SqlHole {
  const { span } = filled.at;
  const written = textOf(filled.module)?.slice(span.start, span.end) ?? '';
  return { at, by, written, source: isNumber ? 'number' : filledSourceOf(filled.at, filled.module) };
}

/**
 * Where a value comes from that is put into SQL, by the expression that makes it: names are followed to all that they
 * were given, parameters of functions to the calls in the file, containers count as the worst of what they hold. What
 * cannot be told comes from run time.
 */
function filledSourceOf(expression: Expression, module: Module): FilledSource {
  return sourceOf(expression, { module, known: new Map() });
}

interface Search {
  readonly module: Module;
  /** What has been looked into; what is being looked into counts as nothing: what it is made of besides itself decides. */
  readonly known: Map<Expression, FilledSource>;
}

function worst(sources: readonly FilledSource[]): FilledSource {
  return order[Math.max(0, ...sources.map((source) => order.indexOf(source)))] ?? 'run-time';
}

function worstOf(expressions: readonly Expression[], search: Search): FilledSource {
  return worst(expressions.map((each) => sourceOf(each, search)));
}

function sourceOf(expression: Expression, search: Search): FilledSource {
  const known = search.known.get(expression);
  if (known !== undefined) return known;
  search.known.set(expression, 'constant');
  const source = sourceOfKind(expression, search);
  search.known.set(expression, source);
  return source;
}

function sourceOfKind(expression: Expression, search: Search): FilledSource {
  switch (expression.kind) {
    case 'name':
      return sourceOfName(expression, search);
    case 'attribute':
      return sourceOfAttribute(expression, search);
    case 'call':
      return sourceOfCall(expression, search);
    case 'subscript':
      return sourceOf(expression.object, search);
    case 'string': {
      const fields = expression.parts.flatMap((part) => part.fields);
      return worst(fields.map(({ value, suffix }) => (isNumberSuffix(suffix) ? 'number' : sourceOf(value, search))));
    }
    case 'constant':
    case 'lambda':
      return expression.kind === 'constant' ? 'constant' : 'run-time';
    case 'number':
    case 'comparison':
      return 'number';
    case 'unary':
      return expression.operator === 'await' ? 'run-time' : 'number';
    case 'binary':
      return sourceOfBinary(expression, search);
    case 'conditional':
      return worstOf([expression.body, expression.orElse], search);
    case 'list':
    case 'tuple':
    case 'set':
      return worstOf(expression.items, search);
    case 'dictionary':
      return worstOf(
        expression.entries.flatMap(({ key, value }) => (key === undefined ? [value] : [key, value])),
        search,
      );
    case 'comprehension':
      return worstOf([expression.element, ...(expression.key === undefined ? [] : [expression.key])], search);
    case 'starred':
      return sourceOf(expression.value, search);
    case 'other':
      return 'run-time';
  }
}

function sourceOfName({ name, span }: NameExpression, search: Search): FilledSource {
  const bindings = bindingsOf(name, span, search.module);
  return bindings.length === 0 ? 'run-time' : worst(bindings.map((each) => sourceOfBinding(each, search)));
}

function sourceOfBinding(binding: Binding, search: Search): FilledSource {
  switch (binding.kind) {
    case 'value':
      return binding.element === undefined
        ? sourceOf(binding.value, search)
        : sourceOfElement(binding.value, binding.element.index, search);
    case 'parameter': {
      const given = argumentsFor(binding.parameter, binding.of, search.module);
      return given === undefined ? 'run-time' : worstOf(given, search);
    }
    case 'import':
      return isOperatorImport(binding.module, binding.original) ? 'operator' : 'run-time';
    case 'function':
    case 'other':
      return 'run-time';
  }
}

/** What stands at an index in each of the items of `enumerate(x)`, `zip(x, y)`, `[(1, x), (2, y)]`. */
function sourceOfElement(iterable: Expression, index: number | undefined, search: Search): FilledSource {
  if (iterable.kind === 'call' && index !== undefined && iterable.arguments.every(({ form }) => form === 'plain')) {
    const part = iterable.arguments[index];
    if (isBuiltin(iterable.callee, 'zip', search) && part !== undefined) return sourceOf(part.value, search);
    if (isBuiltin(iterable.callee, 'enumerate', search) && index === 0) return 'number';
  }
  const rows = iterable.kind === 'list' || iterable.kind === 'tuple' ? iterable.items : [];
  const parts = rows.flatMap((row) => {
    const item = row.kind === 'list' || row.kind === 'tuple' ? row.items[index ?? -1] : undefined;
    return item === undefined || item.kind === 'starred' ? [] : [item];
  });
  return rows.length > 0 && parts.length === rows.length ? worstOf(parts, search) : sourceOf(iterable, search);
}

function isOperatorImport(module: string, original: string | undefined): boolean {
  if (module === 'environ' || module === 'decouple') return true;
  if (original === undefined) return /(?:^|\.)settings$/.test(module);
  return original === 'settings' || (module === 'os' && (original === 'environ' || original === 'getenv'));
}

/** Managers lead from the model to its rows. */
const managers = new Set(['objects', '_default_manager', '_base_manager']);

function sourceOfAttribute({ object, name }: AttributeExpression, search: Search): FilledSource {
  if (name === 'db_table' || name === 'column' || name === '_meta') return 'identifier';
  if (name === 'settings_dict' || dottedNameOf(object) === 'os') {
    return name === 'settings_dict' || name === 'environ' || name === 'getenv' ? 'operator' : 'run-time';
  }
  const source = sourceOf(object, search);
  if (managers.has(name)) return 'run-time';
  return source === 'constant' ? 'run-time' : source;
}

const numbers = new Set(['int', 'float', 'len', 'Decimal', 'bool', 'range', 'ord', 'hash', 'id', 'round', 'abs']);
/** Built-in functions that give what they are given. */
const handing = new Set([
  'str',
  'list',
  'tuple',
  'set',
  'frozenset',
  'dict',
  'sorted',
  'reversed',
  'enumerate',
  'zip',
  'min',
  'max',
  'iter',
  'next',
  'getattr',
]);
/** Django's, psycopg's, those that people write themselves, and those that ask the database for names. */
const quoting =
  /^(?:quote|qn|quote_\w+|Identifier|Literal|Placeholder|mogrify|QuotedString|escape_identifier|escape_literal|get_\w+_names)$/;
const wrapping = new Set(['SQL', 'Composed', 'dedent']);

function sourceOfCall(call: CallExpression, search: Search): FilledSource {
  const { callee } = call;
  const given = call.arguments.map(({ value }) => value);
  const name = callee.kind === 'name' || callee.kind === 'attribute' ? callee.name : '';
  if (quoting.test(name)) return 'identifier';
  if (name === 'Decimal' || (numbers.has(name) && isBuiltin(callee, name, search))) return 'number';
  if (wrapping.has(name) || (handing.has(name) && isBuiltin(callee, name, search))) return worstOf(given, search);
  if (isBuiltin(callee, 'map', search)) return sourceOfMap(given, search);
  if (callee.kind === 'attribute') return sourceOfMethod(callee, given, search);
  const definition = callee.kind === 'name' ? functionNamed(callee, search) : undefined;
  const returned = definition && returnedBy(definition);
  // `getenv("NAME")` of `from os import getenv`.
  if (returned === undefined) return sourceOf(callee, search) === 'operator' ? 'operator' : 'run-time';
  return worstOf(returned, search);
}

/** `map(int, values)`, `map(str, values)`, `map(quote_name, names)` */
function sourceOfMap([mapping, ...values]: readonly Expression[], search: Search): FilledSource {
  const name = mapping?.kind === 'name' || mapping?.kind === 'attribute' ? mapping.name : '';
  if (quoting.test(name)) return 'identifier';
  if (mapping === undefined || !isBuiltin(mapping, name, search)) return 'run-time';
  if (numbers.has(name)) return 'number';
  return name === 'str' ? worstOf(values, search) : 'run-time';
}

/** Methods of texts and containers give what is in them and what they are given; others give anything. */
const ofText = new Set([
  'format',
  'join',
  'strip',
  'lstrip',
  'rstrip',
  'lower',
  'upper',
  'title',
  'capitalize',
  'replace',
  'split',
  'splitlines',
  'removeprefix',
  'removesuffix',
  'encode',
  'decode',
  'as_string',
  'get',
  'pop',
  'keys',
  'values',
  'items',
  'copy',
]);

function sourceOfMethod(
  { object, name }: AttributeExpression,
  given: readonly Expression[],
  search: Search,
): FilledSource {
  if (object.kind === 'name' && object.name === 'os' && name === 'getenv') return 'operator';
  const source = sourceOf(object, search);
  if (ofText.has(name)) return worst([source, worstOf(given, search)]);
  // `_meta.get_field("buyer")`
  return source === 'identifier' || source === 'operator' ? source : 'run-time';
}

function functionNamed({ name, span }: NameExpression, { module }: Search) {
  const [binding, ...others] = bindingsOf(name, span, module);
  return binding?.kind === 'function' && others.length === 0 ? binding.definition : undefined;
}

function isBuiltin(callee: Expression, name: string, { module }: Search): boolean {
  return callee.kind === 'name' && callee.name === name && bindingsOf(name, callee.span, module).length === 0;
}

function sourceOfBinary({ left, operator, right }: BinaryExpression, search: Search): FilledSource {
  const isFormat = operator === '%' && left.kind === 'string' && left.value !== undefined;
  if (!isFormat) return worstOf([left, right], search);
  const marks = left.value?.match(/%(?:\(\w+\))?[^a-zA-Z%]*[a-zA-Z%]/g) ?? [];
  return marks.every((mark) => mark.endsWith('%') || isNumberPlaceholder(mark)) ? 'number' : sourceOf(right, search);
}
