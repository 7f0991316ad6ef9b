import { expect, test, vi } from 'vitest';
import { AccessLog, type LoggedRequest } from './access-log.ts';

const REQUEST: LoggedRequest = {
  endedMs: Date.parse('2026-11-22T22:11:05.678Z'),
  durationMs: 12.3456,
  address: '10.0.0.7',
  method: 'GET',
  target: '/glibc/simple/foo/',
  httpVersion: '1.1',
  headers: { 'user-agent': 'pip/26.3' },
  status: 200,
  bytes: 1234,
};

function lines(format: 'text' | 'json', ...requests: Partial<LoggedRequest>[]): string[] {
  const written: string[] = [];
  const log = new AccessLog(format, (text) => written.push(text));
  for (const request of requests) log.add({ ...REQUEST, ...request });
  log.flush();
  return written.join('').trimEnd().split('\n');
}

test('AccessLog writes text as other servers do, with the duration at its end', () => {
  expect(lines('text', {}, { headers: { referer: 'http://a/' }, status: 404, bytes: 0 })).toEqual([
    '10.0.0.7 - - [22/Nov/2026:22:11:05 +0000] "GET /glibc/simple/foo/ HTTP/1.1" 200 1234 "-" "pip/26.3" 0.012',
    '10.0.0.7 - - [22/Nov/2026:22:11:05 +0000] "GET /glibc/simple/foo/ HTTP/1.1" 404 0 "http://a/" "-" 0.012',
  ]);
});

test('AccessLog writes JSON', () => {
  const [line = ''] = lines('json', {});
  expect(JSON.parse(line)).toEqual({
    time: '2026-11-22T22:11:05.678Z',
    event: 'request',
    address: '10.0.0.7',
    method: 'GET',
    target: '/glibc/simple/foo/',
    http: '1.1',
    status: 200,
    bytes: 1234,
    durationMs: 12.346,
    userAgent: 'pip/26.3',
  });
});

test('AccessLog keeps a request on its line, and each text in its quotes', () => {
  const agent = 'x" 200 0 "-"\n10.0.0.9 - - \x1b[2J\\é';
  const text = lines('text', { headers: { 'user-agent': agent } });
  expect(text).toHaveLength(1);
  expect(text[0]).toContain('"x\\x22 200 0 \\x22-\\x22\\x0A10.0.0.9 - - \\x1B[2J\\x5C\\xC3\\xA9" 0.012');
  const json = lines('json', { headers: { 'user-agent': agent } });
  expect(json).toHaveLength(1);
  expect(JSON.parse(json[0] ?? '').userAgent).toBe(agent);
});

test('AccessLog gathers lines, but not for long, and not many', () => {
  vi.useFakeTimers();
  try {
    const written: string[] = [];
    const log = new AccessLog('text', (text) => written.push(text));
    log.add(REQUEST);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(1);
    for (let count = 0; count < 1000; count++) log.add(REQUEST);
    expect(written.length).toBeGreaterThan(2);
    expect(Math.max(...written.map((text) => text.length))).toBeLessThan(40_000);
    log.flush();
    expect(written.join('').split('\n')).toHaveLength(1002);
    log.flush();
    expect(written.at(-1)).not.toBe('');
  } finally {
    vi.useRealTimers();
  }
});
