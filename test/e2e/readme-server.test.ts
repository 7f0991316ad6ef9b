/** Steps 1 to 3 of README.md, typed as they stand there, on a server that has nothing of kho's: in namespaces of its own, with its own /etc, /srv and network. */
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeWheel } from '../support/make-package.ts';
import { runProgram } from '../support/run-program.ts';
import { KHO, PROJECT_DIR } from '../support/tools.ts';

const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
const unshared = (script: string, limitMs = 100_000) =>
  runProgram('unshare', [...NAMESPACES, 'sh', '-euc', script], { limitMs });
const CAN_UNSHARE = process.getuid?.() === 0 && (await unshared('mount -t tmpfs none /srv && nginx -v')).exitCode === 0;

const README = readFileSync(join(PROJECT_DIR, 'README.md'), 'utf8');

/** The first block of shell below a heading. */
function block(heading: string): string {
  const text = README.slice(README.indexOf(heading));
  return /^```sh\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? 'false';
}

/** What systemd would do with the unit, and Debian with nginx. */
const SYSTEMCTL = `#!/bin/sh -eu
unit=/etc/systemd/system/kho.service
value() { sed -n "s/^$1=//p" "$unit"; }
case "$*" in
  daemon-reload) ;;
  'enable --now kho') setpriv --reuid "$(value User)" --regid "$(value Group)" --init-groups sh -c "umask $(value UMask); exec $(value ExecStart)" > /run/kho.log 2>&1 & ;;
  'reload nginx') nginx -s reload ;;
  *) exit 1 ;;
esac
`;

test.runIf(CAN_UNSHARE)('the README leads from nothing to pip over HTTPS, word for word', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kho-readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755);
  copyFileSync(KHO, join(folder, 'kho'));
  writeFileSync(join(folder, 'systemctl'), SYSTEMCTL, { mode: 0o755 });
  writeFileSync(join(folder, 'foo-1.0-py3-none-any.whl'), makeWheel({ name: 'foo', version: '1.0' }));
  const script = `
    cp -a /etc '${folder}/etc' && mount --bind '${folder}/etc' /etc
    for private in /srv /run /opt /var/log /var/lib/nginx /var/www; do mkdir -p $private; mount -t tmpfs -o mode=755 none $private; done
    mkdir -p /opt/kho /var/log/nginx
    cp '${folder}/kho' '${folder}/systemctl' /opt/kho/ && PATH=/opt/kho:$PATH
    ip link set lo up 2>/dev/null || ifconfig lo up
    echo '127.0.0.1 packages.example.vn' >> /etc/hosts
    rm -f /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/*
    nginx
    # ---- what the README says
${block('### 1. Upload')}
    # ---- somebody uploads
    useradd --groups pypi --no-create-home uploader
    setpriv --reuid uploader --regid uploader --init-groups sh -c "umask 022; cd '${folder}'; for to in glibc musl; do cp foo-1.0-py3-none-any.whl /srv/PyPI/\\$to/packages/; done"
    # ---- what the README says
${block('### 3. Serve').replace(/^kho doctor .*$/m, 'sleep 3; cat /run/kho.log; $&')}
    # ---- what clients see
    curl --silent --show-error --fail --cacert /etc/ssl/kho/cert.pem https://packages.example.vn/glibc/simple/foo/
    echo 'all typed'
  `;
  const { exitCode, stdout, stderr } = await unshared(script);
  expect(exitCode === 0 ? '' : `${stdout}\n${stderr}`).toBe('');
  expect(stdout).toContain('all typed');
  expect(stdout).toContain('foo-1.0-py3-none-any.whl');
  expect(stdout).toContain('0 failed');
});
