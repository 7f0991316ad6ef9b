/** Wheels under their true names: what auditwheel and twine make of them; machines.test.ts installs such. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CompileOptions, compileWheel } from '../support/compile-wheel.ts';
import { runOrThrow } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO, venvProgram } from '../support/tools.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

const kho = (...words: string[]) => runOrThrow(process.execPath, [KHO, ...words]);

function put(folder: string, options: CompileOptions): string {
  const { filename, bytes } = compileWheel(options);
  return join(site.root, site.put(join(folder, filename), bytes));
}

test.each([
  ['glibc', /^farm_sensors-1\.0-cp39-abi3-manylinux_2_\d+_x86_64\.whl$/],
  ['musl', /^farm_sensors-1\.0-cp39-abi3-musllinux_1_2_x86_64\.whl$/],
  ['armhf', /^farm_sensors-1\.0-cp39-abi3-manylinux_2_\d+_armv7l\.whl$/],
] as const)(
  'a wheel built for %s gets its true name, valid for auditwheel and twine, the same bytes each time',
  async (target, name) => {
    const file = put('dist', { target });
    const first = await kho('retag', '--json', '--out', join(site.root, 'first'), file);
    await kho('retag', '--out', join(site.root, 'second'), file);
    const [{ retagged, assumedMusl }] = JSON.parse(first.stdout).results;
    expect(retagged.slice(retagged.lastIndexOf('/') + 1)).toMatch(name);
    expect(assumedMusl).toBe(target === 'musl' ? '1.2' : undefined);
    expect(readFileSync(retagged)).toEqual(readFileSync(retagged.replace('/first/', '/second/')));

    const shown = await runOrThrow(venvProgram('auditwheel', 'auditwheel'), ['show', retagged]);
    const tag = retagged.slice(retagged.lastIndexOf('-') + 1, -'.whl'.length);
    expect(shown.stdout.replaceAll(/\s+/g, ' ')).toContain(`"${tag}"`);
    await runOrThrow(venvProgram('twine', 'twine'), ['check', retagged]);
    expect((await kho('inspect', retagged)).exitCode).toBe(0); // its name is true
  },
);
