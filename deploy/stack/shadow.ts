import type { Contract } from '../../procedures/dataset/contract.js';
import { qualified } from '../../procedures/ground/names.js';
import { procedureResource } from '../compile/sql.js';
import { challengerOf, shadowPlan } from '../model/shadow-plan.js';
import { idOf, type Resource, type ResourceId } from '../resources/resource.js';
import { COMMENT_CLAUSE, sqlResource } from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';
import { taskBeside } from './beside.js';

/**
 * What lets a challenger predict in shadow, where tasks.challenger names one: a stream on the prediction log, a
 * procedure and a task. The task is triggered by the stream and stands beside the graph, not in it: a challenger
 * that fails must not suspend scoring.
 */
export async function shadowResources(
  contract: Contract,
  settings: Settings,
  schema: ResourceId,
): Promise<Resource[]> {
  const challenger = challengerOf(contract, settings);
  if (!challenger) return [];
  const stream = qualified(settings, 'LOS_SHADOW_PENDING');
  const needs = [
    sqlResource(
      'snowflake.stream',
      'LOS_SHADOW_PENDING',
      {
        create: `CREATE STREAM ${stream} ON TABLE ${qualified(settings, 'LOS_PREDICTION_LOG')} APPEND_ONLY = TRUE ${COMMENT_CLAUSE}`,
        update: [`ALTER STREAM ${stream} SET ${COMMENT_CLAUSE}`],
      },
      { dependsOn: [`snowflake.table:LOS_PREDICTION_LOG`] },
    ),
    await procedureResource('procedures/scoring/shadow-admissions.ts', {
      dependsOn: [schema, `snowflake.table:LOS_SHADOW_LOG`],
      define: { PLAN: shadowPlan(contract, settings, challenger) },
    }),
  ];
  return [...needs, taskBeside(settings, 'LOS_SHADOW', 'shadow.sql', { stream }, needs.map(idOf))];
}
