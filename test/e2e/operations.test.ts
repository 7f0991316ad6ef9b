/** What docs/operations.md has an administrator type, typed one after another on a server that the README has set up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blockOf, canHaveServer, onBareServer } from '../support/bare-server.ts';
import { makeWheel } from '../support/make-package.ts';
import { PROJECT_DIR } from '../support/tools.ts';

const read = (path: string) => readFileSync(join(PROJECT_DIR, path), 'utf8');
const README = read('README.md');
const WHEEL = 'foo-1.0-py3-none-any.whl';

/** npm is left out: install.test.ts has it. */
const typed = (heading: string) => blockOf(read('docs/operations.md'), heading).replace(/^npm .*$/gm, '');

test.runIf(await canHaveServer())(
  'docs/operations.md keeps a site through upgrade, loss, restore, move and uninstall',
  async () => {
    const script = `
    nginx
    ${blockOf(README, '### 1. Upload')}
    cp "$FILES/${WHEEL}" /srv/PyPI/glibc/packages/
    touch -d 2024-05-06T07:08:09Z /srv/PyPI/glibc/packages/${WHEEL}
    ${blockOf(README, '### 3. Serve').replace(/^kho doctor .*$/m, '')}
    kho build /srv/PyPI
    install -d -o kho -g kho -m 700 /srv/PyPI/.kho-keep
    uploaded() { grep -o '"upload-time":"[^"]*"' "$1/glibc/simple/foo/index.json"; }
    asked() { curl --silent --show-error --fail --retry 60 --retry-all-errors --retry-delay 1 --cacert /etc/ssl/kho/cert.pem https://packages.example.vn/glibc/simple/foo/ | grep -c ${WHEEL}; }
    before=$(uploaded /srv/PyPI)
    # ---- Upgrade
    cd /opt/kho
    ${typed('## Upgrade')}
    asked
    # ---- Backup
    mkdir -p /var/backups && mount -t tmpfs none /var/backups
    ${typed('## Backup')}
    rsync --archive --delete --exclude=/.kho /srv/PyPI/ /var/backups/kho/PyPI/
    test -d /var/backups/kho/PyPI/.kho-keep && test ! -e /var/backups/kho/PyPI/.kho
    # ---- Restore
    systemctl stop kho
    rm -r /srv/PyPI
    ${typed('### Restore')}
    test "$(stat -c %U:%a /srv/PyPI)" = kho:755
    test "$(stat -c %U:%a /srv/PyPI/.kho-keep)" = kho:700
    test "$(uploaded /srv/PyPI)" = "$before"
    systemctl start kho
    asked
    # ---- Logs
    ${typed('## Logs')}
    # ---- Moving
    ${typed('## Moving the site')}
    asked
    test "$(uploaded /srv/packages)" = "$before"
    # ---- Uninstall
    ${typed('## Uninstall')}
    cd /srv/packages
    rm -rf .kho .kho-keep project index.html */simple */pypi */project */index.html */SHA256SUMS
    find . -path '*/packages/*.metadata' -delete
    find . -type f | sort
    echo 'all typed'
  `;
    const { exitCode, stdout, stderr } = await onBareServer(
      { [WHEEL]: makeWheel({ name: 'foo', version: '1.0' }) },
      script,
    );
    expect(exitCode === 0 ? '' : `${stdout}\n${stderr}`).toBe('');
    expect(stdout.trim().split('\n').slice(-3)).toEqual([`./glibc/packages/${WHEEL}`, './kho.toml', 'all typed']);
  },
);
