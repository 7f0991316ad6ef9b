/** A client of S3, which finds credentials, region and endpoint as the tools of AWS do. */
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { StoreSettings } from '../config/store-settings.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { S3RequestHandler } from './s3-request-handler.ts';

/** What stores that are not AWS take for any, and where AWS itself says which one would have been right. */
const ANY_REGION = 'us-east-1';

type AwsSdk = typeof import('./aws-sdk.ts').AWS_SDK;

export interface OpenedClient {
  sdk: AwsSdk;
  client: S3Client;
  endpoint: URL | undefined;
  region: string;
}

/** What was seen of an answer, whichever it was. */
export interface SeenAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
}

interface OpenOptions {
  /** Other than what is said and found. */
  region?: string;
  /** Files of credentials are read anew, whatever was read of them before. */
  isFresh?: boolean;
  onAnswer: (answer: SeenAnswer) => void;
}

/** @throws {KhoError} USAGE for an endpoint or a proxy that is none; errors of the SDK for files of AWS that cannot be read */
export async function openClient(settings: StoreSettings, options: OpenOptions): Promise<OpenedClient> {
  // On Node.js 20 it would tell everybody of its own future. kho has pinned it.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const { AWS_SDK: sdk } = await import('./aws-sdk.ts');
  const { profile } = settings;
  const named = settings.endpoint ?? (await configuredEndpoint(sdk, profile));
  const endpoint = named === undefined ? undefined : checkEndpoint(named, settings.insecure);
  const region = options.region ?? settings.region ?? (await configuredRegion(sdk, profile));
  const client = new sdk.S3Client({
    region,
    ...(endpoint && { endpoint: endpoint.href }),
    ignoreConfiguredEndpointUrls: true, // they were looked up, of this profile
    forcePathStyle: settings.pathStyle ?? endpoint !== undefined,
    ...(profile !== undefined && { profile }),
    ...(options.isFresh && { ignoreCache: true }),
    maxAttempts: 1, // whether it is asked again, is for RetryStore to say
    requestChecksumCalculation: 'WHEN_REQUIRED', // else streams go out in chunks that many stores do not know
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    followRegionRedirects: false,
    requestHandler: new S3RequestHandler(process.env, sdk.buildQueryString),
    logger: SILENT,
  } as S3ClientConfig);
  client.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      const { statusCode, headers } = result.response as { statusCode: number; headers: Record<string, string> };
      options.onAnswer({ status: statusCode, headers });
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'khoSeesAnswers' },
  );
  return { sdk, client, endpoint, region };
}

/** Of a bucket on the web, as it is asked: in the path of the endpoint, or in its host. Without a slash at its end. */
export function addressOf(bucket: string, { client, endpoint, region }: OpenedClient): string {
  const { forcePathStyle, endpointProvider } = client.config;
  const asked = { Bucket: bucket, Region: region, ForcePathStyle: forcePathStyle };
  return endpointProvider({ ...asked, ...(endpoint && { Endpoint: endpoint.href }) }).url.href.replace(/\/$/, '');
}

/** What it would say, errors say too. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints". */
async function configuredEndpoint(sdk: AwsSdk, profile: string | undefined): Promise<string | undefined> {
  const load = (
    name: string,
    ofEnvironment: (environment: Record<string, string | undefined>) => string | undefined,
    ofProfile: (own: IniSection, all?: Record<string, IniSection>) => string | undefined = (own) => own[name],
  ) =>
    sdk.loadConfig<string>(
      {
        environmentVariableSelector: (environment) => ofEnvironment(environment),
        configFileSelector: (own, all) => ofProfile(own, all as Record<string, IniSection> | undefined),
        default: '',
      },
      profile === undefined ? {} : { profile },
    )();
  const ignored = await load('ignore_configured_endpoint_urls', (env) => env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']);
  if (ignored.toLowerCase() === 'true') return undefined;
  const found = await load(
    'endpoint_url',
    (env) => env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'],
    (own, all) => all?.[`services.${own['services']}`]?.['s3.endpoint_url'] || own['endpoint_url'],
  );
  return found || undefined;
}

type IniSection = Readonly<Record<string, string | undefined>>;

/** Nobody is asked over the network for it, as the SDK would. */
async function configuredRegion(sdk: AwsSdk, profile: string | undefined): Promise<string> {
  const found = await sdk.loadConfig<string>(
    {
      environmentVariableSelector: (env) => env['AWS_REGION'],
      configFileSelector: (own) => own['region'],
      default: '',
    },
    profile === undefined ? {} : { profile },
  )();
  return found || process.env['AWS_DEFAULT_REGION'] || ANY_REGION;
}
