/**
 * Which release of a distribution brings which C library: so that "glibc 2.28" can be said as "Debian 10 and later".
 *
 * Compared with these in November 2026; each row was found in at least one, and none says otherwise:
 * - what images of each release hold: github.com/mayeut/pep600_compliance (README.rst and its history, 2019 to August 2026), for
 *   glibc of Debian, Ubuntu, RHEL with its rebuilds, Amazon Linux, Fedora and openSUSE Leap;
 * - packages.ubuntu.com/RELEASE/libc6, for Ubuntu 24.04 to 26.10;
 * - packages.fedoraproject.org/pkgs/glibc, for Fedora 42 to 45;
 * - pkgs.alpinelinux.org/package/vRELEASE/main/ARCHITECTURE/musl-utils, for Alpine 3.11 to 3.24;
 * - github.com/indygreg/PyOxidizer (tugger-binary-analysis), for Fedora 19.
 *
 * Raspberry Pi OS takes Debian's. Distributions with glibc begin at 2.17, the oldest that wheels are still built for (manylinux2014).
 */
import { isNewer } from './platform-tag.ts';

/** Year and month of the sources. */
export const DISTRIBUTIONS_AS_OF = '2026-11';

export interface Distribution {
  name: string;
  libc: 'glibc' | 'musl';
  /** That it is made for, by the names of architectures.ts. */
  architectures: readonly string[];
  /** Oldest first; a release that brings the same libc as the one before is left out. One may have a name of its own. */
  releases: readonly (readonly [release: string, libc: string, name?: string])[];
}

/** The order is that in which they are named. */
export const DISTRIBUTIONS: readonly Distribution[] = [
  {
    name: 'Debian',
    libc: 'glibc',
    architectures: ['x86_64', 'aarch64', 'armv7l', 'i686', 'ppc64le', 's390x'],
    releases: [
      ['8', '2.19'],
      ['9', '2.24'],
      ['10', '2.28'],
      ['11', '2.31'],
      ['12', '2.36'],
      ['13', '2.41'],
    ],
  },
  {
    name: 'Ubuntu',
    libc: 'glibc',
    architectures: ['x86_64', 'aarch64', 'armv7l', 'ppc64le', 's390x'],
    releases: [
      ['13.04', '2.17'],
      ['14.04', '2.19'],
      ['15.04', '2.21'],
      ['16.04', '2.23'],
      ['16.10', '2.24'],
      ['17.10', '2.26'],
      ['18.04', '2.27'],
      ['18.10', '2.28'],
      ['19.04', '2.29'],
      ['19.10', '2.30'],
      ['20.04', '2.31'],
      ['20.10', '2.32'],
      ['21.04', '2.33'],
      ['21.10', '2.34'],
      ['22.04', '2.35'],
      ['22.10', '2.36'],
      ['23.04', '2.37'],
      ['23.10', '2.38'],
      ['24.04', '2.39'],
      ['24.10', '2.40'],
      ['25.04', '2.41'],
      ['25.10', '2.42'],
      ['26.04', '2.43'],
      ['26.10', '2.44'],
    ],
  },
  {
    name: 'Raspberry Pi OS',
    libc: 'glibc',
    architectures: ['armv7l', 'armv6l'],
    releases: [
      ['8', '2.19'],
      ['9', '2.24'],
      ['10', '2.28'],
      ['11', '2.31'],
      ['12', '2.36'],
      ['13', '2.41'],
    ],
  },
  {
    name: 'Raspberry Pi OS', // with 64 bits since its release 11
    libc: 'glibc',
    architectures: ['aarch64'],
    releases: [
      ['11', '2.31'],
      ['12', '2.36'],
      ['13', '2.41'],
    ],
  },
  {
    name: 'RHEL/AlmaLinux/Rocky Linux',
    libc: 'glibc',
    architectures: ['x86_64', 'aarch64', 'ppc64le', 's390x'],
    releases: [
      ['7', '2.17', 'RHEL/CentOS'], // from before the other two
      ['8', '2.28'],
      ['9', '2.34'],
      ['10', '2.39'],
    ],
  },
  {
    name: 'Amazon Linux',
    libc: 'glibc',
    architectures: ['x86_64', 'aarch64'],
    releases: [
      ['2', '2.26'],
      ['2023', '2.34'],
    ],
  },
  {
    name: 'Fedora',
    libc: 'glibc',
    architectures: ['x86_64', 'aarch64', 'ppc64le', 's390x'],
    releases: [
      ['19', '2.17'],
      ['20', '2.18'],
      ['21', '2.20'],
      ['22', '2.21'],
      ['23', '2.22'],
      ['24', '2.23'],
      ['25', '2.24'],
      ['26', '2.25'],
      ['27', '2.26'],
      ['28', '2.27'],
      ['29', '2.28'],
      ['30', '2.29'],
      ['31', '2.30'],
      ['32', '2.31'],
      ['33', '2.32'],
      ['34', '2.33'],
      ['35', '2.34'],
      ['36', '2.35'],
      ['37', '2.36'],
      ['38', '2.37'],
      ['39', '2.38'],
      ['40', '2.39'],
      ['41', '2.40'],
      ['42', '2.41'],
      ['43', '2.42'],
      ['44', '2.43'],
      ['45', '2.44'],
    ],
  },
  {
    name: 'openSUSE Leap', // after Leap 42 came 15: "42.1 and later" would say something else
    libc: 'glibc',
    architectures: ['x86_64', 'aarch64', 'ppc64le'],
    releases: [
      ['15.0', '2.26'],
      ['15.3', '2.31'],
      ['15.6', '2.38'],
      ['16.0', '2.40'],
    ],
  },
  {
    name: 'Alpine',
    libc: 'musl',
    architectures: ['x86_64', 'aarch64', 'armv7l', 'armv6l', 'i686', 'ppc64le', 's390x'],
    releases: [
      ['3.9', '1.1.20'],
      ['3.10', '1.1.22'],
      ['3.11', '1.1.24'],
      ['3.13', '1.2.2'],
      ['3.16', '1.2.3'],
      ['3.18', '1.2.4'],
      ['3.20', '1.2.5'],
      ['3.24', '1.2.6'],
    ],
  },
];

/** `Debian`, and its first release that will do: `10`. */
export interface FirstRelease {
  name: string;
  release: string;
}

/**
 * Of each distribution for that architecture the first release with a libc so new, in the order of the table; those that have none yet are
 * left out. One whose first release here will do is named with that, though for what needs less than glibc 2.17 an older one may do too.
 */
export function releasesWith(libc: 'glibc' | 'musl', version: string, architecture?: string): FirstRelease[] {
  return DISTRIBUTIONS.flatMap(({ name, libc: own, architectures, releases }) => {
    if (own !== libc || (architecture !== undefined && !architectures.includes(architecture))) return [];
    const first = releases.find(([, brings]) => !isNewer(version, brings));
    return first ? [{ name: first[2] ?? name, release: first[0] }] : [];
  });
}
