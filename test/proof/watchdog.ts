import { type ChildProcess, spawn } from 'node:child_process';

/**
 * A server outlives a test process that is killed; this shell does not: the pipe to it closes with us, whatever ends us,
 * and then it takes the server down and cleans up.
 */
export function stopWithUs(server: ChildProcess, signal: 'INT' | 'TERM', folders: readonly string[]): ChildProcess {
  const script = `cat > /dev/null; kill -${signal} "$0"; while kill -0 "$0" 2> /dev/null; do sleep 0.1; done; rm -rf "$@"`;
  return spawn('sh', ['-c', script, String(server.pid), ...folders], { stdio: ['pipe', 'ignore', 'ignore'] });
}
