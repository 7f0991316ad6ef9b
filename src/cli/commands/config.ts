import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { Argument, Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { SiteConfig } from '../../config/site-config.ts';
import type { ConfiguredProgram } from '../../deploy/config-forms.ts';
import type { SystemdOptions } from '../../deploy/config-systemd.ts';
import type { DeployedSite } from '../../deploy/deployed-site.ts';
import { KhoError } from '../../errors.ts';
import { khoVersion } from '../../kho-version.ts';
import { BUCKET_PROGRAMS, type BucketProgram, isBucketProgram } from '../config/bucket-programs.ts';
import { givenOptions } from '../given-options.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';
import { terminal } from '../terminal.ts';

const OF_BUCKETS = ['site', 'url', 'bucket'];
const OF_WEB_SERVERS = ['site', 'url', 'out', 'listen', 'socket', 'tlsCert', 'tlsKey'];

/** Options that change what is printed for each program. All others are refused: dropped, they would be missed in production only. */
const OPTIONS_OF: Record<Exclude<ConfiguredProgram, 'systemd'>, readonly string[]> = {
  'nginx-bucket': [...OF_BUCKETS, 'listen', 'tlsCert', 'tlsKey', 'nginxVersion', 'endpointUrl', 'region'],
  cloudfront: OF_BUCKETS,
  cloudflare: OF_BUCKETS,
  's3-policy': ['site', 'bucket'],
  nginx: [...OF_WEB_SERVERS, 'nginxVersion'],
  caddy: OF_WEB_SERVERS,
  apache: OF_WEB_SERVERS,
  cron: ['site', 'out', 'user'],
};
const PROGRAMS: ConfiguredProgram[] = ['nginx', 'caddy', 'apache', 'systemd', 'cron', ...BUCKET_PROGRAMS];

const OF_UNITS = ['site', 'mode', 'user', 'group'];
const OF_LISTENING = [...OF_UNITS, 'listen', 'tlsCert', 'tlsKey'];

/** Of systemd: with `--mode watch` nothing listens, and with `--mode behind` nothing but a unix socket. */
const OPTIONS_OF_MODE: Record<SystemdOptions['kind'], readonly string[]> = {
  behind: [...OF_UNITS, 'socket'],
  watch: OF_UNITS,
  follow: OF_UNITS,
  serve: OF_LISTENING,
  socket: OF_LISTENING,
};

interface ConfigOptions {
  nginxVersion?: string | undefined;
  mode: SystemdOptions['kind'];
  user: string;
  group?: string | undefined;
  out?: string | undefined;
  socket?: string | undefined;
}

export const config = new Command('config')
  .summary('print the configuration of a web server, a CDN, systemd or cron for a site')
  .description(
    'Print a complete configuration for this site: of a web server that serves it, of what stands before its bucket, or of what runs kho. Changes nothing.',
  )
  .addArgument(new Argument('<program>', 'whose configuration').choices(PROGRAMS))
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option('--url <url>', 'where clients find the site; url of kho.toml when left out')
  .option('--out <dir>', 'the folder that "kho build --out" publishes to')
  .option('--listen <address:port>', 'listen only there, for example 127.0.0.1:8080')
  .option('--socket <path>', 'where kho serve answers to the web server before it; /run/kho/kho.sock when left out')
  .option('--tls-cert <file>', 'the certificate with its chain, in PEM; where certbot puts it when left out')
  .option('--tls-key <file>', 'its key')
  .option('--bucket <address>', 'CDNs, nginx-bucket: where the site is published to, s3://BUCKET/PREFIX')
  .option('--endpoint-url <url>', 'nginx-bucket: where the store answers; that of AWS when left out')
  .option('--region <name>', 'nginx-bucket: the region of AWS, us-east-1 when left out')
  .option('--nginx-version <version>', 'nginx, nginx-bucket: for this version instead of the installed one')
  .addOption(
    new Option(
      '--mode <mode>',
      'systemd: publish, and answer to the web server before kho; publish only; serve on a port; serve on an address that systemd holds; bring what the site follows, by a timer',
    )
      .choices(['behind', 'watch', 'serve', 'socket', 'follow'] as const)
      .default('behind' as const),
  )
  .option('--user <name>', 'systemd, cron: run kho as this user', 'kho')
  .option('--group <name>', 'systemd: and in this group; that of the user when left out')
  .action(async (program, site, options, command) => {
    refuseDropped(command, program, options.mode);
    const { loadSite } = await import('../../config/load-config.ts');
    const { servedSite } = await import('../../deploy/deployed-site.ts');
    const { formLine } = await import('../../deploy/config-forms.ts');
    if ((options.tlsCert === undefined) !== (options.tlsKey === undefined)) {
      throw new KhoError('USAGE', 'Cannot use one of --tls-cert and --tls-key alone', {
        hint: 'give both, or neither',
      });
    }
    if (isBucketProgram(program)) {
      const text = await (await import('../config/bucket-text.ts')).bucketText(
        program,
        chooseSite(site, options.site),
        options,
      );
      return terminal.stdout(formLine(program, khoVersion()) + text);
    }
    const { config: loaded, notes } = await loadSite(chooseSite(site, options.site));
    if (OF_FILES.includes(program) && options.out !== undefined) await refusePrivate(loaded, program);
    const served = servedSite(loaded, {
      ...(options.url !== undefined && { url: options.url }),
      ...(options.out !== undefined && { out: resolve(options.out) }),
      ...(options.listen !== undefined && { listen: options.listen }),
      ...(options.socket !== undefined && { socket: options.socket }),
      ...(options.tlsCert !== undefined && { tlsCertificate: resolve(options.tlsCert) }),
      ...(options.tlsKey !== undefined && { tlsKey: resolve(options.tlsKey) }),
    });
    terminal.say(notes.map((note) => `kho: ${note}`));
    if (!served.isHostKnown && program !== 'systemd' && program !== 'cron') {
      terminal.say([`kho: the host is not known: give --url, or url in kho.toml (here it is ${served.host})`]);
    }
    terminal.stdout(formLine(program, khoVersion()) + (await configText(program, loaded, served, options)));
  });

/** These hand out whatever lies in a folder. Beside the site's own there is kho, to be asked who may read what. */
const OF_FILES: readonly ConfiguredProgram[] = ['nginx', 'caddy', 'apache'];

async function refusePrivate(site: SiteConfig, program: ConfiguredProgram): Promise<void> {
  const { isPrivate, privateNames } = await import('../../config/private-repositories.ts');
  const hidden = privateNames(site);
  if (hidden.length === 0) return;
  throw new KhoError(
    'USAGE',
    `Cannot write a configuration for ${program} with --out: ${isPrivate(hidden)}, and beside that folder no kho serve tells who may read`,
    {
      hint: "leave --out out: the site's own folder is served then, and kho serve asked: docs/serving.md#private-repositories",
    },
  );
}

function refuseDropped(command: CommandUnknownOpts, program: ConfiguredProgram, mode: SystemdOptions['kind']): void {
  const taken = program === 'systemd' ? OPTIONS_OF_MODE[mode] : OPTIONS_OF[program];
  for (const option of givenOptions(command)) {
    const name = option.attributeName();
    if (taken.includes(name)) continue;
    const what = program === 'systemd' ? `systemd --mode ${mode}` : program;
    throw new KhoError('USAGE', `Cannot use ${option.long} with kho config ${what}: nothing there depends on it`, {
      hint: DROPPED_HINTS[`${program} ${name}`] ?? `leave it out; ${what} takes ${longOptions(command, taken)}`,
    });
  }
}

const DROPPED_HINTS: Partial<Record<string, string>> = {
  'systemd out':
    'kho watch publishes beside the packages; for another folder, let cron run kho build --out: kho config cron --out DIR',
  'systemd listen': 'add --mode serve or --mode socket',
  'systemd socket': 'leave --mode out, or say --mode behind',
  'systemd tlsCert': 'add --mode serve or --mode socket',
  'systemd tlsKey': 'add --mode serve or --mode socket',
};

function longOptions(command: CommandUnknownOpts, names: readonly string[]): string {
  return command.options.flatMap((option) => (names.includes(option.attributeName()) ? option.long : [])).join(', ');
}

async function configText(
  program: Exclude<ConfiguredProgram, BucketProgram>,
  site: SiteConfig,
  served: DeployedSite,
  { nginxVersion, mode, user, group = user, out, socket }: ConfigOptions,
): Promise<string> {
  const { checkMayRun } = await import('../../deploy/may-run.ts');
  const service = { program: thisProgram(), site: site.root, linkedFolders: linkedFolders(site), user, group };
  switch (program) {
    case 'nginx': {
      const { nginxConfig } = await import('../../deploy/config-nginx.ts');
      const { thatNginx } = await import('../../deploy/installed-nginx.ts');
      return nginxConfig(served, thatNginx(nginxVersion));
    }
    case 'caddy':
      return (await import('../../deploy/config-caddy.ts')).caddyConfig(served);
    case 'apache':
      return (await import('../../deploy/config-apache.ts')).apacheConfig(served);
    case 'systemd':
      checkMayRun(service.program, user, group);
      return (await import('../../deploy/config-systemd.ts')).systemdConfig(served, {
        ...service,
        kind: mode,
        ...(site.repositories.some(({ sync }) => sync === 'signed') && { signs: true }),
        ...(site.follow && { follows: true }),
        ...(socket !== undefined && { socket }),
      });
    case 'cron':
      checkMayRun(service.program, user, group);
      return (await import('../../deploy/config-cron.ts')).cronConfig({
        ...service,
        ...(out !== undefined && { out: resolve(out) }),
      });
  }
}

/** Neither systemd nor cron have the PATH of whoever types this: Node and kho are named in full. */
function thisProgram(): [string, string] {
  return [process.execPath, realpathSync(process.argv[1] ?? '')];
}

/** Where a site's repositories are that only links lead to. */
function linkedFolders({ root, repositories }: SiteConfig): string[] {
  const folders = repositories.flatMap(({ folder, packages }) => [folder, ...(packages ? [packages] : [])]);
  return [...new Set(folders)].filter((folder) => folder !== root && !folder.startsWith(`${root}/`));
}
