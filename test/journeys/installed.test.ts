import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { parse } from 'yaml';
import { projectRoot } from '../../deploy/project.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { type LoopbackRegistry, loopbackRegistry } from './registry.js';

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
}

type Environment = Record<string, string | undefined>;

/**
 * Steps that need GitHub or another registry than npm's. XGBoost's library is the one that this machine has, and the login
 * a key pair's: no provider vouches for a job here.
 */
const ELSEWHERE = /gh pr comment|pip install|ACTIONS_ID_TOKEN/;

/** The repository of examples/github-actions, made as its README says, and its workflow's steps run as a runner runs them. */
describe('the package, installed as the example for CI installs it', () => {
  const example = (file: string) => readFileSync(join(projectRoot, 'examples/github-actions', file), 'utf8');
  const { jobs } = parse(example('los.yml')) as { jobs: Record<string, { steps: readonly Step[] }> };
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'los-installed-')));
  const repository = join(folder, 'our-los');
  const bin = join(repository, 'node_modules', '.bin');
  let registry: LoopbackRegistry;
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let env: Environment;
  let account: Environment;
  /** The step that made node_modules as they are. */
  let installed: string | undefined;

  before(async function () {
    const found = await loopbackRegistry();
    if (!found) {
      console.log('    not run: npm’s registry cannot be reached from here');
      return this.skip();
    }
    registry = found;
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(npm_|LOS_|NODE_OPTIONS$)/i.test(name),
    );
    env = {
      ...Object.fromEntries(inherited),
      npm_config_registry: registry.url,
      npm_config_cache: join(folder, 'cache'),
      npm_config_userconfig: join(folder, 'npmrc'),
      npm_config_update_notifier: 'false',
    };
    mkdirSync(join(repository, 'vendor'), { recursive: true });
    cloud = await embeddedCloud('environments: { prod: {} }');
    account = await ciUser();
    writeFileSync(join(repository, 'package.json'), JSON.stringify({ name: 'our-los', private: true }));
    writeFileSync(
      join(repository, 'los.config.yaml'),
      'environments: { prod: { timeZone: Europe/Berlin } }\nmail: { to: [] }\n',
    );
    // What is built is run by other tests meanwhile, so that it is packed as it is.
    const pack = ['scripts/pack.mjs', '--as-built', '--out', join(repository, 'vendor')];
    await succeeds(process.execPath, pack, { cwd: projectRoot });
  });
  after(async () => {
    registry?.close();
    await cloud?.cloud.close();
    cloud?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What an administrator does once: bootstrap, and a user with a key pair. @returns the job's account */
  async function ciUser(): Promise<Environment> {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const { snowflake, aws } = cloud.cloud.connection;
    const address = new URL(snowflake.accessUrl);
    const login = {
      SNOWFLAKE_ACCOUNT: snowflake.account,
      SNOWFLAKE_HOST: address.hostname,
      SNOWFLAKE_PORT: address.port,
      SNOWFLAKE_PROTOCOL: 'http',
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
      HOME: folder,
    };
    const ctx = await cloud.open();
    try {
      const key = publicKey.replace(/-----[A-Z ]+-----|\n/g, '');
      await ctx.snowflake.execute(`CREATE USER CI_LOS RSA_PUBLIC_KEY = '${key}'`);
    } finally {
      await ctx.close();
    }
    const cli = join(projectRoot, 'dist/deploy/cli.js');
    const config = ['--config', cloud.config, '--target', 'cloud', '--env', 'prod'];
    await succeeds(process.execPath, [cli, 'bootstrap', ...config, '--user', 'CI_LOS', '--run'], {
      env: { ...login, SNOWFLAKE_USER: snowflake.user, SNOWFLAKE_PASSWORD: snowflake.password },
    });
    return {
      ...login,
      SNOWFLAKE_USER: 'CI_LOS',
      SNOWFLAKE_ROLE: 'LOS_PROD_DEPLOY',
      SNOWFLAKE_PRIVATE_KEY_RAW: privateKey,
    };
  }

  async function run(
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: Environment } = {},
  ) {
    const child = spawn(command, args, {
      cwd: options.cwd ?? repository,
      env: { ...env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [said, complained, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code: code as number, said, complained };
  }

  async function succeeds(...call: Parameters<typeof run>): Promise<string> {
    const { code, said, complained } = await run(...call);
    expect(code, `${call[0]} ${call[1].join(' ')}:\n${said}${complained}`).to.equal(0);
    return said;
  }

  /** Runs a job's steps as a runner does: each in a shell of its own, with what the ones before left in $GITHUB_PATH. */
  async function runJob(name: string, given: Environment = {}): Promise<string> {
    const path = join(folder, 'path');
    writeFileSync(path, '');
    let said = '';
    for (const step of jobs[name]!.steps) {
      if (!step.run || ELSEWHERE.test(step.run) || step.if) continue;
      if (step.run === installed) continue;
      if (step.run.startsWith('npm ')) installed = step.run;
      const added = readFileSync(path, 'utf8').split('\n').filter(Boolean);
      const PATH = [...added.reverse(), process.env.PATH].join(delimiter);
      said += await succeeds('bash', ['-e', '-c', step.run], { env: { ...given, PATH, GITHUB_PATH: path } });
    }
    return said;
  }

  it('is locked by what the README says', async () => {
    const command = /^npm install .*predict-los-.*\.tgz$/m.exec(example('README.md'))![0];
    expect(command).to.contain(`predict-los-${version}.tgz`);
    // What it would install, `npm ci` installs below.
    await succeeds('bash', ['-e', '-c', `${command} --package-lock-only`]);
    const lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));
    expect(lock.packages['node_modules/predict-los'].integrity).to.match(/^sha512-/);
  });

  it('has the versions that were tested, of all that runs without the local cloud', () => {
    const versionsOf = (folderOf: string) => {
      const { packages } = JSON.parse(readFileSync(join(folderOf, 'package-lock.json'), 'utf8')) as {
        packages: Record<string, { version: string; optional?: true; dev?: true; link?: true }>;
      };
      return Object.entries(packages).flatMap(([path, { version: of, optional, dev, link }]) =>
        path === '' || optional || dev || link ? [] : [`${path.split('node_modules/').at(-1)} ${of}`],
      );
    };
    const tested = versionsOf(projectRoot);
    const own = `predict-los ${version}`;
    expect(tested).to.have.length.greaterThan(150);
    expect(versionsOf(repository).filter((each) => each !== own && !tested.includes(each))).to.deep.equal([]);
  });

  it('validates on a pull request, without an account', async () => {
    const said = await runJob('validate');
    expect(said).to.contain('one made-up admission was scored');
  });

  it('brings a local cloud that the demo runs on', async () => {
    expect(await succeeds(join(bin, 'los'), ['--version'])).to.equal(`${version}\n`);
    const said = await succeeds(join(bin, 'los'), ['demo', '--rows', '5000']);
    expect(said).to.match(/health-v1 was trained on [\d,]+ stays and answers predict_los/);
    expect(said).to.contain('0 of them twice');
  });

  it('applies main as it was planned, with a key pair and the role of the bootstrap, without the local cloud', async () => {
    const said = await runJob('apply', account);
    expect(said).to.match(/\d+ created/);
    expect(existsSync(join(repository, 'node_modules/@duckdb'))).to.equal(false);
  });

  it('plans the next pull request: nothing to do, and an empty table is a problem of the dataset', async () => {
    expect(await runJob('plan', account)).to.match(/Nothing to do|nothing to change/i);
    const check = ['dataset', 'check', '--target', 'cloud', '--env', 'prod'];
    const { said, complained } = await run(join(bin, 'los'), check, { env: account });
    expect(said + complained).to.contain('0 rows');
  });

  it('says without credentials what it needs, and without the local cloud how to get it', async () => {
    const cloudless = await run(join(bin, 'los'), ['plan', '--target', 'cloud'], { env: { HOME: folder } });
    expect(cloudless).to.include({ code: 1 });
    expect(cloudless.complained).to.contain('SNOWFLAKE_ACCOUNT');
    const local = await run(join(bin, 'los'), ['plan']);
    expect(local).to.include({ code: 1 });
    expect(local.complained.replace(/\s+/g, ' '))
      .to.contain('The local cloud is not installed')
      .and.to.contain(`In ${repository} run npm install --include=optional`);
  });

  it('asked the registry for nothing that it does not have, and for no name of ours', () => {
    expect(registry.refused).to.deep.equal([]);
    expect(registry.names.size).to.be.greaterThan(200);
    expect(
      [...registry.names].filter((name) => /local-cloud|predict-los|our-los|^los$/.test(name)),
    ).to.deep.equal([]);
  });
});
