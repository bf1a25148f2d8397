import { resolve } from 'node:path';
import { writeOut } from '../ground/out-file.js';
import { report } from '../operate/report.js';
import type { Command } from './command.js';

interface Args {
  readonly out: string;
}

interface Result {
  readonly file: string;
  readonly bytes: number;
}

export const command: Command<Args, Result> = {
  dataset: true,
  mailsFailure: true,
  options: {
    out: { type: 'string', default: 'report.html', describe: 'the file' },
  },
  examples: [
    ['los report --out report.html', 'beds, data, model and operations on one page, to open or to send'],
  ],
  async run(ctx, args, contract) {
    const page = await ctx.progress.step('Read what views and procedures say, and draw it', () =>
      report(ctx, contract),
    );
    const file = resolve(args.out);
    writeOut(file, page);
    return { file, bytes: Buffer.byteLength(page) };
  },
  print: ({ file, bytes }) => [
    `The report is in ${file} (${Math.ceil(bytes / 1024).toLocaleString('en-US')} KB).`,
  ],
};
