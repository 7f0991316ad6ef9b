import type { Break } from './break.ts';

const CARRIER = 'src/carrier/carrier.test.ts';
const HOSTILE = 'src/carrier/hostile-carrier.test.ts';
const PACK = { file: 'src/carrier/pack.ts', test: CARRIER };
const DISK = { file: 'src/carrier/carrier-disk.ts', test: HOSTILE };
const STATE = { file: 'src/carrier/carried-state.ts', test: CARRIER };

export const CARRIER_BREAKS: readonly Break[] = [
  {
    ...PACK,
    what: 'what is on a disk counts without a look at it',
    find: 'if ((await hashOfObject(disk, object)) !== object.sha256) continue;',
    replace: '',
  },
  {
    ...PACK,
    what: 'what no head needs stays on the disk',
    find: 'if (!needed.has(each)) disk.removeObject(each);',
    replace: 'void each;',
  },
  {
    ...PACK,
    what: 'what other farms need goes from the disk',
    find: '...others.flatMap((each) => readCarried(disk, each))',
    replace: '',
  },
  {
    ...PACK,
    test: 'test/beside/killed-carrier.test.ts',
    what: 'the head comes before the files',
    find: '  const placed = await placeObjects(wanted, result, run);',
    replace:
      '  for (const disk of disks) disk.write(edge, EDGE_FILES.head, state.text);\n  const placed = await placeObjects(wanted, result, run);',
  },
  {
    ...PACK,
    test: HOSTILE,
    what: 'what another site has counts as what the edge has',
    find: 'known?.site === head.site && known.repository === head.repository ? new Set(known.has) : new Set()',
    replace: 'new Set(known?.has)',
  },
  {
    ...DISK,
    what: 'a disk may lead elsewhere',
    find: "if (look(this.folder)?.isSymbolicLink()) throw unreadable(this.folder, 'it is a link, which may lead anywhere');",
    replace: '',
  },
  {
    ...DISK,
    what: 'small files may be of any size',
    find: 'if (bytes && bytes.length > mostBytes)',
    replace: 'if (bytes && bytes.length < 0)',
  },
  {
    ...STATE,
    what: 'an older disk takes back what is known',
    find: '!isSame || allowOlder || found.head.counter >= known.head.counter',
    replace: '!isSame || found.head.counter > 0',
  },
];
