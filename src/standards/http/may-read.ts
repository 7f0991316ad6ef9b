/**
 * How a web server that sends a site's files asks kho, before it does, whether whoever asks it may read one: nginx by `auth_request`, Caddy by
 * `forward_auth`. What `kho config` writes, and what `kho serve` answers.
 */

/** No folder of a site has such a name, and no server of files shows one. */
export const MAY_READ_TARGET = '/.kho/may-read';

/**
 * The path of the file that would be sent, from the site's root: not what the client wrote, but what the server made of it, percent-decoded.
 * Two programs that read `..%2f` in two ways would else open a door.
 */
export const READ_PATH_HEADER = 'X-Kho-Path';

/** Of the answer that lets somebody in: `yes` where what is read is not for everybody. */
export const PRIVATE_HEADER = 'X-Kho-Private';
