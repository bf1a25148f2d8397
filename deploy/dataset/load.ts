import { readFileSync } from 'node:fs';
import type { ErrorObject } from 'ajv';
import { parseDocument } from 'yaml';
import type { Contract, Written } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { headerOf, sourceOf } from '../../procedures/dataset/raw.js';
import { shared } from '../../procedures/ground/names.js';
import { UTC } from '../../report/text/local-time.js';
import { messageOf, UserError } from '../errors.js';
import { schemaCheck } from '../ground/schema-check.js';
import { exploreProblems } from './check-explore.js';
import { isDate } from './files/column-types.js';
import { namesIn } from './naming/contract-names.js';
import { OURS, RESERVED, RESERVED_WORDS } from './naming/reserved-words.js';

const contractCheck = schemaCheck('contract');

/**
 * Reads a dataset contract and checks that it makes sense.
 * @param file absolute path of the YAML file
 * @param zone the hospital's time zone, by whose clock moments are read
 * @throws UserError that names the file and every key that is wrong
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
  const document = parseDocument(text);
  const syntax = document.errors[0];
  if (syntax) throw wrong(file, [syntax.message.split('\n')[0]?.replace(/:$/, '') ?? 'it is not valid YAML']);
  const value: unknown = document.toJS();
  const check = contractCheck();
  if (!check(value)) throw wrong(file, (check.errors ?? []).map(describe));
  const clashes = historyProblems(value as unknown as WrittenContract);
  if (clashes.length > 0) throw wrong(file, clashes);
  const contract = takenApart(value as unknown as WrittenContract, zone);
  const problems = inconsistencies(contract);
  if (problems.length > 0) throw wrong(file, problems);
  return contract;
}

/** A contract as it stands in the file. */
type WrittenContract = Omit<Contract, 'columns' | 'sources' | 'nulls' | 'written' | 'history'> & {
  readonly history?: { readonly days: number; readonly admissions: string; readonly bedDays: string };
  readonly columns: Readonly<
    Record<
      string,
      string | ({ readonly type: string; readonly source?: string; readonly nulls?: string[] } & Written)
    >
  >;
  readonly nulls?: readonly string[];
};

/** What a history needs, and where its names are taken: once it is among the features this would not show. */
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

function takenApart(
  { columns: written, nulls: everywhere = [], history, features, ...rest }: WrittenContract,
  zone: string,
): Contract {
  const zoned: Record<string, string> = {};
  const columns: Record<string, string> = {};
  const sources: Record<string, string> = {};
  const nulls: Record<string, readonly string[]> = {};
  const inFiles: Record<string, Written> = {};
  for (const [name, column] of Object.entries(written)) {
    const {
      type,
      source = name,
      nulls: own = everywhere,
      ...rest
    }: { type: string; source?: string; nulls?: readonly string[] } & Written = typeof column === 'string'
      ? { type: column }
      : column;
    columns[name] = type.replace(/^TIMESTAMP_L?TZ/, 'TIMESTAMP_NTZ');
    if (columns[name] !== type) zoned[name] = type;
    if (source !== name) sources[name] = source;
    if (own.length > 0) nulls[name] = own;
    if (Object.keys(rest).length > 0) inFiles[name] = rest;
  }
  return {
    ...rest,
    columns,
    features: history
      ? {
          ...features,
          [history.admissions]: { type: 'numeric', history: 'admissions' },
          [history.bedDays]: { type: 'numeric', history: 'bedDays' },
        }
      : features,
    ...(history ? { history: { days: history.days } } : {}),
    ...(Object.keys(sources).length > 0 ? { sources } : {}),
    ...(Object.keys(nulls).length > 0 ? { nulls } : {}),
    ...(Object.keys(inFiles).length > 0 ? { written: inFiles } : {}),
    ...(Object.keys(zoned).length > 0 ? { zoned: { zone, columns: zoned } } : {}),
  };
}

function wrong(file: string, problems: string[]): UserError {
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
  return `${at} ${error.message}`;
}

/** `*` in the place of a column, as in HASH(*). */
const ALL_COLUMNS = /[(,]\s*\*\s*[,)]|\.\s*\*/;

function identifiedBy(key: 'id' | 'patient'): string {
  return key === 'id' ? 'an admission' : 'a patient';
}

/** What a schema cannot say: which keys must fit together. */
function inconsistencies(contract: Contract): string[] {
  const problems: string[] = [];
  const { columns, features } = contract;
  for (const [key, names] of Object.entries({ columns, features }))
    for (const name of Object.keys(names))
      if (RESERVED_WORDS.has(name))
        problems.push(
          `${key}.${name}: the name is a reserved word of SQL; call it otherwise${key === 'columns' ? `, as ${name}_ with source: ${name}` : ''}`,
        );
  for (const name of Object.keys({ ...columns, ...features }))
    if (OURS.test(name))
      problems.push(
        `${name in columns ? 'columns' : 'features'}.${name}: los reckons with a column of this name; call it otherwise${name in columns ? `, as ${name}_ with source: ${name}` : ''}`,
      );
  const mustExist = (key: string, column: string | undefined) => {
    if (column !== undefined && !(column in columns))
      problems.push(`${key}: ${column} is not one of the columns`);
  };
  for (const key of ['id', 'patient', 'admission', 'discharge', 'los', 'ward', 'department'] as const)
    mustExist(key, contract[key]);
  const called = Object.keys(columns).map((name) => sourceOf(contract, name));
  for (const source of new Set(called.filter((name, i) => called.indexOf(name) !== i)))
    problems.push(`columns: two of them are called ${source} in the table`);
  const headers = Object.keys(columns).map((name) => headerOf(contract, name).trim().toUpperCase());
  for (const header of new Set(headers.filter((name, i) => headers.indexOf(name) !== i)))
    problems.push(`columns: two of them are called ${header} in a file (header:)`);
  for (const [name, { order, decimal }] of Object.entries(contract.written ?? {})) {
    if (order && !isDate(columns[name]!))
      problems.push(`columns.${name}: order is of dates, and it is ${columns[name]}`);
    if (decimal && !/^(NUMBER|FLOAT)/.test(columns[name]!))
      problems.push(`columns.${name}: decimal is of numbers, and it is ${columns[name]}`);
  }
  mustExist('split.column', contract.split?.column);
  for (const column of contract.afterAdmission) mustExist('afterAdmission', column);
  for (const group of contract.groups) for (const column of group) mustExist('groups', column);
  const identifiers = new Map(
    (['id', 'patient'] as const).flatMap((key) => (contract[key] ? [[contract[key], key] as const] : [])),
  );
  for (const name of new Set(contract.groups.flat()))
    if (identifiers.has(name))
      problems.push(
        `groups: ${name} identifies ${identifiedBy(identifiers.get(name)!)}, so it cannot be a group`,
      );

  const { raw, ...derived } = datasetNames(contract);
  if ([...Object.values(derived), ...Object.values(shared)].includes(raw))
    problems.push(`table: ${raw} is the name of a table or function that los makes itself`);

  const dates = [contract.admission, contract.discharge].filter((column) => column !== undefined);
  if (dates.length === 1) problems.push('admission and discharge must be given together');
  if (dates.length === 0 && !contract.los) problems.push('either admission and discharge, or los is needed');
  if (dates.length === 2 && contract.los) problems.push('los and admission/discharge exclude each other');
  for (const key of ['admission', 'discharge'] as const) {
    const type = columns[contract[key] ?? ''];
    if (type && !/^(DATE|TIMESTAMP_NTZ)/.test(type)) problems.push(`${key}: ${contract[key]} must be a DATE`);
  }
  const losType = columns[contract.los ?? ''];
  if (losType && !/^(NUMBER|FLOAT)/.test(losType)) problems.push(`los: ${contract.los} must be a number`);

  const hidden = new Set([contract.discharge, contract.los, ...contract.afterAdmission]);
  for (const key of ['ward', 'department'] as const)
    if (hidden.has(contract[key])) {
      if (contract[key]) problems.push(`${key}: ${contract[key]} is known only after admission`);
    } else if (identifiers.has(contract[key] ?? ''))
      problems.push(`${key}: ${contract[key]} identifies ${identifiedBy(identifiers.get(contract[key]!)!)}`);
  if (!contract.ward && Object.keys(contract.capacity ?? {}).some((name) => name !== '*'))
    problems.push('capacity: beds by ward need ward:, the column that says it; * is the whole hospital');
  const kept = new Set([contract.id, contract.patient, contract.admission, contract.split?.column]);
  for (const [name, feature] of Object.entries(features)) {
    const key = `features.${name}`;
    if (RESERVED.includes(name) || kept.has(name))
      problems.push(`${key}: the name is taken; give the feature another one, with sql: ${name}`);
    if (feature.history) continue;
    if (feature.sql === undefined) {
      mustExist(key, name);
      const type = columns[name];
      if (feature.type === 'numeric' && type && !/^(NUMBER|FLOAT|BOOLEAN)/.test(type))
        problems.push(`${key}: numeric, but the column is ${type}`);
      if (hidden.has(name)) problems.push(`${key}: it is known only after admission`);
    }
    for (const word of namesIn(feature.sql ?? name)) {
      if (features[word]?.history)
        problems.push(`${key}: ${word} is of the history, and no expression sees that`);
      if (feature.sql !== undefined && hidden.has(word))
        problems.push(`${key}: it uses ${word}, known only after admission`);
      if (identifiers.has(word))
        problems.push(
          `${key}: ${word} identifies ${identifiedBy(identifiers.get(word)!)}, so it cannot be a feature`,
        );
    }
    if (feature.sql !== undefined && ALL_COLUMNS.test(feature.sql))
      problems.push(`${key}: * stands for all columns, identifiers among them; name those that it needs`);
    if ((feature.type === 'ordered') !== (feature.levels !== undefined))
      problems.push(`${key}: levels are needed for an ordered feature, and for no other`);
    if (
      feature.type === 'ordered' &&
      feature.default !== undefined &&
      !feature.levels?.includes(String(feature.default))
    )
      problems.push(`${key}.default is not one of its levels`);
    if (feature.type === 'numeric' && typeof feature.default === 'string')
      problems.push(`${key}.default must be a number`);
  }
  problems.push(...exploreProblems(contract));
  return problems;
}
