import { readFileSync } from 'node:fs';
import { check } from '../engine/check.ts';

self.postMessage(check(readFileSync(self.location.href, 'utf8')));
