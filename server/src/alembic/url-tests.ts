import { dottedNameOf } from '../syntax/dotted-name.ts';
import { evaluate } from '../syntax/evaluate.ts';
import type { Expression } from '../syntax/module.ts';
import type { Scope } from '../syntax/scope.ts';
import type { Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';

/** How the URLs of databases begin, by the name of the dialect. */
const beginnings: Readonly<Record<string, readonly string[]>> = {
  mariadb: ['mariadb', 'mysql'],
  mysql: ['mysql'],
  oracle: ['oracle'],
  postgresql: ['postgresql', 'postgres'],
  sqlite: ['sqlite'],
};
const all = Object.values(beginnings).flat();

/**
 * Whether a test of the database's URL holds: `str(connection.engine.url).startswith("mysql")`, `"sqlite" in url`.
 * Undefined for other tests, and where the URL would have to be known further than its dialect.
 */
export function decideUrlTest(test: Expression, scope: Scope): boolean | undefined {
  const own = beginnings[scope.surroundings.facts.vendor ?? ''];
  if (own === undefined) return undefined;
  const asked = askedOf(test, scope);
  if (asked === undefined || !isUrl(asked.url, scope)) return undefined;
  const answers = asked.texts.map((text) => {
    if (own.includes(text)) return true;
    return all.some((beginning) => text.startsWith(beginning) && !own.includes(beginning)) ? false : undefined;
  });
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

interface UrlTest {
  readonly url: Expression;
  /** One of them has to be there. */
  readonly texts: readonly string[];
}

function askedOf(test: Expression, scope: Scope): UrlTest | undefined {
  if (test.kind === 'comparison' && test.operators.join() === 'in') {
    const [text, url] = test.operands;
    const texts = text && textsIn(evaluate(text, scope));
    return texts && url && { url, texts };
  }
  if (test.kind !== 'call' || test.callee.kind !== 'attribute' || test.callee.name !== 'startswith') return undefined;
  const [prefix] = test.arguments;
  const texts = prefix && textsIn(evaluate(prefix.value, scope));
  return texts && { url: test.callee.object, texts };
}

function textsIn(value: Value): readonly string[] | undefined {
  if (value.kind === 'string') return [value.value];
  if (!isSequence(value) || value.partial) return undefined;
  const texts = value.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
  return texts.length === value.items.length ? texts : undefined;
}

/** `engine.url`, `str(engine.url)`, `engine.url.drivername`, and names that have them. */
function isUrl(expression: Expression, scope: Scope): boolean {
  if (expression.kind === 'name') {
    const value = evaluate(expression, scope);
    const { at } = value.definedAt ?? value;
    return at.kind !== 'name' && isUrl(at, scope);
  }
  if (expression.kind === 'call') {
    const [first] = expression.arguments;
    return dottedNameOf(expression.callee) === 'str' && first !== undefined && isUrl(first.value, scope);
  }
  return expression.kind === 'attribute' && ['drivername', 'url'].includes(expression.name);
}
