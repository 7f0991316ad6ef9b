import { expect } from 'vitest';
import { ask } from './ask.ts';
import { type ContractCheck, mediaType } from './check.ts';

export const HEALTH_CHECKS: ContractCheck[] = [
  {
    name: '/healthz says that it lives',
    needs: 'health',
    async run(server) {
      const answer = await ask(server, '/healthz');
      expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([200, 'ok\n', 'no-store']);
    },
  },
  {
    name: '/metrics counts requests, as Prometheus reads them',
    needs: 'health',
    async run(server) {
      const count = async () => {
        const answer = await ask(server, '/metrics');
        expect([answer.status, mediaType(answer.headers['content-type'])]).toEqual([200, 'text/plain']);
        for (const line of answer.text.trimEnd().split('\n')) {
          expect(line).toMatch(
            /^(?:# (?:HELP|TYPE) kho_\w+ .+|kho_\w+(?:\{\w+="[^"]*"(?:,\w+="[^"]*")*\})? [\d.e+-]+)$/,
          );
        }
        const [, found] = /^kho_http_requests_total\{kind="simple",status="404"\} (\d+)$/m.exec(answer.text) ?? [];
        return Number(found ?? 0);
      };
      const before = await count();
      await ask(server, '/glibc/simple/unknown/');
      expect(await count()).toBe(before + 1);
    },
  },
];
