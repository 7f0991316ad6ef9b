/**
 * What goes with 401: that a name and a password are asked for, or a token as both. Names and values in turn, as node:http writes them.
 *
 * Source: RFC 7617, section 2.
 */
export const CHALLENGE = ['WWW-Authenticate', 'Basic realm="kho", charset="UTF-8"'] as const;
