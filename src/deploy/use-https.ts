/** Told to whoever uploads over plain http, in the place of a redirect, which clients follow in ways of their own, and some not at all. */
export function useHttps(host: string): string {
  return `Upload to https://${host}/: a token that is sent over plain http can be read by others. Make a new token, since this one was sent unprotected`;
}
