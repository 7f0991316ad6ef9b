import { expect, test } from 'vitest';
import { readNginx } from './installed-nginx.ts';

const DEBIAN = `nginx version: nginx/1.22.1
built with OpenSSL 3.0.15 3 Sep 2024
configure arguments: --with-http_gunzip_module --with-http_gzip_static_module --with-stream=dynamic`;

test.each([
  ['Debian', DEBIAN, [], { nginxVersion: '1.22.1', modules: { gzipStatic: true, brotliStatic: false } }],
  ['Debian with a module', DEBIAN, ['50-mod-http-brotli-static.conf'], { modules: { brotliStatic: true } }],
  ['Debian with a half of it', DEBIAN, ['50-mod-http-brotli-filter.conf'], { modules: { brotliStatic: false } }],
  [
    'one built by hand',
    'nginx version: nginx/1.27.0\nconfigure arguments: --add-module=/src/ngx_brotli',
    [],
    { nginxVersion: '1.27.0', modules: { gzipStatic: false, brotliStatic: true } },
  ],
])('readNginx() reads %s', (_what, about, enabled, expected) => {
  expect(readNginx(about, enabled)).toMatchObject(expected);
});

test('readNginx() of no nginx is undefined', () => {
  expect(readNginx('', [])).toBeUndefined();
});
