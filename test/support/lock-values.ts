/** Lock files in tests: written as TOML, read on a machine. */
import { readToml } from '../../src/config/read-toml.ts';
import { plainToml, tableOf, type Values } from '../../src/needs/lock-values.ts';
import type { Needs, NeedsFile } from '../../src/needs/wanted.ts';
import { markerEnvironments } from '../../src/standards/platforms/marker-environment.ts';
import { parseTargetPython } from '../../src/standards/platforms/target-machine.ts';

export function tomlValues(toml: string): Values {
  return tableOf(plainToml(readToml(toml)));
}

/** What is needed there, with a Python 3.11. @returns `names` like `a==1` beside */
export function neededOn(file: NeedsFile, platform: string): Needs & { names: string[] } {
  const needs = file.needsOf(markerEnvironments({ platform, python: parseTargetPython('3.11') }));
  return { ...needs, names: needs.wanted.map(({ name, specifiers }) => `${name}${specifiers}`) };
}
