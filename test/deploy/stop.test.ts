import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseFault } from '@local-cloud/kit/faults/fault.js';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { longTests } from '../long.js';
import { embeddedCloud } from './embedded-cloud.js';

const { long } = longTests(import.meta.url);

const cli = join(projectRoot, 'dist', 'deploy', 'cli.js');

describe('Ctrl-C', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'loaded');
  });
  after(async () => {
    await cloud.cloud.close();
    cloud.remove();
  });
  afterEach(() => cloud.cloud.faults.clear());

  /** Starts a command, and ends it as soon as something has come to pass. */
  async function interrupted(command: string, when: (said: string) => boolean) {
    const child = spawn(process.execPath, [cli, command, '--config', cloud.config], {
      cwd: cloud.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
    const ended = once(child, 'close') as Promise<[number | null]>;
    while (!when(said) && child.exitCode === null) await sleep(20);
    child.kill('SIGINT');
    const [code] = await ended;
    return { code, said: said.replace(/\s+/g, ' ') };
  }

  it('ends a command that only asks at once, and says so', async () => {
    // Never answered: it does not wait for that.
    cloud.cloud.faults.add(parseFault('snowflake:CALL=hang'));
    const hit = () => cloud.cloud.faults.list()[0]!.hits > 0;
    const { code, said } = await interrupted('eda', hit);
    expect(said).to.contain('los eda was interrupted. Run it again.');
    expect(code).to.equal(1);
  });

  it('ends one that waits for the task graph without a stack', async () => {
    cloud.cloud.faults.add(parseFault('snowflake:TASK=slow'));
    const { code, said } = await interrupted('score', (text) => text.includes('Connect'));
    expect(said)
      .to.contain('los score was interrupted.')
      .and.not.to.match(/AbortError| at .*cli\.js/);
    expect(code).to.equal(1);
  });

  long('leaves a training to its task, and says how to follow it again', async () => {
    const { code, said } = await interrupted('train', (text) => text.includes('divide'));
    expect(said).to.match(
      /Interrupted\. The training \S+ continues by itself: the task LOS_TRAIN completes it\. los train follows it again\./,
    );
    expect(said).not.to.contain('AbortError');
    expect(code).to.equal(1);
    const ctx = await cloud.open();
    const [run] = await ctx.snowflake.query('SELECT STATUS FROM LOS_TRAINING_RUNS');
    await ctx.close();
    expect(run!.STATUS).to.equal('OPEN');
  });
});
