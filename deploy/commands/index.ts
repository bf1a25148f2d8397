import type { CommandEntry } from './command.js';

/** Every `los` command in the order of --help. Each file is loaded only when its command is called. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'local',
    describe: 'run the local cloud and print how to connect',
    load: () => import('./local.js'),
  },
  {
    name: 'plan',
    describe: 'show what apply would do (exit 0 nothing, 2 changes)',
    load: () => import('./plan.js'),
  },
  {
    name: 'apply',
    describe: 'create and update everything in Snowflake and AWS',
    load: () => import('./apply.js'),
  },
  {
    name: 'destroy',
    describe: 'remove everything that apply and train made',
    load: () => import('./destroy.js'),
  },
  { name: 'status', describe: 'show what exists and how it is doing', load: () => import('./status.js') },
];
