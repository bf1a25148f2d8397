import { qualified } from '../../procedures/ground/names.js';
import { managedMarker } from '../ground/marker.js';
import { fingerprintOf } from '../resources/fingerprint.js';
import type { Resource, ResourceId } from '../resources/resource.js';
import {
  COMMENT_CLAUSE,
  type SqlDefinition,
  sqlResource,
  taskGraph,
} from '../resources/snowflake/definition.js';
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

/** A stream on a table of ours whose changes wake such a task; a procedure reads it, and makes it anew where it went stale. */
export function wakingStream(settings: Settings, stream: string, table: string): Resource<SqlDefinition> {
  const name = qualified(settings, stream);
  return sqlResource(
    'snowflake.stream',
    stream,
    {
      create: `CREATE STREAM ${name} ON TABLE ${qualified(settings, table)} ${COMMENT_CLAUSE}`,
      update: [`ALTER STREAM ${name} SET ${COMMENT_CLAUSE}`],
    },
    { dependsOn: [`snowflake.table:${table}`] },
  );
}

/**
 * The statement by which a procedure makes a stream anew that went stale: as apply would have, with its mark, so that apply
 * finds it as declared.
 */
export function restoreStream(settings: Settings, stream: Resource<SqlDefinition>): string {
  const mark = managedMarker(settings.prefix, fingerprintOf(stream.kind, stream.definition));
  return stream.definition.create
    .replaceAll('{fingerprint}', mark)
    .replace(/^CREATE STREAM/, 'CREATE OR REPLACE STREAM');
}
