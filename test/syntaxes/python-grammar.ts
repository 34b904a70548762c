import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createRegistryFromGrammars, loadConfiguration } from 'vscode-tmgrammar-test/dist/common/index.js';

type Registry = ReturnType<typeof createRegistryFromGrammars>;
type Grammar = NonNullable<Awaited<ReturnType<Registry['loadGrammar']>>>;

/** A piece of a line and what it is called, outermost first, without the name of the language. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

const require = createRequire(import.meta.url);
const manifest = resolve(import.meta.dirname, '..', '..', 'package.json');

/** VS Code's Python grammar together with what this extension's manifest injects into it. */
export function pythonWithSql(): Registry {
  return registryOf(loadConfiguration(manifest, undefined, undefined).grammars);
}

/** VS Code's Python grammar alone. */
export function plainPython(): Registry {
  return registryOf([]);
}

export async function pythonGrammar(registry: Registry): Promise<Grammar> {
  const grammar = await registry.loadGrammar('source.python');
  if (!grammar) throw new Error('There is no grammar for Python.');
  return grammar;
}

/** The tokens of each line. */
export function tokensOf(grammar: Grammar, text: string): readonly (readonly Token[])[] {
  let state: Parameters<Grammar['tokenizeLine']>[1] = null;
  return text.split(/\r?\n/).map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      start: startIndex,
      // The last token also counts the line end.
      end: Math.min(endIndex, line.length),
      scopes: scopes.slice(1),
    }));
  });
}

function registryOf(injected: ReturnType<typeof loadConfiguration>['grammars']): Registry {
  const grammars = [
    { path: require.resolve('tm-grammars/grammars/python.json'), scopeName: 'source.python' },
    { path: require.resolve('tm-grammars/grammars/regexp.json'), scopeName: 'source.regexp.python' },
    ...injected,
  ];
  return createRegistryFromGrammars(
    grammars.map((grammar) => ({ grammar, content: readFileSync(grammar.path, 'utf8') })),
  );
}
