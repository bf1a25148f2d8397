import { bedsPlan, dataEndSql } from '../../procedures/beds/statements.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { dayAt } from '../../procedures/ground/days.js';
import { literal, qualified } from '../../procedures/ground/names.js';
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
    tableOfFile(settings, 'LOS_BED_FORECASTS', 'bed-forecasts.sql', schema),
    tableOfFile(settings, 'LOS_BED_NIGHTS', 'bed-nights.sql', schema),
  ];
  const dependsOn = [schema];
  const functions = await Promise.all(
    ['remaining-patients', 'discharge-forecast', 'bed-distribution', 'bed-forecast-cdf'].map((name) =>
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
        : dataEndSql(contract, settings, sqlFile, `DATEADD(day, -1, ${today})`),
    dataset: literal(contract.name),
    features: place(datasetNames(contract).features),
    predictions: place('LOS_PREDICTIONS'),
    forecasts: place('LOS_BED_FORECASTS'),
    nights: place('LOS_BED_NIGHTS'),
    errors: place('LOS_BED_ERRORS'),
    beds_below: place('LOS_BED_FORECAST_CDF'),
    leaves: place('LOS_DISCHARGE_FORECAST'),
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
  const errors: ResourceId = `snowflake.view:LOS_BED_ERRORS`;
  return [
    view('LOS_BEDS', 'beds.sql'),
    view('LOS_BED_ERRORS', 'bed-errors.sql'),
    view('LOS_BED_ACCURACY', 'bed-accuracy.sql', [errors]),
    view('LOS_BED_CALIBRATION', 'bed-calibration.sql', [errors]),
    ...(contract.admission === undefined
      ? []
      : [
          view('LOS_EXPECTED_DISCHARGES', 'expected-discharges.sql', [
            `snowflake.table:${datasetNames(contract).features}`,
            `snowflake.view:LOS_PREDICTIONS`,
          ]),
        ]),
  ];
}

function unit(column: string | undefined): string {
  return column === undefined ? 'NULL::VARCHAR' : `TO_VARCHAR(f.${column})`;
}

function task(settings: Settings, needs: readonly Resource[]): Resource {
  const values = { when: startClause(settings.tasks.beds) };
  return taskBeside(settings, 'LOS_FORECAST_BEDS', 'forecast-beds.sql', values, needs.map(idOf));
}
