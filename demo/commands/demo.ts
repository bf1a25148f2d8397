import type { Command } from '../../deploy/commands/command.js';
import { UserError } from '../../deploy/errors.js';
import { bedLines } from '../../report/beds/tables.js';
import { type DemoResult, demo } from '../demo.js';
import { GENERAL } from '../month/open.js';
import { describeEarlier } from '../simulate/mail.js';

interface Args {
  train?: string;
  simulate?: string;
  rows?: number;
  days?: number;
}

export const command: Command<Args, DemoResult> = {
  finishes: true,
  owns: true,
  dataset: true,
  options: {
    train: { type: 'string', describe: 'CSV (or .csv.gz) of admissions instead of generated ones' },
    simulate: { type: 'string', describe: 'CSV of admissions that arrive later; default: a part of --train' },
    rows: {
      type: 'number',
      describe: 'admissions to generate in all (default 11,000; of the dataset health 301,000)',
    },
    days: { type: 'number', describe: 'days (or batches) to simulate at most; default: all' },
  },
  examples: [
    ['los demo', 'a made-up hospital with wards, bookings and events, until yesterday'],
    ['los demo --dataset health --rows 20000', 'the chain on a file of generated admissions'],
    ['los demo --dataset sql/datasets/sparcs_hf.yaml --train sparcs.csv.gz', 'the same on your own rows'],
  ],
  run: (ctx, args, contract) => {
    if (args.rows !== undefined && !(Number.isInteger(args.rows) && args.rows >= 2000))
      throw new UserError(`--rows must be a whole number of at least 2000, not ${args.rows}.`, {
        next: 'For instance: los demo --rows 6000.',
      });
    if (args.rows !== undefined && args.train !== undefined)
      throw new UserError('--rows is for generated admissions and does not go with --train.', {
        next: 'Leave one of the two out.',
      });
    return demo(ctx, contract, args);
  },
  print: (r) => [
    '',
    `${r.version} was trained on ${n(r.trainedRows)} stays${r.champion === r.version ? ' and answers predict_los' : `; it did not beat ${r.champion}, which still answers predict_los`}.`,
    `On ${n(r.measuredRows)} stays it never saw: RMSE ${d(r.rmse)}, MAE ${d(r.mae)} days, R² ${Number.isFinite(r.r2) ? r.r2.toFixed(3) : '–'} (predicting the mean: RMSE ${d(r.meanPredictorRmse)}).`,
    `${n(r.arrivedRows)} admissions arrived.${describeEarlier(r.arrivedRows, r.scoredRows)}`,
    `The log holds ${n(r.loggedRows)} predictions, ${n(r.duplicateCases)} of them twice.`,
    ...(r.beds
      ? [
          '',
          `Beds of the nights after the last day, from these predictions (forecast on ${r.forecasts} of the evenings${r.dataset === GENERAL ? '' : '; los simulate forecasts on every one'}):`,
          ...bedLines(r.beds),
          '',
        ]
      : []),
    `All of it, drawn, is in ${r.report}: open it in a browser.`,
    `${n(r.mails)} status mails were sent. Everything took ${r.seconds} s.`,
    '',
    'Where to look next:',
    `  ${LOS} status           what exists and how it is doing`,
    `  ${LOS} local            how a Snowflake or AWS client connects; keeps running`,
    `  ${LOS} destroy --yes    removes all of it`,
    'What any Snowflake client can ask then:',
    `  SELECT ${r.id.toLowerCase()}, predict_los(OBJECT_CONSTRUCT(*)) FROM los_features LIMIT 5;`,
  ],
};

/** After npm start there is no los on the PATH, but the one beside package.json. */
const LOS = process.env.npm_lifecycle_event === 'start' ? './los' : 'los';

const n = (value: number) => value.toLocaleString('en-US');
const d = (value: number) => value.toFixed(2);
