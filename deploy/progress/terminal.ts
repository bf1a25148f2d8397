import { printable } from '../../procedures/notifying/printable.js';
import { widthOf, wrap } from '../../report/text/wrap.js';
import type { Progress, Step } from './progress.js';

interface Running {
  title: string;
  detail: string;
  started: number;
}

/** Makes the display that fits the stream: living lines on a terminal, plain lines elsewhere. */
export function createProgress(stream: NodeJS.WriteStream, env = process.env): Progress {
  const living = stream.isTTY === true && env.TERM !== 'dumb' && !env.CI;
  return living ? new LivingProgress(stream, !env.NO_COLOR) : new PlainProgress(stream);
}

/** Shows nothing; for tests and for callers that report themselves. */
export const silentProgress: Progress = {
  step: (_title, work) => work({ update() {} }),
  note() {},
  warn() {},
  close() {},
};

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

class PlainProgress implements Progress {
  constructor(private readonly stream: NodeJS.WritableStream) {}

  async step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T> {
    const started = performance.now();
    let detail = '';
    try {
      const result = await work({
        update(text) {
          detail = text;
        },
      });
      this.line(`ok    ${title}${detail && `: ${detail}`} (${seconds(started)})`);
      return result;
    } catch (error) {
      this.line(`FAIL  ${title} (${seconds(started)})`);
      throw error;
    }
  }

  note(text: string): void {
    this.line(`      ${text}`);
  }

  warn(text: string): void {
    this.line(`WARN  ${text}`);
  }

  close(): void {}

  private line(text: string): void {
    this.stream.write(`${printable(text)}\n`);
  }
}

/** Redraws the running steps below what is already finished. */
class LivingProgress implements Progress {
  private readonly running = new Set<Running>();
  private drawn = 0;
  private frame = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly color: boolean,
  ) {}

  async step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T> {
    const entry: Running = { title, detail: '', started: performance.now() };
    this.running.add(entry);
    this.timer ??= setInterval(() => this.draw(), 120).unref();
    this.draw();
    try {
      const result = await work({
        update(text) {
          entry.detail = text;
        },
      });
      this.finish(entry, this.paint('✓', 32));
      return result;
    } catch (error) {
      this.finish(entry, this.paint('✗', 31));
      throw error;
    }
  }

  note(text: string): void {
    this.printAbove(this.wrapText(`  ${text}`));
  }

  warn(text: string): void {
    this.printAbove(`${this.paint('!', 33)}${this.wrapText(`  ${text}`).slice(1)}`);
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.running.clear();
    this.draw();
  }

  private finish(entry: Running, sign: string): void {
    this.running.delete(entry);
    const time = seconds(entry.started);
    // One word, of the same length, so that it is not broken before its unit.
    const whole = time.replace(' ', '~');
    const text = this.wrapText(`  ${entry.title}${entry.detail && `: ${entry.detail}`} ${whole}`);
    this.printAbove(`${sign}${text.slice(1, -time.length)}${this.paint(time, 90)}`);
    if (this.running.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }

  /** A text that begins with two spaces, in the terminal's width; further lines begin with two, too. */
  private wrapText(text: string): string {
    return wrap(printable(text), '  ', widthOf(this.stream)).join('\n');
  }

  private printAbove(text: string): void {
    this.erase();
    this.stream.write(`${text}\n`);
    this.draw();
  }

  private draw(): void {
    this.erase();
    const spinner = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'[this.frame++ % 10];
    const width = (this.stream.columns || 80) - 1;
    for (const entry of this.running) {
      const text = `${spinner} ${entry.title}${entry.detail && `: ${entry.detail}`} ${seconds(entry.started)}`;
      this.stream.write(`${printable(text.slice(0, width))}\n`);
      this.drawn++;
    }
  }

  private erase(): void {
    if (this.drawn) this.stream.write(`\u001b[${this.drawn}A\u001b[J`);
    this.drawn = 0;
  }

  private paint(text: string, code: number): string {
    return this.color ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}
