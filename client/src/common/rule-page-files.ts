import { Disposable, EventEmitter, type FileChangeEvent, FileSystemError, FileType, Uri, workspace } from 'vscode';

/**
 * The rule pages have a scheme of their own: a link to a `file:` opens as text, one to `https:` needs the network (in the
 * browser the extension itself comes over it), and VS Code follows no `command:` from a finding. package.json associates
 * the scheme with the Markdown preview.
 */
export const rulePageScheme = 'stepwise-rule';

/**
 * Serves `stepwise-rule:/NAME.md` from the pages that ship with the extension.
 *
 * A file system and not only a provider of documents: VS Code asks it again, and starts the extension for it, when a window
 * comes back with a page in it.
 */
export function serveRulePages(extension: Uri): Disposable {
  const pages = Uri.joinPath(extension, 'docs', 'rules');
  const readFile = async (uri: Uri): Promise<Uint8Array> => workspace.fs.readFile(Uri.joinPath(pages, uri.path));
  const refuse = (uri: Uri): never => {
    throw FileSystemError.NoPermissions(uri);
  };
  const changes = new EventEmitter<FileChangeEvent[]>();
  const provider = {
    readFile,
    stat: async (uri: Uri) => ({ type: FileType.File, ctime: 0, mtime: 0, size: (await readFile(uri)).byteLength }),
    // The pages never change while the extension runs.
    onDidChangeFile: changes.event,
    watch: () => new Disposable(() => undefined),
    readDirectory: refuse,
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
  return Disposable.from(changes, workspace.registerFileSystemProvider(rulePageScheme, provider, { isReadonly: true }));
}
