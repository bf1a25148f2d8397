import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualified } from '../../procedures/ground/names.js';
import type { NotifyPlan } from '../../procedures/notifying/plan.js';
import type { Patience } from '../../procedures/watching/pipe/silence.js';
import type { Stream } from '../../procedures/watching/pipe/streams.js';
import type { WatchPlan } from '../../procedures/watching/plan.js';
import { functionResource, procedureResource } from '../compile/sql.js';
import { longestGapHours, MOST_FAILURES, startClause } from '../ground/schedule.js';
import { projectRoot } from '../project.js';
import { idOf, type Resource, type ResourceId } from '../resources/resource.js';
import {
  COMMENT_CLAUSE,
  describedSql,
  type SqlDefinition,
  sqlResource,
  streamedTable,
  tableOfFile,
} from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';
import { restoreStream, taskBeside, wakingStream } from './beside.js';

const TABLES: readonly (readonly [name: string, file: string])[] = [
  ['LOS_FEATURE_REFERENCE', 'feature-reference.sql'],
  ['LOS_WATCH_INPUTS', 'watch-inputs.sql'],
  ['LOS_WATCH_PERFORMANCE', 'watch-performance.sql'],
  ['LOS_WATCH_PIPELINE', 'watch-pipeline.sql'],
  ['LOS_ALARMS', 'alarms.sql'],
  ['LOS_EVENTS', 'events.sql'],
];

/** Views of what was watched and of what ran, the file of each, and the tables that it reads by the names that it has for them. */
const VIEWS: readonly (readonly [name: string, file: string, reads: Readonly<Record<string, string>>])[] = [
  ['LOS_WEEKLY_ERRORS', 'weekly-errors.sql', { performance: 'LOS_WATCH_PERFORMANCE' }],
  [
    'LOS_TIMELINE',
    'timeline.sql',
    { runs: 'LOS_RUN_LOG', alarms: 'LOS_ALARMS', registry: 'LOS_MODEL_REGISTRY' },
  ],
  ['LOS_DRIFT', 'drift.sql', { inputs: 'LOS_WATCH_INPUTS' }],
  ['LOS_RUNS_BY_DAY', 'runs.sql', { runs: 'LOS_RUN_LOG' }],
  [
    'LOS_TRAINING_COSTS',
    'training-costs.sql',
    { trainings: 'LOS_TRAINING_RUNS', steps: 'LOS_TRAINING_STEPS' },
  ],
];

const TEXTS = ['window', 'numbers', 'levels', 'stays', 'performance', 'beside', 'pipe'];

/**
 * What watches inputs, predictions and the pipe: tables, procedures, and two tasks of their own, because nobody who has stopped can
 * say so: a daily one, and one every hour for what cannot wait for the morning.
 */
export async function watchingResources(
  contract: Contract,
  settings: Settings,
  schema: ResourceId,
  streams: readonly Stream[],
): Promise<Resource[]> {
  const dependsOn = [schema];
  const tables = TABLES.map(([name, file]) => tableOfFile(settings, name, file, schema));
  const define = { PLAN: watchPlan(contract, settings, streams) };
  const code = await Promise.all([
    functionResource('udfs/curve/evaluate-ongoing-stay.ts', { dependsOn }),
    procedureResource('procedures/watching/watch-predictions.ts', { dependsOn, define }),
    procedureResource('procedures/watching/watch-predictions-of.ts', { dependsOn, define }),
    procedureResource('procedures/watching/watch-scoring.ts', { dependsOn, define }),
    procedureResource('procedures/watching/report-graph-run.ts', { dependsOn, define }),
  ]);
  const needs = [...tables, ...code].map(idOf);
  const task = (name: string, schedule: string, file: string) =>
    taskBeside(settings, name, file, { when: startClause(schedule) }, needs);
  return [
    ...tables,
    ...code,
    ...VIEWS.map((view) => viewResource(settings, view)),
    task('LOS_WATCH', settings.tasks.watch, 'watch.sql'),
    task('LOS_MONITOR_HOURLY', settings.tasks.look, 'monitor-hourly.sql'),
  ];
}

function viewResource(settings: Settings, [name, file, reads]: (typeof VIEWS)[number]): Resource {
  const tables = Object.fromEntries(
    Object.entries(reads).map(([key, table]) => [key, qualified(settings, table)]),
  );
  const values = {
    view: qualified(settings, name),
    zone: literal(settings.timeZone),
    ...tables,
  };
  return sqlResource(
    'snowflake.view',
    name,
    { create: describedSql(`sql/views/${file}`, values) },
    { dependsOn: Object.values(reads).map((table): ResourceId => `snowflake.table:${table}`) },
  );
}

/** What WATCH_PREDICTIONS is compiled with. */
export function watchPlan(contract: Contract, settings: Settings, streams: readonly Stream[]): WatchPlan {
  const { database, schema } = settings.snowflake;
  const text = (name: string) => readFileSync(join(projectRoot, 'sql/watching', `${name}.sql`), 'utf8');
  return {
    contract,
    place: { snowflake: { database, schema } },
    zone: settings.timeZone,
    settings: settings.watch,
    patienceHours: Math.ceil(longestGapHours(settings.tasks.schedule)) + 2,
    silence: patienceOf(settings),
    streams,
    sql: Object.fromEntries(TEXTS.map((name) => [`watching/${name}`, text(name)])),
  };
}

/** A watch may be late by half a day, a look by one more of its times. */
function patienceOf({ tasks, timeZone: zone }: Settings): Patience {
  const gap = (schedule: string) => Math.ceil(longestGapHours(schedule));
  return { watch: Math.max(24, gap(tasks.watch)) + 12, look: 2 * gap(tasks.look) + 2, zone };
}

/** The streams that wake tasks, and how each is made anew. @param raw on the admissions’ table, waker: on who waits */
export function wakingStreams(
  settings: Settings,
  [raw, waker]: readonly Resource<SqlDefinition>[],
): Stream[] {
  const beside = (stream: string, table: NonNullable<Stream['wakes']>, then: string): Stream => ({
    name: stream,
    restore: restoreStream(settings, wakingStream(settings, stream, table)),
    then,
    wakes: table,
  });
  const whole = (stream: Resource<SqlDefinition>, then: string): Stream => ({
    name: stream.name,
    restore: restoreStream(settings, stream),
    then,
  });
  return [
    {
      ...whole(
        raw!,
        'It begins with all rows of the table: what has not changed changes nothing, and rows that were deleted meanwhile are noticed within a day.',
      ),
      follows: streamedTable(raw!.definition),
    },
    whole(waker!, 'It begins with everybody who waits.'),
    beside('LOS_OPEN_TRAININGS', 'LOS_TRAINING_RUNS', 'Open trainings go on.'),
    beside('LOS_OPEN_BACKFILLS', 'LOS_BACKFILLS', 'Open batch transforms go on.'),
    ...(settings.mail.verified.length > 0
      ? [beside('LOS_UNSENT_EVENTS', 'LOS_EVENTS', 'What waits to be told is told.')]
      : []),
  ];
}

/** What tells people: the procedures that send what LOS_EVENTS has, and a way out where the settings name whom to write to. */
export async function notifyingResources(
  contract: Contract,
  settings: Settings,
  schema: ResourceId,
): Promise<Resource[]> {
  const define = { PLAN: notifyPlan(contract, settings) };
  const procedures = await Promise.all(
    ['lease-events', 'mark-events-sent', 'send-notifications'].map((name) =>
      procedureResource(`procedures/notifying/${name}.ts`, { dependsOn: [schema], define }),
    ),
  );
  if (settings.mail.verified.length === 0) return procedures;
  const ways = [
    integrationResource(settings),
    wakingStream(settings, 'LOS_UNSENT_EVENTS', 'LOS_EVENTS'),
    ...procedures,
  ];
  return [...ways, notifyTask(settings, ways)];
}

function notifyPlan(contract: Contract, settings: Settings): NotifyPlan {
  const { mail, snowflake, prefix, timeZone } = settings;
  const { database, schema, integrations } = snowflake;
  return {
    dataset: contract.name,
    place: { snowflake: { database, schema } },
    silence: patienceOf(settings),
    subjectPrefix: mail.subjectPrefix,
    digest: mail.digestHour === null ? null : { hour: mail.digestHour, zone: timeZone },
    deployment: `${prefix} in Snowflake`,
    email:
      mail.verified.length > 0
        ? {
            integration: integrations.mail,
            recipients: [...mail.verified],
            restoreStream: restoreStream(settings, wakingStream(settings, 'LOS_UNSENT_EVENTS', 'LOS_EVENTS')),
          }
        : null,
  };
}

/** Altered, never replaced, as the others are. */
function integrationResource(settings: Settings): Resource {
  const name = settings.snowflake.integrations.mail;
  const recipients = `(${settings.mail.verified.map(literal).join(', ')})`;
  return sqlResource('snowflake.notification-integration', name, {
    create: `CREATE NOTIFICATION INTEGRATION IF NOT EXISTS ${name}
TYPE = EMAIL
ENABLED = TRUE
ALLOWED_RECIPIENTS = ${recipients}
${COMMENT_CLAUSE}`,
    update: [
      `ALTER NOTIFICATION INTEGRATION ${name} SET ENABLED = TRUE ALLOWED_RECIPIENTS = ${recipients} ${COMMENT_CLAUSE}`,
    ],
  });
}

/** Telling, as soon as there is something to tell. A task of its own: a mail server that is down must not suspend watching. */
function notifyTask(settings: Settings, needs: readonly Resource[]): Resource {
  const values = {
    failures: String(MOST_FAILURES),
    when: startClause('triggered'),
    stream: qualified(settings, 'LOS_UNSENT_EVENTS'),
  };
  return taskBeside(settings, 'LOS_NOTIFY', 'notify.sql', values, needs.map(idOf));
}
