import type { CommandEntry } from './command.js';

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
    describe: 'print what an administrator must give once',
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
    name: 'dataset',
    usage: '<action>',
    describe: 'write, check or fill a dataset contract (init, check, load)',
    load: () => import('./dataset.js'),
  },
  { name: 'train', describe: 'train a model version in SageMaker', load: () => import('./train.js') },
  {
    name: 'promote',
    usage: '[model]',
    describe: 'let predict_los answer from a version',
    load: () => import('./promote.js'),
  },
  {
    name: 'rollback',
    describe: 'let predict_los answer from the champion before again',
    load: () => import('./rollback.js'),
  },
  {
    name: 'evaluate',
    describe: "try a version on another hospital's table",
    load: () => import('./evaluate.js'),
  },
  {
    name: 'compare',
    usage: '<a> <b>',
    describe: 'compare two versions on stays that neither has seen',
    load: () => import('./compare.js'),
  },
  {
    name: 'shadow',
    usage: '[model]',
    describe: 'let a challenger predict logged admissions and compare it with what was answered',
    load: () => import('./shadow.js'),
  },
  {
    name: 'model',
    usage: '[action] [model]',
    describe: 'list model versions, show how good one is, or write its model card',
    load: () => import('./model.js'),
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
    describe: 'look at inputs, predictions and the pipe, and at the alarms',
    load: () => import('./watch.js'),
  },
  {
    name: 'notify',
    describe: 'mail what the watch has to tell and nobody has been told yet',
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
    describe: 'find the hop that is broken between SQL and the model, and what mends it',
    load: () => import('./doctor.js'),
  },
  {
    name: 'history',
    describe: 'show who applied, trained, promoted what and when',
    load: () => import('./history.js'),
  },
  {
    name: 'first-day',
    describe: "ask a real account what the vendors' pages leave open",
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
