/**
 * The plan of the house: which rooms there are, on which floor, and where the house does not follow it yet.
 *
 * A room is a folder, or a file that lies beside folders. A room may use by value (not for types alone) what stands
 * before it in its list; all other arrows are exceptions, with as many imports as there are today. The tests hold this
 * list to the code both ways, so that it can only shrink: a mended arrow's line is removed.
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
    // local/ is used by one file of deploy/, contracts/, doctor/, first-day/, safety/ and demo/ by its list of commands, all lazily (rules.ts).
    rooms: [
      'local',
      'udfs',
      'procedures',
      'report',
      'deploy',
      'contracts',
      'doctor',
      'first-day',
      'safety',
      'demo',
      'bench',
      'test',
    ],
  },
  {
    folder: 'report',
    rooms: [
      'reader.ts',
      'part.ts',
      'templates.ts',
      'text',
      'charts',
      'mail',
      'results',
      'beds',
      'eda',
      'watching',
      'model',
      'operations',
      'pages',
    ],
  },
  {
    folder: 'contracts',
    rooms: [
      'words.ts',
      'finding.ts',
      'files',
      'naming',
      'profiling',
      'drafting',
      'checking',
      'shapes',
      'dbt',
      'semantic',
      'commands',
    ],
  },
  {
    folder: 'demo',
    rooms: ['health', 'general', 'simulate', 'month', 'data.ts', 'demo.ts', 'validate', 'commands'],
  },
  {
    folder: 'udfs',
    rooms: [
      'signature.ts',
      'model.ts',
      'require-value.ts',
      'encoding',
      'curve',
      'prediction',
      'translators',
      'control',
      'fitting',
      'beds',
    ],
  },
  {
    folder: 'deploy',
    rooms: [
      'errors.ts',
      'project.ts',
      'context.ts',
      'ground',
      'sql-file.ts',
      'headers',
      'costs',
      'clients',
      'progress',
      'mail',
      'settings',
      'resources',
      'history',
      'dataset',
      'compile',
      'beds',
      'model',
      'scoring',
      'watching',
      'eda',
      'objects',
      'stack',
      'local-packages.ts',
      'target.ts',
      'open.ts',
      'operate',
      'help',
      'commands',
      'parser.ts',
      'stop.ts',
      'cli.ts',
    ],
  },
  {
    folder: 'procedures',
    rooms: [
      'snowflake.d.ts',
      'ground',
      'statistics',
      'options.ts',
      'object.ts',
      'runs.ts',
      'inspect-deployment.ts',
      'dataset',
      'records',
      'publishing',
      'stay',
      'jobs',
      'versions',
      'fitting',
      'leaks',
      'equity',
      'judging',
      'mornings',
      'promoting',
      'training',
      'scoring',
      'renewal',
      'beds',
      'watching',
      'notifying',
      'excess',
      'exploring',
    ],
  },
  {
    folder: 'local',
    rooms: ['kit', 'snowflake', 'aws', 'cloud'],
  },
  {
    folder: 'local/kit',
    rooms: [
      'aws-chunked.ts',
      'state-file.ts',
      'process.ts',
      'reserve.ts',
      'state-lock.ts',
      'clock.ts',
      'faults',
      'alone.ts',
    ],
  },
  {
    folder: 'local/cloud',
    rooms: [
      'mail',
      'control.ts',
      'connection-file.ts',
      'cloud.ts',
      'main.ts',
      'attach.ts',
      'training.ts',
      'testing',
    ],
  },
  {
    folder: 'local/snowflake',
    rooms: [
      'errors.ts',
      'types',
      'language',
      'internal-error.ts',
      'feature.ts',
      'storage',
      'catalog',
      'sessions',
      'kernel',
      'streams',
      'account.ts',
      'access',
      'privatelink',
      'integrations',
      'expressions',
      'javascript',
      'events',
      'query',
      'metering',
      'external',
      'routines',
      'notifications',
      'tasks',
      'objects',
      'stages',
      'information-schema',
      'statements',
      'features',
      'protocol',
      'open-account.ts',
      'server.ts',
      'main.ts',
    ],
  },
  {
    folder: 'local/snowflake/expressions',
    rooms: [
      'balanced.ts',
      'refused.ts',
      'value-size.ts',
      'function.ts',
      'native.ts',
      'casts.ts',
      'system-function.ts',
      'time',
      'numbers',
      'text',
      'json',
      'rows',
      'conditional.ts',
      'conversion.ts',
      'context.ts',
      'index.ts',
    ],
  },
  {
    folder: 'local/snowflake/tasks',
    rooms: [
      'graph',
      'engine',
      'history',
      'definition.ts',
      'execute.ts',
      'show.ts',
      'statements.ts',
      'index.ts',
    ],
  },
  {
    folder: 'local/snowflake/query',
    rooms: [
      'stored-trees.ts',
      'run',
      'bind',
      'tracking',
      'compile.ts',
      'pivot-any.ts',
      'evaluate.ts',
      'change',
      'for-ddl.ts',
      'statements.ts',
      'index.ts',
    ],
  },
  {
    folder: 'local/snowflake/stages',
    rooms: ['files', 'formats', 'load', 'unload', 'statements.ts', 'index.ts'],
  },
  {
    folder: 'local/snowflake/objects',
    rooms: ['masking', 'tables', 'containers', 'warehouses', 'users', 'session', 'comments.ts', 'index.ts'],
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
      'ec2',
      'iam',
      'kms',
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
  },
  {
    folder: 'local/aws/sagemaker',
    rooms: ['shared', 'hosting', 'training', 'tuning', 'transform', 'recovery.ts', 'service.ts'],
  },
];

/**
 * Circles of files that import each other by value: the grammar of expressions and queries, which is recursive; the
 * binder, which follows it; and the conversion of structured types, whose parts are converted like values.
 */
export const MOST_CIRCLES = 3;

/** Lines that deploy/ may have: it is a thin deployer, and what Snowflake can do a procedure does. The design asks for 15,000. */
export const MOST_DEPLOY_LINES = 16_530;

/** Files in a folder beyond which it has to be a folder of one kind of thing. */
export const MOST_FILES = 16;

/**
 * Folders with more files than that, and why. One of one kind of thing may grow by things of its kind; any other has
 * as many as today, until it is told apart.
 */
export const crowded: Readonly<Record<string, { readonly files?: number; readonly why: string }>> = {
  'deploy/commands': { why: 'one kind: a command of los' },
  'local/snowflake/query/bind': { why: 'one kind: what binds a part of a query' },
};

/** Top folders of the product: without the local cloud, benchmarks and tests. */
export const product: readonly string[] = floors
  .flatMap(({ folder, rooms }) => (folder === '' ? rooms : []))
  .filter((room) => !['local', 'bench', 'test'].includes(room));
