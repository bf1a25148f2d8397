import { drive } from '../../deploy/clients/drive.js';
import type { Context } from '../../deploy/context.js';
import { sqlFile } from '../../deploy/sql-file.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { featureSelect } from '../../procedures/dataset/feature-sql.js';
import { describeLeak, leakAdvice, leakSentence, namesOf } from '../../procedures/dataset/leak.js';
import {
  FEWEST_FOR_PROPOSAL,
  longStayDaysOf,
  longStayMisfit,
  proposeLongStay,
} from '../../procedures/dataset/long-stay.js';
import { rawType } from '../../procedures/dataset/raw.js';
import { dayAt } from '../../procedures/ground/days.js';
import { literal } from '../../procedures/ground/names.js';
import { percent } from '../../procedures/ground/percent.js';
import { FEWEST_PATIENTS } from '../../procedures/ground/small-groups.js';
import { findLeaks } from '../../procedures/leaks/find-leaks.js';
import { isDayColumn } from '../../procedures/stay/rest.js';
import type { Finding } from '../finding.js';
import { FAR_YEAR } from '../profiling/profile.js';

/** From such a share on discharges at midnight are no chance; of nearly all, the times are only days. */
const AT_MIDNIGHT = 0.2;
const DAYS_ALONE = 0.95;
/** A stay longer than so many times the 99th percentile is looked at: a slip of the pen pulls at every prediction. */
const FAR_OUT = 10;

/** Figures of the rows' stays (sql/checking/rows.sql). */
interface Stays {
  readonly stays: number;
  readonly negative: number;
  readonly longest: number | null;
  readonly ninetyNinth: number | null;
  readonly ninetieth: number | null;
  readonly longStays: number;
  readonly patients: number;
  readonly far: number;
  readonly farDay: string | null;
  readonly dischargesAhead: number;
  readonly admissionsAhead: number;
  /** Share of discharges that are at 00:00; null: they have no time. */
  readonly midnight: number | null;
}

/**
 * Holds a contract against the rows of its table.
 * @param rows SQL of the raw rows
 * @param count how many they are
 * @returns also the features that reveal the stay
 */
export async function checkRows(
  ctx: Context,
  contract: Contract,
  rows: string,
  count: number,
): Promise<{ findings: Finding[]; leaks: string[] }> {
  const found = await ask(ctx, contract, rows);
  const findings = [...stayFindings(contract, found), ...futureFindings(contract, found, count)];
  if (found.stays > 0 && found.patients < FEWEST_PATIENTS) {
    findings.push({
      problem: `The stays of fewer than ${FEWEST_PATIENTS} patients are known: too few to analyse or to train on.`,
    });
    return { findings, leaks: [] };
  }
  findings.push(...midnightFindings(contract, found));
  findings.push(...lengthFindings(ctx, contract, found), ...featureFindings(contract, found, count));
  // What a training would refuse, by the same measure.
  const leaks = await drive(
    ctx,
    findLeaks(contract, {
      rows: `(${featureSelect(contract, rows)})`,
      which: 'LOS >= 0',
      count: found.stays,
      text: (name, values) => sqlFile(`sql/leaks/${name}.sql`, values),
    }),
  );
  const names = namesOf(leaks);
  if (leaks.length > 0)
    findings.push({ problem: `${leakSentence(names, leaks.map(describeLeak))} ${leakAdvice(names)}` });
  return { findings, leaks: names };
}

type Found = Stays & { readonly feature: (measure: 'V' | 'D' | 'O', place: number) => number };

async function ask({ settings, snowflake }: Context, contract: Contract, rows: string): Promise<Found> {
  const { admission, discharge, features } = contract;
  const [row] = await snowflake.query<Record<string, number | string | null>>(
    sqlFile('sql/checking/rows.sql', {
      rows: featureSelect(contract, rows),
      long_stay: String(longStayDaysOf(contract, settings.training.longStayDays)),
      patient: contract.patient ?? contract.id,
      admission: discharge ? `TO_DATE(${admission})` : 'NULL::DATE',
      discharge: discharge ? `DATEADD(day, LOS, TO_DATE(${admission}))` : 'NULL::DATE',
      tomorrow: `DATEADD(day, 1, ${dayAt(settings.timeZone)})`,
      far_year: String(FAR_YEAR),
      midnight:
        discharge === undefined || isDayColumn(contract, discharge)
          ? 'NULL'
          : `(SELECT COUNT_IF(${discharge} = DATE_TRUNC('day', ${discharge})) / NULLIF(COUNT(${discharge}), 0) FROM ${rows})`,
      features: Object.entries(features)
        .map(([name, { levels }], i) => {
          const other = levels ? `COUNT_IF(${name} NOT IN (${levels.map(literal).join(', ')}))` : '0';
          return `COUNT(${name}) AS V${i}, COUNT(DISTINCT ${name}) AS D${i}, ${other} AS O${i}`;
        })
        .join(',\n  '),
    }),
  );
  return {
    ...(row as unknown as Stays),
    feature: (measure, place) => Number(row?.[`${measure}${place}`] ?? 0),
  };
}

function* stayFindings(contract: Contract, { stays, negative, far, farDay }: Stays): Generator<Finding> {
  const { discharge = '' } = contract;
  if (stays === 0) yield { problem: 'No row has a length of stay.' };
  if (negative > 0) yield { problem: `${negative} stays are negative: discharged before admitted.` };
  if (far > 0)
    yield {
      problem: `${far === 1 ? '1 discharge is' : `${far} discharges are`} of the year ${FAR_YEAR} or later: they count as stays of centuries that have ended, and those patients are not predicted. If that stands for a patient who is still admitted, say so in the contract: ${discharge}: { type: ${rawType(contract, discharge)}, nulls: ['${farDay}'] }.`,
    };
}

/** Findings on days that have not come yet. */
function* futureFindings(
  { discharge }: Contract,
  { admissionsAhead, dischargesAhead }: Stays,
  rows: number,
): Generator<Finding> {
  const are = (count: number, noun: string) => (count === 1 ? `1 ${noun} is` : `${count} ${noun}s are`);
  if (admissionsAhead > rows / 2) {
    yield {
      warning:
        'Most dates lie in the future, as after a shift for de-identification. Training works with such dates, but figures that count from today (census, beds, expected discharges, drift) do not describe them.',
    };
    return;
  }
  if (dischargesAhead > 0)
    yield {
      warning: `${are(dischargesAhead, 'discharge')} later than tomorrow. A stay with a discharge counts as ended: it is trained on, and not predicted. Keep planned ones out of ${discharge}.`,
    };
  if (admissionsAhead > 0)
    yield {
      warning: `${are(admissionsAhead, 'admission')} later than tomorrow: planned ones are predicted as they stand, and explorations look at them from their day on.`,
    };
}

/** Findings on stays that a system closes at the end of the day, and not when the patient leaves. */
function* midnightFindings({ discharge }: Contract, { midnight, stays }: Stays): Generator<Finding> {
  if (midnight === null || midnight < AT_MIDNIGHT || midnight > DAYS_ALONE) return;
  // Neither those at midnight nor the others may be a few patients.
  if (stays * Math.min(midnight, 1 - midnight) < FEWEST_PATIENTS) return;
  yield {
    warning: `${percent(midnight, 0)} of discharges are at 00:00, as where a system closes stays at the end of the day: these patients left on the day before, and their beds count as occupied for a night more. Give ${discharge} the time at which they left.`,
  };
}

function* lengthFindings(ctx: Context, contract: Contract, found: Stays): Generator<Finding> {
  const { stays, patients } = found;
  const ninetyNinth = found.ninetyNinth ?? 0;
  // Nothing of the stay itself: it is one patient's.
  const within = `${ninetyNinth.toLocaleString('en-US', { maximumFractionDigits: 1 })} days`;
  if ((found.longest ?? 0) > FAR_OUT * Math.max(1, ninetyNinth))
    yield {
      warning: `Some stays are more than ${FAR_OUT} times as long as 99 of 100 are${stays < 100 * FEWEST_PATIENTS ? '' : ` (within ${within})`}. Are they true?`,
    };
  // Fewer than a tenth of them would be fewer than ten patients.
  if (patients < FEWEST_FOR_PROPOSAL) return;
  const long = longStayDaysOf(contract, ctx.settings.training.longStayDays);
  const warning = longStayMisfit(found.longStays / stays, long, proposeLongStay(found.ninetieth ?? 0));
  if (warning) yield { warning };
}

function* featureFindings(
  { features }: Contract,
  { stays, feature }: Found,
  rows: number,
): Generator<Finding> {
  const names = Object.keys(features);
  const list = (which: (place: number, name: string) => string | false) =>
    names.flatMap((name, place) => which(place, name) || []).join(', ');
  const constant = names.filter((_, i) => feature('D', i) < 2);
  const sparse = list(
    (i, name) => feature('V', i) < rows / 2 && `${name} (${percent(1 - feature('V', i) / rows, 0)})`,
  );
  const unlisted = list((i, name) => feature('O', i) > 0 && `${name} (${feature('O', i)} rows)`);
  const scattered = list(
    (i, name) =>
      features[name]?.type !== 'numeric' && feature('D', i) > stays / 5 && `${name} (${feature('D', i)})`,
  );
  if (constant.length > 0)
    yield { warning: `${constant.join(', ')} always ${constant.length === 1 ? 'says' : 'say'} the same.` };
  if (sparse) yield { warning: `Missing in more than half of the rows: ${sparse}.` };
  if (unlisted) yield { warning: `Levels that are not in their lists count as missing: ${unlisted}.` };
  if (scattered) yield { warning: `Too many levels for ${stays} stays: ${scattered}.` };
}
