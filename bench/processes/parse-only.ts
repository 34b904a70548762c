import { diskFiles } from '../../server/src/disk/disk-files.ts';
import { toFilePath } from '../../server/src/disk/native-path.ts';
import { loadParserFromDisk } from '../../server/src/disk/wasm-files.ts';

/** What a check of the working directory cannot do without: finds its migrations, reads them and parses each once. */
const parser = await loadParserFromDisk();
const files = diskFiles(toFilePath(process.cwd()), ({ reason }) => {
  throw new Error(reason);
});
let statements = 0;
for (const file of files.list()) {
  if (!file.includes('/migrations/')) continue;
  const read = files.read(file);
  if (read.kind === 'text') statements += parser.read(read.text).body.length;
}
process.stdout.write(`${statements}\n`);
