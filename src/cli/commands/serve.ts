import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { KhoError } from '../../errors.ts';
import type { ListenAddress } from '../../server/listen.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';
import { terminal } from '../terminal.ts';
import { LOG_OPTION, makeLog, POLL_OPTION, runUntilStopped } from '../watching.ts';

const MOST_PORT = 65_535;

export const serve = new Command('serve')
  .summary('publish a site, keep it published, and answer clients')
  .description('Build a site, watch its folders as "kho watch" does, and serve it over HTTP.')
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option('--host <address>', 'listen there', '127.0.0.1')
  .option('--port <n>', 'listen on this port; 0 takes a free one', parsePort, 8080)
  .option('--socket <path>', 'listen on a unix socket instead')
  .option('--tls-cert <file>', 'serve HTTPS with this certificate (PEM, with its chain); read again when renewed')
  .option('--tls-key <file>', 'its key')
  .addOption(POLL_OPTION())
  .addOption(LOG_OPTION())
  .option('--no-access-log', 'do not log requests')
  .option('--public-metrics', 'let everybody read /metrics, not only programs on this machine')
  .action(async (site, options) => {
    const { openSite } = await import('../open-site.ts');
    const { ServedWatch } = await import('../../serve-site.ts');
    const { ServiceKeeper } = await import('../../watch/service-keeper.ts');
    const { config, notes } = await openSite(chooseSite(site, options.site), 'writes');
    if (options.log === 'text') terminal.say(notes.map((note) => `kho: ${note}`));
    const tls = tlsFiles(options.tlsCert, options.tlsKey);
    const tell = await makeLog(options.log);
    const keeper = new ServiceKeeper(config.root, 'serve');
    const served = new ServedWatch(config, {
      service: keeper,
      listen: listenAddress(options),
      ...(tls && { tls }),
      ...(options.poll !== undefined && { pollSeconds: options.poll }),
      ...(options.accessLog && { accessLog: { format: options.log, write: (lines) => terminal.stdout(lines) } }),
      ...(options.publicMetrics && { publicMetrics: true }),
      onEvent: tell,
    });
    process.on('SIGHUP', () => served.reload());
    await runUntilStopped(served, tell, keeper);
  });

/** A socket that systemd has opened beats what the options say. */
function listenAddress(options: { host: string; port: number; socket?: string | undefined }): ListenAddress {
  if (Number(process.env['LISTEN_PID']) === process.pid) return 'systemd';
  return options.socket === undefined ? { host: options.host, port: options.port } : { socketPath: options.socket };
}

function tlsFiles(cert: string | undefined, key: string | undefined): { cert: string; key: string } | undefined {
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert === undefined && key === undefined) return undefined;
  throw new KhoError('USAGE', 'Cannot serve HTTPS: --tls-cert and --tls-key belong together', {
    hint: 'give both, or neither',
  });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= MOST_PORT) return port;
  throw new InvalidArgumentError(`It must be a number from 0 to ${MOST_PORT}.`);
}
