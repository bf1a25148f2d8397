import type { Contract } from '../../dataset/contract.js';
import { losExpression } from '../../dataset/feature-sql.js';
import { inputsKey } from '../../dataset/first-inputs.js';
import { datasetNames } from '../../dataset/names.js';
import { sourceName } from '../../dataset/raw.js';
import { dayAt } from '../../ground/days.js';
import { literal, qualify } from '../../ground/names.js';
import { later, type SqlFile } from '../../ground/plan.js';
import type { HoldPlan, ScoringSettings } from '../plans.js';
import { FEWEST_CHANGES, type HeldKind, VERY_FEW } from '../plausibility.js';

/** A stay of more days is a mistake, and no calendar has its end. */
const LONGEST = 100_000;

/** SQL of the day on which a stay ended. @param came, @param stay SQL of its admission and its length */
function lastDay(came: string, stay: string): string {
  return `IFF(ABS(${stay}) < ${LONGEST}, DATEADD(day, FLOOR(${stay})::NUMBER, TO_DATE(${came})), NULL)`;
}

/** Conditions on what an admission looks like now, `c`, and its features, `f`; see sql/features/count.sql. */
function conditions(contract: Contract, gone: string, single = 'TRUE'): Record<HeldKind, string> {
  const inSource = `f.LOS_ID IS NOT NULL AND NOT ${gone} AND ${single}`;
  return {
    withdrawals: `f.LOS_ID IS NOT NULL AND ${gone}`,
    discharges: `${inSource} AND f.LOS IS NULL AND c.LOS_STAY IS NOT NULL`,
    reopened: `${inSource} AND f.LOS IS NOT NULL AND c.LOS_STAY IS NULL`,
    dates: `${inSource} AND (f.LOS_CAME IS DISTINCT FROM c.LOS_CAME OR f.LOS <> c.LOS_STAY)`,
    // Corrections of a date are mostly of a day. A contract without dates of admission cannot tell two stays of an id apart.
    reused:
      contract.admission === undefined
        ? 'FALSE'
        : `${inSource} AND f.LOS IS NOT NULL AND c.LOS_CAME > DATEADD(day, 1, ${lastDay('f.LOS_CAME', 'f.LOS')})`,
  };
}

/** A contract without dates has no admissions to compare. */
function cameOf({ admission }: Contract): string {
  return admission === undefined ? 'NULL::DATE' : admission;
}

function wentOf({ admission }: Contract): string {
  return admission === undefined ? 'NULL::DATE' : lastDay('c.LOS_CAME', 'c.LOS_STAY');
}

const upTo = (contract: Contract) => `COALESCE(${wentOf(contract)} <= u.LOS_UNTIL, TRUE)`;

/**
 * Nine columns: how many admissions are gone, of these in hospital, discharged, reopened, moved, under an id that is used again, moved and
 * in hospital, new and in hospital; and the last day of the discharges.
 */
export function changesSql(contract: Contract, gone: string, single?: string, until = false): string {
  const { withdrawals, discharges, reopened, dates, reused } = conditions(contract, gone, single);
  const admitted = `f.LOS_ID IS NULL AND NOT ${gone} AND c.LOS_STAY IS NULL`;
  const left = until ? `${discharges} AND ${upTo(contract)}` : discharges;
  return `COUNT_IF(${withdrawals}) AS WITHDRAWN, COUNT_IF(${withdrawals} AND f.LOS IS NULL) AS WITHDRAWN_IN,
  COUNT_IF(${left}) AS DISCHARGED, COUNT_IF(${reopened}) AS REOPENED,
  COUNT_IF(${dates}) AS MOVED, COUNT_IF(${reused}) AS REUSED, COUNT_IF(${dates} AND f.LOS IS NULL) AS MOVED_IN,
  COUNT_IF(${admitted}) AS ADMITTED,
  TO_VARCHAR(MAX(IFF(${left}, ${wentOf(contract)}, NULL)), 'YYYY-MM-DD') AS LATEST`;
}

/** The statements by which changes are held that look like an accident. */
export function holdPlan(contract: Contract, settings: ScoringSettings, sqlFile: SqlFile): HoldPlan {
  const names = datasetNames(contract);
  const { id, admission } = contract;
  const group = contract.ward ?? contract.department;
  const table = (name: string) => qualify(settings, name);
  const values = {
    id,
    dataset: literal(contract.name),
    ...later('raw', 'which'),
    changed: table(names.changed),
    features: table(names.features),
    los: losExpression(contract),
    came: cameOf(contract),
  };
  const held = table('LOS_HELD_CHANGES');
  const batch = conditions(contract, 'c.LOS_GONE');
  const lately = 'WITHDRAWN_AT > DATEADD(hour, -24, CURRENT_TIMESTAMP())';
  const wardsSql = (gone: string) =>
    sqlFile('sql/features/emptied.sql', {
      ...values,
      group: group as string,
      gone,
      few: String(FEWEST_CHANGES),
      very_few: String(VERY_FEW),
    });
  const open = `DATASET = ${values.dataset} AND ENDED_AT IS NULL`;
  return {
    open: `SELECT MAX(WHAT) AS WHAT, TO_VARCHAR(MAX(UNTIL), 'YYYY-MM-DD') AS UNTIL, COUNT(ACCEPTED_AT) > 0 AS ACCEPTED,
  MAX(WITHDRAWN) AS WITHDRAWN, MAX(WITHDRAWN_IN_HOSPITAL) AS WITHDRAWN_IN, MAX(DISCHARGED) AS DISCHARGED, MAX(REOPENED) AS REOPENED, MAX(MOVED) AS MOVED,
  MAX(REUSED) AS REUSED
FROM ${held} WHERE ${open}`,
    present: `SELECT COUNT_IF(WITHDRAWN_AT IS NULL) AS KNOWN, COUNT_IF(WITHDRAWN_AT IS NULL AND LOS IS NULL) AS IN_HOSPITAL, COUNT_IF(${lately}) AS LATELY,
  COUNT_IF(${lately} AND LOS IS NULL) AS LATELY_IN FROM ${values.features}`,
    past: sqlFile('sql/features/past.sql', {
      features: values.features,
      came: admission === undefined ? 'TO_DATE(FIRST_BUILT_AT)' : `TO_DATE(${admission})`,
      // Without dates a stay ends on the day on which that becomes known; of those that were over when they came nothing is known.
      went:
        admission === undefined
          ? 'IFF(SEEN_OPEN AND LOS IS NOT NULL, TO_DATE(BUILT_AT), NULL)'
          : lastDay(admission, 'LOS'),
      today: dayAt(settings.timeZone),
      inputs_by: literal(inputsKey(contract)),
    }),
    source: sqlFile('sql/features/source-changes.sql', {
      ...values,
      changes: changesSql(contract, '(c.LOS_ID IS NULL)', 'c.LOS_ROWS = 1', true),
    }),
    emptied:
      group === undefined
        ? null
        : {
            batch: wardsSql(`SELECT ${id} AS LOS_ID FROM ${values.changed} WHERE LOS_GONE`),
            source: wardsSql(
              `SELECT ${id} AS LOS_ID FROM ${values.features} WHERE ${id} NOT IN (SELECT ${id} FROM ${values.raw} WHERE ${id} IS NOT NULL)`,
            ),
          },
    drop: sqlFile('sql/features/drop-held.sql', values),
    which: { ...batch, discharges: `${batch.discharges} AND ${upTo(contract)}` },
    write: sqlFile('sql/features/hold.sql', { ...values, held, table: literal(sourceName(contract)) }),
    end: `UPDATE ${held} SET ENDED_AT = CURRENT_TIMESTAMP(), ENDED_AS = ? WHERE ${open}`,
  };
}
