/**
 * Clients that bear interim answers (`100 Continue`) that they did not ask for, each tried: by the first word of their User-Agent. undici, and
 * so the fetch of Node, takes one for a bad response; 102 instead is the final answer to all that stand on Python's http.client (twine,
 * requests, pip); older Go gives up at the sixth. So who is none of these gets none.
 */
const BEARING = new Set([
  'twine',
  'uv',
  'poetry',
  'pdm',
  'hatch',
  'flit',
  'maturin',
  'curl',
  'python-requests',
  'python-httpx',
]);

/** @param userAgent as it came */
export function bearsSigns(userAgent: string | undefined): boolean {
  const [program = ''] = (userAgent ?? '').replace('/', ' ').split(' ', 1);
  return BEARING.has(program.toLowerCase());
}
