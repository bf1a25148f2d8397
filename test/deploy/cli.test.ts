import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';

const los = (...args: string[]) =>
  spawnSync(process.execPath, [join(projectRoot, 'dist', 'deploy', 'cli.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, LOS_AWS_REGION: '' },
  });

describe('the command line', () => {
  it('lists its commands, and the exit codes', () => {
    const { stdout, status } = los('--help');
    expect(status).to.equal(0);
    for (const name of ['local', 'apply', 'plan', 'destroy', 'status'])
      expect(stdout).to.contain(`los ${name}`);
    expect(stdout).to.contain('Exit codes');
  });

  it('paints nothing when NO_COLOR is set, and gives every help examples', () => {
    const { stdout } = los('destroy', '--help');
    expect(stdout).to.contain('Examples:').and.to.contain('--purge-data').and.not.to.contain('\u001b');
    expect(los('--help').stdout).to.contain('Examples:');
  });

  it('says its version', () => {
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    expect(los('--version').stdout.trim()).to.equal(version);
  });

  it('suggests the command that was meant, with exit code 1 and no stack', () => {
    const { stderr, status } = los('aply');
    expect(status).to.equal(1);
    expect(stderr)
      .to.contain('Did you mean apply?')
      .and.not.to.match(/\n\s+at /);
  });

  it('ends quietly when its reader has seen enough', () => {
    const cli = join(projectRoot, 'dist', 'deploy', 'cli.js');
    const line = `"${process.execPath}" "${cli}" --help | true; exit "\${PIPESTATUS[0]}"`;
    const { stderr, status } = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
  });

  it('refuses an unknown option and a missing command', () => {
    expect(los('apply', '--bogus').stderr).to.contain('bogus');
    expect(los().status).to.equal(1);
  });

  it('says which state folder cannot be used', () => {
    const folder = mkdtempSync(join(tmpdir(), 'los-cli-'));
    const config = join(folder, 'los.config.yaml');
    writeFileSync(config, `state: ${config}/state\n`);
    const { stderr, status } = los('plan', '--config', config);
    rmSync(folder, { recursive: true });
    expect(status).to.equal(1);
    expect(stderr).to.contain(`${config}/state, cannot be used`).and.contain('LOS_STATE');
    expect(stderr).not.to.match(/\n\s+at /);
  });

  it('reports an error with --json as JSON alone on stdout', () => {
    const { stdout, status } = los('plan', '--json', '--config', '/nowhere/los.config.yaml');
    expect(status).to.equal(1);
    const { error, next } = JSON.parse(stdout) as { error: string; next: string };
    expect(error).to.contain('/nowhere/los.config.yaml');
    expect(next).to.contain('--config');
  });

  it('ends when los doctor has said that a cloud cannot be reached, while the client of the other waits for an answer', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { stdout, status, signal } = spawnSync(
      process.execPath,
      [join(projectRoot, 'dist', 'deploy', 'cli.js'), 'doctor', '--target', 'cloud', '--json'],
      {
        encoding: 'utf8',
        // What it must not wait for tries for five minutes.
        timeout: 150_000,
        killSignal: 'SIGKILL',
        env: {
          ...process.env,
          SNOWFLAKE_ACCOUNT: 'unknown',
          SNOWFLAKE_HOST: '127.0.0.1',
          SNOWFLAKE_PORT: String((silent.address() as AddressInfo).port),
          SNOWFLAKE_PROTOCOL: 'http',
          SNOWFLAKE_USER: 'U',
          SNOWFLAKE_PASSWORD: 'pass-word',
          AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
          AWS_ACCESS_KEY_ID: 'a',
          AWS_SECRET_ACCESS_KEY: 'b',
        },
      },
    );
    silent.close();
    const { findings } = JSON.parse(stdout) as { findings: { state: string; what?: string }[] };
    expect(findings[0]).to.include({ check: 'connection', state: 'broken' });
    expect({ status, signal }).to.deep.equal({ status: 1, signal: null });
  });
});
