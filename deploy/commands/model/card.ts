import { resolve } from 'node:path';
import { modelCard } from '../../../report/model/card.js';
import { dayOf } from '../../../report/text/local-time.js';
import { writeOut } from '../../ground/out-file.js';
import { overview } from '../../model/overview.js';
import type { Command } from '../command.js';

interface Args {
  readonly model?: string;
  readonly out?: string;
  readonly format: 'markdown' | 'html';
}

interface Result {
  readonly card: string;
  readonly file?: string;
}

export const command: Command<Args, Result> = {
  dataset: true,
  positional: { model: { type: 'string', describe: 'version such as health-v3; left out: the champion' } },
  options: {
    out: { type: 'string', describe: 'file for the card instead of the terminal' },
    format: {
      type: 'string',
      choices: ['markdown', 'html'],
      default: 'markdown',
      describe: 'html: one page',
    },
  },
  examples: [
    ['los model card --out card.md', 'the champion’s model card: data, use, performance, groups, limits'],
    ['los model card --format html --out card.html', 'the same as a page to open or print'],
  ],
  async run(ctx, { model, out, format }, contract) {
    const make =
      format === 'html' ? (await import('../../../report/pages/report.js')).modelCardPage : modelCard;
    const shown = await overview(ctx, contract, model);
    const card = make(shown, dayOf(new Date(), ctx.settings.timeZone));
    if (out === undefined) return { card };
    writeOut(out, card);
    return { card, file: resolve(out) };
  },
  print: ({ card, file }) => [file ? `The card is in ${file}.` : card],
};
