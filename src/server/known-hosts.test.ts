import { expect, test } from 'vitest';
import { KnownHosts } from './known-hosts.ts';

function scene() {
  const clock = { nowMs: 1_000_000 };
  return { clock, hosts: new KnownHosts(() => clock.nowMs) };
}

test('KnownHosts.admits() any few, and those for good', () => {
  const { hosts } = scene();
  for (let times = 0; times < 3; times++) {
    for (const host of ['a', 'b', 'c', 'd']) expect(hosts.admits(host, 'client')).toBe(true);
  }
});

test('KnownHosts.admits() no more of one client until some time has passed, and those of others', () => {
  const { hosts, clock } = scene();
  for (let count = 0; count < 4; count++) expect(hosts.admits(`host-${count}`, 'greedy')).toBe(true);
  expect(hosts.admits('host-4', 'greedy')).toBe(false);
  expect(hosts.admits('host-0', 'greedy')).toBe(true);
  expect(hosts.admits('packages.example', 'other')).toBe(true);
  clock.nowMs += 10_000;
  expect(hosts.admits('host-4', 'greedy')).toBe(true);
  expect(hosts.admits('host-5', 'greedy')).toBe(false);
});

test('KnownHosts keeps the ones that are used', () => {
  const { hosts, clock } = scene();
  expect(hosts.admits('packages.example', 'honest')).toBe(true);
  for (let count = 0; count < 100; count++) {
    clock.nowMs += 10_000;
    expect(hosts.admits(`host-${count}`, 'greedy')).toBe(true);
    expect(hosts.admits('packages.example', 'somebody')).toBe(true);
  }
  // It is remembered, and not admitted anew each time: somebody may still bring in as many as ever.
  for (let count = 0; count < 4; count++) expect(hosts.admits(`other-${count}`, 'somebody')).toBe(true);
  expect(hosts.admits('other-4', 'somebody')).toBe(false);
});
