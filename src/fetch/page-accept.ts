/** Pages of other indexes are asked for in JSON, which tells more: sizes, times, the status. HTML is better than nothing. */
export const PAGE_ACCEPT =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.2, text/html; q=0.1';
