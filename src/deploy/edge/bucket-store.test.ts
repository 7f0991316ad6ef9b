import { expect, test } from 'vitest';
import { bucketStore } from './bucket-store.ts';

test.each([
  ['a bucket of AWS', 'team-packages', {}, 'team-packages.s3.us-east-1.amazonaws.com', '/python'],
  ['one with a dot', 'team.packages', { region: 'eu-west-1' }, 's3.eu-west-1.amazonaws.com', '/team.packages/python'],
  ['one that no host may be called', 'Team_Packages', {}, 's3.us-east-1.amazonaws.com', '/Team_Packages/python'],
  ['another store', 'team-packages', { endpoint: 'https://s3.example.org' }, 's3.example.org', '/team-packages/python'],
])('bucketStore() finds %s under a name that its certificate bears', (_what, bucket, options, host, root) => {
  const store = bucketStore({ bucket, keyPrefix: 'python/' }, options);
  expect(store.host).toBe(host);
  expect(store.lines).toContain(`proxy_ssl_name ${host};`);
  expect(store.passTo('/x')).toBe(`proxy_pass https://$kho_store${root}/x;`);
});

test('bucketStore() refuses an endpoint with a password, and does not show it', () => {
  const find = () =>
    bucketStore({ bucket: 'team-packages', keyPrefix: '' }, { endpoint: 'https://kho:secret@s3.example.org' });
  expect(find).toThrow(/^Cannot use the endpoint "https:\/\/(?!.*secret)/);
});
