import type { CommandEntry } from './command.js';

/** Subjects of commands of two words. */
export const groups: Readonly<Record<string, string>> = {
  dataset: 'write, check or fill a dataset contract',
  model: 'list, show, promote, roll back or compare versions of the model',
};

/** Every `los` command in the order of --help. Each file is loaded only when its command is called. */
export const commands: readonly CommandEntry[] = [
  entry(
    'demo',
    'run the whole chain once, from deployment to logged predictions',
    () => import('../../demo/commands/demo.js'),
  ),
  entry('local', 'run the local cloud and print how to connect', () => import('./local.js')),
  entry('bootstrap', 'print the one-time grants by an administrator', () => import('./bootstrap.js')),
  entry('plan', 'show what apply would do (exit 0 nothing, 2 changes)', () => import('./plan.js')),
  entry('apply [plan]', 'create and update everything in Snowflake and AWS', () => import('./apply.js')),
  entry('destroy', 'remove everything that apply and train made', () => import('./destroy.js')),
  entry('eda', 'answer questions of the admissions in Snowflake', () => import('./eda.js')),
  entry(
    'dataset init',
    'write a first dataset contract by looking at a table or a file',
    () => import('../../contracts/commands/init.js'),
  ),
  entry(
    'dataset check',
    'hold the dataset contract against its table',
    () => import('../../contracts/commands/check.js'),
  ),
  entry(
    'dataset load',
    'load a file of admissions and build their features',
    () => import('../../contracts/commands/load.js'),
  ),
  entry('train', 'train a model version in SageMaker', () => import('./train.js')),
  entry('model list', 'list the versions of the dataset', () => import('./model/list.js')),
  entry('model show [model]', 'show how good a version is', () => import('./model/show.js')),
  entry('model card [model]', "write a version's model card", () => import('../../safety/commands/card.js')),
  entry('model promote [model]', 'let predict_los answer from a version', () => import('./model/promote.js')),
  entry(
    'model rollback',
    'make the previous champion answer predict_los again',
    () => import('./model/rollback.js'),
  ),
  entry(
    'model compare <a> [b]',
    'compare two versions on stays that neither has seen',
    () => import('./model/compare.js'),
  ),
  entry(
    'model shadow [model]',
    'compare a challenger with the champion on logged admissions',
    () => import('./model/shadow.js'),
  ),
  entry('beds', 'forecast the beds occupied over the next 14 nights', () => import('./beds.js')),
  entry(
    'safety',
    'write hazard log, safety case and model cards for those who sign',
    () => import('../../safety/commands/safety.js'),
  ),
  entry('dbt', 'write a source and an exposure for dbt', () => import('../../contracts/commands/dbt.js')),
  entry('semantic-view', 'write a semantic view', () => import('../../contracts/commands/semantic-view.js')),
  entry('report', 'write beds, data, model and operations as one page', () => import('./report.js')),
  entry('watch', 'check inputs, predictions and the pipeline, and list alarms', () => import('./watch.js')),
  entry('notify', 'mail the events of monitoring that are not sent yet', () => import('./notify.js')),
  entry('score', 'run the task graph once, now', () => import('./score.js')),
  entry('simulate', 'let admissions arrive day by day', () => import('../../demo/commands/simulate.js')),
  entry(
    'validate',
    'compile and execute everything on throw-away clouds, without credentials',
    () => import('../../demo/commands/validate.js'),
  ),
  entry(
    'doctor',
    'find what is broken between SQL and the model, and how to mend it',
    () => import('../../doctor/command.js'),
  ),
  entry('history', 'show who applied, trained, promoted what and when', () => import('./history.js')),
  entry(
    'first-day',
    "check in a real account what the vendors' pages leave open",
    () => import('../../first-day/command.js'),
  ),
  entry('status', 'show what exists and how it is doing', () => import('./status.js')),
];

/** @param line its name and its positional part, as in `model promote [model]` */
function entry(line: string, describe: string, load: CommandEntry['load']): CommandEntry {
  const [, name = line, usage] = /^([a-z -]*[a-z])(?: ([[<].*))?$/.exec(line) ?? [];
  return { name, describe, load, ...(usage ? { usage } : {}) };
}
