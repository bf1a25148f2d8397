import { qualified } from '../../procedures/ground/names.js';
import type { Resource, ResourceId } from '../resources/resource.js';
import { COMMENT_CLAUSE, taskGraph } from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';
import { sqlFile } from '../sql-file.js';

/**
 * A task beside the scoring graph, not in it: where it fails, scoring goes on.
 * @param file in tasks/, with the values that it names besides the task's own
 */
export function taskBeside(
  settings: Settings,
  name: string,
  file: string,
  values: Readonly<Record<string, string>>,
  needs: readonly ResourceId[],
): Resource {
  const warehouse = settings.snowflake.warehouse.name;
  const own = { task: qualified(settings, name), warehouse, comment: COMMENT_CLAUSE };
  const create = sqlFile(`tasks/${file}`, { ...own, ...values });
  return taskGraph({ tasks: [{ name, create }], resumed: settings.tasks.resumed }, [
    ...needs,
    `snowflake.warehouse:${warehouse}`,
  ]);
}
