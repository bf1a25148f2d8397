// Runs a part of the tests with mocha, three files at a time, as some wait: node scripts/test.mjs PART… [-- MOCHA OPTIONS]
//
//   product    what is tested of the product, but for its journeys
//   journeys   the long ways: a month among faults, kills, many promotions, whole demos (test/journeys), and attacks (test/security)
//   ground     the local cloud's own tests (test/local)
//   smoke      a few of them
//   untested   ground if it differs from what has passed before (.ci/ground), else smoke; says which, and why
//   changed    ground if local/ or test/local differs from the branch main, else smoke; and of the product's long tests (test/long.ts)
//              those of subjects that differ; says which, and why
//   checks     lint and types, looked at while the tests run; what they say comes after them
//
// One file, whichever it is: npm run test:one -- test/udfs/encoding/encoding.test.ts
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { GROUND, hasPassed, recordPass } from './ground.mjs';
import { hasTurn, unknownTurns } from './turns.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const compiled = join(root, 'dist', 'test');
/** One of each of the ground's services, as a client sees it. */
const SMOKE =
  /^local\/(cloud\/(control|mail\/mailbox)|aws\/sts\/|aws\/s3\/|aws\/iam\/|snowflake\/protocol\/queries|snowflake\/tasks\/tasks)/;

const all = readdirSync(compiled, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.test.js') && !name.startsWith('conformance/'))
  .sort();
const parts = {
  product: (name) => !/^(local|journeys|security)\//.test(name),
  journeys: (name) => /^(journeys|security)\//.test(name),
  ground: (name) => name.startsWith('local/'),
  smoke: (name) => SMOKE.test(name),
};

/** Output of git; undefined where it fails: no repository, no such branch. */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** @returns the files that differ from main, and main's name; undefined where that is unknown */
function changedFiles() {
  const main = ['origin/main', 'main', 'origin/HEAD'].find((name) =>
    git('rev-parse', '--verify', '-q', name),
  );
  const base = main && git('merge-base', main, 'HEAD');
  if (!base) return undefined;
  const lists = [git('diff', '--name-only', base), git('ls-files', '--others', '--exclude-standard')];
  return { main, changed: lists.filter(Boolean).flatMap((list) => list.split('\n')) };
}

/** True if the ground is to be tested: where it differs from main, or where that is unknown. Sets which long tests are. */
function changedPart() {
  const files = changedFiles();
  if (!files) {
    console.log(
      'All of the local cloud’s own tests and all long ones: there is no branch main to compare with.',
    );
    return 'ground';
  }
  const { main, changed } = files;
  const ground = changed.find((file) => GROUND.some((path) => file === path || file.startsWith(`${path}/`)));
  console.log(
    ground
      ? `The local cloud’s own tests: all (${ground} differs from ${main}).`
      : `The local cloud’s own tests: a few (it is that of ${main}; npm run test:ground runs all of them).`,
  );
  const subjects = subjectsOf(changed);
  process.env.LOS_LONG = subjects.join(',');
  console.log(
    `Long tests: ${subjects.length > 0 ? `those of ${subjects.join(', ')}, which differ` : 'none, as no subject differs'} from ${main} (npm run test:product runs all).`,
  );
  return ground ? 'ground' : 'smoke';
}

/** True if the ground is to be tested without a branch to compare with, as on a build server: not where it has passed before. */
function untestedPart() {
  const passed = hasPassed();
  console.log(
    passed
      ? 'The local cloud’s own tests: a few (all of them have passed with these files: .ci/ground).'
      : 'The local cloud’s own tests: all (.ci/ground is not of these files; npm run test:ground writes it).',
  );
  return passed ? 'smoke' : 'ground';
}

/** Folders of tests whose name stands in the name of a file that has changed: `beds` of procedures/beds/notes.ts and tasks/forecast-beds.sql. */
function subjectsOf(changed) {
  const words = (name) => name.split(/[^A-Za-z0-9]+/);
  const subjects = [
    ...new Set(all.filter(parts.product).map((name) => name.split('/')[1].replace('.test.js', ''))),
  ];
  return subjects.filter((subject) =>
    changed.some((file) => words(subject).every((word) => words(file).includes(word))),
  );
}

/**
 * Files that open a cloud take longest and come first, those with the most tests in front, so that the end does not wait
 * for one; the very first makes the state that others copy (test/deploy/golden.ts), while the other processes have
 * something else to do.
 */
function inOrder(files) {
  const source = (name) => readFileSync(join(compiled, name), 'utf8');
  const names = [...files].sort((a, b) => source(b).length - source(a).length);
  const copies = names.filter((name) => /(Cloud|localCloud)\([^)]*['"]trained['"]/.test(source(name)));
  const others = names.filter((name) => !copies.includes(name));
  const opens = others.filter((name) => /embedded-cloud\.js|local-context\.js|ward\.js/.test(source(name)));
  const rest = others.filter((name) => !opens.includes(name));
  return [...copies.slice(0, 1), ...opens, ...copies.slice(1), ...rest];
}

const dashes = process.argv.indexOf('--');
const wanted = process.argv.slice(2, dashes < 0 ? undefined : dashes);
const options = dashes < 0 ? [] : process.argv.slice(dashes + 1);
const CHECKS = wanted.includes('checks') ? ['lint', 'typecheck'] : [];
const chosen = wanted
  .filter((part) => part !== 'checks')
  .map((part) => ({ changed: changedPart, untested: untestedPart })[part]?.() ?? part);
const unknown = chosen.find((part) => !(part in parts));
if (unknown !== undefined || chosen.length === 0) {
  console.error(
    `Name one or more of ${Object.keys(parts).join(', ')}, changed, untested, checks, not ${unknown ?? 'none'}.`,
  );
  process.exit(1);
}
const gone = unknownTurns(all);
if (gone.length > 0) {
  console.error(`scripts/turns.mjs names journeys that there are not: ${gone.join(', ')}.`);
  process.exit(1);
}
const asked = all.filter((name) => chosen.some((part) => parts[part](name)));
const left = asked.filter((name) => !hasTurn(name));
if (left.length > 0) console.log(`Left to other commits: ${left.join(', ')}.`);
const files = inOrder(asked.filter(hasTurn));
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
if (!existsSync(mocha)) {
  console.error('mocha is not installed: npm run setup -- --dev');
  process.exit(1);
}
const paths = files.map((name) => relative(root, join(compiled, name)));

/** Runs an npm script beside the tests. @returns whether it failed, and what it said */
async function check(script) {
  const child = spawn('npm', ['run', '-s', script], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complained, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { script, failed: code !== 0, said: said + complained };
}

/** Prints what took most of the processor. What another process does that outlives its file is not in it. */
function showEffort(file) {
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const sum = lines.reduce((total, { seconds }) => total + seconds, 0);
  const dearest = lines
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, 15)
    .map(({ file, seconds }) => `${seconds.toFixed(0).padStart(6)} s  ${relative(compiled, file)}`);
  console.log(
    `\nThe tests took ${sum.toFixed(0)} s of the processor, most of them these:\n${dearest.join('\n')}`,
  );
}

const checks = CHECKS.map(check);
const effort = mkdtempSync(join(tmpdir(), 'los-effort-'));
process.env.LOS_EFFORT = join(effort, 'files');
const counting = ['--require', join(compiled, 'effort.js')];
const tests = spawn(process.execPath, [mocha, ...counting, ...options, ...paths], {
  cwd: root,
  stdio: 'inherit',
});
const [status] = await once(tests, 'close');
showEffort(process.env.LOS_EFFORT);
rmSync(effort, { recursive: true });
if (status === 0 && chosen.includes('ground') && options.length === 0) recordPass();
const checked = await Promise.all(checks);
for (const { script, failed, said } of checked)
  console.log(failed ? `\nnpm run ${script} failed:\n${said}` : `npm run ${script}: nothing to mend`);
process.exit(checked.some(({ failed }) => failed) ? 1 : (status ?? 1));
