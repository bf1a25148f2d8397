import { stringify } from 'yaml';
import type { Context } from '../../deploy/context.js';
import { parseContract } from '../../deploy/dataset/load.js';
import { UserError } from '../../deploy/errors.js';
import { type Contract, columnsUnknownOnArrival } from '../../procedures/dataset/contract.js';
import type { PlannedSource, RelationColumn } from '../../procedures/dataset/origin/feeds.js';
import { columnSql, relationSql } from '../../procedures/dataset/origin/relation.js';
import { originRows, rawRows } from '../../procedures/dataset/raw.js';
import { qualify } from '../../procedures/ground/names.js';
import { describeColumns } from '../profiling/relation.js';
import { type Column, columnFinder, columnOf, isLike, isTime } from './find-column.js';
import type { NamedRelation } from './named-relation.js';
import type { DraftContract } from './types.js';

/** Which column of the list is what, and which say where and how patients will come. */
interface Found {
  readonly planned: PlannedSource;
  /** `ward`, `department`, `kind` → column: they need the contract's word for the same of admissions. */
  readonly places: Readonly<Record<string, string>>;
}

/**
 * A draft with `planned:`, the list of planned admissions. What is open in the draft has to be decided first.
 * @throws UserError where the list cannot be read, or it cannot be told which column is which
 */
export async function withPlanned(
  ctx: Context,
  drafted: DraftContract,
  list: NamedRelation | undefined,
): Promise<DraftContract> {
  if (list === undefined) return drafted;
  if (drafted.open.length > 0)
    return {
      ...drafted,
      notes: [...drafted.notes, 'Planned admissions are looked at once the rest is decided.'],
    };
  const contract = parseContract(drafted.yaml, drafted.name, ctx.settings.timeZone);
  if (contract.admission === undefined)
    throw new UserError('Beds are forecast from admissions and discharges, and this draft has neither.', {
      next: 'Leave out --planned, or name rows with the dates of stays.',
    });
  const columns = await describeColumns(ctx.snowflake, relationSql(list.relation, ctx.settings));
  const { planned, places } = findPlannedColumns(list, columns, contract);
  const looks = await plannedLooks(ctx, contract, planned);
  const text = [
    ...looks.map((look) => `# LOOK: ${look}`),
    '# The list of planned admissions; docs/planned.md says what it has to be.',
    stringify({ planned }, { lineWidth: 0 }).trimEnd(),
    ...Object.entries(places).map(
      ([key, name]) => `  # ${key}: ${name}   # with ${key === 'kind' ? 'admissionType' : key} above`,
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
): Found {
  const first = columnFinder(columns);
  const patient =
    contract.patient && first(({ name }) => name.toUpperCase() === contract.patient, isLike('patient'));
  const id = first((column) => column.name.toUpperCase() === contract.id, isLike('id'));
  const recorded = first((column) => isTime(column) && isLike('eventRecorded')(column));
  const day = first((column) => isTime(column) && !isLike('discharge')(column));
  const missing = Object.entries({ id, day, recorded }).filter(([, found]) => !found);
  if (missing.length > 0)
    throw new UserError(
      `In ${name} it cannot be told which column is ${missing.map(([key]) => key).join(', ')} of a planned admission. It has ${columns.map((column) => column.name).join(', ')}.`,
      {
        next: 'Give a file with a SELECT that calls them so: --planned planned.sql, with SELECT … AS STAY_ID, … AS PLANNED_DAY, … AS RECORDED, … AS CANCELLED.',
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

/** What a list looks like that no forecast can use. */
async function plannedLooks(
  { snowflake, settings }: Context,
  contract: Contract,
  planned: PlannedSource,
): Promise<string[]> {
  const { id, patient, origin, table } = contract;
  const admissions = rawRows(
    contract,
    origin ? `(${originRows(contract, origin)})` : qualify(settings, table),
  );
  const count = async (theirs: RelationColumn, ours: string) =>
    (
      await snowflake.query<Record<string, number>>(
        `SELECT COUNT(*) AS BOOKED, COUNT(a.ID) AS CAME
FROM (SELECT TO_VARCHAR(${columnSql(theirs)}) AS ID FROM ${relationSql(planned, settings)}) AS p
LEFT JOIN (SELECT DISTINCT TO_VARCHAR(${ours}) AS ID FROM (${admissions})) AS a ON a.ID = p.ID`,
      )
    )[0];
  const byId = await count(planned.id, id);
  if (Number(byId?.BOOKED) === 0) return ['planned: the list is empty.'];
  if (Number(byId?.CAME) > 0) return [];
  const byPatient = planned.patient && patient ? await count(planned.patient, patient) : undefined;
  if (Number(byPatient?.CAME) > 0) return [];
  return [
    `planned: none of ${byId?.BOOKED} rows has the id of an admission${byPatient ? ', or of a patient' : ''}. Where bookings have ids of their own, planned.patient says whose they are.`,
  ];
}
