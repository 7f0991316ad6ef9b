/** What commands about requirements have in common: what is wanted, and with which Python. */
import { collect } from './collect.ts';

export const REQUIREMENT_OPTION = [
  '-r, --requirement <file>',
  'requirements.txt, pylock.toml, poetry.lock, uv.lock, pdm.lock or Pipfile.lock; may be given again',
  collect,
] as const;

export const NEED_OPTION = [
  '--need <requirement>',
  'one requirement, like "numpy>=2"; may be given again',
  collect,
] as const;

export const MACHINES_OPTION = [
  '--for <platform>',
  'for these machines, like musl-x86_64 or armhf; those of the repository when left out',
  collect,
] as const;

export const PYTHON_OPTION = [
  '--python <version>',
  'with this Python, like 3.11; may be given again',
  collect,
] as const;
