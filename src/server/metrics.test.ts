import { expect, test } from 'vitest';
import { Metrics } from './metrics.ts';

test('Metrics counts by what was asked for and how it ended', () => {
  const metrics = new Metrics();
  metrics.count('simple', 200, 100, 0.5);
  metrics.count('simple', 200, 50, 30);
  metrics.count('simple', 304, 0, 0.1);
  metrics.count('package', 206, 1000, 100_000);
  const lines = metrics.text({ connections: 3, cachedBytes: 7, site: undefined }).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      '# TYPE kho_http_requests_total counter',
      'kho_http_requests_total{kind="simple",status="200"} 2',
      'kho_http_requests_total{kind="simple",status="304"} 1',
      'kho_http_response_bytes_total{kind="simple"} 150',
      'kho_http_request_duration_seconds_bucket{kind="simple",le="0.001"} 2',
      'kho_http_request_duration_seconds_bucket{kind="simple",le="0.02"} 2',
      'kho_http_request_duration_seconds_bucket{kind="simple",le="0.1"} 3',
      'kho_http_request_duration_seconds_bucket{kind="simple",le="+Inf"} 3',
      'kho_http_request_duration_seconds_bucket{kind="package",le="60"} 0',
      'kho_http_request_duration_seconds_bucket{kind="package",le="+Inf"} 1',
      'kho_http_request_duration_seconds_count{kind="package"} 1',
      'kho_http_connections 3',
      'kho_page_cache_bytes 7',
    ]),
  );
  expect(lines.join('\n')).not.toContain('kho_files');
});

test('Metrics tells of the site what is known', () => {
  const site = {
    files: 10,
    heldFiles: 2,
    isStalled: true,
    upstreams: new Map([
      ['public', { answered: 7, failed: 3, failing: {} }],
      ['inner', { answered: 1, failed: 0 }],
    ]),
    lastBuild: { endedMs: 1_700_000_000_500, durationMs: 250, isSuccess: false },
  };
  const text = new Metrics().text({ connections: 0, cachedBytes: 0, site });
  for (const sample of [
    'kho_upstream_failing{upstream="public"} 1',
    'kho_upstream_failing{upstream="inner"} 0',
    'kho_upstream_questions_total{upstream="public",outcome="failed"} 3',
    'kho_files 10',
    'kho_held_files 2',
    'kho_build_stalled 1',
    'kho_last_build_timestamp_seconds 1700000000.5',
    'kho_last_build_duration_seconds 0.25',
    'kho_last_build_success 0',
  ]) {
    expect(text).toContain(`\n${sample}\n`);
  }
});
