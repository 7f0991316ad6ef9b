/** Steps 1 to 3 of README.md, typed as they stand there, on a server that has nothing of kho's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blockOf, canHaveServer, onBareServer } from '../support/bare-server.ts';
import { makeWheel } from '../support/make-package.ts';
import { PROJECT_DIR } from '../support/tools.ts';

const README = readFileSync(join(PROJECT_DIR, 'README.md'), 'utf8');
const WHEEL = 'foo-1.0-py3-none-any.whl';

test.runIf(await canHaveServer())('the README leads from nothing to pip over HTTPS, word for word', async () => {
  const script = `
    nginx
    # ---- what the README says
${blockOf(README, '### 1. Upload')}
    # ---- somebody uploads
    useradd --groups pypi --no-create-home uploader
    cd "$FILES"
    for to in glibc musl; do
      setpriv --reuid uploader --regid uploader --init-groups sh -c "umask 022; cp ${WHEEL} /srv/PyPI/$to/packages/"
    done
    cd /
    # ---- what the README says
${blockOf(README, '### 3. Serve').replace(/^kho doctor .*$/m, 'sleep 3; cat /run/kho.log; $&')}
    # ---- what clients see
    curl --silent --show-error --fail --cacert /etc/ssl/kho/cert.pem https://packages.example.vn/glibc/simple/foo/
    echo 'all typed'
  `;
  const { exitCode, stdout, stderr } = await onBareServer(
    { [WHEEL]: makeWheel({ name: 'foo', version: '1.0' }) },
    script,
  );
  expect(exitCode === 0 ? '' : `${stdout}\n${stderr}`).toBe('');
  expect(stdout).toContain('all typed');
  expect(stdout).toContain(WHEEL);
  expect(stdout).toContain('0 failed');
});
