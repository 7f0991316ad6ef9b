/** What machines take is a long list: made once for each. */
import type { NamedMachine } from '../catalog/machine-choices.ts';
import { FormatError } from '../problems.ts';
import type { RepositoryMachines } from '../render/web/model.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';

const fits = new Map<string, MachineFit | undefined>();

/** By platform, then by Python; without platforms that kho knows no tags of. */
export function namedMachines({ platforms, pythons }: RepositoryMachines): NamedMachine[] {
  return platforms.flatMap((platform) =>
    pythons.flatMap((python) => {
      const fit = fitOf(platform, python);
      return fit ? [{ platform, python, fit }] : [];
    }),
  );
}

function fitOf(platform: string, python: string): MachineFit | undefined {
  const key = `${platform} ${python}`;
  if (!fits.has(key)) fits.set(key, makeFit(platform, python));
  return fits.get(key);
}

function makeFit(platform: string, python: string): MachineFit | undefined {
  try {
    return new MachineFit({ platform, python: parseTargetPython(python) });
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
