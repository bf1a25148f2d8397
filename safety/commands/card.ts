import { join, resolve } from 'node:path';
import type { Command } from '../../deploy/commands/command.js';
import { writeOut } from '../../deploy/ground/out-file.js';
import { overview } from '../../deploy/model/overview.js';
import { chaiCard, chaiCardJson, chaiCardXml } from '../../report/model/applied-card.js';
import { modelCard } from '../../report/model/card.js';
import { chaiCardPage } from '../../report/pages/applied-card.js';
import { dayOf } from '../../report/text/local-time.js';
import { ANSWERS, listMissing, readAnswers, refuseUnasked } from '../answers.js';

interface Args {
  readonly model?: string;
  readonly out?: string;
  readonly format: 'markdown' | 'html' | 'chai-xml' | 'chai-json' | 'chai-html';
  readonly answers?: string;
}

interface Result {
  readonly card: string;
  readonly file?: string;
  /** Fields that still need a person's answer. */
  readonly missing: readonly string[];
}

export const command: Command<Args, Result> = {
  dataset: true,
  positional: { model: { type: 'string', describe: 'version such as health-v3; left out: the champion' } },
  options: {
    out: { type: 'string', describe: 'file for the card instead of the terminal' },
    format: {
      type: 'string',
      choices: ['markdown', 'html', 'chai-xml', 'chai-json', 'chai-html'],
      default: 'markdown',
      describe: 'html: one page; chai-…: CHAI’s Applied Model Card',
    },
    answers: {
      type: 'string',
      describe: `file of a person’s answers for CHAI’s card; left out: ${ANSWERS} beside the settings`,
    },
  },
  examples: [
    ['los model card --out card.md', 'the champion’s model card: data, use, performance, groups, limits'],
    ['los model card --format html --out card.html', 'the same as a page to open or print'],
    ['los model card --format chai-xml --out card.xml', 'CHAI’s Applied Model Card, which machines read'],
  ],
  async run(ctx, { model, out, format, answers: given }, contract) {
    const file = given ?? join(ctx.settings.folder, ANSWERS);
    const shown = await overview(ctx, contract, model);
    const written = dayOf(new Date(), ctx.settings.timeZone);
    const result = await makeCard();
    if (out === undefined) return result;
    writeOut(out, result.card);
    return { ...result, file: resolve(out) };

    async function makeCard(): Promise<Result> {
      if (format === 'markdown') return { card: modelCard(shown, written), missing: [] };
      if (format === 'html') {
        const { modelCardPage } = await import('../../report/pages/report.js');
        return { card: modelCardPage(shown, written), missing: [] };
      }
      const answers = readAnswers(file);
      const card = chaiCard(shown, answers);
      refuseUnasked(file, answers, card.questions);
      const make = { 'chai-xml': chaiCardXml, 'chai-json': chaiCardJson, 'chai-html': chaiCardPage };
      return { card: make[format](card, written), missing: listMissing(answers, card.questions) };
    }
  },
  print: ({ card, file, missing }) => [
    file ? `The card is in ${file}.` : card,
    ...(file && missing.length > 0
      ? [`These need a person's answer in ${ANSWERS}: ${missing.join(', ')}.`]
      : []),
  ],
};
