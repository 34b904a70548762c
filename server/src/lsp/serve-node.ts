import { Console } from 'node:console';
import {
  createConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageReader,
  type MessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { nodeHost } from './node-host.ts';
import { startServer } from './server.ts';
import { countWaitingChanges } from './waiting-changes.ts';

/** Serves over standard input and output, or over the channel to the process that started this one. */
export function serveNode(transport: 'stdio' | 'ipc'): void {
  if (transport === 'ipc') serve(new IPCMessageReader(process), new IPCMessageWriter(process));
  else {
    // Standard output belongs to the protocol: whatever a library prints goes to the log of the client.
    globalThis.console = new Console(process.stderr, process.stderr);
    // The client is gone: nobody will ever say `exit`.
    process.stdin.on('end', () => process.exit(1));
    serve(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
  }
}

/** Serves over any pair of streams; also what the tests do. */
function serve(input: MessageReader, output: MessageWriter): void {
  const { reader, takeChange } = countWaitingChanges(input);
  const connection = createConnection(reader, output);
  startServer(
    connection,
    nodeHost(takeChange, (message) => connection.console.warn(message)),
  );
  connection.listen();
}
