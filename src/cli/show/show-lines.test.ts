import { expect, test } from 'vitest';
import { parseMetadata } from '../../standards/metadata.ts';
import { normalizeName } from '../../standards/name.ts';
import { paint } from '../text.ts';
import { fileLines, projectLines } from './show-lines.ts';

const FILENAME = 'foo-1.0-py2.py3-none-any.whl';
const metadata = parseMetadata(
  Buffer.from(
    'Metadata-Version: 2.1\nName: Foo\nVersion: 1.0\nSummary: a\u001b[2Jb\nRequires-Dist: x\nRequires-Dist: y>1\n\nLong text\n',
  ),
);

test('fileLines() shows what is in a package, and what its index says', () => {
  const lines = fileLines({
    path: `/srv/glibc/packages/${FILENAME}`,
    filename: FILENAME,
    inSite: `glibc/packages/${FILENAME}`,
    size: 12_345,
    sha256: 'ab12',
    origin: {
      ...{ filename: FILENAME, sha256: 'ab12', project: 'foo', index: 'https://index.example/simple/' },
      fetched: '2026-01-01T00:00:00.000Z',
    },
    package: {
      kind: 'wheel',
      project: 'foo',
      version: '1.0',
      tags: ['py2-none-any', 'py3-none-any'],
      metadata,
      members: [
        { path: 'foo', size: 0, kind: 'folder' },
        { path: 'foo/__init__.py', size: 1500, kind: 'file' },
        { path: 'foo/evil\u0007', size: 3, kind: 'link' },
      ],
      doubts: [],
    },
    listedIn: ['glibc', 'all'].map((repository) => ({
      repository,
      uploadTime: '2026-01-02T03:04:05.000Z',
      yanked: '',
      signed: true,
      provenance: true,
    })),
    problems: [{ code: 'replaced', file: `glibc/packages/${FILENAME}`, what: 'holds other bytes', hint: 'take care' }],
  });
  expect(paint(lines, false)).toBe(
    `foo-1.0-py2.py3-none-any.whl
  path        /srv/glibc/packages/foo-1.0-py2.py3-none-any.whl
  size        12 kB (12,345 bytes)
  sha256      ab12
  origin      https://index.example/simple/, fetched 2026-01-01T00:00:00.000Z
  kind        wheel
  project     foo
  tag         py2-none-any
              py3-none-any
  listed in   glibc, all
  uploaded    2026-01-02T03:04:05.000Z
  yanked      without a reason
  signature   foo-1.0-py2.py3-none-any.whl.asc
  provenance  foo-1.0-py2.py3-none-any.whl.provenance

Problems and notes
  glibc/packages/foo-1.0-py2.py3-none-any.whl
      holds other bytes [replaced]
      hint: take care

Metadata
  metadata version  2.1
  name              Foo
  version           1.0
  summary           a\\x1b[2Jb
  description       10 characters
  requires dist     x
                    y>1

2 members, 1.5 kB unpacked
  1,500  foo/__init__.py
   link  foo/evil\\x07
`,
  );
});

test('fileLines() shows what is known of a file that is no package, outside of any site', () => {
  const lines = fileLines({
    path: '/tmp/README',
    filename: 'README',
    size: 7,
    sha256: 'ab',
    listedIn: [],
    problems: [],
  });
  expect(paint(lines, false)).toBe('README\n  path    /tmp/README\n  size    7 bytes\n  sha256  ab\n');
});

test('projectLines() shows releases with their files, and the metadata of the latest', () => {
  const file = {
    filename: 'foo-1.0.tar.gz',
    kind: 'sdist' as const,
    repository: 'glibc',
    path: 'foo-1.0.tar.gz',
    name: 'Foo',
    version: '1.0',
    sha256: 'ab',
    size: 1500,
    uploadedMs: Date.UTC(2026, 0, 2),
    signed: false,
    provenance: false,
  };
  const wheel = {
    ...file,
    filename: FILENAME,
    kind: 'wheel' as const,
    requiresPython: '>=3.8',
    signed: true,
    yanked: 'broken',
  };
  const lines = projectLines(['glibc', 'all'], {
    repository: 'glibc',
    project: {
      name: normalizeName('foo'),
      displayName: 'Foo',
      status: 'archived',
      statusReason: 'use bar',
      releases: [{ version: '1.0', files: [wheel, file] }],
    },
    metadata: { ...metadata, requiresDist: [] },
  });
  expect(paint(lines, false)).toBe(
    `Foo in glibc, all  archived: use bar

  1.0
    foo-1.0-py2.py3-none-any.whl  1.5 kB  2026-01-02  Python >=3.8, signed  yanked: broken
    foo-1.0.tar.gz                1.5 kB  2026-01-02

Metadata of 1.0
  metadata version  2.1
  name              Foo
  version           1.0
  summary           a\\x1b[2Jb
  description       10 characters
`,
  );
});
