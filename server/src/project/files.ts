import type { FilePath } from '../base/file-path.ts';

/** How files come into the engine. The editor's open documents are laid over the disk by whoever implements this. */
export interface Files {
  /** Every file of the folder that may matter: Python files and the known configuration files. */
  list(): readonly FilePath[];
  /** Never throws; what cannot be read or is not UTF-8 says why. */
  read(file: FilePath): FileText;
  /** Only some files are in sight, as in a browser that knows no more than what is open: none may be missed. */
  readonly isPartial?: true;
}

export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string };
