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

  it('breaks lines between words on a terminal, and nowhere else', async () => {
    const long = Array.from({ length: 30 }, (_, i) => `word${i}`).join(' ');
    for (const terminal of [true, false]) {
      const { progress, text } = display(terminal);
      await progress.step('Load', async (step) => step.update(long));
      progress.note(long);
      progress.warn(long);
      progress.close();
      // Without what moves the cursor.
      const [first, ...moved] = text().split('\u001b');
      const lines = [first, ...moved.map((part) => part.replace(/^\[\d*[A-Z]/, ''))].join('').split('\n');
      const whole = lines.filter((line) => line.includes(long));
      expect(whole).to.have.length(terminal ? 0 : 3);
      if (terminal) expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(80);
      for (let i = 0; i < 30; i++)
        expect(text().match(new RegExp(`\\bword${i}\\b`, 'g'))!.length).to.be.at.least(3);
    }
  });

  it('gives back what a step returns and passes on what it throws', async () => {
    const { progress } = display(false);
    expect(await progress.step('Value', async () => 7)).to.equal(7);
    const error = await progress.step('Error', () => Promise.reject(new Error('x'))).catch((e: unknown) => e);
    expect((error as Error).message).to.equal('x');
  });
});
