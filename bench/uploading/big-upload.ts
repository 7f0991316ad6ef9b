/** One big wheel, beside the disk's own speed of writing as much. */
import { execFileSync } from 'node:child_process';
import { statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { untilInstallable } from './many-uploads.ts';
import { formFields } from './post-form.ts';
import { cpuMs, type TakingServer } from './upload-servers.ts';
import type { BigWheel } from './wheels.ts';

export interface BigUpload {
  /** Until it can be installed. */
  wallMs: number;
  /** Of the server. */
  cpuMs: number;
}

/** By curl, as a form with the digest that uv gives. @throws when it is refused */
export async function uploadBig(server: TakingServer, wheel: BigWheel): Promise<BigUpload> {
  const fields = { ...formFields(wheel.project, '1.0'), sha256_digest: wheel.sha256 };
  const cpuBefore = cpuMs(server.pid);
  const began = performance.now();
  execFileSync('curl', [
    ...['--fail-with-body', '--silent', '--show-error', '--user', server.auth],
    ...Object.entries(fields).flatMap(([name, value]) => ['--form-string', `${name}=${value}`]),
    ...['--form', `content=@${wheel.path}`, server.url + server.uploadPath],
  ]);
  await untilInstallable(server, wheel);
  return { wallMs: performance.now() - began, cpuMs: cpuMs(server.pid) - cpuBefore };
}

/** How long dd takes to bring as much to the disk of `folder`, from memory. In milliseconds. */
export function writeOnly(folder: string, { path }: BigWheel): number {
  const to = join(folder, 'dd');
  const began = performance.now();
  execFileSync('dd', [`if=${path}`, `of=${to}`, 'bs=1M', 'conv=fsync'], { stdio: 'ignore' });
  const wallMs = performance.now() - began;
  if (statSync(to).size !== statSync(path).size) throw new Error('dd wrote something else');
  unlinkSync(to);
  return wallMs;
}
