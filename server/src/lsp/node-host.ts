import { diskFiles, mayMatter } from '../disk/disk-files.ts';
import { projectRootOf } from '../disk/project-root.ts';
import { shippedRulePages, version } from '../disk/shipped-files.ts';
import { loadParserFromDisk, loadSqlParserFromDisk } from '../disk/wasm-files.ts';
import type { ServerHost } from './host.ts';
import { isOnDisk } from './uris.ts';

/** A server that is a process of its own and reads the disk. */
export function nodeHost(takeChange: ServerHost['takeChange'], log: (message: string) => void): ServerHost {
  const onUnreadable = ({ folder, reason }: { readonly folder: string; readonly reason: string }) =>
    log(`${folder} could not be listed: ${reason}`);
  return {
    version,
    loadParser: loadParserFromDisk,
    loadSqlParser: loadSqlParserFromDisk,
    filesBelow: (root) => (isOnDisk(root) ? diskFiles(root, onUnreadable) : undefined),
    rootFor: (file) => (isOnDisk(file) ? projectRootOf(file) : file),
    mayMatter,
    rulePagesUri: shippedRulePages()?.href,
    takeChange,
    die: () => process.exit(1),
  };
}
