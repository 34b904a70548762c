import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isLevel, type Level, levels } from '../base/level.ts';
import { nearestName } from '../base/nearest-name.ts';

/** What the command line asks for. */
export type Command =
  | CheckCommand
  | FixCommand
  | SqlCommand
  | OwedCommand
  | { readonly kind: 'explain'; readonly rule: string }
  | { readonly kind: 'rules' }
  | { readonly kind: 'lsp' }
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly topic: CommandName | undefined };

export interface CheckCommand {
  readonly kind: 'check';
  /** As written; empty for the whole working directory. */
  readonly paths: readonly string[];
  readonly format: 'text' | 'json';
  /** Findings at this level and worse make the exit code 1. */
  readonly failOn: Level;
  readonly showAll: boolean;
}

export interface FixCommand {
  readonly kind: 'fix';
  readonly paths: readonly string[];
  /** Empty for all rules. */
  readonly rules: readonly string[];
  /** Part of the title of the fix to apply; `undefined` for the preferred one. */
  readonly title: string | undefined;
  /** Also fixes that want a look before they are committed. */
  readonly review: boolean;
  readonly output: 'diff' | 'write';
}

export interface SqlCommand {
  readonly kind: 'sql';
  readonly paths: readonly string[];
}

export interface OwedCommand {
  readonly kind: 'owed';
  readonly paths: readonly string[];
  readonly format: 'text' | 'json';
}

const commandNames = ['check', 'fix', 'sql', 'owed', 'explain', 'rules', 'lsp'] as const;
export type CommandName = (typeof commandNames)[number];

/** The command line cannot be understood: the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const help = { help: { type: 'boolean', short: 'h', default: false } } as const;

/** @throws {UsageError} */
export function readCommandLine(args: readonly string[]): Command {
  const [name, ...rest] = args;
  switch (name) {
    case 'check':
      return readCheck(rest);
    case 'fix':
      return readFix(rest);
    case 'sql':
      return readSql(rest);
    case 'owed':
      return readOwed(rest);
    case 'explain':
      return readExplain(rest);
    case 'rules':
      return readPlain(rest, 'rules', {}) ?? { kind: 'rules' };
    case 'lsp':
      return readPlain(rest, 'lsp', { stdio: { type: 'boolean' } }) ?? { kind: 'lsp' };
    case undefined:
    case '--help':
    case '-h':
    case 'help':
      return { kind: 'help', topic: commandNames.find((each) => each === rest[0]) };
    case '--version':
    case '-v':
      return { kind: 'version' };
    default:
      throw new UsageError(unknownCommand(name));
  }
}

function readCheck(args: readonly string[]): Command {
  const { values, positionals } = read(args, 'check', {
    ...help,
    format: { type: 'string', default: 'text' },
    'fail-on': { type: 'string' },
    strict: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  });
  if (values.help) return { kind: 'help', topic: 'check' };
  const format = readFormat(values.format);
  if (values.strict && values['fail-on'] !== undefined) {
    throw new UsageError('--strict is --fail-on medium: give one of them.');
  }
  const failOn = values['fail-on'] ?? (values.strict ? 'medium' : 'high');
  if (!isLevel(failOn)) throw new UsageError(`--fail-on ${failOn}: expected one of ${levels.join(', ')}.`);
  return { kind: 'check', paths: positionals, format, failOn, showAll: values.all };
}

function readOwed(args: readonly string[]): Command {
  const { values, positionals } = read(args, 'owed', { ...help, format: { type: 'string', default: 'text' } });
  if (values.help) return { kind: 'help', topic: 'owed' };
  return { kind: 'owed', paths: positionals, format: readFormat(values.format) };
}

function readFormat(format: string): 'text' | 'json' {
  if (format === 'text' || format === 'json') return format;
  throw new UsageError(`--format ${format}: expected text or json.`);
}

function readFix(args: readonly string[]): Command {
  const { values, positionals } = read(args, 'fix', {
    ...help,
    rule: { type: 'string', multiple: true, default: [] },
    fix: { type: 'string' },
    review: { type: 'boolean', default: false },
    diff: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  });
  if (values.help) return { kind: 'help', topic: 'fix' };
  if (values.diff && values.write) throw new UsageError('--diff shows the changes, --write makes them: give one.');
  return {
    kind: 'fix',
    paths: positionals,
    rules: values.rule,
    title: values.fix,
    review: values.review,
    output: values.write ? 'write' : 'diff',
  };
}

function readSql(args: readonly string[]): Command {
  const { values, positionals } = read(args, 'sql', help);
  if (values.help) return { kind: 'help', topic: 'sql' };
  if (positionals.length === 0) throw new UsageError('Name a migration or a folder of migrations: stepwise sql PATH.');
  return { kind: 'sql', paths: positionals };
}

function readExplain(args: readonly string[]): Command {
  const { values, positionals } = read(args, 'explain', help);
  if (values.help) return { kind: 'help', topic: 'explain' };
  const [rule, ...more] = positionals;
  if (rule === undefined || more.length > 0) {
    throw new UsageError('Name one rule: stepwise explain RULE. `stepwise rules` lists them.');
  }
  return { kind: 'explain', rule };
}

/** A command without arguments; answers only when its help is asked for. */
function readPlain(args: readonly string[], topic: CommandName, options: Options): Command | undefined {
  const { values, positionals } = read(args, topic, { ...options, ...help });
  if (positionals.length > 0) throw new UsageError(`stepwise ${topic} takes no arguments.`);
  return values.help ? { kind: 'help', topic } : undefined;
}

type Options = NonNullable<ParseArgsConfig['options']>;

function read<O extends Options>(args: readonly string[], command: CommandName, options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(explained(error, command, options), { cause: error });
  }
}

/** Node's own sentence, or for a misspelled option the one that was probably meant. */
function explained(error: TypeError, command: CommandName, options: Options): string {
  const unknown = /Unknown option '(-[^']*)'/.exec(error.message)?.[1];
  if (unknown === undefined) return error.message;
  const nearest = nearestName(unknown.replace(/^-+/, ''), Object.keys(options));
  const hint = nearest === undefined ? '' : ` Did you mean --${nearest}?`;
  return `stepwise ${command} has no option ${unknown}.${hint}`;
}

function unknownCommand(name: string): string {
  const nearest = nearestName(name, commandNames);
  if (nearest !== undefined) return `There is no command ${name}. Did you mean ${nearest}?`;
  return `There is no command ${name}. To check a file or folder: stepwise check ${name}`;
}
