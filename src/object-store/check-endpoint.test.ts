import { expect, test } from 'vitest';
import { checkEndpoint } from './check-endpoint.ts';

test.each([
  'https://s3.example.org',
  'HTTPS://s3.example.org:9000/path',
  'http://localhost:9000',
  'http://store.localhost',
  'http://127.0.0.1:9000',
  'http://127.1:9000',
  'http://[::1]:9000',
  'http://[0:0:0:0:0:0:0:1]',
])('checkEndpoint() takes %s', (endpoint) => {
  expect(checkEndpoint(endpoint).href).toBe(new URL(endpoint).href);
});

test.each([
  ['s3.example.org', 'it is no address'],
  ['ftp://s3.example.org', 'it is no address'],
  ['https://', 'it is no address'],
  ['http://s3.example.org', 'not encrypted'],
  ['http://10.0.0.7', 'not encrypted'],
  ['http://127.0.0.1.example.org', 'not encrypted'],
  ['http://localhost.example.org', 'not encrypted'],
  ['https://me:secret@s3.example.org', 'holds a name or a password'],
  ['https://s3.example.org?x', 'holds a ? or a #'],
])('checkEndpoint() refuses %s: %s', (endpoint, why) => {
  expect(() => checkEndpoint(endpoint)).toThrow(why);
  expect(() => checkEndpoint(endpoint)).not.toThrow('secret');
});

test('checkEndpoint() takes what is not encrypted from who asks for it', () => {
  expect(checkEndpoint('http://10.0.0.7:9000', true).host).toBe('10.0.0.7:9000');
});
