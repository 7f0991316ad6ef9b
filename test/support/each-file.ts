/**
 * Run by vitest for each file of unit tests. Files share a process and with it all modules, which saves most of the time; so what one of
 * them left behind, the next would meet. A file that leaves the process elsewhere, with another mask or environment, fails.
 */
import { afterAll, afterEach, vi } from 'vitest';
import { closeFolders } from '../../src/io/reach.ts';
import { letWrite } from './stop-writes.ts';

/** The environment sorted: what was taken out and put back stands at its end. */
const stateOfProcess = () =>
  JSON.stringify([process.cwd(), process.umask(), Object.entries(process.env).sort(([a], [b]) => (a < b ? -1 : 1))]);
const found = stateOfProcess();

afterEach(() => {
  letWrite();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

afterAll(() => {
  closeFolders();
  if (stateOfProcess() !== found) throw new Error(`Leaves the process changed: ${stateOfProcess()}, not ${found}`);
});
