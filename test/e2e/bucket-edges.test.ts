/** What `kho config cloudfront` and `cloudflare` print does what every server of a site does, though secrets lie in the bucket beside it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Examination } from '../../src/doctor/examine.ts';
import { ADDRESS } from '../support/bucket-site.ts';
import { buildClientSite } from '../support/client-site.ts';
import { folderAsBucket, startCloudfront, startWorker } from '../support/edge-servers.ts';
import { EXPECTED, INSTALLERS, installWith, OLD_PIPS } from '../support/install-with.ts';
import type { LoopbackServer } from '../support/loopback-server.ts';
import { runOrThrow, runProgram } from '../support/run-program.ts';
import { makeContractSite, serverContract } from '../support/server-contract.ts';
import type { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

/** The bucket has what the folder has; its pages are not packed on their way here. */
const WITHOUT = ['held files', 'health', 'helpful 404', 'equal versions', 'compression'] as const;

const EDGES = [
  { program: 'cloudflare', start: startWorker, except: /^(?!)/ },
  // It has one page for all that is missing, whoever asks; and HTML under one type only.
  { program: 'cloudfront', start: startCloudfront, except: /^who opens a page that is not there|^q-values decide/ },
] as const;

async function startEdge({ program, start }: (typeof EDGES)[number], root: string): Promise<LoopbackServer> {
  const words = ['config', program, root, '--bucket', ADDRESS, '--url', 'https://packages.example.org'];
  const { stdout } = await runOrThrow(process.execPath, [KHO, ...words]);
  return start(stdout, folderAsBucket(root, 'python/'));
}

describe.each(EDGES)('$program', (edge) => {
  describe('the contract of servers', () => {
    let site: TestSite;
    let server: LoopbackServer;
    beforeAll(async () => {
      site = await makeContractSite();
      server = await startEdge(edge, site.root);
    });
    afterAll(async () => {
      await server?.stop();
      site?.close();
    });

    const checks = serverContract({ without: WITHOUT }).filter(({ name }) => !edge.except.test(name));
    test.each(checks)('$name', (check) => check.run(server));

    test('has nothing that kho doctor would find wrong', async () => {
      const { stdout } = await runProgram(process.execPath, [KHO, 'doctor', `${server.url}/glibc/simple/`, '--json']);
      const { findings } = JSON.parse(stdout) as Examination;
      expect(findings.filter(({ result }) => result === 'failed')).toEqual([]);
    });
  });

  test.each([...INSTALLERS, ...OLD_PIPS])('%s installs through it', async (installer) => {
    const site = await buildClientSite();
    const server = await startEdge(edge, site.root);
    try {
      expect(await installWith(installer, `${server.url}/glibc/simple/`)).toMatchObject(EXPECTED);
    } finally {
      await server.stop();
      site.close();
    }
  });
});
