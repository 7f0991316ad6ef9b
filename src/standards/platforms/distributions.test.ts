import { expect, test } from 'vitest';
import { DISTRIBUTIONS, releasesWith } from './distributions.ts';
import { isNewer } from './platform-tag.ts';

const first = (...of: Parameters<typeof releasesWith>) =>
  releasesWith(...of)
    .map(({ name, release }) => `${name} ${release}`)
    .join('; ');

test.each([
  [
    'glibc',
    '2.28',
    'x86_64',
    'Debian 10; Ubuntu 18.10; RHEL/AlmaLinux/Rocky Linux 8; Amazon Linux 2023; Fedora 29; openSUSE Leap 15.3',
  ],
  ['glibc', '2.31', 'armv7l', 'Debian 11; Ubuntu 20.04; Raspberry Pi OS 11'],
  ['glibc', '2.24', 'armv6l', 'Raspberry Pi OS 9'],
  ['glibc', '2.17', 'x86_64', 'Debian 8; Ubuntu 13.04; RHEL/CentOS 7; Amazon Linux 2; Fedora 19; openSUSE Leap 15.0'],
  [
    'glibc',
    '2.18',
    'x86_64',
    'Debian 8; Ubuntu 14.04; RHEL/AlmaLinux/Rocky Linux 8; Amazon Linux 2; Fedora 20; openSUSE Leap 15.0',
  ],
  ['glibc', '2.44', 'aarch64', 'Ubuntu 26.10; Fedora 45'],
  ['glibc', '2.41', 'aarch64', 'Debian 13; Ubuntu 25.04; Raspberry Pi OS 13; Fedora 42'],
  ['glibc', '2.17', 's390x', 'Debian 8; Ubuntu 13.04; RHEL/CentOS 7; Fedora 19'],
  ['glibc', '2.99', 'x86_64', ''],
  ['glibc', '2.17', 'loongarch64', ''],
  ['musl', '1.2', 'x86_64', 'Alpine 3.13'],
  ['musl', '1.2.6', 'x86_64', 'Alpine 3.24'],
  ['musl', '1.2.4', 'x86_64', 'Alpine 3.18'],
  ['musl', '1.1', undefined, 'Alpine 3.9'],
] as const)('releasesWith(%s, %s, %s)', (libc, version, architecture, expected) => {
  expect(first(libc, version, architecture)).toBe(expected);
});

test.each(DISTRIBUTIONS.map((each) => [`${each.name} ${each.architectures[0]}`, each.releases] as const))(
  'DISTRIBUTIONS has the releases of %s with a newer libc each, oldest first',
  (_name, releases) => {
    const versions = releases.map(([, libc]) => libc);
    versions.slice(1).forEach((libc, place) => {
      expect(isNewer(libc, versions[place] as string), libc).toBe(true);
    });
  },
);
