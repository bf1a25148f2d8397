/**
 * The plan of the house: which rooms there are, on which floor, and where the house does not follow it yet.
 *
 * A room is a folder, or a file that lies beside folders. A room may use by value (not for types alone) what stands
 * before it in its list; all other arrows are exceptions, with as many imports as there are today. The tests hold this
 * list to the code both ways, so that it can only shrink: whoever mends an arrow takes its line away.
 */
export interface Floor {
  /** Folder whose rooms these are. */
  readonly folder: string;
  /** From the ground up. */
  readonly rooms: readonly string[];
  /** `from → to` → imports of today. */
  readonly exceptions?: Readonly<Record<string, number>>;
}

export const floors: readonly Floor[] = [
  {
    folder: '',
    // local/ is used by one file of deploy/, lazily (rules.ts).
    rooms: ['local', 'udfs', 'procedures', 'deploy', 'test', 'bench'],
  },
  {
    folder: 'deploy',
    rooms: [
      'errors.ts',
      'project.ts',
      'sql-file.ts',
      'context.ts',
      'ground',
      'costs',
      'clients',
      'progress',
      'mail',
      'settings',
      'privacy',
      'resources',
      'history',
      'dataset',
      'compile',
      'model',
      'scoring',
      'stack',
      'eda',
      'target.ts',
      'open.ts',
      'operate',
      'simulate',
      'doctor',
      'first-day',
      'demo',
      'validate',
      'help',
      'commands',
      'parser.ts',
      'cli.ts',
    ],
  },
  {
    folder: 'local',
    rooms: ['kit', 'snowflake', 'aws', 'cloud'],
  },
  {
    folder: 'local/kit',
    rooms: ['state-file.ts', 'state-lock.ts', 'clock.ts', 'faults', 'alone.ts'],
  },
  {
    folder: 'local/cloud',
    rooms: ['mail', 'control.ts', 'cloud.ts', 'main.ts', 'attach.ts'],
  },
  {
    folder: 'local/snowflake',
    // The kernel of statements/ (lexer, options, named objects) is what everything else stands on, and the families of
    // statements that stand on everything lie beside it: most exceptions are this.
    rooms: [
      'errors.ts',
      'internal-error.ts',
      'types',
      'storage',
      'catalog',
      'sessions',
      'access',
      'account.ts',
      'expressions',
      'statements',
      'integrations',
      'javascript',
      'query',
      'external',
      'information-schema',
      'events',
      'routines',
      'streams',
      'tasks',
      'stages',
      'notifications',
      'protocol',
      'open-account.ts',
      'server.ts',
      'main.ts',
    ],
    exceptions: {
      'catalog → statements': 1,
      'events → routines': 1,
      'expressions → query': 2,
      'information-schema → stages': 1,
      'query → events': 1,
      'query → stages': 1,
      'query → streams': 3,
      'sessions → routines': 1,
      'sessions → stages': 1,
      'statements → events': 7,
      'statements → external': 1,
      'statements → information-schema': 1,
      'statements → integrations': 1,
      'statements → notifications': 1,
      'statements → query': 2,
      'statements → routines': 3,
      'statements → stages': 2,
      'statements → streams': 5,
      'statements → tasks': 2,
      'types → statements': 1,
    },
  },
  {
    folder: 'local/aws',
    rooms: [
      'xgboost',
      'costs',
      'xml.ts',
      'errors.ts',
      'query-protocol.ts',
      'signature',
      'identity',
      'injected.ts',
      'iam',
      'servicequotas',
      'sagemaker',
      'sagemaker-runtime',
      'apigateway',
      's3',
      'sts',
      'operation-name.ts',
      'http.ts',
      'services.ts',
      'service.ts',
      'server.ts',
      'main.ts',
    ],
    // A call of the runtime asks for endpoints, whose service starts what answers.
    exceptions: { 'sagemaker → sagemaker-runtime': 2 },
  },
];

/** Files in a folder beyond which it has to be a folder of one kind of thing. */
export const MOST_FILES = 16;

/** Folders with more files than that, why, and how many there are today. */
export const crowded: Readonly<Record<string, { readonly files: number; readonly why: string }>> = {
  udfs: { files: 20, why: 'one kind: a function and what it is bundled from' },
  'deploy/commands': { files: 24, why: 'one kind: a command of los' },
  'deploy/model': { files: 50, why: 'seven subjects; remade when training moves into Snowflake' },
  'local/aws/sagemaker': { files: 35, why: 'training, tuning, transform, hosting: to become folders' },
  'local/snowflake/expressions': { files: 32, why: 'one kind: a group of functions' },
  'local/snowflake/query': { files: 47, why: 'parser, binder, runner and DML: to become folders' },
  'local/snowflake/stages': { files: 35, why: 'files, formats, load and unload: to become folders' },
  'local/snowflake/statements': { files: 49, why: 'kernel and families of statements: to become folders' },
  'local/snowflake/tasks': { files: 21, why: 'engine, runs and statements of tasks: to be told apart' },
};
