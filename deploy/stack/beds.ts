import { bedsPlan, knownSql } from '../../procedures/beds/statements.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { dayAt } from '../../procedures/ground/days.js';
import { literal, qualified, shared } from '../../procedures/ground/names.js';
import { functionResource, procedureResource } from '../compile/sql.js';
import { startClause } from '../ground/schedule.js';
import { idOf, type Resource, type ResourceId } from '../resources/resource.js';
import { describedSql, sqlResource, tableOfFile } from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';
import { sqlFile } from '../sql-file.js';
import { taskBeside } from './beside.js';

/**
 * What forecasts beds and tells who leaves when: tables, functions, FORECAST_BEDS, views and a daily task of its own, which
 * cannot suspend scoring. Without dates of admission and discharge there are no beds: the procedure says so, and neither
 * the task nor the list of patients is there.
 */
export async function bedResources(
  contract: Contract,
  settings: Settings,
  schema: ResourceId,
): Promise<Resource[]> {
  const tables = [
    tableOfFile(settings, shared.bedForecasts, 'bed-forecasts.sql', schema),
    tableOfFile(settings, shared.bedNights, 'bed-nights.sql', schema),
  ];
  const dependsOn = [schema];
  const functions = await Promise.all(
    ['still-here', 'leaves', 'beds-taken', 'beds-below'].map((name) =>
      functionResource(`udfs/beds/${name}.ts`, { dependsOn }),
    ),
  );
  const { database, schema: name } = settings.snowflake;
  const define = {
    PLAN: bedsPlan(contract, settings, sqlFile),
    PLACE: { snowflake: { database, schema: name } },
  };
  const procedures = await Promise.all(
    ['forecast-beds', 'forecast-beds-with'].map((file) =>
      procedureResource(`procedures/beds/${file}.ts`, { dependsOn, define }),
    ),
  );
  const code = [...functions, ...procedures];
  const views = viewResources(contract, settings, [...tables, ...functions].map(idOf));
  const all = [...tables, ...code, ...views];
  return contract.admission === undefined ? all : [...all, task(settings, [...tables, ...code])];
}

function viewResources(contract: Contract, settings: Settings, dependsOn: readonly ResourceId[]): Resource[] {
  const place = (name: string) => qualified(settings, name);
  const today = dayAt(settings.timeZone);
  const values = {
    today,
    zone: literal(settings.timeZone),
    over: `DATEADD(day, -1, ${today})`,
    known:
      contract.admission === undefined
        ? ''
        : knownSql(contract, settings, sqlFile, `DATEADD(day, -1, ${today})`),
    dataset: literal(contract.name),
    features: place(datasetNames(contract).features),
    predictions: place(shared.predictions),
    forecasts: place(shared.bedForecasts),
    nights: place(shared.bedNights),
    errors: place(shared.bedErrors),
    beds_below: place(shared.bedsBelow),
    leaves: place(shared.leaves),
    id: contract.id,
    admission: contract.admission ?? '',
    ward: unit(contract.ward),
    department: unit(contract.department),
  };
  const view = (name: string, file: string, more: readonly ResourceId[] = []) =>
    sqlResource(
      'snowflake.view',
      name,
      { create: describedSql(`sql/views/${file}`, { ...values, view: place(name) }) },
      { dependsOn: [...dependsOn, ...more] },
    );
  const errors: ResourceId = `snowflake.view:${shared.bedErrors}`;
  return [
    view(shared.beds, 'beds.sql'),
    view(shared.bedErrors, 'bed-errors.sql'),
    view(shared.bedQuality, 'bed-quality.sql', [errors]),
    view(shared.bedPit, 'bed-pit.sql', [errors]),
    ...(contract.admission === undefined
      ? []
      : [
          view(shared.expectedDischarges, 'expected-discharges.sql', [
            `snowflake.table:${datasetNames(contract).features}`,
            `snowflake.view:${shared.predictions}`,
          ]),
        ]),
  ];
}

function unit(column: string | undefined): string {
  return column === undefined ? 'NULL::VARCHAR' : `TO_VARCHAR(f.${column})`;
}

function task(settings: Settings, needs: readonly Resource[]): Resource {
  const values = { when: startClause(settings.tasks.beds) };
  return taskBeside(settings, shared.bedTask, 'forecast.sql', values, needs.map(idOf));
}
