/** A server that has nothing of kho's: namespaces with an /etc, /srv, /run and network of their own, in which lines of the docs are typed by root. */
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Run, runProgram } from './run-program.ts';
import { KHO } from './tools.ts';

const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
const LIMIT_MS = 120_000;

/** What systemd would do with the unit, and what Debian has it do with nginx and sshd. */
const SYSTEMCTL = `#!/bin/sh -eu
unit=/etc/systemd/system/kho.service
value() { sed -n "s/^$1=//p" "$unit"; }
case "$*" in
  daemon-reload) ;;
  'restart kho') systemctl stop kho; systemctl start kho ;;
  'enable --now kho' | 'start kho')
    folder=$(value RuntimeDirectory)
    test -z "$folder" || install -d -o "$(value User)" -g "$(value Group)" -m "$(value RuntimeDirectoryMode)" "/run/$folder"
    setpriv --reuid "$(value User)" --regid "$(value Group)" --init-groups sh -c "umask $(value UMask); exec $(value ExecStart)" > /run/kho.log 2>&1 &
    echo $! > /run/kho.pid ;;
  'disable --now kho' | 'stop kho') kill "$(cat /run/kho.pid)" && tail --pid="$(cat /run/kho.pid)" -f /dev/null ;;
  'reload nginx') nginx -s reload ;;
  'reload ssh') kill -HUP "$(cat /run/sshd.pid)" ;;
  *) exit 1 ;;
esac
`;

const unshared = (script: string) =>
  runProgram('unshare', [...NAMESPACES, 'sh', '-euc', script], { limitMs: LIMIT_MS });

/** Whether this machine lets a test have such a server: only root can. */
export async function canHaveServer(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  return (await unshared('mount -t tmpfs none /srv && command -v nginx sshd setpriv')).exitCode === 0;
}

/**
 * Type lines there, as root. The host `packages.example.vn` is the server itself.
 *
 * @param files that are there, readable by all, in the folder that `$FILES` names
 * @param script ends at the first line that fails
 */
export async function onBareServer(files: Record<string, string | Uint8Array>, script: string): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'kho-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755);
  copyFileSync(KHO, join(folder, 'kho'));
  writeFileSync(join(folder, 'systemctl'), SYSTEMCTL, { mode: 0o755 });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return unshared(`
    FILES='${folder}'
    cp -a /etc "$FILES/etc" && mount --bind "$FILES/etc" /etc
    for private in /srv /run /opt /var/log /var/lib/nginx /var/www; do mkdir -p $private; mount -t tmpfs -o mode=755 none $private; done
    mkdir -p /opt/kho /var/log/nginx /run/sshd
    cp "$FILES/kho" "$FILES/systemctl" /opt/kho/ && PATH=/opt/kho:$PATH
    ip link set lo up 2>/dev/null || ifconfig lo up
    echo '127.0.0.1 packages.example.vn' >> /etc/hosts
    rm -f /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/*
    ${script}`);
}

/** The first block of shell below a heading of a page. */
export function blockOf(page: string, heading: string): string {
  const text = page.slice(page.indexOf(`\n${heading}\n`));
  return /^```sh\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? 'false';
}
