import { stringify } from 'yaml';
import type { Context } from '../../../deploy/context.js';
import { parseContract } from '../../../deploy/dataset/load.js';
import { UserError } from '../../../deploy/errors.js';
import { type Contract, columnsUnknownOnArrival } from '../../../procedures/dataset/contract.js';
import type { PlannedSource } from '../../../procedures/dataset/origin/feeds.js';
import { relationSql } from '../../../procedures/dataset/origin/relation.js';
import { describeColumns } from '../../profiling/relation.js';
import type { DraftContract } from '../types.js';
import { countKnown } from './count-known.js';
import { type Column, columnFinder, columnOf, isLike, isTime } from './find-column.js';
import type { NamedRelation } from './named-relation.js';

/** Which column of the list is what, and which say where and how patients will come. */
interface Found {
  readonly planned: PlannedSource;
  /** `ward`, `department`, `kind` → column: they need the contract's word for the same of admissions. */
  readonly places: Readonly<Record<string, string>>;
}

/** The lists of who will come, by their keys in a contract. */
const LISTS = {
  planned: { option: '--planned', name: 'Planned admissions', about: 'a planned admission', page: 'planned' },
  decisions: {
    option: '--decisions',
    name: 'Decisions to admit',
    about: 'a decision to admit',
    page: 'huddle',
  },
} as const;
export type ListKey = keyof typeof LISTS;

/**
 * A draft with `planned:`, the list of planned admissions, or `decisions:` to admit. What is open in the draft has to be decided first.
 * @throws UserError where the list cannot be read, or it cannot be told which column is which
 */
export async function withPlanned(
  ctx: Context,
  drafted: DraftContract,
  list: NamedRelation | undefined,
  key: ListKey = 'planned',
): Promise<DraftContract> {
  if (list === undefined) return drafted;
  const { option, name, page } = LISTS[key];
  if (drafted.open.length > 0)
    return {
      ...drafted,
      notes: [...drafted.notes, `${name} are looked at once the rest is decided.`],
    };
  const contract = parseContract(drafted.yaml, drafted.name, ctx.settings.timeZone);
  if (contract.admission === undefined)
    throw new UserError('Beds are forecast from admissions and discharges, and this draft has neither.', {
      next: `Leave out ${option}, or name rows with the dates of stays.`,
    });
  const columns = await describeColumns(ctx.snowflake, relationSql(list.relation, ctx.settings));
  const { planned, places } = findPlannedColumns(list, columns, contract, key);
  const looks = (await plannedLooks(ctx, contract, planned)).map((look) => `${key}: ${look}`);
  const text = [
    ...looks.map((look) => `# LOOK: ${look}`),
    `# ${name}; docs/${page}.md says what the rows have to be.`,
    stringify({ [key]: planned }, { lineWidth: 0 }).trimEnd(),
    ...Object.entries(places).map(
      ([place, column]) =>
        `  # ${place}: ${column}   # with ${place === 'kind' ? 'admissionType' : place} above`,
    ),
    '',
  ];
  return { ...drafted, yaml: `${drafted.yaml}\n${text.join('\n')}`, looks: [...drafted.looks, ...looks] };
}

/**
 * Which columns of a list say who is planned for when, since when, and whether it was taken back; by types and names.
 * @throws UserError where one of the first three cannot be told
 */
export function findPlannedColumns(
  { name, relation }: NamedRelation,
  columns: readonly Column[],
  contract: Contract,
  key: ListKey = 'planned',
): Found {
  const { option, about } = LISTS[key];
  const first = columnFinder(columns);
  const patient =
    contract.patient && first(({ name }) => name.toUpperCase() === contract.patient, isLike('patient'));
  const id = first((column) => column.name.toUpperCase() === contract.id, isLike('id'));
  const recorded = first((column) => isTime(column) && isLike('eventRecorded')(column));
  const day = first((column) => isTime(column) && !isLike('discharge')(column));
  const missing = Object.entries({ id, day, recorded }).filter(([, found]) => !found);
  if (missing.length > 0)
    throw new UserError(
      `In ${name} it cannot be told which column is ${missing.map(([called]) => called).join(', ')} of ${about}. It has ${columns.map((column) => column.name).join(', ')}.`,
      {
        next: `Give a file with a SELECT of these columns: ${option} list.sql, with SELECT … AS STAY_ID, … AS PLANNED_DAY, … AS RECORDED, … AS CANCELLED.`,
      },
    );
  const cancelled = first(({ type }) => type === 'BOOLEAN');
  const places = Object.entries({
    ward: first(isLike('ward')),
    department: first(isLike('department')),
    kind: first((column) => column.name === 'ADMISSION_TYPE' || column.name === 'KIND'),
  });
  const late = columnsUnknownOnArrival(contract);
  const features = columns
    .map((column) => column.name)
    .filter(
      (column) =>
        column in contract.columns && ![contract.id, contract.patient, ...late].some((no) => no === column),
    );
  return {
    planned: {
      ...relation,
      id: columnOf(id as Column),
      ...(patient ? { patient: columnOf(patient) } : {}),
      day: columnOf(day as Column),
      recorded: columnOf(recorded as Column),
      ...(cancelled ? { cancelled: cancelled.name } : {}),
      ...(features.length > 0 ? { features } : {}),
    },
    places: Object.fromEntries(places.flatMap(([key, column]) => (column ? [[key, column.name]] : []))),
  };
}

/** Describes a list that no forecast can use. */
async function plannedLooks(ctx: Context, contract: Contract, planned: PlannedSource): Promise<string[]> {
  const byId = await countKnown(ctx, contract, planned, planned.id, contract.id);
  if (byId.rows === 0) return ['the list is empty.'];
  if (byId.known > 0) return [];
  const byPatient =
    planned.patient && contract.patient
      ? await countKnown(ctx, contract, planned, planned.patient, contract.patient)
      : undefined;
  if (byPatient && byPatient.known > 0) return [];
  return [
    `none of ${byId.rows} rows has the id of an admission${byPatient ? ', or of a patient' : ''}. Where the rows have ids of their own, patient says whose they are.`,
  ];
}
