/** A file that `npm run gen` writes. */
export interface GeneratedFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** One kind of generated files. Reading goes through `Repository`, so that a copy of the repository can be generated too. */
export interface Generator {
  /** What is generated, as a reader of the output would call it. */
  readonly name: string;
  /** A folder in which every file comes from this generator: others found there are left over and removed. */
  readonly folder?: string;
  generate(repository: Repository): Promise<readonly GeneratedFile[]>;
}

export interface Repository {
  /** The text of a file, undefined where there is none. */
  read(path: string): string | undefined;
  /** The files directly inside a folder, sorted by name; none where the folder does not exist. */
  list(folder: string): readonly string[];
}

/** Replaces what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
export function withSection(text: string, name: string, content: string): string {
  const begin = `<!-- begin ${name} -->`;
  const start = text.indexOf(begin);
  const end = text.indexOf(`<!-- end ${name} -->`);
  if (start < 0 || end < start) throw new Error(`there is no section "${name}" to fill`);
  return `${text.slice(0, start + begin.length)}\n${content.trim()}\n${text.slice(end)}`;
}
