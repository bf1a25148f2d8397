// Virtual environments for the software in Python that bench/ and test/conformance run; called before either (package.json)
// with the names of those that are needed: node scripts/python.mjs peers dbt
// Clients of Snowflake are of certain releases, the newest of 2026-12-02 and those of a year before; others, and with
// LOS_NEWEST_CLIENTS=1 all but those of a year before, are pip's newest.
// Where one cannot be made, the Pythons of the system are used, and what none of them has is skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** As bench/python.ts finds them. */
const root = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'predict-los', 'python');
const ENVIRONMENTS = {
  peers: [
    process.platform === 'linux' ? 'xgboost-cpu' : 'xgboost',
    ...['numpy', 'pandas', 'scipy', 'sqlglot', 'boto3', 'moto[server]'],
  ],
  // Snowpark and what goes with it: not the connector's newest, which it does not take.
  clients: [
    ...['snowflake-connector-python[pandas]==4.8.1', 'snowflake-snowpark-python==1.56.0'],
    // The last two run its dialect's own tests (../shared/suites).
    ...['snowflake-sqlalchemy==1.11.1', 'sqlalchemy<2.1', 'pytest', 'syrupy'],
  ],
  today: [
    ...['snowflake-connector-python[pandas]==5.2.0', 'snowflake-sqlalchemy==2.1.0', 'sqlalchemy==2.1.9'],
    ...['dlt[snowflake]==1.31.0', 'adbc-driver-snowflake==1.11.0', 'adbc-driver-manager==1.13.0'],
    ...['pandas==3.1.1', 'pyarrow==26.0.1'],
  ],
  before: [
    ...['snowflake-connector-python[pandas]==4.1.1', 'snowflake-sqlalchemy==1.8.2', 'sqlalchemy==2.0.44'],
    'pandas==2.3.3',
  ],
  // By itself: it wants certain versions of what the others have at their newest.
  snow: ['snowflake-cli'],
  // What runs the suites of others (../shared/suites) and what the Python connector imports, which is in one of them.
  suites: [
    ...[
      'pytest',
      'requests',
      'cryptography',
      'PyJWT',
      'pyOpenSSL',
      'asn1crypto',
      'sortedcontainers',
      'platformdirs',
    ],
    ...[
      'tomlkit',
      'filelock',
      'packaging',
      'pytz',
      'certifi',
      'idna',
      'charset-normalizer',
      'pendulum',
      'numpy',
    ],
    ...['boto3', 'aiohttp', 'pytest-asyncio', 'dirty-equals', 'structlog', 'jinja2', 'pyyaml', 'pandas'],
  ],
  // Binaries only: the source of a newer dbt-core fetches one from GitHub.
  dbt: ['--only-binary', ':all:', 'dbt-core==1.12.0', 'dbt-snowflake==1.12.4'],
};
/** Packages that are pip's newest are installed again when they are older than this. */
const DAYS = 7;

const say = (message) => console.error(`python: ${message}`);

function run(command, args) {
  const env = { ...process.env, PIP_USER: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], env }).status === 0;
}

/** Brings an environment to the newest packages; makes it where there is none that works. */
function renew(name) {
  const folder = join(root, name);
  const python = join(folder, 'bin', 'python3');
  const stamp = join(folder, 'packages.txt');
  const newest = process.env.LOS_NEWEST_CLIENTS && name !== 'before';
  const packages = ENVIRONMENTS[name].map((each) => (newest ? each.replace(/==.*/, '') : each));
  const isPinned = packages.some((each) => each.includes('=='));
  const list = `${packages.join('\n')}\n`;
  const had = existsSync(stamp);
  const isFresh =
    had &&
    existsSync(python) &&
    readFileSync(stamp, 'utf8') === list &&
    (isPinned || Date.now() - statSync(stamp).mtimeMs < DAYS * 86_400_000);
  if (isFresh) return;
  say(`fetching ${packages.filter((each) => /^\w/.test(each)).join(', ')} by pip into ${folder}`);
  if (!run(python, ['-m', 'pip', '--version'])) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    [process.env.PYTHON, 'python3', '/usr/bin/python3']
      .filter((command) => !!command)
      .some((command) => run(command, ['-m', 'venv', '--clear', folder]));
  }
  const install = ['-m', 'pip', 'install', '--quiet', '--upgrade', '--retries', '2', ...packages];
  if (existsSync(python) && run(python, install)) writeFileSync(stamp, list);
  else {
    say(had ? 'they stay as they are' : 'that did not work; the Pythons of the system are used');
    // Half of an environment is worse than none.
    if (!had) rmSync(folder, { recursive: true, force: true });
  }
}

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in ENVIRONMENTS));
if (unknown !== undefined || names.length === 0) {
  say(`name one or more of ${Object.keys(ENVIRONMENTS).join(', ')}, not ${unknown ?? 'none'}`);
  process.exit(1);
}
for (const name of names) renew(name);
