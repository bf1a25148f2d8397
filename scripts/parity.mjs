// Writes local/snowflake/PARITY.md from the results of the tests: what they show to work, what they saw refused,
// and what became of the clients' own tests. Nothing in that file is written by hand.
//
//   LOS_DRIVER_CHECKOUT=… LOS_DRIVER_REPORT=driver.json npx mocha --no-config \
//     --timeout 120000 --exit dist/test/conformance/driver-suite.test.js
//   LOS_PYTHON_CONNECTOR_CHECKOUT=… LOS_PYTHON_CONNECTOR_REPORT=connector.json npx mocha --no-config \
//     --timeout 120000 --exit dist/test/conformance/connector-suite.test.js
//   node scripts/parity.mjs driver.json connector.json
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wrapped } from './wrap.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const [driverReport, connectorReport] = process.argv.slice(2);
if (!connectorReport)
  throw new Error(
    'Usage: node scripts/parity.mjs DRIVER_REPORT CONNECTOR_REPORT (see the head of this file)',
  );

/** Runs the local Snowflake's tests. @returns the suites' titles → tests, and the messages of refusals */
function ownTests() {
  const folder = mkdtempSync(join(tmpdir(), 'parity-'));
  const report = join(folder, 'report.json');
  const refusals = join(folder, 'refusals.json');
  const specs = readdirSync(join(root, 'dist/test/local/snowflake'), { recursive: true })
    // How it is built, and how it says that a mistake is its own, is nothing that Snowflake has.
    .filter((name) => name.endsWith('.test.js') && !/^(features|internal-error)\b/.test(name))
    .sort()
    .map((name) => join('dist/test/local/snowflake', name));
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
  const options = [
    '--no-config',
    '--timeout=60000',
    '--exit',
    '--reporter=json',
    `--reporter-option=output=${report}`,
  ];
  const { status, stderr } = spawnSync(process.execPath, [mocha, ...options, ...specs], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, LOS_REFUSALS: refusals },
    maxBuffer: 1 << 28,
  });
  try {
    if (status === null || status > 200) throw new Error(`mocha ended with ${status}: ${stderr}`);
    return { report: json(report), refusals: json(refusals) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests by file, then by suite; what stands in Snowflake's documentation is counted by page. */
function supported({ tests, failures }) {
  const failed = new Set(failures.map(({ fullTitle }) => fullTitle));
  const files = new Map();
  for (const { file, title, fullTitle } of tests) {
    const suite = fullTitle.slice(0, -title.length).trim();
    const area = relative(join(root, 'dist/test/local/snowflake'), file).split('/')[0];
    const suites = files.get(area) ?? new Map();
    files.set(area, suites);
    suites.set(suite, [...(suites.get(suite) ?? []), { title, passed: !failed.has(fullTitle) }]);
  }
  const lines = [];
  for (const [area, suites] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`### ${area}`, '');
    for (const [suite, all] of suites) {
      const passed = all.filter((test) => test.passed).length;
      const documented = /documentation, |as documented/.test(suite);
      lines.push(`- ${suite || 'all together'}${documented ? `: ${passed} of ${all.length} values` : ''}`);
      for (const test of all)
        if (!documented || !test.passed)
          lines.push(`  - ${test.passed ? '' : 'FAILS: '}${inline(test.title)}`);
    }
    lines.push('');
  }
  return lines;
}

/**
 * Results of a client's own tests.
 * @param client its repository, of which `reasonsFile` tells why tests fail: by title, or title without parameters
 */
function clientTests(client, { version, date, files, notRun }, reasonsFile) {
  const reasons = json(join(root, 'test/conformance', reasonsFile));
  const all = Object.values(files)
    .flat()
    .filter(({ outcome }) => outcome !== 'skipped');
  const passed = all.filter(({ outcome }) => outcome === 'passed').length;
  const share = ((100 * passed) / all.length).toFixed(1);
  const lines = [
    `${client} ${version}, its own integration tests, unchanged, on ${date.slice(0, 10)}: ${passed} of ${all.length} pass (${share} %). That is the share of the files below; those that are not run follow.`,
    '',
    '| file | pass | of |',
    '| --- | ---: | ---: |',
  ];
  for (const [file, tests] of Object.entries(files)) {
    const run = tests.filter(({ outcome }) => outcome !== 'skipped');
    const name = /^test|\//.test(file) ? file : `test${file}`;
    lines.push(`| ${name} | ${run.filter(({ outcome }) => outcome === 'passed').length} | ${run.length} |`);
  }
  lines.push('', 'What fails, and why:', '');
  for (const { title, outcome, message } of all) {
    if (outcome !== 'failed') continue;
    const reason = reasons[title] ?? reasons[title.replace(/\[.*$/s, '')];
    lines.push(`- ${inline(title)}: ${reason ?? `not looked into yet (${inline(message ?? '')})`}`);
  }
  const left = notRun.reduce((sum, { tests }) => sum + tests, 0);
  lines.push('', `Files that are not run, ${left} tests as they are written, and why:`, '');
  for (const { file, tests, why } of notRun) lines.push(`- ${file} (${tests}): ${why}`);
  return lines;
}

function inline(text) {
  return text.replace(/\s+/g, ' ').trim().slice(0, 240);
}

/** `Unsupported feature 'X': the local Snowflake does not support it, because Y. Z` as a line. */
function refusal(message) {
  const [, feature, rest] =
    /^Unsupported feature '(.*?)': the local Snowflake does not support it(.*)$/s.exec(message) ?? [];
  return feature ? `- \`${feature}\`${inline(rest)}` : `- ${inline(message)}`;
}

const { report, refusals } = ownTests();
const version = (name) => json(join(root, 'node_modules', name, 'package.json')).version;
const { stats } = report;
const page = [
  '# What the local Snowflake does and does not do',
  '',
  `Written by scripts/parity.mjs on ${stats.start.slice(0, 10)} from the results of the tests: Node.js ${process.version}, snowflake-sdk ${version('snowflake-sdk')}, @duckdb/node-api ${version('@duckdb/node-api')}. ${stats.passes} of ${stats.tests} tests of the local Snowflake pass.`,
  '',
  '## The Node driver',
  '',
  ...clientTests('snowflake-connector-nodejs', json(driverReport), 'driver-failures.json'),
  '',
  '## The Python connector',
  '',
  ...clientTests('snowflake-connector-python', json(connectorReport), 'connector-failures.json'),
  '',
  '## Refused by name',
  '',
  'As the tests saw it. Anything else that is not built is refused in the same way, with the reason.',
  '',
  ...[...new Set(refusals.map(refusal))].sort(),
  '',
  '## Shown to work',
  '',
  ...supported(report),
];
writeFileSync(join(root, 'local/snowflake/PARITY.md'), `${wrapped(page.join('\n').trimEnd())}\n`);
