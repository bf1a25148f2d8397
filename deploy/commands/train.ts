import type { Contract } from '../../procedures/dataset/contract.js';
import { printableSplit } from '../../procedures/fitting/split.js';
import type { StopResult } from '../../procedures/training/stop/stop.js';
import { stopLines, trainingLines } from '../../report/model/training-lines.js';
import type { TrainResult } from '../../report/results/training.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { driverOf } from '../model/driver.js';
import { trainVersion } from '../model/train.js';
import type { Command } from './command.js';

interface Args {
  promote?: boolean;
  force?: boolean;
  repeat?: string;
  resume?: string;
  drive?: boolean;
  stop?: boolean;
  'learning-curve'?: boolean;
  without?: string;
}

type Trained = Omit<TrainResult, 'split'> & { readonly split: ReturnType<typeof printableSplit> };
type Result = Trained | StopResult;

/** Has a version trained (a new one, or one once more) and, if asked, promoted; or ends a training. */
async function train(ctx: Context, args: Args, contract: Contract): Promise<Result> {
  if (args.stop) return await (await driverOf(ctx, contract, args.drive === true)).stop(null);
  if (args.force && !args.promote)
    throw new UserError('--force is for los train --promote.', {
      next: 'Write --promote --force, or neither.',
    });
  const trained = await trainVersion(ctx, contract, {
    ...(args.promote ? { promote: true } : {}),
    ...(args.force ? { force: true } : {}),
    ...(args.repeat === undefined ? {} : { repeat: args.repeat }),
    ...(args.resume === undefined ? {} : { resume: args.resume }),
    ...(args.without === undefined ? {} : { without: args.without.toUpperCase().split(',') }),
    ...(args['learning-curve'] ? { learningCurve: true } : {}),
    drive: args.drive === true,
  });
  return { ...trained, split: printableSplit(trained.split) };
}

export const command: Command<Args, Result> = {
  finishes: true,
  owns: true,
  unattended: true,
  dataset: true,
  mailsFailure: true,
  options: {
    promote: { type: 'boolean', default: false, describe: 'switch predict_los to the new version' },
    force: { type: 'boolean', default: false, describe: 'with --promote: although a gate says no' },
    repeat: {
      type: 'string',
      describe: 'train this version again from its lineage, and say whether it came out the same',
    },
    'learning-curve': {
      type: 'boolean',
      default: false,
      describe: 'also train on 1/8, 1/4 and 1/2 of the rows: three more jobs',
    },
    without: {
      type: 'string',
      describe: 'train without these columns (by commas), and say what they are worth beside the champion',
    },
    resume: { type: 'string', describe: 'resume this failed training (its id)' },
    stop: { type: 'boolean', default: false, describe: 'end the open training and its jobs' },
    drive: {
      type: 'boolean',
      default: false,
      describe: 'do the steps from here, through the AWS SDK, where Snowflake does not reach SageMaker',
    },
  },
  examples: [
    ['los train', 'have a version trained; it answers through its own function only'],
    ['los train --promote', 'and let predict_los answer from it'],
    ['los train --learning-curve', 'and say whether more admissions would make it better'],
    ['los train --without severity_of_illness', 'what the model would lose without it, by group'],
    ['los train --repeat health-v3', 'train a version once more, as it was trained then'],
  ],
  run: train,
  print: (result) => ('jobs' in result ? stopLines(result) : trainingLines(result)),
};
