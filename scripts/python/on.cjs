// Started on a Node.js that may be too old for kho.cjs, so written as old ones read it too.
'use strict';

const NEEDED = [20, 19];
const found = process.versions.node.split('.').map(Number);

if (found[0] < NEEDED[0] || (found[0] === NEEDED[0] && found[1] < NEEDED[1])) {
  const needed = NEEDED.join('.');
  process.stderr.write(
    `kho: Cannot run on Node.js ${process.versions.node} (${process.execPath})\n\n` +
      `hint: install Node.js ${needed} or later, for example from https://nodejs.org/en/download\n`,
  );
  process.exitCode = 2;
} else {
  require('./kho.cjs');
}
