/** What is said at the edge of what is no file, in words for people. */
export const REFUSALS = {
  301: 'It is at another address',
  400: 'This is no path',
  404: 'Nothing is published here',
  405: 'What is published here can be read, and nothing else',
  406: 'This page can be had as JSON or HTML of the simple API',
} as const;
