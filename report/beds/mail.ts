import type { Context } from '../../deploy/context.js';
import type { Picture } from '../mail/events.js';
import type { BedsResult, Night } from './nights.js';
import { capacitySentences, dayOf, firstOver, mailTables } from './tables.js';

/**
 * The mail for the bed meeting: numbers on top, no names of patients. Where data are late its subject says until when they are, and it is about
 * tonight all the same, by the wider band of as many nights ahead, as long as a forecast reaches so far.
 * @param late by how many days data are late; of a day of the past that was asked for: 0
 * @returns false where there is no forecast, and so nothing to mail
 */
export async function mailBeds(ctx: Pick<Context, 'mail'>, result: BedsResult, late = 0): Promise<boolean> {
  const { taken, notes, madeOn } = result;
  const passed = result.forecast.some(({ horizon }) => horizon > late) ? late : 0;
  const forecast = result.forecast.filter(({ horizon }) => horizon > passed);
  const first = forecast.find(({ horizon }) => horizon === passed + 1);
  if (!first) return false;
  const picture = bedPicture(result);
  await ctx.mail.send('beds', {
    night: dayOf(first.night),
    expected: Math.round(first.mean),
    taken,
    over: firstOver(forecast).length,
    ...(late > 0 ? { until: dayOf(madeOn) } : {}),
    key: [
      { label: late > 0 ? `occupied ${dayOf(madeOn)}` : 'occupied now', value: taken },
      { label: `expected ${dayOf(first.night)}`, value: Math.round(first.mean) },
      { label: '8 nights in 10', value: `${wholeBeds(first.p10)}–${wholeBeds(first.p90)}` },
    ],
    sentences: [...capacitySentences(forecast), ...notes],
    summary: `On the night of ${dayOf(first.night)}, ${wholeBeds(first.mean)} beds are expected to be occupied: ${wholeBeds(first.admissions)} admissions, ${wholeBeds(first.discharges)} discharges. With 90 % probability at least ${wholeBeds(first.atLeast90)} are needed.`,
    ...(picture ? { picture } : {}),
    tables: mailTables(forecast),
    next: 'One ward, and expected discharges (a list of patients, for the role LOS_PATIENTS):',
    commands: ['los beds --ward NAME', 'SELECT * FROM LOS_EXPECTED_DISCHARGES;'],
  });
  return true;
}

/** The beds of the whole hospital as a fan, or of the one unit that the result is about. */
export function bedPicture({
  forecast,
  madeOn,
}: Pick<BedsResult, 'forecast' | 'madeOn'>): Picture | undefined {
  const unit = forecast[0];
  const nights = forecast.filter(({ unit: name, level }) => name === unit?.unit && level === unit.level);
  const [last, first] = [nights.at(-1), nights[0]];
  if (!first || !last) return undefined;
  const of = (night: Night) =>
    `${wholeBeds(night.mean)} (${wholeBeds(night.p10)} to ${wholeBeds(night.p90)})`;
  return {
    title: `Beds occupied, forecast of ${madeOn}`,
    alt: `Beds occupied, forecast of ${madeOn}: ${wholeBeds(first.takenNow)} now, ${of(first)} on ${dayOf(first.night)}, ${of(last)} on ${dayOf(last.night)}.`,
    draw: async () => {
      const [{ fan }, { fanOf }] = await Promise.all([import('../charts/fan.js'), import('./fan.js')]);
      return fan(fanOf(nights));
    },
  };
}

function wholeBeds(beds: number): string {
  return Math.round(beds).toLocaleString('en-US');
}
