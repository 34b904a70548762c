import type { AlterDomainStmt, AlterEnumStmt, CreateDomainStmt, CreateEnumStmt } from 'libpg-query';
import type { AlterDomain, AlterEnum } from '../../schema/sql-change.ts';
import { statementSpan } from '../words.ts';
import { allOf, asKind, namesIn } from './node.ts';
import type { Step } from './step.ts';

/** `mood`, `app.mood`. */
export function typeNamed(names: readonly string[]): string {
  return names.filter((name, index) => index > 0 || name !== 'public' || names.length === 1).join('.');
}

export function createEnum(node: CreateEnumStmt, step: Step): AlterEnum {
  return {
    ...step.facts('CREATE TYPE', statementSpan(step)),
    kind: 'AlterEnum',
    type: typeNamed(namesIn(node.typeName)),
    action: 'create',
    values: namesIn(node.vals),
    to: undefined,
    ifNotExists: false,
    place: undefined,
  };
}

export function alterEnum(node: AlterEnumStmt, step: Step): AlterEnum {
  const { newVal = '', oldVal, newValNeighbor: neighbor } = node;
  const isRename = oldVal !== undefined && oldVal !== '';
  return {
    ...step.facts('ALTER TYPE', statementSpan(step)),
    kind: 'AlterEnum',
    type: typeNamed(namesIn(node.typeName)),
    action: isRename ? 'rename-value' : 'add-value',
    values: [isRename ? oldVal : newVal],
    to: isRename ? newVal : undefined,
    ifNotExists: node.skipIfNewValExists === true,
    place: neighbor ? { side: node.newValIsAfter === true ? 'after' : 'before', value: neighbor } : undefined,
  };
}

export function createDomain(node: CreateDomainStmt, step: Step): AlterDomain {
  const change = domainChange('CREATE DOMAIN', typeNamed(namesIn(node.domainname)), 'create', false, step);
  const constraints = allOf(node.constraints, 'Constraint');
  const constrains = constraints.some(({ contype }) => contype === 'CONSTR_CHECK' || contype === 'CONSTR_NOTNULL');
  return constrains ? { ...change, constrains } : change;
}

/** What the single letter of the tree says: A is SET DEFAULT, C ADD CONSTRAINT, O SET NOT NULL, V VALIDATE. */
export function alterDomain(node: AlterDomainStmt, step: Step): AlterDomain {
  const domain = typeNamed(namesIn(node.typeName));
  switch (node.subtype) {
    case 'C': {
      const constraint =
        asKind(node.def, 'Constraint') ?? allOf(node.def === undefined ? [] : [node.def], 'Constraint')[0];
      return domainChange('ALTER DOMAIN', domain, 'add-constraint', constraint?.skip_validation !== true, step);
    }
    case 'O':
      return domainChange('ALTER DOMAIN', domain, 'set-not-null', true, step);
    case 'V':
      return domainChange('ALTER DOMAIN', domain, 'validate-constraint', true, step);
    default:
      return domainChange('ALTER DOMAIN', domain, 'other', false, step);
  }
}

function domainChange(
  name: string,
  domain: string,
  action: AlterDomain['action'],
  validates: boolean,
  step: Step,
): AlterDomain {
  const change = { ...step.facts(name, statementSpan(step)), kind: 'AlterDomain', domain, action, validates } as const;
  return action === 'add-constraint' || action === 'set-not-null' ? { ...change, constrains: true } : change;
}
