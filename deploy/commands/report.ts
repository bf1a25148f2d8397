import { resolve } from 'node:path';
import { writeOut } from '../ground/out-file.js';
import { report } from '../operate/report.js';
import type { Command } from './command.js';

interface Args {
  readonly out: string;
  readonly patients?: boolean;
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
    patients: {
      type: 'boolean',
      describe: 'also list patients: likeliest to leave, longest over their prediction (LOS_PATIENTS)',
    },
  },
  examples: [
    ['los report --out report.html', 'beds, data, model and operations on one page, to open or to send'],
    ['los report --patients', 'with lists of patients, for the bed meeting alone'],
  ],
  async run(ctx, args, contract) {
    const page = await ctx.progress.step('Read what views and procedures say, and draw it', () =>
      report(ctx, contract, args),
    );
    const file = resolve(args.out);
    writeOut(file, page);
    return { file, bytes: Buffer.byteLength(page) };
  },
  print: ({ file, bytes }) => [
    `The report is in ${file} (${Math.ceil(bytes / 1024).toLocaleString('en-US')} KB).`,
  ],
};
