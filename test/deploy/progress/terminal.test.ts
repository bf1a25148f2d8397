import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { createProgress } from '../../../deploy/progress/terminal.js';

function display(terminal: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY: terminal, columns: 80 });
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  const progress = createProgress(stream as unknown as NodeJS.WriteStream, { NO_COLOR: '1' });
  return { progress, text: () => text };
}

describe('the progress display', () => {
  it('writes one plain line a step where there is no terminal', async () => {
    const { progress, text } = display(false);
    await progress.step('Load', async (step) => step.update('3 files'));
    progress.note('hint');
    progress.warn('careful');
    await progress
      .step('Break', async () => {
        throw new Error('no');
      })
      .catch(() => {});
    expect(text()).to.match(
      /^ok {4}Load: 3 files \(\d+\.\d s\)\n {6}hint\nWARN {2}careful\nFAIL {2}Break \(\d+\.\d s\)\n$/,
    );
  });

  it('redraws running steps on a terminal and leaves finished ones above them', async () => {
    const { progress, text } = display(true);
    await progress.step('Outer', async () => {
      await progress.step('Inner', async () => {});
    });
    progress.close();
    expect(text()).to.contain('✓ Inner').and.to.contain('✓ Outer').and.to.contain('\u001b[1A');
  });

  it('gives back what a step returns and passes on what it throws', async () => {
    const { progress } = display(false);
    expect(await progress.step('Value', async () => 7)).to.equal(7);
    const error = await progress.step('Error', () => Promise.reject(new Error('x'))).catch((e: unknown) => e);
    expect((error as Error).message).to.equal('x');
  });
});
