/** Clients that take all they can get, as a process of its own: `node greedy-client.mjs KIND URL PATH`. Runs until it is killed. */
import { connect } from 'node:net';

const [kind, url, path] = process.argv.slice(2);
const { hostname, port } = new URL(url);
const head = (method, more = '') => `${method} ${path} HTTP/1.1\r\nHost: ${hostname}\r\n${more}\r\n`;

function open(onConnect) {
  const socket = connect(Number(port), hostname, () => onConnect(socket));
  socket.on('error', () => {});
  return socket;
}

/** Writes as fast as the server takes it. */
function pour(socket, text) {
  const bytes = Buffer.from(text.repeat(Math.ceil(256_000 / text.length)));
  const more = () => {
    while (!socket.destroyed && socket.write(bytes));
    socket.once('drain', more);
  };
  more();
}

/** One request after the other, each on a connection of its own or after the answer before. */
function askOn(text) {
  open((socket) => {
    socket.on('data', () => socket.write(text()));
    socket.write(text());
  }).on('close', () => setTimeout(() => askOn(text), 1));
}

const KINDS = {
  heads: () => open((socket) => pour(socket.resume(), head('HEAD'))),
  'heads that nobody reads': () => open((socket) => pour(socket.pause(), head('HEAD'))),
  gets: () => open((socket) => pour(socket.resume(), head('GET'))),
  'gets that nobody reads': () => open((socket) => pour(socket.pause(), head('GET'))),
  'not modified': () => open((socket) => pour(socket.resume(), head('GET', 'If-None-Match: *\r\n'))),
  'connections that pipeline': () => {
    for (let count = 0; count < 100; count++) open((socket) => pour(socket.resume(), head('HEAD')));
  },
  'connections that come again': () => {
    const again = () =>
      open((socket) => {
        socket.write(head('GET').repeat(1500));
        setTimeout(() => socket.destroy(), 20);
      }).on('close', again);
    again();
  },
  'silent sockets': () => {
    for (let count = 0; count < 5000; count++) open(() => {});
  },
  'slow headers': () => {
    for (let count = 0; count < 5000; count++) {
      open((socket) => {
        socket.write('GET / HTTP/1.1\r\nX: ');
        setInterval(() => socket.write('x'), 1000);
      });
    }
  },
  'slow readers': () => {
    for (let count = 0; count < 1000; count++) open((socket) => socket.pause().write(head('GET')));
  },
  hosts: () => {
    let count = 0;
    const text = () => {
      const host = `${String(count++).padStart(9, '0')}${'a'.repeat(240)}`;
      return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: application/vnd.pypi.simple.v1+json\r\n\r\n`;
    };
    askOn(text);
  },
  spellings: () => {
    let count = 0;
    const text = () => {
      const bits = (count++).toString(2).padStart(20, '0');
      const last = Array.from(path.replace(/\/$/, '').slice(-20), (character, place) =>
        bits[place] === '1' ? `%${character.charCodeAt(0).toString(16)}` : character,
      ).join('');
      const spelled = `${path.replace(/\/$/, '').slice(0, -20)}${last}/`;
      return `GET ${spelled} HTTP/1.1\r\nHost: a.example\r\nAccept: application/vnd.pypi.simple.v1+json\r\n\r\n`;
    };
    askOn(text);
  },
  'blanks in a range': () => askOn(() => head('GET', `Range: bytes=${' '.repeat(15_000)}x\r\n`)),
};

KINDS[kind]();
