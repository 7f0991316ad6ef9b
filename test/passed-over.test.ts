/** What NAS and desktop systems keep among the files is nothing to kho, wherever it lies. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { surveySite } from '../src/build-site.ts';
import { checkSite } from '../src/check/check-site.ts';
import { loadSite } from '../src/config/load-config.ts';
import { makeWheel } from './support/make-package.ts';
import { TestSite } from './support/site.ts';

const DELETED = makeWheel({ name: 'deleted', version: '1.0' });
const NAME = 'deleted-1.0-py3-none-any.whl';

test.each(['lost+found', '@eaDir', '#recycle', '$RECYCLE.BIN', '.Trash-1000', 'attic'])(
  '%s is passed over in packages/, in incoming/, as a repository, in published folders, and in those of --out',
  async (name) => {
    const site = new TestSite();
    const out = mkdtempSync(join(tmpdir(), 'kho-out-'));
    onTestFinished(() => {
      site.close();
      rmSync(out, { recursive: true });
    });
    if (name === 'attic') site.put('kho.toml', 'ignore = ["att?c"]\n');
    site.wheel('glibc', { name: 'foo', version: '1.0' });
    await site.build();
    await site.build({ out });
    const own = ['glibc/packages', 'glibc/packages/sub', 'incoming', 'incoming/sub'];
    for (const folder of own) site.put(`${folder}/${name}/${NAME}`, DELETED);
    site.put(`${name}/packages/${NAME}`, DELETED);
    // Of a name that only the settings say, nothing is expected in folders that kho owns wholly.
    const published = ['glibc/simple', 'glibc/simple/foo', 'glibc/pypi', 'glibc/project', 'glibc/project/foo'];
    for (const folder of name === 'attic' ? [] : published) {
      for (let file = 0; file < 5; file++) site.put(`${folder}/${name}/${file}.txt`, 'words');
      mkdirSync(join(out, folder, name));
    }
    for (const options of [{}, { out }]) {
      const report = await site.build(options);
      expect([report.problems, report.notes.map(({ code }) => code), report.removed]).toEqual([[], [], 0]);
      expect(report.repositories).toMatchObject([{ name: 'glibc', projects: 1, files: 1 }]);
      const { config } = await loadSite(site.root);
      expect(await checkSite(config, await surveySite(config), options)).toEqual([]);
    }
    expect(site.read(`glibc/packages/${name}/${NAME}`)).toBeDefined();
    expect(site.json('glibc/simple/index.json').projects).toEqual([{ name: 'foo' }]);
  },
);
