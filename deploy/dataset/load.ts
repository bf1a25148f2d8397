import { readFileSync } from 'node:fs';
import type { ErrorObject } from 'ajv';
import { inconsistencies } from '../../procedures/dataset/consistency.js';
import type { ColumnFormat, Contract } from '../../procedures/dataset/contract.js';
import { type Door, doorProblems, openDoor } from '../../procedures/dataset/origin/door.js';
import { UTC } from '../../report/text/local-time.js';
import { messageOf, UserError } from '../errors.js';
import { schemaCheck } from '../ground/schema-check.js';
import { readYaml } from '../ground/yaml.js';
import { objectNames } from '../headers/files.js';

const contractCheck = schemaCheck('contract');

/**
 * Reads a dataset contract and checks that it makes sense.
 * @param file absolute path of the YAML file
 * @param zone the hospital's time zone, by whose clock moments are read
 * @throws UserError that names the file and every key that is wrong
 * @example
 * const contract = loadContract('/srv/los/sql/datasets/health.yaml', 'Europe/Berlin');
 */
export function loadContract(file: string, zone: string = UTC): Contract {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`The dataset contract ${file} cannot be read: ${messageOf(error)}.`, {
      next: 'Give the path of a contract such as sql/datasets/health.yaml.',
    });
  }
  return parseContract(text, file, zone);
}

/** `loadContract` for a text; `file` stands in the messages. */
export function parseContract(text: string, file: string, zone: string = UTC): Contract {
  const { value, problem } = readYaml(text);
  if (problem !== undefined) throw contractError(file, [problem]);
  const check = contractCheck();
  if (!check(value)) throw contractError(file, (check.errors ?? []).map(describe));
  const written = value as unknown as WrittenContract;
  const clashes = [...doorProblems(written), ...historyProblems(written)];
  if (clashes.length > 0) throw contractError(file, clashes);
  const contract = splitByProperty(written, zone);
  const problems = inconsistencies(contract, objectNames());
  if (problems.length > 0) throw contractError(file, problems);
  return contract;
}

type WrittenContract = Omit<
  Contract,
  'columns' | 'sources' | 'nulls' | 'sensitive' | 'written' | 'history' | 'table' | 'origin'
> &
  Door & {
    readonly history?: { readonly days: number; readonly admissions: string; readonly bedDays: string };
    readonly columns: Readonly<
      Record<
        string,
        | string
        | ({
            readonly type: string;
            readonly source?: string;
            readonly nulls?: string[];
            readonly sensitive?: boolean;
          } & ColumnFormat)
      >
    >;
    readonly nulls?: readonly string[];
  };

/** Problems of the history and of its names: once it is among the features this would not show. */
function historyProblems({
  history,
  patient,
  admission,
  discharge,
  columns,
  features,
}: WrittenContract): string[] {
  if (!history) return [];
  const { admissions, bedDays } = history;
  return [
    ...(patient ? [] : ['history: it needs patient, the column that says whose admissions these are']),
    ...(admission && discharge
      ? []
      : ['history: it needs admission and discharge, the days of earlier stays']),
    ...(admissions === bedDays ? [`history: admissions and bedDays are both called ${admissions}`] : []),
    ...[admissions, bedDays].flatMap((name) =>
      name in columns || name in features
        ? [`history: ${name} is a column or a feature already; give it another name (admissions:, bedDays:)`]
        : [],
    ),
  ];
}

/** A contract with the columns' types, sources, null markers and ways of writing each by themselves, as all who use it ask for them. */
function splitByProperty(
  {
    columns: written,
    nulls: everywhere = [],
    history,
    features,
    table,
    source,
    query,
    ...rest
  }: WrittenContract,
  zone: string,
): Contract {
  const columns = Object.entries(written).map(([name, column]) => {
    const {
      type,
      source: theirs,
      nulls,
      sensitive,
      ...inFiles
    } = typeof column === 'string' ? { type: column } : column;
    return { name, type, theirs, nulls: nulls ?? everywhere, sensitive, inFiles };
  });
  const pick = <T>(of: (column: (typeof columns)[number]) => T | undefined | false) =>
    Object.fromEntries(
      columns.flatMap((column) => {
        const value = of(column);
        return value === undefined || value === false ? [] : [[column.name, value]];
      }),
    );
  const plainType = (type: string) => type.replace(/^TIMESTAMP_L?TZ/, 'TIMESTAMP_NTZ');
  const zoned = pick(({ type }) => plainType(type) !== type && type);
  const sensitive = columns.flatMap((column) => (column.sensitive ? [column.name] : []));
  const parts = {
    nulls: pick(({ nulls }) => nulls.length > 0 && nulls),
    written: pick(({ inFiles }) => Object.keys(inFiles).length > 0 && inFiles),
  };
  const door: Door = {
    name: rest.name,
    ...(table && { table }),
    ...(source && { source }),
    ...(query && { query }),
  };
  return {
    ...rest,
    ...openDoor(
      door,
      pick(({ name, theirs }) => theirs !== name && theirs),
    ),
    columns: pick(({ type }) => plainType(type)),
    features: {
      ...features,
      ...(history && {
        [history.admissions]: { type: 'numeric', history: 'admissions' },
        [history.bedDays]: { type: 'numeric', history: 'bedDays' },
      }),
    },
    ...(history ? { history: { days: history.days } } : {}),
    ...Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0)),
    ...(sensitive.length > 0 ? { sensitive } : {}),
    ...(Object.keys(zoned).length > 0 ? { zoned: { zone, columns: zoned } } : {}),
  };
}

function contractError(file: string, problems: string[]): UserError {
  return new UserError(`The dataset contract ${file} is wrong: ${[...new Set(problems)].join('; ')}.`, {
    next: 'Correct these keys; docs/contract.md explains each of them.',
  });
}

function describe(error: ErrorObject): string {
  const key = error.instancePath.slice(1).replaceAll('/', '.');
  const at = key || 'the file';
  if (error.keyword === 'additionalProperties')
    return `${at} has an unknown key ${error.params.additionalProperty}`;
  if (error.keyword === 'enum') return `${at} must be one of ${error.params.allowedValues.join(', ')}`;
  if (error.keyword === 'propertyNames')
    return `${at}: ${error.params.propertyName} is not a name (upper-case letters, digits, _)`;
  if (error.keyword === 'pattern' && key.startsWith('columns'))
    return `${at} must be NUMBER, FLOAT, VARCHAR, BOOLEAN, DATE, TIMESTAMP_NTZ, TIMESTAMP_LTZ or TIMESTAMP_TZ`;
  if (error.keyword === 'pattern' && key === 'table')
    return 'table is a name in the schema of los (upper-case letters, digits, _); a relation elsewhere is source: DATABASE.SCHEMA.NAME';
  if (error.keyword === 'pattern' && key === 'source')
    return 'source must be DATABASE.SCHEMA.NAME or SCHEMA.NAME; a table in the schema of los is table: NAME';
  return `${at} ${error.message}`;
}
