import type { Span } from '../../base/span.ts';
import type { ChangeBase } from '../../schema/change.ts';
import type { MigrationId } from '../../schema/migration-id.ts';
import type { Schema } from '../../schema/schema.ts';

/** What the words of a statement meet. */
export interface ClassifiedSetting {
  readonly before: Schema;
  readonly migration: MigrationId;
  /** What every change tells; the span is the part of the statement to underline. */
  facts(name: string, at: Span): ChangeBase;
}
