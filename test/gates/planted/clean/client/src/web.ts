import { checkAll } from '../../server/src/lsp/protocol.ts';

export function activate(): void {
  self.postMessage(checkAll);
}
