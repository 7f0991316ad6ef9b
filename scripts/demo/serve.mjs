import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const TYPES = { '': 'application/json', '.html': 'text/html; charset=utf-8', '.json': 'application/json' };

/**
 * Plain files over HTTP on a free loopback port, as any web server would serve them: enough for a demo.
 *
 * @param {string} root
 * @returns {Promise<{ url: string, paths: string[], close(): void }>} `paths` grows with each answered request.
 */
export async function serveFolder(root) {
  const paths = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = safePath(pathname);
    const file = path === undefined ? undefined : await findFile(root, path);
    if (file === undefined) {
      response.writeHead(404).end('Not found\n');
    } else if (file.isFolder) {
      response.writeHead(301, { location: `${pathname}/` }).end();
    } else {
      paths.push(path);
      const type = TYPES[extname(file.path)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-length': file.size });
      if (request.method === 'HEAD') response.end();
      else createReadStream(file.path).pipe(response);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    paths,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Decoded; undefined for what is none of a visitor's business: dot-files, and ways out of the folder. */
function safePath(pathname) {
  try {
    const path = decodeURIComponent(pathname);
    return /\/\.|[\0\\]/.test(path) ? undefined : path;
  } catch {
    return undefined;
  }
}

async function findFile(root, path) {
  const full = join(root, path, path.endsWith('/') ? 'index.html' : '');
  const stats = await stat(full).catch(() => undefined);
  if (stats === undefined) return undefined;
  return { path: full, size: stats.size, isFolder: stats.isDirectory() };
}
