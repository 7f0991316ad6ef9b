/** Every version of what the tests run that does not come from npm. */

/**
 * Python environments, each a folder of the cache. `python` is the range that works, tried in that order:
 * old pips break on newer Pythons, and the corpus holds binary wheels for 3.11 to 3.13.
 * What the packages need in turn is pinned in constraints.txt, where `constraints` says so; PDM pins its own.
 */
export const VENVS = [
  {
    name: 'oracle',
    python: ['3.11', '3.12', '3.13', '3.14'],
    constraints: true,
    packages: [
      ...['pip==26.3', 'packaging==26.3', 'pypi-simple==1.8.0', 'html5lib==1.1'],
      ...['feedparser==6.0.14', 'readme_renderer[md]==46.0'],
    ],
  },
  {
    name: 'auditwheel',
    python: ['3.11', '3.12', '3.13', '3.14'],
    packages: ['auditwheel==6.8.2', 'pyelftools==0.33', 'packaging==26.3'],
  },
  { name: 'twine', python: ['3.11', '3.12', '3.13', '3.14'], packages: ['twine==7.0.0'], constraints: true },
  { name: 'pip-latest', python: ['3.11', '3.12', '3.13', '3.14'], packages: ['pip==26.3'] },
  { name: 'uv', python: ['3.11', '3.12', '3.13', '3.14'], packages: ['uv==0.13.9'] },
  { name: 'poetry', python: ['3.11', '3.12', '3.13', '3.14'], packages: ['poetry==2.5.1'], constraints: true },
  // The last that wrote locks without groups and markers.
  { name: 'poetry-1', python: ['3.11', '3.12'], packages: ['poetry==1.8.5'] },
  { name: 'pipenv', python: ['3.11', '3.12', '3.13', '3.14'], packages: ['pipenv==2026.10.3'], constraints: true },
  { name: 'pdm', python: ['3.11', '3.12', '3.13', '3.14'], packages: ['pdm[locked]==2.29.3'] },
  {
    name: 'uploaders',
    python: ['3.11', '3.12', '3.13', '3.14'],
    constraints: true,
    packages: [
      ...['flit==4.2.0', 'flit_core==4.2.0', 'hatch==1.18.2', 'hatchling==1.33.0', 'maturin==1.16.0', 'uv==0.13.9'],
      ...['distro==1.9.0', 'hyperlink==21.0.0', 'pathspec==1.1.1', 'pexpect==4.9.0', 'pluggy==1.7.0'],
      ...['ptyprocess==0.7.0', 'tomli_w==1.2.0'],
    ],
  },
  { name: 'pipx', python: ['3.11', '3.12', '3.13', '3.14'], packages: ['pipx==1.18.4'] },
  { name: 'dumb-pypi', python: ['3.11', '3.12', '3.13', '3.14'], packages: ['dumb-pypi==1.15.0'], constraints: true },
  { name: 'pip-22.3.1', python: ['3.11', '3.10', '3.9', '3.8', '3.7'], packages: ['pip==22.3.1'] },
  { name: 'pip-20.3.4', python: ['3.9', '3.8', '3.7', '3.6', '3.10'], packages: ['pip==20.3.4'] },
  // A store of buckets, with all that it needs.
  {
    name: 'moto',
    python: ['3.11', '3.12', '3.13', '3.14'],
    packages: [
      ...['moto==5.2.5', 'blinker==1.9.0', 'boto3==1.44.8', 'botocore==1.44.8', 'certifi==2026.10.18', 'cffi==2.1.1'],
      ...['charset-normalizer==3.5.2', 'click==8.5.1', 'cryptography==50.0.2', 'Flask==3.1.3', 'flask-cors==6.0.5'],
      ...['idna==3.20', 'itsdangerous==2.2.0', 'Jinja2==3.1.6', 'jmespath==1.1.0', 'MarkupSafe==3.0.4'],
      ...['py-partiql-parser==0.6.3', 'pycparser==3.12', 'python-dateutil==2.9.0.post0', 'PyYAML==6.0.4'],
      ...['requests==2.34.2', 'responses==0.26.3', 's3transfer==0.19.3', 'six==1.17.0', 'urllib3==2.8.0'],
      ...['Werkzeug==3.1.9', 'xmltodict==1.0.4'],
    ],
  },
  {
    name: 'pip-9.0.3',
    python: ['3.6', '3.7', '3.8', '3.9'],
    packages: ['pip==9.0.3'],
    without: 'its recorded requests are replayed instead',
  },
];

/** Programs, and the Debian packages that bring them. */
export const PROGRAMS = [
  { program: 'nginx', debian: 'nginx' },
  { program: 'apache2', debian: 'apache2-bin' },
  { program: 'openssl', debian: 'openssl' },
  { program: 'systemd-analyze', debian: 'systemd' },
  { program: 'sshd', debian: 'openssh-server' },
  { program: 'strace', debian: 'strace' },
  { program: 'mkfs.exfat', debian: 'exfatprogs' },
  { program: 'mount.exfat-fuse', debian: 'exfat-fuse' },
  { program: 'ssh', debian: 'openssh-client' },
  { program: 'rsync', debian: 'rsync' },
  { program: 'lftp', debian: 'lftp' },
  { program: 'curl', debian: 'curl' },
  { program: 'chromium', debian: 'chromium' },
  { program: 'java', debian: 'default-jre-headless' },
  // Compilers for the machines that wheels are built for, each with the headers of its libc, and what runs ARM programs here.
  { program: 'gcc', debian: ['gcc', 'libc6-dev'] },
  { program: 'make', debian: 'make' },
  { program: 'musl-gcc', debian: 'musl-tools' },
  { program: 'arm-linux-gnueabihf-gcc', debian: ['gcc-arm-linux-gnueabihf', 'libc6-dev-armhf-cross'] },
  { program: 'arm-linux-gnueabi-gcc', debian: ['gcc-arm-linux-gnueabi', 'libc6-dev-armel-cross'] },
  { program: 'qemu-arm-static', debian: 'qemu-user-static' },
];

/** Programs that are not installed but unpacked, from a suite of Debian, with those libraries that this machine's may be too old for. */
export const FOLDERS = [
  { name: 'caddy', suite: 'bookworm', packages: ['caddy'] },
  { name: 'nginx-brotli', suite: 'bookworm', packages: ['libnginx-mod-http-brotli-static'] },
  {
    name: 'nginx-1.26',
    suite: 'trixie',
    packages: ['nginx', 'libc6', 'libcrypt1', 'libpcre2-8-0', 'libssl3t64', 'zlib1g', 'libzstd1'],
  },
  // Two boards: the older one has glibc 2.31, the newer one 2.36.
  {
    name: 'armhf-debian-11',
    suite: 'bullseye',
    architecture: 'armhf',
    packages: [...armPython('3.9'), 'libffi7', 'libssl1.1', 'python3-distutils'],
  },
  {
    name: 'armhf-debian-12',
    suite: 'bookworm',
    architecture: 'armhf',
    packages: [...armPython('3.11'), 'libffi8', 'libssl3', 'libpython3.11-dev'],
  },
  // The oldest Node of Debian that runs kho, as a board has it.
  {
    name: 'armhf-node',
    suite: 'trixie',
    architecture: 'armhf',
    packages: [
      ...[
        'nodejs',
        'libnode115',
        'node-acorn',
        'node-busboy',
        'node-cjs-module-lexer',
        'node-minimatch',
        'node-undici',
      ],
      ...['libc6', 'libgcc-s1', 'libstdc++6', 'libatomic1', 'libbrotli1', 'libcares2', 'libicu76', 'libnghttp2-14'],
      ...['libssl3t64', 'libuv1t64', 'libzstd1', 'zlib1g'],
    ],
  },
  // The newest musl that knows no packed relocations (DT_RELR), and one that does.
  { name: 'musl-1.2.3', suite: 'bookworm', packages: ['musl'] },
  { name: 'musl-1.2.5', suite: 'trixie', packages: ['musl'] },
  { name: 'python-headers', suite: 'bookworm', packages: ['libpython3.11-dev'] },
];

/** A Python with the modules that pip imports, and the libraries these need on every Debian. */
function armPython(version) {
  const python = [`python${version}-minimal`, `libpython${version}-minimal`, `libpython${version}-stdlib`];
  const libraries = ['libc6', 'libgcc-s1', 'libbz2-1.0', 'libcrypt1', 'libexpat1', 'liblzma5', 'libuuid1', 'zlib1g'];
  return [...python, ...libraries];
}

/** Programs that are built of Go modules: a store of buckets, which keeps its promises when many write at once. */
export const GO_PROGRAMS = [
  { name: 'versitygw', module: 'github.com/versity/versitygw/cmd/versitygw', version: 'v1.8.0' },
];

/** Source code that a Python for musl is built from, as no Debian has one. */
export const MUSL_PYTHON = { suite: 'bookworm', packages: ['python3.11', 'zlib'], version: '3.11' };

/**
 * Machines beside this one that clients run on, each a Python environment with pip. `root` and its `python` lie in the cache; with
 * `emulated`, QEMU runs them. test/support/machine.ts knows them by the same names.
 */
export const MACHINES = [
  {
    name: 'armhf-debian-11',
    emulated: true,
    root: 'debian/armhf-debian-11',
    python: 'usr/bin/python3.9',
    pip: 'pip==25.3', // the last one for its Python
  },
  {
    name: 'armhf-debian-12',
    emulated: true,
    root: 'debian/armhf-debian-12',
    python: 'usr/bin/python3.11',
    pip: 'pip==26.3',
  },
  { name: 'musl', emulated: false, root: 'musl-python', python: 'bin/python3.11', pip: 'pip==26.3' },
];

/**
 * Each in a folder of its own, called like it where nothing else is said. The validator of HTML would fetch a Java of its own when it is installed
 * as npm packages are; Debian's will do. And every Node.js that kho says it runs on.
 */
export const NPM_TOOLS = [
  { name: 'vnu-jar', version: '26.9.27' },
  { name: `node-linux-${process.arch}`, version: '20.20.2', folder: 'node-20' },
  { name: `node-linux-${process.arch}`, version: '22.23.3', folder: 'node-22' },
  { name: `node-linux-${process.arch}`, version: '24.21.0', folder: 'node-24' },
];
