import type { Span } from '../base/span.ts';
import type { Change, ChangeBase, ModelUse, RunCode, UnsteadyValue, WriteRows } from '../schema/change.ts';
import { dottedNameOf } from '../syntax/dotted-name.ts';
import type { CallExpression, FunctionStatement, LambdaExpression, Statement } from '../syntax/module.ts';
import { knownTextOf } from '../syntax/text-piece.ts';
import type { Value } from '../syntax/value.ts';
import type { DataFunctionContext, SourceModule } from './data-function-context.ts';
import { CodeLowering, type CodeSetting, transactionIn } from './data-function-sql.ts';
import { evaluateExpression } from './data-functions/expressions.ts';
import { followFunction } from './data-functions/follow.ts';
import type { HeldFunction } from './data-functions/held.ts';
import { liveModelsOf } from './data-functions/live-models.ts';
import { heldFunction, heldOf, moduleScope } from './data-functions/module-names.ts';
import type { Found, FoundSql, FoundWrite, Moment, Reading } from './data-functions/reading.ts';
import { runStatements } from './data-functions/statements.ts';
import type { DjangoOperation } from './migration-file.ts';

/**
 * What a `RunPython` does, as far as reading its function tells: one RunCode, then the rows that it writes and the SQL
 * that it sends, in order.
 * The function is followed through helpers, closures and modules of the project; nothing is executed.
 */
export function lowerRunPython(
  operation: DjangoOperation,
  base: ChangeBase,
  context: DataFunctionContext,
  setting: CodeSetting,
): readonly Change[] {
  const code = operation.arguments.get('code');
  if (code === undefined || isNoopReference(code)) return [unread(base, code, context)];
  const callee = functionOf(code, context);
  if (callee === undefined) return [unread(base, code, context)];
  const { reading, guardRaises } = read(callee, context);
  const lowering = new CodeLowering(setting);
  const elsewhere = code.module === context.source.module ? code.at.span : base.at;
  for (const each of withoutRepetitions(reading.found.done)) {
    if (each.kind === 'sql') lowering.send(each, base, elsewhere);
    else lowering.add([writeRows(each, elsewhere, base, context)]);
  }
  return [runCode(callee, reading.found, guardRaises, base, context, lowering), ...lowering.changes];
}

/** `RunPython.noop`, a function that is not at hand, or none at all yet. */
function unread(base: ChangeBase, code: Value | undefined, { source }: DataFunctionContext): RunCode {
  const isNoop = code !== undefined && isNoopReference(code);
  return {
    ...base,
    kind: 'RunCode',
    function: undefined,
    functionName: code === undefined ? undefined : dottedNameOf(code.at),
    file: source.file,
    isNoop,
    understood: isNoop || code === undefined,
    outOfSight: isNoop || code === undefined ? undefined : { at: code.at.span, reason: 'its function is not here' },
    writesExistingRows: isNoop ? false : 'unknown',
    isGuard: false,
    liveModels: [],
    models: [],
    unsteady: [],
  };
}

function isNoopReference(code: Value): boolean {
  return code.kind === 'reference' && /(^|\.)RunPython\.noop$/.test(code.name);
}

/** The function itself, where it is named; what a factory or `functools.partial` makes, where it is made on the spot. */
function functionOf(code: Value, context: DataFunctionContext): HeldFunction | undefined {
  const named = code.kind === 'function' ? heldOf(code, context) : undefined;
  if (named?.kind === 'function') return named;
  const inside = context.sourceOf(code.module);
  if (inside === undefined) return undefined;
  const scope = moduleScope(inside);
  const reading = newReading(context);
  if (inside.file === context.source.file) {
    for (const statement of context.source.class.body) {
      if (statement.kind === 'function') scope.names.set(statement.name, heldFunction(statement, inside));
      // `forwards, backwards = make_functions("shop", "Order")`
      else if (statement.kind === 'assign' && statement.value.kind === 'call') reading.run([statement], scope);
    }
  }
  const held = reading.evaluate(code.at, scope);
  return held.kind === 'function' ? held : undefined;
}

const calm: Moment = {
  guarded: false,
  guardRaises: false,
  conditional: false,
  inLoop: false,
  inRowLoop: false,
  repeats: false,
  picks: false,
  tried: false,
  block: undefined,
};

function newReading(context: DataFunctionContext): Reading {
  const found: Found = {
    done: [],
    read: new Map(),
    altersSchema: false,
    sendsTask: false,
    mayWrite: false,
    outOfSight: undefined,
    models: [],
    unsteady: [],
  };
  const reading: Reading = {
    context,
    found,
    functions: [],
    moment: calm,
    followed: 0,
    evaluate: (expression, scope) => evaluateExpression(expression, scope, reading),
    run: (statements, scope) => runStatements(statements, scope, reading),
    call: (callee, args) => followFunction(callee, args, reading),
  };
  return reading;
}

function read(callee: HeldFunction, context: DataFunctionContext): { reading: Reading; guardRaises: boolean } {
  const reading = newReading(context);
  const positional = [{ kind: 'apps' }, { kind: 'schema-editor' }] as const;
  reading.call(callee, { positional, keywords: new Map(), isPartial: false });
  return { reading, guardRaises: reading.moment.guardRaises };
}

function runCode(
  callee: HeldFunction,
  found: Found,
  guardRaises: boolean,
  base: ChangeBase,
  context: DataFunctionContext,
  { changes, holes }: CodeLowering,
): RunCode {
  const { definition, inside } = callee;
  const here = [...found.read].filter(([, source]) => source.file === inside.file).map(([each]) => each);
  const changesRows = changes.some(changesExistingRows);
  const { outOfSight, altersSchema, sendsTask, mayWrite } = found;
  const isOpaque = outOfSight !== undefined || changes.some(({ kind }) => kind === 'Opaque' || kind === 'InvalidSql');
  const mayChangeRows = altersSchema || sendsTask || mayWrite || isOpaque;
  return {
    ...base,
    kind: 'RunCode',
    function: definition,
    functionName: definition.kind === 'function' ? definition.name : undefined,
    file: inside.file,
    isNoop: isEmpty(definition),
    understood: outOfSight === undefined,
    outOfSight:
      outOfSight === undefined ? undefined : { at: placeOf(outOfSight, base, context), reason: outOfSight.reason },
    writesExistingRows: changesRows || (mayChangeRows ? 'unknown' : false),
    ...(holes.length > 0 ? { holes } : {}),
    isGuard: guardRaises && !mayChangeRows && changes.every(({ kind }) => kind === 'OtherStatement'),
    liveModels: liveModelsOf(here, inside, context),
    models: modelsUsed(found, base, context),
    unsteady: unsteadyIn(found, base, context),
  };
}

function unsteadyIn({ unsteady }: Found, base: ChangeBase, { source }: DataFunctionContext): readonly UnsteadyValue[] {
  return unsteady.map(({ value, inside, ...told }) => ({
    ...told,
    at: inside.file === source.file ? value.span : base.at,
  }));
}

function modelsUsed({ models }: Found, base: ChangeBase, context: DataFunctionContext): readonly ModelUse[] {
  const uses = new Map<string, ModelUse>();
  for (const each of models) {
    const { app, model, setting } = each;
    const key = `${app}.${model.toLowerCase()}`;
    const at = each.inside.file === context.source.file ? each.call.span : base.at;
    if (!uses.has(key)) uses.set(key, { app, model, setting, at });
  }
  return [...uses.values()];
}

function changesExistingRows(change: Change): boolean {
  return change.kind === 'Truncate' || (change.kind === 'WriteRows' && change.operation !== 'insert');
}

function placeOf(
  { call, inside }: { readonly call: CallExpression; readonly inside: SourceModule },
  base: ChangeBase,
  { source }: DataFunctionContext,
): Span {
  return inside.file === source.file ? tellingPiece(call, source.text) : base.at;
}

function isEmpty(definition: FunctionStatement | LambdaExpression): boolean {
  if (definition.kind === 'lambda') return definition.body.kind === 'constant';
  return definition.body.every(isEmptyStatement);
}

/** A docstring, `pass`, `...`, `return`, `return None`. */
function isEmptyStatement(statement: Statement): boolean {
  switch (statement.kind) {
    case 'simple':
      return statement.keyword === 'pass';
    case 'expression':
      return statement.value.kind === 'string' || statement.value.kind === 'constant';
    case 'return':
      return statement.value === undefined || statement.value.kind === 'constant';
    default:
      return false;
  }
}

/** A helper that is called twice for one table writes it in one place: told once, by its worst case. */
function withoutRepetitions(done: Found['done']): Found['done'] {
  const told = new Map<string, Found['done'][number]>();
  for (const each of done) {
    const key = `${each.inside.file} ${each.call.span.start} ${each.kind === 'sql' ? textKey(each) : writeKey(each)}`;
    const known = told.get(key);
    if (known === undefined || isWorse(each, known)) told.set(key, each);
  }
  return [...told.values()];
}

function writeKey({ model, operation }: FoundWrite): string {
  return [operation, model.table?.schema, model.table?.name ?? model.label].join(' ');
}

function textKey({ value }: FoundSql): string {
  return value.kind === 'string' ? value.value : knownTextOf(value.pieces ?? []);
}

function isWorse(one: FoundWrite | FoundSql, other: FoundWrite | FoundSql): boolean {
  if (one.moment.guarded !== other.moment.guarded) return !one.moment.guarded;
  if (one.kind === 'sql' || other.kind === 'sql') return other.moment.conditional && !one.moment.conditional;
  return one.rows === 'all' && other.rows !== 'all';
}

function writeRows(write: FoundWrite, elsewhere: Span, base: ChangeBase, { source }: DataFunctionContext): WriteRows {
  const { call, inside, model, moment } = write;
  const isHere = inside.file === source.file;
  return {
    ...base,
    kind: 'WriteRows',
    transaction: transactionIn(write, base, `${source.app}.${source.name}`),
    at: isHere ? tellingPiece(call, source.text) : elsewhere,
    certainty: moment.conditional ? 'conditional' : base.certainty,
    operation: write.operation,
    table: model.table,
    label: model.label,
    rows: write.rows,
    ...(write.whereNull === undefined ? {} : { whereNull: write.whereNull }),
    assignments: write.assignments,
    ...(write.strings === undefined || write.strings.length === 0 ? {} : { strings: write.strings }),
    method: write.method,
    batched: write.batched,
    guarded: moment.guarded,
    code: { file: inside.file, module: inside.module, functions: write.functions, call, source: write.source },
  };
}

/** `Order.objects.all().delete()`; of a call over several lines its method alone, and never long arguments. */
function tellingPiece(call: CallExpression, text: string): Span {
  const { callee } = call;
  const end = call.arguments.length === 0 ? call.span.end : callee.span.end;
  const isOneLine = !text.slice(callee.span.start, end).includes('\n');
  return { start: isOneLine || callee.kind !== 'attribute' ? callee.span.start : callee.nameSpan.start, end };
}
