/** What a web server says in the place of `kho serve`, while that does not answer: 503, which clients ask again after, by themselves. */
export const KHO_IS_DOWN = 'kho serve does not answer at the moment';

/** A service is started again within seconds. */
export const RETRY_SECONDS = 10;
