import type { Contract } from '../../procedures/dataset/contract.js';
import { percent } from '../../procedures/ground/percent.js';
import type { MailEvents, Picture, Table } from '../mail/events.js';
import type { MailSender } from '../mail/sender.js';
import type { Reader } from '../reader.js';
import { dayOf as today } from '../text/local-time.js';
import type { Board } from './board.js';
import { boardPicture } from './board-picture.js';
import {
  ageSentences,
  band,
  beds,
  dayWords,
  headlineOf,
  insideOf,
  needsOf,
  nightWords,
} from './board-words.js';
import { boardOf, dayAfter, type Mailed, roundShare, withoutSmallUnits } from './figures-board.js';
import { shortageWords } from './groups.js';
import { type Names, nameOf } from './names.js';
import { type BedsResult, forecastOf, type Night } from './nights.js';
import { dayOf, keyOf, nightsTable } from './tables.js';

/** Request whose answer is mailed. */
export interface Asked {
  /** By how many days data are late; left out, as of a day of the past that was asked for: 0. */
  readonly late?: number;
  /** This ward or department alone. */
  readonly ward?: string | undefined;
}

/**
 * Mails a forecast for the bed meeting, beside what was forecast the day before (bedMail).
 * @returns false where there is no forecast, or of a ward of fewer than ten patients alone, and so nothing to mail
 */
export async function mailBeds(
  ctx: Reader & {
    readonly mail: MailSender;
    readonly settings: { readonly hospital: Names; readonly timeZone: string };
  },
  contract: Contract,
  result: BedsResult,
  { late = 0, ward }: Asked = {},
): Promise<boolean> {
  const { hospital: names, timeZone: zone } = ctx.settings;
  const { forecast, madeOn, notes } = result;
  const eve = await forecastOf(ctx, contract, dayAfter(madeOn, -1));
  const groups = contract.wardGroups ?? [];
  const of = {
    forecast,
    eve,
    madeOn,
    late,
    groups,
    at: new Date(),
    zone,
    ...(ward === undefined ? {} : { ward }),
  };
  const mail = bedMail(of, names, notes);
  if (mail) await ctx.mail.send('beds', mail);
  return mail !== undefined;
}

/**
 * The mail for the bed meeting: its sentence, three numbers, a picture, and wards by risk, in five columns for a telephone; no names of
 * patients. Where data are late its subject says until when they are, and it is about tonight all the same, by the wider band of as many
 * nights ahead, as long as a forecast reaches so far.
 */
export function bedMail(of: Mailed, names: Names, notes: readonly string[]): MailEvents['beds'] | undefined {
  const { late, madeOn, ward, zone } = of;
  const nights = withoutSmallUnits(of.forecast).filter(({ unit }) => ward === undefined || unit === ward);
  const board = boardOf(nights, of);
  const { hospital, wards, night } = board;
  const line = hospital ?? wards[0];
  if (!line) return undefined;
  const day = today(of.at, zone);
  const own = nights
    .filter((one) => keyOf(one) === keyOf(line))
    .map((one) => (hospital ? one : { ...one, overCapacity: roundShare(one.overCapacity) }));
  const [age = '', ...old] = ageSentences(board, zone);
  const { inside, of: judged } = insideOf(hospital ? wards : []);
  const picture =
    hospital && wards.length > 0 ? boardPicture(board, names, day) : bedPicture({ forecast: own, madeOn });
  const when = nightWords(night, day);
  const lacking = hospital ? shortageWords(needsOf(wards), board.groups) : undefined;
  return {
    headline: headlineOf(board, names, day).replace(/\.$/, ''),
    ...(late > 0 ? { until: dayOf(madeOn) } : {}),
    summary: age,
    key: [
      line.capacity === null
        ? { label: `expected ${when}`, value: beds(line.tonight.mean) }
        : {
            label: `free ${when}, of ${beds(line.capacity)}`,
            value: beds(line.capacity - line.tonight.mean),
          },
      { label: `leaving ${dayWords(night, day)}`, value: beds(line.leaving) },
      { label: `coming ${dayWords(night, day)}`, value: beds(line.coming) },
    ],
    sentences: [
      ...old,
      ...(lacking === undefined ? [] : [`Beds ${when}: ${lacking}.`]),
      ...(line.lastNight
        ? [
            `For the night of ${dayOf(madeOn)} ${band(line.lastNight)} were expected, and ${beds(line.occupied)} came${judged > 0 ? `; ${inside} of ${judged} wards were in their band` : ''}.`,
          ]
        : []),
      ...notes,
    ],
    ...(picture ? { picture } : {}),
    tables: [
      ...boardTables(hospital ? 'Wards by risk' : `Beds ${when}`, board, names),
      nightsTable(
        own.filter((one) => one.night >= night),
        hospital ? 'All of the hospital' : nameOf(line, names),
      ),
    ],
    next: 'Who may leave today, patient by patient, is in LOS_EXPECTED_DISCHARGES, for people with the role LOS_PATIENTS.',
  };
}

/** Wards that a mail has; a page and LOS_BED_BOARD have all. */
const MOST_MAILED = 40;
const DASH = '–';

function boardTables(title: string, board: Board, names: Names): Table[] {
  const wards = board.wards.slice(0, MOST_MAILED);
  const moving = wards.some(({ movedIn }) => movedIn !== null);
  const movesOf = (patients: number | null) => (patients === null ? DASH : beds(patients));
  const tables: Table[] = [
    {
      title,
      columns: ['', 'state', 'free', '8 in 10', 'over'],
      rows: wards.map((line) => [
        nameOf(line, names),
        line.word ?? DASH,
        line.capacity === null ? DASH : beds(line.capacity - line.tonight.mean),
        band(line.tonight),
        line.overCapacity === null ? DASH : percent(line.overCapacity, 0),
      ]),
    },
    {
      title: `Leaving and coming, and the night of ${dayOf(board.madeOn)}`,
      columns: ['', 'out', 'in', ...(moving ? ['moves out', 'moves in'] : []), 'expected', 'came'],
      rows: wards.map((line) => [
        nameOf(line, names),
        beds(line.leaving),
        beds(line.coming),
        ...(moving ? [movesOf(line.movedOut), movesOf(line.movedIn)] : []),
        line.lastNight === null ? DASH : band(line.lastNight),
        beds(line.occupied),
      ]),
    },
  ];
  return tables.filter(({ rows }) => rows.length > 0);
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
