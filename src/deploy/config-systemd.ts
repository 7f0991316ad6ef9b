/** Units for systemd 247 (Debian 11) and later: kho watches a site, or serves it too. Pure. */

import { dirname } from 'node:path';
import { KEY_CREDENTIAL } from '../sync-format/head.ts';
import { BUCKET_ENVIRONMENT, CONFIGURATIONS } from './config-forms.ts';
import { checkedSocket, type DeployedSite, USUAL_SOCKET } from './deployed-site.ts';
import { followUnits } from './follow-units.ts';
import { SHARED_HEAP, SMALL_HEAP, SMALL_YOUNG } from './small-memory.ts';
import { isInHome, type ServiceOptions, sandbox, unitCommand } from './unit-sandbox.ts';

export interface SystemdOptions extends ServiceOptions {
  /**
   * `behind` publishes, and answers on a unix socket to the web server before it; `watch` publishes and speaks to nobody; `serve` answers on a
   * port; `socket` has systemd listen for it; `follow` brings what the site follows, by a timer, beside one of the others.
   */
  kind: 'behind' | 'watch' | 'serve' | 'socket' | 'follow';
  /** Heads of some repositories are to be signed: a timer does so, in a process that reads nothing that was uploaded. */
  signs?: boolean;
  /** The site follows another: it is on a small machine. */
  follows?: boolean;
  /** Where it answers with `behind`; USUAL_SOCKET when absent. */
  socket?: string;
}

/** Where `kho serve` listens unless told otherwise. */
const DEFAULT_LISTEN = '127.0.0.1:8080';

/** @throws {KhoError} USAGE for a path that no unit can hold */
export function systemdConfig(served: DeployedSite, options: SystemdOptions): string {
  const { user, kind } = options;
  if (kind === 'follow') return followUnits(options);
  const listen = served.listen ?? DEFAULT_LISTEN;
  const isAlone = kind === 'watch' || kind === 'behind';
  const units = kind === 'socket' ? 'kho.socket' : 'kho.service';
  const begin = `# ${isAlone ? 'Publishes' : 'Publishes and serves'} a site of Python packages, by kho.
#
# Once:  useradd --system --user-group --no-create-home --shell /usr/sbin/nologin ${user}
#        The site's folder belongs to that user: chown -R ${user}: SITE, before anybody uploads. Who may write what: docs/uploading.md
# Save ${kind === 'socket' ? 'both parts' : 'it'} as named below, then:  systemctl daemon-reload && systemctl enable --now ${units}
`;
  const service = serviceUnit(served, options, listen);
  const signing = options.signs ? `\n${signUnits(options)}` : '';
  return `${begin}${kind === 'socket' ? `\n${socketUnit(listen)}` : ''}\n${service}${signing}`;
}

/** systemd holds the port: nobody is turned away while kho starts again, and it may be below 1024. */
function socketUnit(listen: string): string {
  return `# ---- /etc/systemd/system/kho.socket
[Unit]
Description=Python packages: the address

[Socket]
ListenStream=${listen}

[Install]
WantedBy=sockets.target
`;
}

function serviceUnit(
  { tlsCertificate, tlsKey, live, bucket }: DeployedSite,
  options: SystemdOptions,
  listen: string,
): string {
  const { program, site, linkedFolders, user, group, kind, follows } = options;
  const socket = checkedSocket(options.socket ?? USUAL_SOCKET);
  const isWeb = kind === 'serve' || kind === 'socket';
  const asksOthers = bucket !== undefined || (kind !== 'watch' && (live?.pulls.length ?? 0) > 0);
  const colon = listen.lastIndexOf(':');
  const words = [
    ...(follows ? [program[0], SMALL_YOUNG, program[1]] : program),
    kind === 'watch' ? 'watch' : 'serve',
    site,
    ...(kind === 'serve' ? ['--host', listen.slice(0, colon), '--port', listen.slice(colon + 1)] : []),
    ...(kind === 'behind' ? ['--socket', socket] : []),
    ...(isWeb && tlsCertificate !== undefined ? ['--tls-cert', tlsCertificate] : []),
    ...(isWeb && tlsKey !== undefined ? ['--tls-key', tlsKey] : []),
  ];
  const port = Number(listen.slice(colon + 1));
  const mayBind = kind === 'serve' && port < 1024 ? 'CAP_NET_BIND_SERVICE' : '';
  const writable = [
    ...[site, ...linkedFolders],
    ...(kind === 'behind' && runtimeFolder(socket) === undefined ? [dirname(socket)] : []),
  ];
  return `# ---- ${CONFIGURATIONS.systemd.savedAs}
[Unit]
Description=Python packages: publish what is uploaded${kind === 'watch' ? '' : ', and serve it'}
Documentation=man:systemd.exec(5)
After=${asksOthers ? 'network-online.target\nWants=network-online.target' : isWeb ? 'network.target' : 'local-fs.target'}
${kind === 'socket' ? 'Requires=kho.socket\nAfter=kho.socket\n' : ''}
[Service]
ExecStart=${unitCommand(words)}
# A changed kho.toml is seen by itself; systemctl reload makes kho look at once.
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=2
# What is in flight may end; kho gives it 10 s.
TimeoutStopSec=15

User=${user}
Group=${group}
# Web servers run as somebody else, and must be able to read what is published.
UMask=0022
${follows ? SMALL_HEAP : SHARED_HEAP}LimitNOFILE=65536
${bucket ? bucketLines(bucket, group) : ''}
${sandbox({
  ...{ writable, mayBind, isHome: isInHome(program, site), hasNetwork: isWeb || asksOthers },
  ...(kind === 'behind' && { runtime: runtimeLines(socket) }),
})}
[Install]
WantedBy=multi-user.target
`;
}

/** What the AWS tools read, and in no file that belongs to the site. */
function bucketLines({ profile }: NonNullable<DeployedSite['bucket']>, group: string): string {
  const environment = `
# Credentials of the bucket (publish in kho.toml): AWS_ACCESS_KEY_ID=… and AWS_SECRET_ACCESS_KEY=…, a line each, in a file of root's with mode
# 0600. A machine that has a role of its own needs none.
EnvironmentFile=-${BUCKET_ENVIRONMENT}
`;
  if (profile === undefined) return environment;
  return `${environment}# The profile that kho.toml names, in files as in ~/.aws: root:${group}, mode 0640.
Environment=AWS_CONFIG_FILE=/etc/kho/aws/config AWS_SHARED_CREDENTIALS_FILE=/etc/kho/aws/credentials
`;
}

/** The key is loaded by systemd, for this process alone: nothing that reads uploads comes near it. */
function signUnits({ program, site, linkedFolders, user, group }: SystemdOptions): string {
  return `# ---- /etc/systemd/system/kho-sign.service
# Once:  ssh-keygen -t ed25519 -N '' -f /etc/kho/signing-key, as root; then:  systemctl enable --now kho-sign.timer
[Unit]
Description=Python packages: sign what sites that follow get

[Service]
Type=oneshot
ExecStart=${unitCommand([...program, 'sign', site])}
LoadCredential=${KEY_CREDENTIAL}:/etc/kho/signing-key
User=${user}
Group=${group}
UMask=0022
PrivateNetwork=true

${sandbox({ writable: [site, ...linkedFolders], isHome: isInHome(program, site), mayBind: '', hasNetwork: false })}
# ---- /etc/systemd/system/kho-sign.timer
[Unit]
Description=Python packages: look every minute whether something is to be signed

[Timer]
OnBootSec=1min
OnUnitInactiveSec=1min

[Install]
WantedBy=timers.target
`;
}

/** The folder below /run that systemd makes for kho, and takes away with what is in it; undefined for a socket elsewhere. */
function runtimeFolder(socket: string): string | undefined {
  return /^\/run\/([\w.+-]+)\/[^/]+$/.exec(socket)?.[1];
}

function runtimeLines(socket: string): string {
  const folder = runtimeFolder(socket);
  if (folder === undefined) return '';
  return `# Here is the socket. Whoever may enter may ask, as with a port of this machine: the web server must.
RuntimeDirectory=${folder}
RuntimeDirectoryMode=0755
`;
}
