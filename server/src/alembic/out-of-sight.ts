import { containsSpan } from '../base/span.ts';
import type { PerformedCall, PerformedCalls } from '../syntax/performed-call.ts';
import type { CallValue } from '../syntax/value.ts';
import { directiveOf } from './directives.ts';

/** Modules whose functions change nothing in a database that is not told apart from all others. */
const known: ReadonlySet<string> = new Set([
  'alembic',
  'collections',
  'contextlib',
  'datetime',
  'enum',
  'functools',
  'itertools',
  'json',
  'logging',
  'os',
  're',
  'sqlalchemy',
  'sqlalchemy_utils',
  'string',
  'sys',
  'time',
  'typing',
  'uuid',
  'warnings',
]);

/** Whether all calls that a function makes are those of Alembic and SQLAlchemy, or of code that is at hand. */
export function staysInSight({ calls }: PerformedCalls): boolean {
  const directives = calls.filter(({ value }) => directiveOf(value) !== undefined).map(({ value }) => value);
  return calls.every((call) => isKnown(call) || directives.some((directive) => isArgument(call, directive)));
}

/** `metadata.create_all()` is known for doing anything. */
function isKnown({ value }: PerformedCall): boolean {
  const { callee, at } = value;
  if (at.callee.kind === 'attribute' && /^(create|drop)_all$/.test(at.callee.name)) return false;
  return callee === undefined || !callee.includes('.') || known.has(callee.slice(0, callee.indexOf('.')));
}

/** `sa.Column("price", money.Money())`: the type of a project is no step of the migration. */
function isArgument({ value }: PerformedCall, directive: CallValue): boolean {
  return value.module === directive.module && value !== directive && containsSpan(directive.at.span, value.at.span);
}
