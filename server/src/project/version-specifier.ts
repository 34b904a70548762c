import type { Version } from '../base/target.ts';

/** One clause of a requirement: `>=4.2`, `~=5.2.1`, `==4.2.*`; Poetry's `^4.2` and `~4.2` too. */
interface Clause {
  readonly operator: string;
  readonly major: number;
  readonly minor: number;
  /** How many numbers are written: `~=4.2` allows every 4.x from there, `~=4.2.0` only 4.2. */
  readonly precision: number;
  readonly isWildcard: boolean;
}

/** Which releases a requirement allows, told by major and minor version: patch releases change no behavior. */
export interface VersionSpecifier {
  /** The release that is asked for by name; `undefined` for ranges. */
  readonly pinned: Version | undefined;
  allows(version: Version): boolean;
  /** The highest lower bound, where there is one. */
  readonly atLeast: Version | undefined;
}

/** Reads `>=4.2,<5`; `undefined` for what is no version specifier (a URL, a date) or allows anything. */
export function readVersionSpecifier(text: string): VersionSpecifier | undefined {
  // Poetry's alternatives: the last is the newest by habit.
  const written = text.split('||').at(-1) ?? '';
  const parts = written.split(',').map((part) => part.trim());
  const clauses = parts.filter((part) => part !== '' && part !== '*').map(readClause);
  const read = clauses.filter((clause) => clause !== undefined);
  if (read.length === 0 || read.length < clauses.length) return undefined;
  const pin = read.find(({ operator }) => operator === '==');
  const lower = read.filter(({ operator }) => /^(?:>=?|~=?|\^)$/.test(operator)).map(versionOf);
  return {
    pinned: pin && pin.precision > 1 ? versionOf(pin) : undefined,
    allows: (version) => read.every((clause) => allows(clause, version)),
    atLeast: lower.sort(compareVersions).at(-1),
  };
}

export function compareVersions(one: Version, other: Version): number {
  return one[0] - other[0] || one[1] - other[1];
}

function readClause(text: string): Clause | undefined {
  const pattern =
    /^(===?|~=|!=|<=|>=|<|>|\^|~|)\s*v?(\d+)(?:\.(\d+))?((?:\.\d+)*)(\.\*)?(?:\.?(?:a|b|rc|dev|post)\d*)*$/i;
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, operator = '', major, minor, rest = '', wildcard] = match;
  return {
    operator: operator === '' || operator === '===' ? '==' : operator,
    major: Number(major),
    minor: Number(minor ?? 0),
    precision: (minor === undefined ? 1 : 2) + rest.split('.').length - 1,
    isWildcard: wildcard !== undefined,
  };
}

function versionOf({ major, minor }: Clause): Version {
  return [major, minor];
}

/** Whether some patch release of `version` satisfies the clause. */
function allows(clause: Clause, version: Version): boolean {
  const { operator, precision, isWildcard } = clause;
  const order = compareVersions(version, versionOf(clause));
  const sameMajor = version[0] === clause.major;
  switch (operator) {
    case '==':
      return isWildcard && precision === 1 ? sameMajor : order === 0;
    case '!=':
      if (!isWildcard) return true;
      return precision === 1 ? !sameMajor : order !== 0;
    case '>=':
    case '>':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '<':
      return precision > 2 ? order <= 0 : order < 0;
    case '~=':
      return precision > 2 ? order === 0 : sameMajor && order >= 0;
    case '~':
      return precision > 1 ? order === 0 : sameMajor;
    default:
      return sameMajor && order >= 0;
  }
}
