import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExampleProof } from './example-proof.ts';

type ProofsOfRule = Readonly<Record<string, ExampleProof>>;

const FOLDER = join(import.meta.dirname, 'rules');

const byRule = await readProofs();

/** What is known of the examples of a rule, by their titles: `rules/<name>.ts` exports it as `proofs`. */
export function exampleProofs(rule: string): ProofsOfRule {
  return byRule.get(rule) ?? {};
}

async function readProofs(): Promise<ReadonlyMap<string, ProofsOfRule>> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.ts'));
  return new Map(
    await Promise.all(
      names.map(async (name) => {
        const { proofs } = (await import(pathToFileURL(join(FOLDER, name)).href)) as { readonly proofs: ProofsOfRule };
        return [name.replace(/\.ts$/, ''), proofs] as const;
      }),
    ),
  );
}
