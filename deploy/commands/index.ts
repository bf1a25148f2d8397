import type { CommandEntry } from './command.js';

/** What commands of two words are about. */
export const groups: Readonly<Record<string, string>> = {
  dataset: 'write, check or fill a dataset contract',
  model: 'list, show, promote, roll back or compare versions of the model',
};

/** Every `los` command in the order of --help. Each file is loaded only when its command is called. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'demo',
    describe: 'run the whole chain once, from deployment to logged predictions',
    load: () => import('../../demo/commands/demo.js'),
  },
  {
    name: 'local',
    describe: 'run the local cloud and print how to connect',
    load: () => import('./local.js'),
  },
  {
    name: 'bootstrap',
    describe: 'print the one-time grants by an administrator',
    load: () => import('./bootstrap.js'),
  },
  {
    name: 'plan',
    describe: 'show what apply would do (exit 0 nothing, 2 changes)',
    load: () => import('./plan.js'),
  },
  {
    name: 'apply',
    usage: '[plan]',
    describe: 'create and update everything in Snowflake and AWS',
    load: () => import('./apply.js'),
  },
  {
    name: 'destroy',
    describe: 'remove everything that apply and train made',
    load: () => import('./destroy.js'),
  },
  {
    name: 'eda',
    describe: 'answer questions of the admissions in Snowflake',
    load: () => import('./eda.js'),
  },
  {
    name: 'dataset init',
    describe: 'write a first dataset contract by looking at a table or a file',
    load: () => import('./dataset/init.js'),
  },
  {
    name: 'dataset check',
    describe: 'hold the dataset contract against its table',
    load: () => import('./dataset/check.js'),
  },
  {
    name: 'dataset load',
    describe: 'load a file of admissions and build their features',
    load: () => import('./dataset/load.js'),
  },
  { name: 'train', describe: 'train a model version in SageMaker', load: () => import('./train.js') },
  {
    name: 'model list',
    describe: 'list the versions of the dataset',
    load: () => import('./model/list.js'),
  },
  {
    name: 'model show',
    usage: '[model]',
    describe: 'show how good a version is',
    load: () => import('./model/show.js'),
  },
  {
    name: 'model card',
    usage: '[model]',
    describe: "write a version's model card",
    load: () => import('./model/card.js'),
  },
  {
    name: 'model promote',
    usage: '[model]',
    describe: 'let predict_los answer from a version',
    load: () => import('./model/promote.js'),
  },
  {
    name: 'model rollback',
    describe: 'make the previous champion answer predict_los again',
    load: () => import('./model/rollback.js'),
  },
  {
    name: 'model compare',
    usage: '<a> [b]',
    describe: 'compare two versions on stays that neither has seen',
    load: () => import('./model/compare.js'),
  },
  {
    name: 'model shadow',
    usage: '[model]',
    describe: 'compare a challenger with the champion on logged admissions',
    load: () => import('./model/shadow.js'),
  },
  {
    name: 'model evaluate',
    describe: "validate a version on another hospital's table",
    load: () => import('./model/evaluate.js'),
  },
  {
    name: 'beds',
    describe: 'forecast the beds occupied over the next 14 nights',
    load: () => import('./beds.js'),
  },
  {
    name: 'report',
    describe: 'write beds, data, model and operations into one page of HTML',
    load: () => import('./report.js'),
  },
  {
    name: 'watch',
    describe: 'check inputs, predictions and the pipeline, and list alarms',
    load: () => import('./watch.js'),
  },
  {
    name: 'notify',
    describe: 'mail the events of monitoring that are not sent yet',
    load: () => import('./notify.js'),
  },
  { name: 'score', describe: 'run the task graph once, now', load: () => import('./score.js') },
  {
    name: 'simulate',
    describe: 'let waiting admissions arrive day by day',
    load: () => import('../../demo/commands/simulate.js'),
  },
  {
    name: 'validate',
    describe: 'compile and execute everything on throw-away clouds, without credentials',
    load: () => import('../../demo/commands/validate.js'),
  },
  {
    name: 'doctor',
    describe: 'find what is broken between SQL and the model, and how to mend it',
    load: () => import('./doctor.js'),
  },
  {
    name: 'history',
    describe: 'show who applied, trained, promoted what and when',
    load: () => import('./history.js'),
  },
  {
    name: 'first-day',
    describe: "check in a real account what the vendors' pages leave open",
    load: () => import('./first-day.js'),
  },
  { name: 'status', describe: 'show what exists and how it is doing', load: () => import('./status.js') },
  {
    name: 'completion',
    usage: '[shell]',
    describe: 'print a script that completes commands and options with Tab',
    load: () => import('./completion.js'),
  },
];
