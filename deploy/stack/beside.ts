import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { literal, qualified, schemaPath } from '../../procedures/ground/names.js';
import { managedMarker } from '../ground/marker.js';
import { fingerprintOf } from '../resources/fingerprint.js';
import type { Resource, ResourceId } from '../resources/resource.js';
import {
  COMMENT_CLAUSE,
  describedSql,
  type SqlDefinition,
  sqlResource,
  taskGraph,
} from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';

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
  const own = {
    task: qualified(settings, name),
    schema: schemaPath(settings),
    warehouse,
    zone: literal(settings.timeZone),
  };
  const create = describedSql(`tasks/${file}`, { ...own, ...values });
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

/**
 * The stream that BUILD_FEATURES reads, on the hospital's table, and the one that wakes the task graph for who waits. Replacing one loses its offset,
 * so it is done only where all rows are to be read again.
 */
export function streamResources(contract: Contract, settings: Settings): Resource<SqlDefinition>[] {
  const names = datasetNames(contract);
  const stream = (
    name: string,
    table: string,
    options: string,
    { again = [], needs = [] }: { again?: readonly string[]; needs?: readonly ResourceId[] } = {},
  ) =>
    sqlResource(
      'snowflake.stream',
      name,
      {
        create: `CREATE STREAM ${qualified(settings, name)} ON TABLE ${qualified(settings, table)} ${options} ${COMMENT_CLAUSE}`,
        update: [...again, `ALTER STREAM ${qualified(settings, name)} SET ${COMMENT_CLAUSE}`],
      },
      { dependsOn: [`snowflake.table:${table}`, ...needs] },
    );
  const own = [
    names.features,
    names.changed,
    names.waiting,
    'LOS_PREDICTION_LOG',
    'LOS_QUARANTINE',
    'LOS_MODEL_REGISTRY',
  ];
  return [
    // A hospital's table may hold years of admissions before the first apply.
    stream(names.rawStream, names.raw, 'SHOW_INITIAL_ROWS = TRUE', {
      again: buildAnew(contract, settings),
      needs: [
        ...[...own, 'LOS_RUN_LOG'].map((name): ResourceId => `snowflake.table:${name}`),
        'snowflake.procedure:BUILD_FEATURES()',
        `snowflake.warehouse:${settings.snowflake.warehouse.name}`,
      ],
    }),
    // It only wakes the task graph; what is to be scored stands in the table.
    stream(names.waker, names.waiting, 'APPEND_ONLY = TRUE SHOW_INITIAL_ROWS = TRUE'),
  ];
}

/** Since when the feature table says which values are defaults: what was built before is built anew. */
const MARKED = 1;

/**
 * Builds the features of all admissions anew, for a contract that computes them otherwise: a training would otherwise learn
 * from old rows what new ones no longer are. What the contract says of them stands in the first statement, so that a change of
 * it changes the stream's definition. The mark comes last: an apply that is killed between does it again.
 */
function buildAnew(contract: Contract, settings: Settings): string[] {
  const { name: _, groups, explore, capacity, holdBack, split, features, ...others } = contract;
  const computed = {
    ...others,
    features: Object.fromEntries(
      Object.entries(features).map(([name, { knownAtAdmission: _known, ...feature }]) => [name, feature]),
    ),
  };
  const names = datasetNames(contract);
  return [
    `-- Features as ${fingerprintOf('features', { ...computed, marked: MARKED })}
CREATE OR REPLACE STREAM ${qualified(settings, names.rawStream)} ON TABLE ${qualified(settings, names.raw)} SHOW_INITIAL_ROWS = TRUE`,
    `CALL ${qualified(settings, 'BUILD_FEATURES')}()`,
  ];
}
