import type { WorkReason } from '../effects.ts';
import { facts, type StatementFact } from './facts.ts';

/** What the rows are read or written for, of the statements that do so. */
const reasons: Readonly<Partial<Record<keyof typeof facts, WorkReason>>> = {
  addColumnVolatile: 'default',
  addColumnSerial: 'auto-increment',
  addColumnStored: 'generated',
  addColumnDomain: 'check',
  addColumnCheck: 'check',
  addColumnUnique: 'key',
  addColumnReferenceDefault: 'foreign-key',
  alterTypeChecked: 'type',
  alterTypeIndexed: 'type',
  alterTypeRewrite: 'type',
  alterCollation: 'collation',
  setNotNull: 'not-null',
  createIndex: 'index',
  createIndexConcurrently: 'index',
  addCheck: 'check',
  addForeignKey: 'foreign-key',
  addUnique: 'key',
  addPrimaryKeyNullable: 'key',
  addExclusion: 'exclusion',
  addNotNull: 'not-null',
  setExpression: 'generated',
  checkDomain: 'check',
  validateCheck: 'check',
  validateForeignKey: 'foreign-key',
};

const reasonByFact = new Map<StatementFact, WorkReason>(
  Object.entries(facts).flatMap(([name, fact]) => {
    const reason = reasons[name as keyof typeof facts];
    return reason === undefined ? [] : [[fact, reason] as const];
  }),
);

export function reasonOf(fact: StatementFact): WorkReason | undefined {
  return reasonByFact.get(fact);
}
