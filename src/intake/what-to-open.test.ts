import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { lineThatOpens, whatToOpen } from './what-to-open.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

test('lineThatOpens() is a line for the shell, whatever the folder is called', () => {
  expect(lineThatOpens('/srv/kho site/incoming/ci', 1001, '/srv/kho site')).toBe(
    "let the group of incoming/ write there, as user 1001 or root: chgrp --reference='/srv/kho site/incoming' '/srv/kho site/incoming/ci' && chmod g+rwxs '/srv/kho site/incoming/ci'",
  );
});

test('whatToOpen() blames no folder that kho may write to, nor one that is gone', () => {
  site.put('incoming/ci/file', '');
  const folder = join(site.root, 'incoming/ci');
  expect(whatToOpen({ folder }, site.root)).toBeUndefined();
  site.remove('incoming');
  expect(existsSync(folder)).toBe(false);
  expect(whatToOpen({ folder }, site.root)).toBeUndefined();
});
