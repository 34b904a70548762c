import type { Change } from '../schema/change.ts';
import type { DataFunctionContext } from './data-function-context.ts';
import type { DjangoOperation } from './migration-file.ts';
import type { ChangeFacts } from './operation-scope.ts';

/** The changes of a `RunPython`. What its function does is not looked into: it is said to be not understood. */
export function lowerRunPython(
  operation: DjangoOperation,
  base: ChangeFacts,
  context: DataFunctionContext,
): readonly Change[] {
  const code = operation.arguments.get('code');
  const isNoop = code?.kind === 'reference' && code.name.endsWith('.RunPython.noop');
  const definition = code?.kind === 'function' ? code.definition : undefined;
  return [
    {
      ...base,
      kind: 'RunCode',
      function: definition,
      functionName: definition?.kind === 'function' ? definition.name : undefined,
      file: (code?.kind === 'function' && context.sourceOf(code.definedIn)?.file) || context.source.file,
      isNoop,
      understood: isNoop,
      writesExistingRows: isNoop ? false : 'unknown',
      isGuard: false,
      liveModels: [],
    },
  ];
}
