/** Counters as Prometheus reads them (text exposition format 0.0.4). */

/** What a request was for. */
export type RequestKind = 'simple' | 'page' | 'package' | 'upload' | 'other';

/** Figures of the site itself, which come from its last build. */
export interface SiteStatus {
  files: number;
  heldFiles: number;
  /** The build that runs has made no progress for a minute. */
  isStalled: boolean;
  /** Other indexes that were asked for something, by name. */
  upstreams?: ReadonlyMap<string, { failing?: object; answered: number; failed: number }>;
  /** Where it is pushed to. */
  bucket?: { pushedMs?: number; failing?: object };
  lastBuild?: { endedMs: number; durationMs: number; isSuccess: boolean };
}

/** Upper bounds in seconds. */
const DURATIONS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];

interface KindCounters {
  readonly statuses: Map<number, number>;
  readonly durations: number[];
  durationSum: number;
  bytes: number;
}

export class Metrics {
  readonly #kinds = new Map<RequestKind, KindCounters>();

  count(kind: RequestKind, status: number, bytes: number, durationMs: number): void {
    let counters = this.#kinds.get(kind);
    if (counters === undefined) {
      counters = { statuses: new Map(), durations: DURATIONS.map(() => 0).concat(0), durationSum: 0, bytes: 0 };
      this.#kinds.set(kind, counters);
    }
    counters.statuses.set(status, (counters.statuses.get(status) ?? 0) + 1);
    counters.bytes += bytes;
    const seconds = durationMs / 1000;
    counters.durationSum += seconds;
    let bucket = 0;
    while (bucket < DURATIONS.length && seconds > (DURATIONS[bucket] as number)) bucket++;
    counters.durations[bucket] = (counters.durations[bucket] as number) + 1;
  }

  text(now: { connections: number; cachedBytes: number; site: SiteStatus | undefined }): string {
    const { connections, cachedBytes, site } = now;
    const lines = [
      ...family('kho_http_requests_total', 'counter', 'Requests answered', this.#requests()),
      ...family('kho_http_response_bytes_total', 'counter', 'Bytes of bodies sent', this.#bytes()),
      ...family('kho_http_request_duration_seconds', 'histogram', 'From request to last byte', this.#durations()),
      ...family('kho_http_connections', 'gauge', 'Open connections', [`kho_http_connections ${connections}`]),
      ...family('kho_page_cache_bytes', 'gauge', 'Pages in memory', [`kho_page_cache_bytes ${cachedBytes}`]),
    ];
    if (site !== undefined) {
      lines.push(...family('kho_files', 'gauge', 'Files listed', [`kho_files ${site.files}`]));
      lines.push(...family('kho_held_files', 'gauge', 'Files held back', [`kho_held_files ${site.heldFiles}`]));
    }
    if (site !== undefined) {
      const stalled = [`kho_build_stalled ${Number(site.isStalled)}`];
      lines.push(...family('kho_build_stalled', 'gauge', 'Whether a build has made no progress for a minute', stalled));
    }
    lines.push(...upstreamLines(site?.upstreams ?? new Map()));
    if (site?.bucket !== undefined) lines.push(...bucketLines(site.bucket));
    if (site?.lastBuild !== undefined) {
      const { endedMs, durationMs, isSuccess } = site.lastBuild;
      const gauge = (name: string, help: string, value: number) => family(name, 'gauge', help, [`${name} ${value}`]);
      lines.push(...gauge('kho_last_build_timestamp_seconds', 'End of the last build', endedMs / 1000));
      lines.push(...gauge('kho_last_build_duration_seconds', 'Time of the last build', durationMs / 1000));
      lines.push(...gauge('kho_last_build_success', 'Whether the last build succeeded', Number(isSuccess)));
    }
    return `${lines.join('\n')}\n`;
  }

  #requests(): string[] {
    return [...this.#kinds].flatMap(([kind, { statuses }]) =>
      [...statuses].map(([status, count]) => `kho_http_requests_total{kind="${kind}",status="${status}"} ${count}`),
    );
  }

  #bytes(): string[] {
    return [...this.#kinds].map(([kind, { bytes }]) => `kho_http_response_bytes_total{kind="${kind}"} ${bytes}`);
  }

  #durations(): string[] {
    const name = 'kho_http_request_duration_seconds';
    return [...this.#kinds].flatMap(([kind, { durations, durationSum }]) => {
      let total = 0;
      const buckets = durations.map((count, place) => {
        total += count;
        return `${name}_bucket{kind="${kind}",le="${DURATIONS[place] ?? '+Inf'}"} ${total}`;
      });
      return [...buckets, `${name}_sum{kind="${kind}"} ${durationSum}`, `${name}_count{kind="${kind}"} ${total}`];
    });
  }
}

function bucketLines({ pushedMs, failing }: NonNullable<SiteStatus['bucket']>): string[] {
  const isFailing = [`kho_bucket_failing ${Number(failing !== undefined)}`];
  const pushed = pushedMs === undefined ? [] : [`kho_last_push_timestamp_seconds ${pushedMs / 1000}`];
  return [
    ...family('kho_bucket_failing', 'gauge', 'Whether what is published does not come to its bucket', isFailing),
    ...family('kho_last_push_timestamp_seconds', 'gauge', 'End of the last push to the bucket', pushed),
  ];
}

/** Names in kho.toml need no escapes. */
function upstreamLines(upstreams: NonNullable<SiteStatus['upstreams']>): string[] {
  const of = (upstream: string, more = '') => `{upstream="${upstream}"${more}}`;
  const failing = [...upstreams].map(
    ([name, health]) => `kho_upstream_failing${of(name)} ${Number('failing' in health)}`,
  );
  const questions = [...upstreams].flatMap(([name, { answered, failed }]) => [
    `kho_upstream_questions_total${of(name, ',outcome="answered"')} ${answered}`,
    `kho_upstream_questions_total${of(name, ',outcome="failed"')} ${failed}`,
  ]);
  return [
    ...family('kho_upstream_failing', 'gauge', 'Whether another index does not answer', failing),
    ...family('kho_upstream_questions_total', 'counter', 'Questions to other indexes for pages', questions),
  ];
}

function family(name: string, type: string, help: string, samples: string[]): string[] {
  return samples.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
}
