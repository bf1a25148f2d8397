import { inputsFunctions, type SqlFunction } from '../../procedures/dataset/inputs-sql.js';
import { invocations, qualified, shared } from '../../procedures/ground/names.js';
import { loadContract } from '../dataset/load.js';
import { idOf, type Resource, type ResourceId } from '../resources/resource.js';
import { COMMENT_CLAUSE, type SqlDefinition, sqlResource } from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';

/**
 * The SQL functions by which people ask the model: LOS_INPUTS makes features of an OBJECT of columns, and predict_los and its companions
 * hand these to the external functions. That a SQL function may call an external one is implied by Snowflake's pages (it "can appear in
 * any clause of a SQL statement in which other types of functions can appear") and nowhere stated: `los first-day` asks
 * it, and `snowflake.predictLos: inputs` does without.
 */
export function askingResources(settings: Settings): Resource<SqlDefinition>[] {
  const contract = loadContract(settings.dataset, settings.timeZone);
  const schema: ResourceId = `snowflake.schema:${settings.snowflake.schema}`;
  const made = inputsFunctions(contract, {
    ofColumns: qualified(settings, shared.inputsOfColumns),
    ofValues: qualified(settings, shared.inputsOfValues),
  });
  const values = sqlFunction(settings, shared.inputsOfValues, made.ofValues, 'OBJECT', [schema]);
  const columns = sqlFunction(settings, shared.inputsOfColumns, made.ofColumns, 'OBJECT', [
    schema,
    idOf(values),
  ]);
  const inputs = sqlFunction(settings, shared.inputs, made.ofObject, 'OBJECT', [schema, idOf(columns)]);
  const { days, detail, reasons } = invocations(settings);
  const asking = (name: string, external: string, returns: string) =>
    sqlFunction(
      settings,
      name,
      {
        args: [['FEATURES', 'OBJECT']],
        body: `${qualified(settings, external)}(${qualified(settings, shared.inputs)}(FEATURES))`,
      },
      returns,
      [schema, idOf(inputs), `snowflake.external-function:${external}(OBJECT)`],
    );
  return [
    values,
    columns,
    inputs,
    ...(settings.snowflake.predictLos === 'inputs'
      ? []
      : [
          asking(shared.predict, days, 'FLOAT'),
          asking(shared.detail, detail, 'OBJECT'),
          asking(shared.reasons, reasons, 'OBJECT'),
        ]),
  ];
}

/** A function whose body is an expression, which Snowflake puts in the place of its calls. */
function sqlFunction(
  settings: Settings,
  name: string,
  { args, body }: SqlFunction,
  returns: string,
  dependsOn: readonly ResourceId[],
): Resource<SqlDefinition> {
  const list = args.map(([argument, type]) => `${argument} ${type}`).join(', ');
  const create = [
    `CREATE OR REPLACE FUNCTION ${qualified(settings, name)}(${list})`,
    'COPY GRANTS',
    `RETURNS ${returns}`,
    COMMENT_CLAUSE,
    `AS $$\n${body}\n$$`,
  ].join('\n');
  return sqlResource(
    'snowflake.function',
    `${name}(${args.map(([, type]) => type).join(', ')})`,
    { create },
    { dependsOn },
  );
}
