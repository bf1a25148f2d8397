import { count } from '../../report/text/count.js';
import { dayOption } from '../help/day-option.js';
import { type RescoreOptions, rescore } from '../scoring/rescore.js';
import { type ScoreResult, score } from '../scoring/score.js';
import type { Command } from './command.js';

export const command: Command<RescoreOptions, ScoreResult> = {
  unattended: true,
  dataset: true,
  mailsFailure: true,
  options: {
    since: dayOption('score admissions since this day (YYYY-MM-DD) once more'),
    version: { type: 'string', describe: 'score again what this version has predicted' },
  },
  examples: [
    ['los score', 'run the task graph once instead of waiting for its schedule'],
    ['los score --since 2026-11-01', 'predict the admissions since 1 November again, by the champion'],
    ['los score --version health-v3', 'predict again the admissions that version 3 predicted last'],
  ],
  async run(ctx, args, contract) {
    await rescore(ctx, args);
    return await score(ctx, contract);
  },
  print: ({ built, scored, version }) => [
    `${count(built, 'feature row')} built or changed, ${count(scored, 'admission')} scored${version ? ` by ${version}` : ' (no version has been promoted)'}.`,
  ],
};
