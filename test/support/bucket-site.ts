/** A site in a bucket, and what serves it from there by what `kho config` prints. */
import { PutBucketPolicyCommand, PutBucketWebsiteCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type BucketReport, publishSite } from '../../src/bucket/publish-site.ts';
import type { BucketSettings } from '../../src/config/bucket-settings.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { type StoreServer, setAwsEnvironment } from './object-stores/store-server.ts';
import { runOrThrow } from './run-program.ts';
import { KHO } from './tools.ts';
import { type RunningWebServer, startWebServer, type WebServer } from './web-servers.ts';

export const BUCKET = 'team-packages';
export const ADDRESS = `s3://${BUCKET}/python`;

/** @param settings before those of kho.toml */
export async function publishTo(
  root: string,
  store: StoreServer,
  settings: BucketSettings = {},
): Promise<BucketReport> {
  const restore = setAwsEnvironment(store.environment);
  try {
    return await publishSite((await loadSite(root)).config, { address: ADDRESS, settings });
  } finally {
    restore();
  }
}

// The SDK speaks of its own plans whenever Node is 20.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

function client({ url, environment }: StoreServer): S3Client {
  const credentials = {
    accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
  };
  return new S3Client({ endpoint: url, region: 'us-east-1', forcePathStyle: true, credentials });
}

/** What a proxy on the store's own network needs: to read without signing. */
export async function letAnybodyRead(store: StoreServer): Promise<void> {
  const Statement = [
    { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/*` },
    { Effect: 'Allow', Principal: '*', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${BUCKET}` },
  ];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await client(store).send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
}

/** Folders get their index.html; nothing is negotiated, and nothing redirected. */
export async function makeWebsite(store: StoreServer): Promise<void> {
  const WebsiteConfiguration = { IndexDocument: { Suffix: 'index.html' } };
  await client(store).send(new PutBucketWebsiteCommand({ Bucket: BUCKET, WebsiteConfiguration }));
}

/** @param key from the bucket's root */
export async function putObject(store: StoreServer, key: string, body: string): Promise<void> {
  await client(store).send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, ContentType: 'text/html' }));
}

/** @param endpoint of the store, or of what stands before it */
export async function startBucketNginx(
  server: WebServer,
  root: string,
  { url, endpoint, cache }: { url: string; endpoint: string; cache: string },
): Promise<RunningWebServer> {
  const { host, port } = new URL(url);
  const [, ...version] = server.config; // behind the name of the program
  const words = ['config', 'nginx-bucket', root, ...version, '--bucket', ADDRESS, '--endpoint-url', endpoint];
  const { stdout } = await runOrThrow(process.execPath, [KHO, ...words, '--url', url, '--listen', host]);
  return startWebServer(server, stdout.replaceAll('/var/cache/nginx', cache), Number(port));
}
