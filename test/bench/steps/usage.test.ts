import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { type Usage, watchUsage } from '../../../bench/steps/usage.js';

/** What a program of Node's used until its only line of output. */
async function usageOf(program: string): Promise<Usage> {
  const watch = watchUsage();
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const before = watch.now();
    await once(child.stdout, 'data');
    const { processor, idle } = watch.now();
    return { processor: processor - before.processor, idle: idle - before.idle };
  } finally {
    watch.stop();
    child.kill();
    await once(child, 'close');
  }
}

const HOLD = "process.stdin.resume(); console.log('done');";

describe('What a process tree uses', () => {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('counts seconds of the processor, those of ended children too', async () => {
    const burn = 'while (process.cpuUsage().user < 4e5);';
    const { processor } = await usageOf(
      `process.getBuiltinModule('node:child_process').spawnSync(process.execPath, ['-e', '${burn}']); ${HOLD}`,
    );
    expect(processor).least(0.4);
  });

  it('tells a wait, which takes no processor, from work that waits for one', async () => {
    const asleep = await usageOf(`setTimeout(() => { ${HOLD} }, 1500);`);
    expect(asleep.idle).least(1);
    // Work of half a second of the processor, however long a busy machine takes for it.
    const awake = await usageOf(`while (process.cpuUsage().user < 5e5); ${HOLD}`);
    expect(awake.idle).below(asleep.idle / 2);
  });
});
