import type { OpenContext } from '../../../../deploy/open.js';
import type { Contract } from '../../../../procedures/dataset/contract.js';

/** An admission as the hospital's table tells it, its inputs filled in and derived here and not by SQL. */
export interface Admission {
  readonly id: string;
  readonly patient: string;
  /** Days since 1970. */
  readonly came: number;
  readonly stay: number | null;
  readonly inputs: Readonly<Record<string, string | number | null>>;
}

export const dayNumber = (day: string): number => Math.round(Date.parse(`${day.slice(0, 10)}Z`) / 86_400_000);
export const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

type Raw = Readonly<Record<string, string | number | null>>;

/** What the health contract derives; another contract is not known here. */
const DERIVED: Readonly<Record<string, (of: Raw) => string>> = {
  ADMISSION_ILLNESS: (of) => `${of.TYPE_OF_ADMISSION}-${of.SEVERITY_OF_ILLNESS}`,
  ILLNESS_BEDGRADE: (of) => `${of.SEVERITY_OF_ILLNESS}-${of.BED_GRADE}`,
  DEPARTMENT_ILLNESS: (of) => `${of.DEPARTMENT}-${of.SEVERITY_OF_ILLNESS}`,
};

/** The inputs of a raw row: defaults, levels as text, and what is derived. Those of the calendar are left out. */
function inputsOf(contract: Contract, row: Raw): Raw {
  const inputs: Record<string, string | number | null> = {};
  for (const [name, { type, sql, default: fallback }] of Object.entries(contract.features)) {
    if (sql !== undefined) continue;
    const value = row[name] ?? fallback ?? null;
    inputs[name] = value === null ? null : type === 'numeric' ? Number(value) : String(value);
  }
  for (const [name, derive] of Object.entries(DERIVED)) inputs[name] = derive(inputs);
  return inputs;
}

/** All admissions of the hospital's table, one per id: of several rows the latest admission, and then the discharged one. */
export async function readAdmissions(ctx: OpenContext, contract: Contract): Promise<Map<string, Admission>> {
  const names = Object.keys(contract.columns).filter((name) => !/^(ADMISSION|DISCHARGE)_DATE$/.test(name));
  const rows = await ctx.snowflake.query<Raw>(
    `SELECT ${names.join(', ')}, TO_VARCHAR(ADMISSION_DATE, 'YYYY-MM-DD') AS CAME, TO_VARCHAR(DISCHARGE_DATE, 'YYYY-MM-DD') AS LEFT_ON FROM ${contract.table}`,
  );
  const found = new Map<string, Admission>();
  for (const row of rows) {
    const came = dayNumber(String(row.CAME));
    const stay = row.LEFT_ON === null ? null : dayNumber(String(row.LEFT_ON)) - came;
    const id = String(row.CASE_ID);
    const other = found.get(id);
    if (other && (other.came > came || (other.came === came && (stay === null || other.stay !== null))))
      continue;
    found.set(id, {
      id,
      patient: row.PATIENTID === null ? '' : String(row.PATIENTID),
      came,
      stay,
      inputs: inputsOf(contract, row),
    });
  }
  return found;
}

/** The inputs of the rows that the champion was trained on, and whose they are. */
export async function readTrainingRows(
  ctx: OpenContext,
  contract: Contract,
): Promise<{ readonly patient: string; readonly inputs: Raw }[]> {
  const names = Object.keys(contract.features).filter((name) => contract.features[name]!.sql === undefined);
  const rows = await ctx.snowflake.query<Raw>(
    `SELECT PATIENTID, ${names.join(', ')} FROM ${contract.name.toUpperCase()}_TRAINING_SET WHERE ROW_SIDE = 'train'`,
  );
  return rows.map((row) => ({
    patient: row.PATIENTID === null ? '' : String(row.PATIENTID),
    inputs: inputsOf(contract, row),
  }));
}
