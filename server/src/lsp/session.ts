import type { Range } from 'vscode-languageserver';
import { type FilePath, isWithin } from '../base/file-path.ts';
import { lineIndexOf } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import type { RuleFailure } from '../engine/check.ts';
import { type CheckedWorkspace, openCheckedWorkspace } from '../engine/checked-workspace.ts';
import type { Files, FileText } from '../project/files.ts';
import { runnableRules } from '../rules/runnable-rules.ts';
import type { SqlParserSource } from '../sql/postgresql/parser-source.ts';
import type { PythonParser } from '../syntax/parser.ts';
import { type Documents, openDocuments } from './documents.ts';
import type { ServerHost } from './host.ts';
import { rememberingUris, type Uris } from './uris.ts';

/** The workspace folders and open documents of one editor, and what the engine knows of them. */
export interface Session {
  readonly uris: Uris;
  readonly documents: Documents;
  /** The folders with everything known about them; those that nobody has asked about are not opened. */
  opened(): readonly OpenedFolder[];
  /** Opens all folders of the workspace. */
  openAll(): readonly OpenedFolder[];
  /** The innermost folder that holds the file; for a file outside of all, the project that it seems to belong to. */
  folderOf(file: FilePath): OpenedFolder;
  addFolder(root: FilePath): void;
  removeFolder(root: FilePath): void;
  /** The next question reads everything from the disk again. */
  forgetFolders(): void;
  rangeOf(file: FilePath, span: Span): Range;
}

export interface OpenedFolder extends CheckedWorkspace {
  readonly root: FilePath;
  readonly files: Files;
  /** Takes back what was tried out: the file reads as the editor or else the disk has it. */
  restoreDocument(file: FilePath): void;
}

export interface SessionStart {
  readonly host: ServerHost;
  readonly parser: PythonParser;
  readonly sqlParser: SqlParserSource;
  readonly onRuleFailure: (failure: RuleFailure) => void;
}

export function startSession({ host, parser, sqlParser, onRuleFailure }: SessionStart): Session {
  const uris = rememberingUris();
  const documents = openDocuments();
  const roots = new Set<FilePath>();
  const opened = new Map<FilePath, OpenedFolder>();
  const open = (root: FilePath): OpenedFolder => {
    const known = opened.get(root);
    if (known !== undefined) return known;
    const files = filesWithDocuments(host.filesBelow(root), root, documents);
    const checked = openCheckedWorkspace({ root, files, parser, sqlParser, rules: runnableRules, onRuleFailure });
    const restoreDocument = (file: FilePath): void => {
      const document = documents.find(file);
      if (document === undefined) checked.workspace.closeDocument(file);
      else checked.workspace.openDocument(file, document.getText());
    };
    const folder = { ...checked, root, files, restoreDocument };
    opened.set(root, folder);
    for (const file of documents.files().filter((each) => rootOf(each) === root)) {
      folder.workspace.openDocument(file, documents.find(file)?.getText() ?? '');
    }
    return folder;
  };
  const rootOf = (file: FilePath): FilePath => {
    const holding = [...roots].filter((root) => isWithin(file, root));
    return holding.sort((one, other) => other.length - one.length)[0] ?? host.rootFor(file);
  };
  const session: Session = {
    uris,
    documents,
    opened: () => [...opened.values()],
    openAll: () => [...roots].map(open),
    folderOf: (file) => open(rootOf(file)),
    addFolder: (root) => void roots.add(root),
    removeFolder(root) {
      roots.delete(root);
      opened.delete(root);
    },
    forgetFolders: () => opened.clear(),
    rangeOf(file, { start, end }) {
      const positions = documents.find(file) ?? lineIndexOf(textOf(session.folderOf(file).files.read(file)));
      return { start: positions.positionAt(start), end: positions.positionAt(end) };
    },
  };
  return session;
}

function textOf(read: FileText): string {
  return read.kind === 'text' ? read.text : '';
}

/** The files of a folder as the editor shows them. Without a disk there are only the documents. */
function filesWithDocuments(disk: Files | undefined, root: FilePath, documents: Documents): Files {
  return {
    ...(disk === undefined && { isPartial: true }),
    list() {
      const open = documents.files().filter((file) => isWithin(file, root));
      return disk === undefined ? open : [...new Set([...disk.list(), ...open])];
    },
    read(file) {
      const document = documents.find(file);
      if (document !== undefined) return { kind: 'text', text: document.getText() };
      return disk?.read(file) ?? { kind: 'missing' };
    },
  };
}
