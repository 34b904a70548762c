import { serveNode } from './serve-node.ts';

serveNode(process.argv.includes('--node-ipc') ? 'ipc' : 'stdio');
