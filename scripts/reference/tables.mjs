import { viewColumns } from '../../dist/contracts/dbt/view-columns.js';
import { columnTexts, optionsOf } from '../../dist/deploy/resources/snowflake/read-statement.js';
import { cell, code, page, table } from './markdown.mjs';
import { ROLES } from './objects.mjs';

/** Who reads and writes a table, and how long its rows stay, in a line. */
function accessOf({ readers, writers, patients, expires }) {
  const parts = [
    `Read by ${ROLES[readers] ?? 'its owner alone'}`,
    writers === 'run' ? `written by ${ROLES.run} and procedures` : writers && 'written by procedures alone',
    patients === 'yes' && 'rows are of single patients',
    expires && 'rows leave after `watch.keepDays`',
  ];
  return `*${parts.filter(Boolean).join('; ')}.*`;
}

export function tablesPage(objects) {
  return page(
    '# Tables',
    'Snowflake shows the same: `DESCRIBE TABLE` has the comment of every column. Four tables follow the dataset’s contract, here that of the demo (`sql/datasets/health.yaml`); all others are the same for every dataset.',
    objects.of('table').map(({ declared, resource: { name, definition } }) =>
      page(
        `## ${name}`,
        declared.prose,
        accessOf(declared.header),
        table(
          ['column', 'type', 'what'],
          columnTexts(definition.create).map(({ name: column, type, comment }) => {
            // Of a column of the hospital only the hospital knows what it says.
            if (!comment && !/_(ADMISSIONS|CHANGED)$/.test(name))
              throw new Error(`${name}.${column} has no COMMENT`);
            return [code(column), type, cell(comment)];
          }),
        ),
      ),
    ),
  );
}

export function viewsPage(objects) {
  return page(
    '# Views',
    '`DESCRIBE VIEW` shows the comment of every column.',
    objects.of('view').map(({ declared, resource: { name, definition } }) => {
      const columns = viewColumns(definition.create);
      const hasTexts = columns.every(({ comment }) => comment !== '');
      if (!hasTexts && name !== 'LOS_FEATURES') throw new Error(`${name} has columns without COMMENT`);
      return page(
        `## ${name}`,
        declared.prose,
        accessOf(declared.header),
        hasTexts
          ? table(
              ['column', 'what'],
              columns.map(({ name: column, comment }) => [code(column), cell(comment)]),
            )
          : `Columns: ${code(columns.map(({ name: column }) => column).join(', '))}`,
      );
    }),
  );
}

export function tasksPage(objects) {
  const rows = objects.tasks.map(({ declared, name, create }) => {
    const { SCHEDULE } = optionsOf(create);
    const after = /\bAFTER ([\w.]+)/.exec(create)?.[1].split('.').at(-1);
    const root = /\bFINALIZE = ([\w.]+)/.exec(create)?.[1].split('.').at(-1);
    const streams = [...create.matchAll(/STREAM_HAS_DATA\('[\w.]*?(\w+)'\)/g)].map(([, stream]) =>
      code(stream),
    );
    const when = [
      SCHEDULE && code(SCHEDULE),
      after && `after ${code(after)}`,
      root && `at the end of the graph of ${code(root)}`,
      streams.length > 0 && `when ${streams.join(' or ')} has something`,
    ].filter(Boolean);
    return [
      code(name),
      when.join(', '),
      code(/\bCALL ([\w.]+\(\))/.exec(create)[1].split('.').at(-1)),
      cell(declared.prose),
    ];
  });
  return page(
    '# Tasks and streams',
    'Tasks run as their owner, LOS_DEPLOY. `tasks` in the [settings](settings.md) says when. LOS_SHADOW exists where `tasks.challenger` names a version, LOS_NOTIFY where `mail.verified` names addresses.',
    table(['task', 'when', 'calls', 'what'], rows),
    '## Streams',
    table(
      ['stream', 'follows', 'what'],
      objects
        .of('stream')
        .map(({ declared, resource: { name, definition } }) => [
          code(name),
          code(/\bON TABLE ([\w.]+)/.exec(definition.create)[1].split('.').at(-1)),
          cell(declared.prose),
        ]),
    ),
  );
}

/** Kinds of objects that have no page of their own, in words. */
const OTHERS = {
  'snowflake.role': 'roles ([permissions](../permissions.md))',
  'snowflake.warehouse': 'warehouse',
  'snowflake.database': 'database',
  'snowflake.schema': 'schema',
  'snowflake.api-integration': 'API integrations',
  'snowflake.storage-integration': 'storage integration',
  'snowflake.notification-integration': 'notification integration, where `mail.verified` names addresses',
  'snowflake.stage': 'stages',
  'snowflake.file-format': 'file format',
  'aws.bucket': 'S3 bucket',
  'aws.iam-role': 'IAM roles ([permissions](../permissions.md))',
  'aws.rest-api': 'REST API of API Gateway',
};
const ELSEWHERE =
  /^(snowflake\.(table|view|stream|procedure|function|external-function|task-graph|grants)|aws\.(trust|role-bounds))$/;

export function objectsPage({ resources }) {
  const kinds = [...new Set(resources.map(({ kind }) => kind))].filter((kind) => !ELSEWHERE.test(kind));
  const unknown = kinds.filter((kind) => !(kind in OTHERS));
  if (unknown.length > 0)
    throw new Error(`No words for ${unknown.join(', ')}: OTHERS in scripts/reference/tables.mjs has them`);
  return page(
    '# Everything else that `los apply` makes',
    'Names are those of the default settings, in AWS of the account 123456789012. A trained version adds a request translator, a model, an endpoint configuration and an endpoint of its name.',
    table(
      ['what', 'names'],
      kinds.map((kind) => [
        OTHERS[kind],
        resources
          .filter((each) => each.kind === kind)
          .map(({ name }) => code(name))
          .join(', '),
      ]),
    ),
  );
}
