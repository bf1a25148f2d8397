// Runs a part of the tests with mocha, three files at a time, as some wait: node scripts/test.mjs PART… [-- MOCHA OPTIONS]
//
//   product    what is tested of the product, but for its journeys
//   journeys   the long ways: a month among faults, kills, many promotions, whole demos (test/journeys), and attacks (test/security)
//   ground     the local cloud's own tests (test/local)
//   smoke      a few of them
//   changed    ground if local/ or test/local differs from the branch main, else smoke; says which, and why
//   checks     lint and types, looked at while the tests run; what they say comes after them
//
// One file, whichever it is: npm run test:one -- test/udfs/encoding/encoding.test.ts
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const compiled = join(root, 'dist', 'test');
const GROUND = ['local', 'test/local'];
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

/** What git prints; undefined where it fails: no repository, no such branch. */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether the ground is to be tested: where it differs from main, or where that is unknown. */
function changedPart() {
  const main = ['origin/main', 'main', 'origin/HEAD'].find((name) =>
    git('rev-parse', '--verify', '-q', name),
  );
  const base = main && git('merge-base', main, 'HEAD');
  if (!base)
    return say('ground', 'whether it changed cannot be told: there is no branch main to compare with');
  const changed = git('diff', '--name-only', base, '--', ...GROUND);
  const fresh = git('ls-files', '--others', '--exclude-standard', '--', ...GROUND);
  const files = [changed, fresh].filter(Boolean).flatMap((list) => list.split('\n'));
  return files.length > 0
    ? say('ground', `${files[0]} differs from ${main}`)
    : say('smoke', `the local cloud is that of ${main}; npm run test:ground runs all of its tests`);
}

function say(part, why) {
  console.log(`The local cloud’s own tests: ${part === 'ground' ? 'all' : 'a few'} (${why}).`);
  return part;
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
  .map((part) => (part === 'changed' ? changedPart() : part));
const unknown = chosen.find((part) => !(part in parts));
if (unknown !== undefined || chosen.length === 0) {
  console.error(
    `Name one or more of ${Object.keys(parts).join(', ')}, changed, checks, not ${unknown ?? 'none'}.`,
  );
  process.exit(1);
}
const files = inOrder(all.filter((name) => chosen.some((part) => parts[part](name))));
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

const checks = CHECKS.map(check);
const tests = spawn(process.execPath, [mocha, ...options, ...paths], { cwd: root, stdio: 'inherit' });
const [status] = await once(tests, 'close');
const checked = await Promise.all(checks);
for (const { script, failed, said } of checked)
  console.log(failed ? `\nnpm run ${script} failed:\n${said}` : `npm run ${script}: nothing to mend`);
process.exit(checked.some(({ failed }) => failed) ? 1 : (status ?? 1));
