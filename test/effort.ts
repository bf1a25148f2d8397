import { appendFileSync, readFileSync } from 'node:fs';

/** A second has so many of the units in which Linux counts processor time in /proc. */
const TICKS = 100;

/** Processor time of this process with all its threads, and of children that have ended (where there is /proc), in seconds. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1e6;
  if (process.platform !== 'linux') return own;
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return own + (Number(fields[13]) + Number(fields[14])) / TICKS;
}

let began = 0;

/** Writes what a file of tests takes, as a line of JSON, into the file that LOS_EFFORT names (scripts/test.mjs). */
export const mochaHooks = {
  beforeAll(): void {
    began = processorSeconds();
  },
  afterAll(this: Mocha.Context): void {
    const { LOS_EFFORT } = process.env;
    const file = this.test?.parent?.suites.find((suite) => suite.file)?.file;
    if (LOS_EFFORT && file)
      appendFileSync(LOS_EFFORT, `${JSON.stringify({ file, seconds: processorSeconds() - began })}\n`);
  },
};
