/**
 * The local cloud as the package that scripts/pack-local.mjs makes of it, in a fresh folder: the commands and files of its README, then
 * its fixtures of mocha and pytest, each by the program itself.
 */

import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { endRunning } from '@local-cloud/cloud/attach.js';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { loopbackRegistry } from '../journeys/registry.js';
import { freePorts } from '../local/cloud/free-ports.js';
import { dbtProgram } from './dbt-cli.js';
import { pythonWith } from './python.js';

const run = promisify(execFile);
const page = readFileSync(join(projectRoot, 'local/cloud/package/README.md'), 'utf8');
const { version: mocha } = JSON.parse(
  readFileSync(join(projectRoot, 'node_modules/mocha/package.json'), 'utf8'),
);
/** The blocks of a language in the README, in their order. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block!);
const NAME = 'predict-los-local-cloud';

describe('the local cloud as a package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-package-'));
  const installed = join(folder, 'node_modules', NAME);
  let dbt: string;
  let port: number;
  const at = (text: string) => text.replaceAll('8084', String(port));
  const inFolder = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    run(command, args, {
      cwd: folder,
      env: { ...process.env, NO_PROXY: '127.0.0.1', DO_NOT_TRACK: '1', ...env },
    });

  before(async function () {
    const program = dbtProgram();
    const registry = await loopbackRegistry();
    if (program === undefined || registry === undefined) {
      console.log('skipped: npm’s registry or dbt cannot be reached from here');
      return this.skip();
    }
    dbt = program;
    try {
      const pack = [join(projectRoot, 'scripts/pack-local.mjs'), '--out', folder];
      const file = (await run(process.execPath, pack)).stdout.trim();
      await inFolder('npm', ['install', '--no-audit', '--no-fund', file, `mocha@${mocha}`], {
        npm_config_registry: registry.url,
      });
    } finally {
      registry.close();
    }
    port = await freePorts(3);
  });
  after(async () => {
    await endRunning(join(folder, '.cloud'));
    rmSync(folder, { recursive: true, force: true });
  });

  it('serves where its README says', async () => {
    const [commands] = blocks('bash');
    const start = /^npx .*(?= &$)/m.exec(commands!)![0];
    const cloud = spawn('sh', ['-c', at(start)], { cwd: folder, stdio: 'inherit' });
    while (!existsSync(join(folder, '.cloud/local.json'))) {
      expect(cloud.exitCode).to.equal(null);
      await sleep(100);
    }
    const { snowflake, aws, mail } = JSON.parse(readFileSync(join(folder, '.cloud/local.json'), 'utf8'));
    expect(
      [snowflake.accessUrl, aws.endpoint, mail.smtpUrl].map((url) => Number(new URL(url).port)),
    ).to.deep.equal([port, port + 1, port + 2]);
  });

  it('answers the Python connector and dbt as its README calls them', async () => {
    writeFileSync(join(folder, 'query.py'), at(blocks('python')[0]!));
    const { stdout } = await inFolder(join(dirname(dbt), 'python'), ['query.py']);
    expect(stdout.trim()).to.equal('(datetime.date(2026, 2, 28),)');
    const [profiles, project] = blocks('yaml');
    writeFileSync(join(folder, 'profiles.yml'), at(profiles!));
    writeFileSync(join(folder, 'dbt_project.yml'), project!);
    const debug = /^SNOWFLAKE_PASSWORD=.*$/m.exec(blocks('bash')[0]!)![0];
    const path = `${dirname(dbt)}:${process.env.PATH}`;
    expect((await inFolder('sh', ['-c', debug], { PATH: path })).stdout).to.contain('All checks passed!');
  });

  it('is a fixture of mocha', async () => {
    writeFileSync(
      join(folder, 'fixture.test.mjs'),
      `it('reaches it', async () => {
        const { SNOWFLAKE_HOST, SNOWFLAKE_PORT, AWS_ENDPOINT_URL } = process.env;
        for (const url of ['http://' + SNOWFLAKE_HOST + ':' + SNOWFLAKE_PORT, AWS_ENDPOINT_URL]) await fetch(url);
      });`,
    );
    const { stdout } = await inFolder('npx', ['mocha', '--require', `${NAME}/mocha`, 'fixture.test.mjs']);
    expect(stdout).to.contain('1 passing');
  });

  it('is a fixture of pytest', async function () {
    const python = pythonWith('pytest');
    if (python === undefined) {
      console.log('skipped: pytest is not there (node scripts/python.mjs suites)');
      return this.skip();
    }
    writeFileSync(
      join(folder, 'test_fixture.py'),
      `import os, urllib.request

def test_reaches_it(local_cloud):
    assert os.environ["SNOWFLAKE_PASSWORD"] == local_cloud["snowflake"]["password"]
    url = local_cloud["control"]["url"] + "/faults"
    request = urllib.request.Request(url, headers={"Authorization": "Bearer " + local_cloud["control"]["token"]})
    assert urllib.request.urlopen(request).status == 200
`,
    );
    const path = join(installed, 'lib/cloud/testing');
    const { stdout } = await inFolder(
      python,
      ['-m', 'pytest', '-q', '-p', 'predict_los_local_cloud', '-p', 'no:cacheprovider', 'test_fixture.py'],
      { PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1' },
    );
    expect(stdout).to.contain('1 passed');
  });
});
