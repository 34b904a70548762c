import {
  type ClientCapabilities,
  CreateFile,
  RenameFile,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { FilePath } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import type { FileEdit } from '../fixes/fix.ts';

/** What edits need to know of the documents that they are for. */
export interface EditContext {
  uriOf(file: FilePath): string;
  rangeOf(file: FilePath, span: Span): TextEdit['range'];
  /** `null` for a file that is not open. */
  versionOf(file: FilePath): number | null;
}

/** What the client can do with edits. */
export interface EditAbilities {
  readonly versioned: boolean;
  readonly creating: boolean;
  readonly renaming: boolean;
  /** It shows an action that cannot be taken, and why. */
  readonly disabling: boolean;
}

export function editAbilities({ workspace, textDocument }: ClientCapabilities): EditAbilities {
  const versioned = workspace?.workspaceEdit?.documentChanges === true;
  const operations: readonly string[] = workspace?.workspaceEdit?.resourceOperations ?? [];
  const disabling = textDocument?.codeAction?.disabledSupport === true;
  const canDo = (operation: string): boolean => versioned && operations.includes(operation);
  return { versioned, creating: canDo('create'), renaming: canDo('rename'), disabling };
}

/** `undefined` where the client cannot do what the edit needs: half of a fix is worse than none. */
export function toWorkspaceEdit(
  edits: readonly FileEdit[],
  context: EditContext,
  abilities: EditAbilities,
): WorkspaceEdit | undefined {
  const kinds = new Set(edits.map(({ kind }) => kind));
  if (kinds.has('create') && !abilities.creating) return undefined;
  if (kinds.has('rename') && !abilities.renaming) return undefined;
  if (abilities.versioned) {
    // What may fail comes first: where a file cannot be created, nothing else has been changed yet. A file is edited under
    // the name that it has, and renamed after that.
    const ordered = edits.toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
    return { documentChanges: ordered.flatMap((edit) => toDocumentChanges(edit, context)) };
  }
  const changes = new Map<string, readonly TextEdit[]>();
  for (const edit of edits) {
    if (edit.kind !== 'change') continue;
    const uri = context.uriOf(edit.file);
    changes.set(uri, [...(changes.get(uri) ?? []), ...toTextEdits(edit, context)]);
  }
  return { changes: Object.fromEntries(Array.from(changes, ([uri, list]) => [uri, [...list]])) };
}

const order: readonly FileEdit['kind'][] = ['create', 'change', 'rename'];

function toDocumentChanges(
  edit: FileEdit,
  context: EditContext,
): readonly (TextDocumentEdit | CreateFile | RenameFile)[] {
  const uri = context.uriOf(edit.file);
  if (edit.kind === 'rename') {
    return [RenameFile.create(uri, context.uriOf(edit.to), { overwrite: false, ignoreIfExists: false })];
  }
  if (edit.kind === 'change') {
    return [{ textDocument: { uri, version: context.versionOf(edit.file) }, edits: toTextEdits(edit, context) }];
  }
  const start = { line: 0, character: 0 };
  return [
    CreateFile.create(uri, { overwrite: false, ignoreIfExists: false }),
    { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: edit.text }] },
  ];
}

function toTextEdits(edit: Extract<FileEdit, { readonly kind: 'change' }>, context: EditContext): TextEdit[] {
  return edit.edits.map(({ span, newText }) => ({ range: context.rangeOf(edit.file, span), newText }));
}
