import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../deploy/errors.js';
import { projectRoot } from '../deploy/project.js';
import type { Control } from './hazards.js';

/** Result of a control's test: passed, failed, or that it is none, or none that runs. */
export type Outcome = 'passed' | 'failed' | 'not there';

/** A test as mocha's reporter of JSON writes it. */
interface Reported {
  readonly title: string;
  readonly file: string;
}

/**
 * Runs the tests of controls with the installation's own code.
 * @param isDry only to list them, as passed
 * @returns outcomes by file and title
 * @throws UserError where the tests or their runner are not installed: a package has none, a checkout does
 */
export function runTests(controls: readonly Control[], isDry = false): ReadonlyMap<string, Outcome> {
  const files = [...new Set(controls.map(({ test }) => pathOf(test)))];
  const mocha = join(projectRoot, 'node_modules/mocha/bin/mocha.js');
  if (![mocha, ...files].every((file) => existsSync(file)))
    throw new UserError('The tests of the controls are not installed here.', {
      next: `Run los safety --tests in a checkout of this release, after npm run setup -- --dev.`,
    });
  const folder = mkdtempSync(join(tmpdir(), 'los-tests-'));
  try {
    const output = join(folder, 'tests.json');
    const titles = [...new Set(controls.map(({ title }) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))];
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...['--enable-source-maps', mocha, '--no-config', '--exit', '--timeout', '900000'],
        ...['--reporter', 'json', '--reporter-option', `output=${output}`],
        ...['--grep', `(${titles.join('|')})$`, ...(isDry ? ['--dry-run'] : []), ...files],
      ],
      { cwd: projectRoot, encoding: 'utf8' },
    );
    if (!existsSync(output))
      throw new UserError(`The tests of the controls did not run (status ${status}): ${stderr}`, {
        next: 'Run npm run build, then los safety --tests again.',
      });
    const { passes, failures } = JSON.parse(readFileSync(output, 'utf8'));
    const isIn = (reported: readonly Reported[], { test, title }: Control) =>
      reported.some((one) => one.title === title && one.file === pathOf(test));
    return new Map(
      controls.map((control) => {
        const failed = isIn(failures, control) ? 'failed' : 'not there';
        return [keyOf(control), isIn(passes, control) ? 'passed' : failed];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Key of a control's test among outcomes. */
export function keyOf({ test, title }: Control): string {
  return `${test}: ${title}`;
}

function pathOf(test: string): string {
  return join(projectRoot, 'dist', test.replace(/\.ts$/, '.js'));
}
