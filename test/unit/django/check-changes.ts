import assert from 'node:assert/strict';
import { type Around, lowerFiles } from './lower-files.ts';
import { printChange } from './print-change.ts';

interface Given extends Around {
  /** Operations of the migration before. */
  readonly before?: string;
  /** Operations of the migration that is looked at. */
  readonly now: string;
  /** Statements of the module and of the class body besides the operations. */
  readonly module?: string;
  readonly body?: string;
}

/** The changes of a migration of the app `shop`, one a line, after the migration before it. */
export async function changesOf(given: Given): Promise<readonly string[]> {
  const files = new Map([
    ['shop/migrations/0001_initial.py', migrationText(given.before ?? '', '', '')],
    ['shop/migrations/0002_now.py', migrationText(given.now, given.module ?? '', given.body ?? '')],
  ]);
  const lowered = await lowerFiles(files, given);
  const last = lowered.at(-1);
  assert.ok(last, 'the text holds no migration');
  return last.migration.forward.map((change) => printChange(change, last.source.text));
}

/** Text in, changes out: `expected` holds what {@link changesOf} prints, indented as one likes. */
export async function checkChanges(given: Given, expected: string): Promise<void> {
  assert.equal((await changesOf(given)).join('\n').replaceAll(/^\s+/gm, '').trim(), outdented(expected));
}

function outdented(text: string): string {
  return text.replaceAll(/^\s+/gm, '').trim();
}

export function migrationText(operations: string, module: string, body: string): string {
  return `import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import (
    AddConstraintNotValid, AddIndexConcurrently, RemoveIndexConcurrently, TrigramExtension, ValidateConstraint,
)
from django.db import migrations, models
import django.db.models.functions
${module}

class Migration(migrations.Migration):
    dependencies = []
${body}
    operations = [
${operations}
    ]
`;
}
