/** A client that uploads as twine does: one form for each file, over connections that stay. */
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { TakingServer } from './upload-servers.ts';
import type { SmallWheel } from './wheels.ts';

const BOUNDARY = 'a-boundary-of-the-benchmark';

/** Sends one wheel after another over one connection. */
export class BenchClient {
  readonly #server: TakingServer;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(server: TakingServer) {
    this.#server = server;
  }

  /** @returns how long the answer took, in milliseconds @throws when it is none of success */
  upload(wheel: SmallWheel): Promise<number> {
    const { url, uploadPath, auth } = this.#server;
    const body = formOf(wheel);
    const headers = {
      'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
      'Content-Length': body.length,
      Authorization: `Basic ${Buffer.from(auth).toString('base64')}`,
    };
    const began = performance.now();
    return new Promise((resolve, reject) => {
      const sent = request(url + uploadPath, { method: 'POST', agent: this.#agent, headers }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece) => pieces.push(piece));
        response.on('end', () => {
          if (response.statusCode === 200) resolve(performance.now() - began);
          else reject(new Error(`${wheel.filename}: ${response.statusCode} ${Buffer.concat(pieces)}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The fields that all of these servers want, and the digests that twine gives. */
export function formFields(project: string, version: string): Record<string, string> {
  return {
    ...{ ':action': 'file_upload', protocol_version: '1', metadata_version: '2.1' },
    ...{ name: project, version, filetype: 'bdist_wheel', pyversion: 'py3' },
  };
}

function formOf({ project, version, filename, bytes, sha256 }: SmallWheel): Buffer {
  const md5 = createHash('md5').update(bytes).digest('hex');
  const fields = { ...formFields(project, version), sha256_digest: sha256, md5_digest: md5 };
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="content"; filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return Buffer.concat([Buffer.from(parts.join('') + file), bytes, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}
