/** What `kho help` shows commands under, and an example of each for its own help. In the order in which somebody meets them. */
export const HELP_GROUPS: readonly (readonly [group: string, examples: Readonly<Record<string, string>>])[] = [
  [
    'Publish',
    {
      build: 'kho build /srv/PyPI --out /mnt/usb/www',
      watch: 'kho watch /srv/PyPI',
      serve: 'kho serve /srv/PyPI --host 0.0.0.0 --port 443 --tls-cert cert.pem --tls-key key.pem',
    },
  ],
  [
    'Look into a site',
    {
      list: 'kho list /srv/PyPI',
      show: 'kho show --site /srv/PyPI cffi',
      platforms: 'kho platforms /srv/PyPI',
      check: 'kho check /srv/PyPI',
      status: 'kho status /srv/PyPI',
      audit: 'kho audit /srv/PyPI --fail-on high',
    },
  ],
  [
    'Bring what is missing',
    {
      missing: 'kho missing /srv/PyPI -r requirements.txt --for musl-x86_64',
      fetch: 'kho fetch /srv/PyPI -r requirements.txt --for musl-x86_64',
      mirror: 'kho mirror --site /srv/PyPI --dry-run',
      pull: 'kho pull --site /srv/PyPI --from https://packages.example.org/ -r uv.lock --until 05:00',
      pack: 'kho pack --site /srv/PyPI --for farm-3 -r uv.lock /media/usb',
      unpack: 'kho unpack --site /srv/PyPI /media/usb',
      why: 'kho why --site /srv/PyPI numpy --for musl-x86_64 --python 3.12',
      names: 'kho names --site /srv/PyPI --ask-upstream',
      refresh: 'kho refresh numpy scipy',
      cache: 'kho cache --site /srv/PyPI',
    },
  ],
  [
    'Wheels, in a site or not',
    {
      inspect: 'kho inspect dist/*.whl',
      retag: 'kho retag dist/*linux_x86_64.whl',
    },
  ],
  [
    'Change what is published',
    {
      yank: 'kho yank "farm==1.4" --reason "breaks on Python 3.11"',
      unyank: 'kho unyank "farm==1.4"',
      remove: 'kho remove farm-1.4-py3-none-any.whl --reason "holds a password"',
      restore: 'kho restore farm-1.4-py3-none-any.whl',
      move: 'kho move "farm==1.4" --to release',
      prune: 'kho prune --site /srv/PyPI --apply',
    },
  ],
  [
    'Who may do what, and who did',
    {
      token: "kho token add ci-farm --to glibc --projects 'farm-*'",
      log: 'kho log /srv/PyPI --token ci-farm',
      sign: 'kho sign /srv/PyPI --key ~/.ssh/farm.pub',
    },
  ],
  [
    'Set up',
    {
      init: 'kho init --site /srv/PyPI --url https://packages.example.org glibc musl common',
      config: 'kho config nginx /srv/PyPI',
      doctor: 'kho doctor https://packages.example.org',
    },
  ],
];
