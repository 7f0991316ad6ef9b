import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { SiteConfig } from '../../config/site-config.ts';
import type { StoreSettings } from '../../config/store-settings.ts';
import type { Examination } from '../../doctor/examine.ts';
import { KhoError } from '../../errors.ts';
import { ENDPOINT_OPTION, PROFILE_OPTION, REGION_OPTION } from '../bucket/bucket-options.ts';
import { collect } from '../collect.ts';
import { OF_BUCKETS, refuseDropped } from '../refuse-dropped.ts';
import { storeSettings } from '../store-options.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

const USUAL_PROJECTS = 5;

/** Options that mean something of an index alone. */
const OF_INDEXES = ['projects', 'uploads', 'ca', 'resolve'];

export const doctor = new Command('doctor')
  .summary('look at a published index from outside; exit with 1 if a check fails')
  .description(
    'Look at a published index as clients see it, and say what to change in the configuration of its web server. Changes nothing.',
  )
  .argument(
    '[url]',
    'the site, or one index of it: https://packages.example.org/glibc/simple/; or a bucket: s3://BUCKET/PREFIX',
  )
  .option('--site <dir>', 'look at the folder of a site too, on this machine: who may write what; or at it alone')
  .option('--projects <n>', `look at so many projects and their files; ${USUAL_PROJECTS} when left out`, parseProjects)
  .option(
    '--uploads',
    'it is a failure if uploads do not get through; so it is with --site where kho.toml takes uploads',
  )
  .option('--ca <file>', 'trust these certificates instead of those of the system, in PEM')
  .option(
    '--resolve <host:address>',
    'ask the server at this address, whatever DNS says, like packages.example.org:192.0.2.7; may be given again',
    collect,
  )
  .addOption(ENDPOINT_OPTION())
  .addOption(PROFILE_OPTION())
  .addOption(REGION_OPTION())
  .option('--insecure', 'with s3://…: the store may be on another machine and not encrypt')
  .option('--json', 'print the findings as JSON, and nothing else')
  .action(async (url, options, command) => {
    const { parseAddress, parseResolve, readCertificates } = await import('../doctor/doctor-options.ts');
    const { examineAll } = await import('../../doctor/examine.ts');
    const { examineFolders } = await import('../../doctor/examine-folders.ts');
    const { isStoreAddress } = await import('../../object-store/store-address.ts');
    if (url === undefined && options.site === undefined) {
      throw new KhoError('USAGE', 'Cannot look at nothing: neither an address is given, nor --site', {
        hint: 'kho doctor https://packages.example.org, or kho doctor --site /srv/PyPI',
      });
    }
    if (url !== undefined && isStoreAddress(url)) refuseDropped(command, OF_INDEXES, 'with a bucket', DROPPED_HINTS);
    else refuseDropped(command, OF_BUCKETS, 'without a bucket');
    const config = options.site === undefined ? undefined : await configOf(options.site);
    const examinations: Examination[] = [];
    if (url !== undefined && isStoreAddress(url))
      examinations.push(await lookAtBucket(url, { ...config?.bucket, ...storeSettings(options) }));
    else if (url !== undefined) {
      const settings = {
        projects: options.projects ?? USUAL_PROJECTS,
        now: Date.now(),
        ...(config && (await knownOf(config))),
        ...(options.uploads && { takesUploads: true }),
        ...(options.ca !== undefined && { ca: readCertificates(options.ca) }),
        ...(options.resolve && { resolve: parseResolve(options.resolve, parseAddress(url)) }),
      };
      examinations.push(...(await examineAll(parseAddress(url), settings)));
    }
    if (options.site !== undefined) examinations.push(await examineFolders(options.site));
    const { doctorLines } = await import('../lines/doctor-lines.ts');
    if (options.json) terminal.stdout(printableJson(examinations.length === 1 ? examinations[0] : examinations));
    else terminal.print(examinations.flatMap((one, place) => [...(place > 0 ? [''] : []), ...doctorLines(one)]));
    if (examinations.flatMap(({ findings }) => findings).some(({ result }) => result === 'failed'))
      process.exitCode = 1;
  });

const DROPPED_HINTS = {
  ca: 'trust a CA of your own by AWS_CA_BUNDLE, as the tools of AWS do',
  resolve: 'say where the store is by --endpoint-url',
};

async function lookAtBucket(address: string, settings: StoreSettings): Promise<Examination> {
  const { parseStoreAddress } = await import('../../object-store/store-address.ts');
  const { examineBucket } = await import('../../doctor/examine-bucket.ts');
  return examineBucket(parseStoreAddress(address), settings);
}

/** A site that cannot be read is told of where folders are looked at. */
async function configOf(site: string): Promise<SiteConfig | undefined> {
  const { loadSite } = await import('../../config/load-config.ts');
  return loadSite(site).then(
    ({ config }) => config,
    () => undefined,
  );
}

async function knownOf(config: SiteConfig) {
  const { privateNames } = await import('../../config/private-repositories.ts');
  return {
    takesUploads: config.upload !== undefined,
    known: { all: config.repositories.map(({ name }) => name), private: privateNames(config) },
  };
}

function parseProjects(text: string): number {
  const projects = Number(text);
  if (/^\d{1,7}$/.test(text) && projects >= 1) return projects;
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}
