// The DDL of tasks, streams, warehouses and storage integrations.
import { commentOf, type DdlContext, nameForDdl, optionText, text } from './ddl-text.js';
import { identifier } from './names.js';
import type { Integration, Stream, Task, Warehouse } from './objects.js';

/** CREATE TASK; the new one is suspended, as every new task is. */
export function taskDdl(context: DdlContext, task: Task): string {
  const lines = [`create or replace task ${nameForDdl(context, task)}`];
  const add = (key: string, value: string | number | undefined) => {
    if (value !== undefined) lines.push(`\t${key}=${typeof value === 'number' ? value : text(value)}`);
  };
  if (task.warehouse) lines.push(`\twarehouse=${identifier(task.warehouse)}`);
  add('schedule', task.schedule);
  add('config', task.config);
  if (task.overlapPolicy !== 'NO_OVERLAP') lines.push(`\toverlap_policy=${task.overlapPolicy}`);
  if (task.suspendAfterFailures !== 10) add('suspend_task_after_num_failures', task.suspendAfterFailures);
  if (task.autoRetryAttempts !== 0) add('task_auto_retry_attempts', task.autoRetryAttempts);
  add('user_task_timeout_ms', task.timeoutMs);
  add('user_task_minimum_trigger_interval_in_seconds', task.triggerIntervalSeconds);
  add('user_task_managed_initial_warehouse_size', task.initialSize);
  add('serverless_task_min_statement_size', task.minSize);
  add('serverless_task_max_statement_size', task.maxSize);
  add('target_completion_interval', task.targetCompletionInterval);
  for (const [key, value] of Object.entries(task.sessionParameters))
    lines.push(`\t${key}=${optionText(value)}`);
  if (task.comment) lines.push(`\t${commentOf(task)}`);
  if (task.finalizes) lines.push(`\tfinalize=${task.finalizes}`);
  if (task.predecessors.length > 0) lines.push(`\tafter ${task.predecessors.join(', ')}`);
  if (task.condition) lines.push(`\twhen ${task.condition}`);
  lines.push(`\tas ${task.definition};`);
  return lines.join('\n');
}

/** CREATE STREAM: it begins anew, at the table as it is then. */
export function streamDdl(context: DdlContext, stream: Stream): string {
  const table = context.catalog.get(stream.tableId);
  const name = table ? context.catalog.nameOf(table) : (stream.tableName ?? '');
  const mode = stream.mode === 'APPEND_ONLY' ? ' APPEND_ONLY = TRUE' : '';
  const comment = stream.comment ? ` ${commentOf(stream)}` : '';
  return `create or replace stream ${nameForDdl(context, stream)} on ${stream.below ? 'view' : 'table'} ${name}${mode}${comment};`;
}

/** CREATE WAREHOUSE */
export function warehouseDdl(warehouse: Warehouse): string {
  const sizing = Object.entries(warehouse.sizing ?? {}).map(
    ([key, value]) => `\t${key.toLowerCase()}=${optionText(value)}`,
  );
  const lines = [
    `create or replace warehouse ${identifier(warehouse.name)}`,
    'with',
    `\twarehouse_size=${text(warehouse.size)}`,
    `\tauto_suspend=${warehouse.autoSuspend ?? 'NULL'}`,
    `\tauto_resume=${String(warehouse.autoResume).toUpperCase()}`,
    `\tinitially_suspended=${warehouse.state === 'SUSPENDED' ? 'TRUE' : 'FALSE'}`,
    ...sizing,
  ];
  if (warehouse.comment) lines.push(`\t${commentOf(warehouse)}`);
  return `${lines.join('\n')}\n;`;
}

/** CREATE STORAGE INTEGRATION, the only kind that Snowflake gives the DDL of. */
export function integrationDdl(integration: Integration): string {
  const lines = [
    `create or replace storage integration ${identifier(integration.name)}`,
    '\tTYPE = EXTERNAL_STAGE',
    `\tENABLED = ${String(integration.enabled).toUpperCase()}`,
  ];
  // The external ID is given again: with another one the role would not trust the new integration.
  for (const [key, value] of Object.entries(integration.properties))
    if (key !== 'STORAGE_AWS_IAM_USER_ARN') lines.push(`\t${key} = ${optionText(value)}`);
  if (integration.comment) lines.push(`\t${commentOf(integration)}`);
  return `${lines.join('\n')}\n;`;
}
