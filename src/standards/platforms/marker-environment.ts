import type { MarkerEnvironment } from '../marker.ts';
import { WINDOWS_ARCHITECTURES } from './architectures.ts';
import { fullVersions } from './machine-fit.ts';
import type { TargetMachine } from './target-machine.ts';

/**
 * What markers see on a machine. Where its Python's patch is not known there are two answers, for the first and the last: a
 * requirement counts when either wants it. The release of its kernel is nobody's guess, and empty.
 */
export function markerEnvironments(machine: TargetMachine): MarkerEnvironment[] {
  const { platform, python } = machine;
  const dash = platform.indexOf('-');
  const system = platform.slice(0, dash);
  const architecture = platform.slice(dash + 1);
  const { osName, sysPlatform, platformSystem } = SYSTEMS[system] ?? LINUX;
  return fullVersions(machine).map((full) => ({
    implementation_name: 'cpython',
    implementation_version: full,
    os_name: osName,
    platform_machine:
      system === 'windows' ? (WINDOWS_ARCHITECTURES[architecture]?.marker ?? architecture) : architecture,
    platform_python_implementation: 'CPython',
    platform_release: '',
    platform_system: platformSystem,
    platform_version: '',
    python_full_version: full,
    python_version: `3.${python.minor}`,
    sys_platform: sysPlatform,
  }));
}

const LINUX = { osName: 'posix', sysPlatform: 'linux', platformSystem: 'Linux' };
const SYSTEMS: Record<string, typeof LINUX> = {
  macos: { osName: 'posix', sysPlatform: 'darwin', platformSystem: 'Darwin' },
  windows: { osName: 'nt', sysPlatform: 'win32', platformSystem: 'Windows' },
};
