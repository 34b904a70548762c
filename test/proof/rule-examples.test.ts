import { strict as assert } from 'node:assert/strict';
import { readExampleFiles } from '../../server/src/rules/example-text.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { filesText } from '../support/memory-files.ts';
import { exampleProject } from '../support/rule-examples.ts';
import { writeProject } from './case-project.ts';
import { type Command, DjangoFailed } from './driver.ts';
import { useLaboratory } from './laboratory.ts';

/** How far Django gets with a project on an empty database. */
const stages = ['does not import', 'imports', 'loads', 'migrates', 'migrates there and back'] as const;

interface Attempt {
  readonly stage: (typeof stages)[number];
  readonly error: string;
}

/** Examples show as little as they can, so not all of them run; but a fix never makes one get less far. */
describe('proof: the files that fixes write in the examples of the rules', () => {
  for (const rule of rules) {
    for (const example of rule.examples.bad) {
      for (const { title, files } of example.fixed ?? []) {
        it(`${rule.name}: ${example.title}: ${title}`, async () => {
          const { texts } = exampleProject(example);
          const after = new Map(texts);
          for (const file of readExampleFiles(files)) after.set(file.path, file.text);
          const unfixed = await attempt(texts, commandsFor(texts, example.settings));
          const fixed = await attempt(after, commandsFor(texts, example.settings));
          // Some fixes stop on purpose, until somebody has written what only they know.
          if (fixed.error.startsWith('NotImplementedError: Write ')) return;
          const isNoWorse = stages.indexOf(fixed.stage) >= stages.indexOf(unfixed.stage);
          assert.ok(isNoWorse, `before it ${unfixed.stage}, now it ${fixed.stage}: ${fixed.error}`);
        });
      }
    }
  }
});

/** What is written for another database is loaded, and not run: this one does not know its SQL. */
function commandsFor(texts: ReadonlyMap<string, string>, settings = ''): readonly Command[] {
  const read: readonly Command[] = [
    { do: 'execute', sql: ['DROP SCHEMA public CASCADE', 'CREATE SCHEMA public'] },
    { do: 'import' },
    { do: 'load' },
  ];
  if (/^database = "(?!postgresql)/m.test(settings)) return read;
  const apps = new Set([...texts.keys()].flatMap((path) => /(\w+)\/migrations\//.exec(path)?.[1] ?? []));
  return [...read, { do: 'migrate' }, ...[...apps].map((app) => ({ do: 'migrate', app, to: 'zero' }) as const)];
}

async function attempt(texts: ReadonlyMap<string, string>, commands: readonly Command[]): Promise<Attempt> {
  const { driver } = await useLaboratory();
  const project = await writeProject(filesText(texts));
  const environment = { ALLOW_DESTRUCTIVE_MIGRATIONS: '1' };
  const session = { database: 'postgres', project: project.folder, environment };
  try {
    await driver.run(session, commands);
    return { stage: 'migrates there and back', error: '' };
  } catch (error) {
    if (!(error instanceof DjangoFailed)) throw error;
    // The first command only cleans up.
    const stage = stages[Math.min(Math.max(error.completed - 1, 0), 3)] ?? 'does not import';
    return { stage, error: error.message };
  } finally {
    await project.remove();
  }
}
