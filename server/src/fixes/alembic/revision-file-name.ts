import type { AlembicRevision } from '../../alembic/revision-file.ts';
import { stemOf } from '../../base/file-path.ts';
import type { AlembicEnvironment } from '../../project/alembic-environments.ts';

/** The parts of a date, as `file_template` names them. */
type RevisionDate = ReadonlyMap<string, number>;

const dateParts = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

type Naming = Pick<AlembicEnvironment, 'fileTemplate' | 'longestSlug'>;

/**
 * The file name of a new revision without `.py`, by the project's `file_template`. Its date is that of the revision that it
 * follows, so that the files stay together where they are sorted by date.
 */
export function revisionFileName(id: string, slug: string, like: AlembicRevision, naming: Naming): string {
  const { fileTemplate, longestSlug } = naming;
  const date = createDateOf(like) ?? dateInName(like, fileTemplate);
  const values = new Map<string, string | number>([
    ['rev', id],
    ['slug', truncated(slug, longestSlug)],
    ...(date === undefined ? [] : [...date, ['epoch', epochOf(date)] as const]),
  ]);
  return filled(fileTemplate, values) ?? `${id}_${truncated(slug, longestSlug)}`;
}

/** As Alembic cuts it: at a word, with the underscore that says so. */
function truncated(slug: string, longest: number): string {
  if (slug.length <= longest) return slug;
  const cut = slug.slice(0, longest);
  const word = cut.lastIndexOf('_');
  return `${word < 0 ? cut : cut.slice(0, word)}_`;
}

const token = /%\((\w+)\)0?(\d*)(?:\.(\d+))?([sd])/g;

/** Undefined where it names something that is not known. */
function filled(template: string, values: ReadonlyMap<string, string | number>): string | undefined {
  let isKnown = true;
  const name = template.replaceAll(token, (_, key: string, width: string, digits = '') => {
    const value = values.get(key);
    isKnown &&= value !== undefined;
    return String(value ?? '').padStart(Number(digits || width || 0), '0');
  });
  return isKnown ? name : undefined;
}

/** `Create Date: 2024-05-17 08:30:12.345678` in the docstring. */
export function createDateLine({ text, module }: AlembicRevision): string | undefined {
  return /^Create Date:.*\S/m.exec(text.slice(0, module.docstringEnd))?.[0];
}

function createDateOf(revision: AlembicRevision): RevisionDate | undefined {
  const written = /(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?/.exec(createDateLine(revision) ?? '');
  return written === null
    ? undefined
    : new Map(dateParts.map((part, index) => [part, Number(written[index + 1] ?? 0)]));
}

/** What the name of a revision's own file says, where that goes by the template. */
function dateInName({ file }: AlembicRevision, template: string): RevisionDate | undefined {
  const keys: string[] = [];
  const pieces = template.split(/(%\(\w+\)[\d.]*[sd])/);
  const pattern = pieces.map((piece) => {
    const [, key, width = ''] = /^%\((\w+)\)[0.]*(\d*)/.exec(piece) ?? [];
    if (key === undefined) return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    keys.push(key);
    if (key === 'rev' || key === 'slug') return '(.*?)';
    return key === 'year' ? '(\\d{4})' : `(\\d${width === '' ? '+' : `{${width}}`})`;
  });
  const found = new RegExp(`^${pattern.join('')}$`).exec(stemOf(file));
  if (found === null) return undefined;
  const values = keys.map((key, index) => [key, Number(found[index + 1])] as const);
  return new Map(values.filter(([key]) => key !== 'rev' && key !== 'slug'));
}

function epochOf(date: RevisionDate): number {
  const known = date.get('epoch');
  if (known !== undefined) return known;
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = dateParts.map((part) => date.get(part));
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}
