/** What big pages of another index cost who asks for small ones, and how much memory they take. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { residentBytes } from '../serving/servers.ts';
import type { PacedReading } from '../uploading/paced-reader.ts';
import { readSteadily } from '../uploading/read-meanwhile.ts';
import { startKhoBefore } from './caches.ts';

/** In a second. */
const PACE = 100;
/** The largest page of the public index has so many files, some 7 MB. */
const LARGEST = 15_000;
/** Pages of fifty projects and what they need are 128, 87 MB in all: 1,500 files each. */
const MANY = 128;
const FILES_OF_MANY = 1_500;

export interface BigPages {
  alone: PacedReading;
  meanwhile: PacedReading;
  /** Big pages that came in that time. */
  pages: number;
  idleBytes: number;
  manyBytes: number;
}

/** @param seconds of each of the two readings; @param folder an empty one */
export async function bringBigPages(folder: string, seconds: number): Promise<BigPages> {
  const far = await startFar();
  const upstream = `http://127.0.0.1:${(far.address() as AddressInfo).port}/simple/`;
  const packages = join(folder, 'site/all/packages');
  mkdirSync(packages, { recursive: true });
  const own = { name: 'farm-app', version: '1.0' };
  writeFileSync(join(packages, wheelFilename(own)), makeWheel(own));
  const kho = await startKhoBefore(folder, upstream);
  try {
    const pages = ['/all/simple/farm-app/'];
    const read = () => readSteadily(kho.url, seconds, pages, PACE);
    await bring(kho.index, 'warm-1');
    await read();
    const idleBytes = residentBytes(kho.pid);
    const alone = await read();
    let isOver = false;
    let brought = 0;
    const bringing = (async () => {
      for (; !isOver; brought++) await bring(kho.index, `large-${brought}`);
    })();
    const meanwhile = await read();
    isOver = true;
    const count = brought;
    await bringing;
    await kho.stop();
    const again = await startKhoBefore(folder, upstream);
    try {
      for (let page = 0; page < MANY; page++) await bring(again.index, `many-${page}`);
      return { alone, meanwhile, pages: count, idleBytes, manyBytes: residentBytes(again.pid) };
    } finally {
      await again.stop();
    }
  } finally {
    await kho.stop();
    far.close();
  }
}

async function bring(index: string, name: string): Promise<void> {
  const answer = await fetch(`${index}${name}/`, { headers: { Accept: 'application/vnd.pypi.simple.v1+json' } });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  await answer.arrayBuffer();
}

/** `large-N` and `many-N` are projects with so many files. */
async function startFar(): Promise<Server> {
  const texts = new Map<number, string>();
  const server = createServer((request, response) => {
    const name = /^\/simple\/((large|many|warm)-\d+)\/$/.exec(request.url ?? '');
    if (!name) return void response.writeHead(404).end();
    const files = name[2] === 'large' ? LARGEST : FILES_OF_MANY;
    const text = texts.get(files) ?? pageText(files);
    texts.set(files, text);
    response.writeHead(200, { 'Content-Type': 'application/vnd.pypi.simple.v1+json' });
    response.end(text.replaceAll('PROJECT', name[1] as string));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function pageText(count: number): string {
  const files = Array.from({ length: count }, (_, number) => ({
    filename: `PROJECT-1.${Math.floor(number / 50)}-cp3${number % 50}-cp3${number % 50}-manylinux_2_17_x86_64.manylinux2014_x86_64.whl`,
    url: `https://files.example/packages/ab/cd/PROJECT-${number}.whl`,
    hashes: { sha256: number.toString(16).padStart(64, '0') },
    'requires-python': '>=3.8',
    size: 1_000_000 + number,
    'upload-time': '2025-01-02T03:04:05.678901Z',
    yanked: false,
  }));
  const versions = [...new Set(files.map(({ filename }) => filename.split('-')[1]))];
  return JSON.stringify({ meta: { 'api-version': '1.1' }, name: 'PROJECT', versions, files });
}
