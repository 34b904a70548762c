import { check } from '../engine/check.ts';

self.postMessage(check(self.location.href));
