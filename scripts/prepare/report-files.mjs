/** A reporter of vitest's that writes down what becomes of each file as it happens, in lines of JSON: what a run that is ended leaves is not lost. */
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import process from 'node:process';

export default class FileReporter {
  #tell(line) {
    appendFileSync(process.env.KHO_TEST_PROGRESS, `${JSON.stringify(line)}\n`);
  }

  onTestRunStart(specifications) {
    this.#tell({ all: specifications.map(({ moduleId }) => nameOf(moduleId)) });
  }

  onTestModuleQueued({ moduleId }) {
    this.#tell({ started: nameOf(moduleId), at: Date.now() });
  }

  onTestModuleEnd(module) {
    const { moduleId, children } = module;
    const count = (state) => [...children.allTests(state)].length;
    const failed = count('failed');
    // A file that could not even be loaded, or whose hooks failed, is one failure.
    const isBroken = failed === 0 && module.state() === 'failed';
    const counts = { passed: count('passed'), failed: failed + Number(isBroken), skipped: count('skipped') };
    const faults = [...children.allTests('failed')].map(
      (test) => `${test.fullName}: ${test.result().errors?.[0]?.message}`,
    );
    this.#tell({ ended: nameOf(moduleId), faults, ...counts });
  }
}

function nameOf(moduleId) {
  return relative(process.cwd(), moduleId);
}
