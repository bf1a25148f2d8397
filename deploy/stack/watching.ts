import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualified, shared } from '../../procedures/ground/names.js';
import type { NotifyPlan } from '../../procedures/notifying/plan.js';
import type { WatchPlan } from '../../procedures/watching/plan.js';
import { functionResource, procedureResource } from '../compile/sql.js';
import { startClause } from '../ground/schedule.js';
import { projectRoot } from '../project.js';
import { idOf, type Resource, type ResourceId } from '../resources/resource.js';
import { COMMENT_CLAUSE, sqlResource, taskGraph } from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';
import { sqlFile } from '../sql-file.js';

const TABLES: readonly (readonly [name: string, file: string])[] = [
  [shared.featureReference, 'feature-reference.sql'],
  [shared.watchInputs, 'watch-inputs.sql'],
  [shared.watchPerformance, 'watch-performance.sql'],
  [shared.watchPipe, 'watch-pipe.sql'],
  [shared.alarms, 'alarms.sql'],
  [shared.events, 'events.sql'],
];

const TEXTS = ['start', 'window', 'numbers', 'levels', 'stays', 'performance', 'pipe'];

/**
 * What watches inputs, predictions and the pipe: tables, WATCH_PREDICTIONS, and a daily task of its own, because nobody who
 * has stopped can say so.
 */
export async function watchingResources(
  contract: Contract,
  settings: Settings,
  schema: ResourceId,
): Promise<Resource[]> {
  const dependsOn = [schema];
  const tables = TABLES.map(([name, file]) => {
    const text = (create: string) =>
      sqlFile(`sql/tables/${file}`, { create, name: qualified(settings, name), comment: COMMENT_CLAUSE });
    return sqlResource(
      'snowflake.table',
      name,
      { create: text('CREATE TABLE'), update: [text('CREATE OR ALTER TABLE')] },
      { dependsOn, holdsData: true },
    );
  });
  const define = { PLAN: watchPlan(contract, settings) };
  const code = await Promise.all([
    functionResource('udfs/curve/stay-so-far.ts', { dependsOn }),
    procedureResource('procedures/watching/watch-predictions.ts', { dependsOn, define }),
    procedureResource('procedures/watching/watch-predictions-of.ts', { dependsOn, define }),
  ]);
  return [...tables, ...code, taskResource(settings, [...tables, ...code])];
}

/** What WATCH_PREDICTIONS is compiled with. */
export function watchPlan(contract: Contract, settings: Settings): WatchPlan {
  const { database, schema } = settings.snowflake;
  const text = (name: string) => readFileSync(join(projectRoot, 'sql/watching', `${name}.sql`), 'utf8');
  return {
    contract,
    place: { snowflake: { database, schema } },
    settings: settings.watch,
    sql: Object.fromEntries(TEXTS.map((name) => [`watching/${name}`, text(name)])),
  };
}

/** What tells people: the procedures that send what LOS_EVENTS has, and a way out where the settings name whom to write to. */
export async function notifyingResources(
  contract: Contract,
  settings: Settings,
  schema: ResourceId,
): Promise<Resource[]> {
  const define = { PLAN: notifyPlan(contract, settings) };
  const procedures = await Promise.all(
    ['take-events', 'events-sent', 'send-notifications'].map((name) =>
      procedureResource(`procedures/notifying/${name}.ts`, { dependsOn: [schema], define }),
    ),
  );
  return settings.mail.verified.length > 0 ? [integrationResource(settings), ...procedures] : procedures;
}

function notifyPlan(contract: Contract, settings: Settings): NotifyPlan {
  const { mail, snowflake, prefix } = settings;
  const { database, schema, integrations } = snowflake;
  return {
    dataset: contract.name,
    place: { snowflake: { database, schema } },
    subjectPrefix: mail.subjectPrefix,
    deployment: `${prefix} in Snowflake`,
    email:
      mail.verified.length > 0 ? { integration: integrations.mail, recipients: [...mail.verified] } : null,
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

/** Watching once a day, and, where Snowflake may write to somebody, telling right after it. */
function taskResource(settings: Settings, needs: readonly Resource[]): Resource {
  const warehouse = settings.snowflake.warehouse.name;
  const values = { warehouse, comment: COMMENT_CLAUSE };
  const watch = {
    name: shared.watchTask,
    create: sqlFile('tasks/watch.sql', {
      ...values,
      task: qualified(settings, shared.watchTask),
      when: startClause(settings.tasks.watch),
      procedure: qualified(settings, 'WATCH_PREDICTIONS'),
    }),
  };
  const tell = {
    name: shared.notifyTask,
    create: sqlFile('tasks/notify.sql', {
      ...values,
      task: qualified(settings, shared.notifyTask),
      after: qualified(settings, shared.watchTask),
      procedure: qualified(settings, 'SEND_NOTIFICATIONS'),
    }),
  };
  const mails = settings.mail.verified.length > 0;
  return taskGraph({ tasks: mails ? [watch, tell] : [watch], resumed: settings.tasks.resumed }, [
    ...needs.map(idOf),
    `snowflake.warehouse:${warehouse}`,
    ...(mails
      ? ([
          'snowflake.procedure:SEND_NOTIFICATIONS()',
          `snowflake.notification-integration:${settings.snowflake.integrations.mail}`,
        ] as const)
      : []),
  ]);
}
