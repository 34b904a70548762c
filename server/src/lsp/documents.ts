import type { TextDocumentContentChangeEvent, TextDocumentItem } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FilePath } from '../base/file-path.ts';
import type { TextEdit } from '../base/text-edit.ts';

/** The documents that the editor has open, by path. */
export interface Documents {
  open(file: FilePath, item: TextDocumentItem): void;
  /** Applies changes as the editor sent them; answers them as edits, each for the text that the one before it left. */
  change(
    file: FilePath,
    version: number,
    changes: readonly TextDocumentContentChangeEvent[],
  ): readonly TextEdit[] | undefined;
  close(file: FilePath): void;
  find(file: FilePath): TextDocument | undefined;
  files(): readonly FilePath[];
}

export function openDocuments(): Documents {
  const documents = new Map<FilePath, TextDocument>();
  return {
    open(file, { uri, languageId, version, text }) {
      documents.set(file, TextDocument.create(uri, languageId, version, text));
    },
    change(file, version, changes) {
      const document = documents.get(file);
      if (document === undefined) return undefined;
      return changes.map((change) => {
        const edit = toEdit(document, change);
        TextDocument.update(document, [change], version);
        return edit;
      });
    },
    close: (file) => void documents.delete(file),
    find: (file) => documents.get(file),
    files: () => [...documents.keys()],
  };
}

function toEdit(document: TextDocument, change: TextDocumentContentChangeEvent): TextEdit {
  if (!('range' in change)) return { span: { start: 0, end: document.getText().length }, newText: change.text };
  const start = document.offsetAt(change.range.start);
  return { span: { start, end: Math.max(start, document.offsetAt(change.range.end)) }, newText: change.text };
}
