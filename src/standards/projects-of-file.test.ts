import { expect, test } from 'vitest';
import { projectsOfFile } from './projects-of-file.ts';

test.each([
  ['Foo_Bar-1.0-py3-none-any.whl', ['foo-bar']],
  ['foo_bar-1.0.tar.gz', ['foo-bar']],
  ['foo-bar-1.0.zip', ['foo-bar', 'foo']],
  ['foo-1.0-1.tar.gz', ['foo', 'foo-1-0']],
])('projectsOfFile() reads %s, the likely one first', (filename, projects) => {
  expect(projectsOfFile(filename)).toEqual(projects);
});

test.each(['foo.tar.gz', 'foo-1.0.egg', 'foo-1.0.whl'])('projectsOfFile() refuses %s', (filename) => {
  expect(() => projectsOfFile(filename)).toThrow('is no ');
});
