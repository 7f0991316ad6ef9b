/**
 * Machines that Python runs on, by the system and by what its tags call them: their other names, and which tags they take. One line here is
 * all that a further architecture needs; by which number ELF files name it, `NAMES` in architecture.ts has to know (architectures.test.ts).
 *
 * Source: PyPA "Platform compatibility tags" (PEP 513, 571, 599, 600, 656), and the tags that the Python library `packaging` makes.
 */

interface Architecture {
  /** What else people call it: taken for it wherever a platform is named. */
  alsoCalled?: readonly string[];
  /** What else it has been called in tags of wheels, where no machine takes that. */
  misspelt?: readonly string[];
}

export interface LinuxArchitecture extends Architecture {
  /** Which glibc wheels for it ask for at least, whatever is in them: `2.17`. Absent: no manylinux tag is for it, but for those it takes. */
  oldestGlibc?: string;
  /** The minor of the oldest glibc whose manylinux tags its installers take. Absent: they take none. */
  manylinuxFrom?: number;
  /** It runs files for these too, and takes their tags after its own. */
  alsoRuns?: readonly string[];
}

export const LINUX_ARCHITECTURES: Readonly<Record<string, LinuxArchitecture>> = {
  x86_64: { alsoCalled: ['amd64'], misspelt: ['x64', 'x86-64', 'x8664', '64'], oldestGlibc: '2.5', manylinuxFrom: 5 },
  aarch64: { alsoCalled: ['arm64'], misspelt: ['armv8'], oldestGlibc: '2.17', manylinuxFrom: 17 },
  armv7l: { alsoCalled: ['armhf'], misspelt: ['armv7', 'armv7hf', 'arm'], oldestGlibc: '2.17', manylinuxFrom: 17 },
  armv6l: { misspelt: ['armv6', 'armv6hf'] },
  armv8l: { manylinuxFrom: 17, alsoRuns: ['armv7l'] }, // 32 bits on a machine of 64
  i686: { alsoCalled: ['i386', 'x86'], misspelt: ['386', '32', 'x32'], oldestGlibc: '2.5', manylinuxFrom: 5 },
  ppc64le: { alsoCalled: ['ppc64el'], oldestGlibc: '2.17', manylinuxFrom: 17 },
  ppc64: { oldestGlibc: '2.17', manylinuxFrom: 17 },
  s390x: { oldestGlibc: '2.17', manylinuxFrom: 17 },
  riscv64: { oldestGlibc: '2.31', manylinuxFrom: 17 },
  loongarch64: { oldestGlibc: '2.36', manylinuxFrom: 17 },
};

export interface MacArchitecture extends Architecture {
  /** What its tags end in, those that pip prefers first: files of its own, then those that are built for several. */
  formats: readonly string[];
}

export const MAC_ARCHITECTURES: Readonly<Record<string, MacArchitecture>> = {
  arm64: { alsoCalled: ['aarch64'], formats: ['arm64', 'universal2'] },
  x86_64: {
    alsoCalled: ['amd64'],
    misspelt: ['x64'],
    formats: ['x86_64', 'intel', 'fat64', 'fat3', 'universal2', 'universal'],
  },
};

/** Formats of machines that are gone: no installer of today makes these tags, but they are tags. */
export const OLD_MAC_FORMATS: readonly string[] = ['i386', 'ppc', 'ppc64', 'fat', 'fat32'];

export interface WindowsArchitecture extends Architecture {
  tag: string;
  /** `platform_machine` in markers. */
  marker: string;
}

export const WINDOWS_ARCHITECTURES: Readonly<Record<string, WindowsArchitecture>> = {
  amd64: { alsoCalled: ['x86_64'], misspelt: ['x64', '64'], tag: 'win_amd64', marker: 'AMD64' },
  arm64: { alsoCalled: ['aarch64'], tag: 'win_arm64', marker: 'ARM64' },
  x86: { alsoCalled: ['win32', 'i686'], misspelt: ['i386', '32'], tag: 'win32', marker: 'x86' },
};

/** Of Windows on machines that kho knows no Python for. */
export const OLD_WINDOWS_TAGS: readonly string[] = ['win_arm32', 'win_ia64'];

/** By other name. */
export function otherNames(
  architectures: Readonly<Record<string, Architecture>>,
  which: 'also called' | 'all',
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(architectures).flatMap(([name, { alsoCalled = [], misspelt = [] }]) =>
      [...alsoCalled, ...(which === 'all' ? misspelt : [])].map((other) => [other, name]),
    ),
  );
}

/** Which machines a format of macOS is for; one of which kho knows none stands for itself. */
export function macArchitecturesOf(format: string): string[] {
  const found = Object.keys(MAC_ARCHITECTURES).filter((name) => MAC_ARCHITECTURES[name]?.formats.includes(format));
  return found.length > 0 ? found : [format];
}
