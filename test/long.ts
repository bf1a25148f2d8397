import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Whose long tests are run: subjects with commas between them; all where nothing is said. `npm test` names those that differ from the
 * branch main (scripts/test.mjs).
 */
const SUBJECTS = process.env.LOS_LONG?.split(',');

/** What a file of tests leaves out where its subject is as it was. */
export interface Long {
  /** Like `it`, of a test that takes more than about a second of processor time and has a shorter one beside it. */
  readonly long: (title: string, test: Mocha.AsyncFunc | Mocha.Func) => void;
  /** Of many that are tested alike, those that are: all, or the first `count`. */
  few<T>(all: readonly T[], count?: number): readonly T[];
}

/**
 * Tests of a subject that are worth their time where that subject has changed, and on the build server.
 * @param url the file's `import.meta.url`
 * @example
 * const { long, few } = longTests(import.meta.url);
 */
export function longTests(url: string): Long {
  const all = SUBJECTS === undefined || SUBJECTS.includes(subjectOf(fileURLToPath(url)));
  return {
    long: (title, test) => void (all && it(title, test as Mocha.Func)),
    few: (each, count = 1) => (all ? each : each.slice(0, count)),
  };
}

/** The folder of the file below dist/test/, as `beds` of deploy/beds/forecast.test.js, or the file's name where that is all there is. */
function subjectOf(file: string): string {
  const [layer, ...rest] = relative(dirname(fileURLToPath(import.meta.url)), file).split(/[\\/]/);
  return rest.length > 1 ? rest[0]! : (rest[0] ?? layer!).replace('.test.js', '');
}
