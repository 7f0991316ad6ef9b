/**
 * Run by vitest before and after all tests: whatever they put into temporary folders lies in one, and goes with it, also what a test that
 * failed, or a worker that was killed, left behind.
 */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In memory where the machine allows it: flushing to a disk is not what most tests are about. */
const MEMORY = '/dev/shm';

/** With the number of the process, so that the next run knows what a run that was killed left. */
const NAME = /^kho-tests-(\d+)-/;

/** Everybody may make files in it, as in any temporary folder: some tests do so as other users. */
const MODE = 0o1777;

export default function makeTemporaryFolders(): () => void {
  if (process.env['KHO_TEST_MEMORY'] !== undefined) return () => {}; // another project of this run did
  const made: string[] = [];
  const make = (around: string) => {
    for (const name of readdirSync(around))
      if (isLeft(name)) rmSync(join(around, name), { recursive: true, force: true });
    const folder = mkdtempSync(join(around, `kho-tests-${process.pid}-`));
    chmodSync(folder, MODE);
    made.push(folder);
    return folder;
  };
  const before = process.env['TMPDIR'];
  const onDisk = make(tmpdir());
  process.env['TMPDIR'] = onDisk;
  process.env['KHO_TEST_MEMORY'] = existsSync(MEMORY) ? make(MEMORY) : onDisk;
  return () => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    delete process.env['KHO_TEST_MEMORY'];
  };
}

function isLeft(name: string): boolean {
  const pid = NAME.exec(name)?.[1];
  return pid !== undefined && !existsSync(`/proc/${pid}`);
}
