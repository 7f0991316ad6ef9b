/** docs/uploading.md, typed as it stands there: users, and a key that may upload and nothing else. Then the key is tried. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blockOf, canHaveServer, onBareServer } from '../support/bare-server.ts';
import { makeWheel } from '../support/make-package.ts';
import { PROJECT_DIR } from '../support/tools.ts';

const DOCS = readFileSync(join(PROJECT_DIR, 'docs/uploading.md'), 'utf8');
const WHEEL = 'foo-1.0-py3-none-any.whl';

/** Each has to fail, whatever the key's holder tries; `$1` is what leads to the server. */
const REFUSED = [
  'get old.whl stolen',
  'get /packages/old.whl stolen',
  'get /etc/passwd stolen',
  'rm old.whl',
  'rename old.whl new.whl',
  'ln -s /etc/passwd link.whl',
  `put ${WHEEL} /${WHEEL}`,
  `put ${WHEEL} /etc/ssh/keys/upload`,
  `put ${WHEEL} /tmp/x`,
  `put ${WHEEL} /srv/PyPI/musl/packages/x.whl`,
  `put ${WHEEL} ../x.whl`,
  'mkdir /x',
];

test.runIf(await canHaveServer())('the key for uploads writes into packages/, and nowhere else', async () => {
  const script = `
    mkdir -p /etc/ssh/sshd_config.d
    cat > /etc/ssh/sshd_config <<'END'
Include /etc/ssh/sshd_config.d/*.conf
ListenAddress 127.0.0.1
HostKey /etc/ssh/test_host_key
PidFile /run/sshd.pid
UsePAM yes
Subsystem sftp internal-sftp
END
    ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/test_host_key
    /usr/sbin/sshd -E /run/sshd.log
    sleep 1
    # ---- what the page says
${blockOf(DOCS, '## Who may write what')}
${blockOf(DOCS, '## A key that may upload, and nothing else')}
    # ---- the key
    mkdir -m 700 /opt/ci && cd /opt/ci && cp "$FILES/${WHEEL}" .
    ssh-keygen -q -t ed25519 -N '' -f key
    cp key.pub /etc/ssh/keys/upload
    echo "packages.example.vn $(cut -d' ' -f1,2 /etc/ssh/test_host_key.pub)" > known_hosts
    SSH='-o BatchMode=yes -o UserKnownHostsFile=/opt/ci/known_hosts -i /opt/ci/key'
    echo old > /srv/PyPI/glibc/packages/old.whl
    sleep 1
    # ---- each client
    scp $SSH ${WHEEL} upload@packages.example.vn: || { cat /run/sshd.log; exit 1; }
    ls -l /srv/PyPI/glibc/packages && rm /srv/PyPI/glibc/packages/${WHEEL}
    echo 'put ${WHEEL}' | sftp $SSH -b - upload@packages.example.vn
    rm /srv/PyPI/glibc/packages/${WHEEL}
    if command -v lftp; then
      HOME=/opt/ci lftp -u upload, -e 'set cmd:fail-exit yes; set net:max-retries 1; set sftp:connect-program "ssh -a -x -o BatchMode=yes -i key -o UserKnownHostsFile=known_hosts"; put -O /packages ${WHEEL}; exit' sftp://packages.example.vn
      ls /srv/PyPI/glibc/packages/${WHEEL}
    fi
    # ---- what it must not
    while read -r line; do
      if echo "$line" | sftp $SSH -b - upload@packages.example.vn > /run/said 2>&1; then echo "DONE: $line"; fi
    done <<'END'
${REFUSED.join('\n')}
END
    if ssh $SSH upload@packages.example.vn touch /tmp/x > /run/said 2>&1; then echo "DONE: a program"; fi
    ls -R /srv/upload /srv/PyPI/musl/packages
    cat /srv/PyPI/glibc/packages/old.whl
    echo 'all typed'
  `;
  const { exitCode, stdout, stderr } = await onBareServer(
    { [WHEEL]: makeWheel({ name: 'foo', version: '1.0' }) },
    script,
  );
  expect(exitCode === 0 ? '' : `${stdout}\n${stderr}`).toBe('');
  expect(stdout).not.toContain('DONE');
  expect(stdout).toMatch(/-rw-r--r--\s+1 upload pypi .* foo-1\.0/);
  expect(stdout).toMatch(/\nold\nall typed\n$/);
});
