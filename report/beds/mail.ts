import type { Context } from '../../deploy/context.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { percent } from '../../procedures/ground/percent.js';
import type { Picture, Table } from '../mail/events.js';
import { dayOf as today } from '../text/local-time.js';
import { type Board, type BoardLine, readBoard } from './board.js';
import { boardPicture } from './board-picture.js';
import { ageSentences, band, beds, dayWords, headlineOf, insideOf, nightWords } from './board-words.js';
import { type Names, nameOf } from './names.js';
import type { BedsResult, Night } from './nights.js';
import { capacitySentences, dayOf, firstOver, mailTables, withoutSmallUnits } from './tables.js';

/** The board of a meeting, and how the hospital reads it. */
export interface Shown {
  readonly board: Board;
  readonly names: Names;
  /** YYYY-MM-DD, by the clock of the hospital. */
  readonly today: string;
  /** IANA name. */
  readonly zone: string;
}

/** The board of a forecast as the hospital reads it now, of figures alone; undefined where the latest forecast is another. */
export async function boardFor(
  ctx: Pick<Context, 'snowflake' | 'settings'>,
  contract: Contract,
  madeOn: string,
): Promise<Shown | undefined> {
  const board = await readBoard(ctx, contract, true);
  if (board?.madeOn !== madeOn) return undefined;
  const { hospital, timeZone } = ctx.settings;
  return { board, names: hospital, today: today(new Date(), timeZone), zone: timeZone };
}

/**
 * The mail for the bed meeting: numbers on top, no names of patients. Where data are late its subject says until when they are, and it is about
 * tonight all the same, by the wider band of as many nights ahead, as long as a forecast reaches so far.
 * @param late by how many days data are late; of a day of the past that was asked for: 0
 * @param shown the board of this forecast; left out: of a forecast of which there is none, such as one of an earlier day
 * @returns false where there is no forecast, or of a ward of fewer than ten patients alone, and so nothing to mail
 */
export async function mailBeds(
  ctx: Pick<Context, 'mail'>,
  result: BedsResult,
  late = 0,
  shown?: Shown,
): Promise<boolean> {
  const { taken, notes, madeOn } = result;
  const nights = withoutSmallUnits(result.forecast);
  const passed = nights.some(({ horizon }) => horizon > late) ? late : 0;
  const forecast = nights.filter(({ horizon }) => horizon > passed);
  const first = forecast.find(({ horizon }) => horizon === passed + 1);
  if (!first) return false;
  const picture = bedPicture({ forecast: nights, madeOn });
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
    ...(shown ? boardParts(shown, forecast, notes) : {}),
  });
  return true;
}

/** What a mail has of a board: its sentence, three numbers, its picture, and wards by risk, in five columns for a telephone. */
function boardParts(
  { board, names, today, zone }: Shown,
  forecast: readonly Night[],
  notes: readonly string[],
) {
  const { hospital, wards, night } = board;
  const headline = headlineOf(board, names, today);
  const [age = '', ...late] = ageSentences(board, zone);
  const day = dayWords(night, today);
  const when = nightWords(night, today);
  const { inside, of } = insideOf(wards);
  return {
    headline: headline.replace(/\.$/, ''),
    summary: age,
    key: hospital
      ? [
          hospital.capacity === null
            ? { label: `expected ${when}`, value: beds(hospital.tonight.mean) }
            : {
                label: `free ${when}, of ${beds(hospital.capacity)}`,
                value: beds(hospital.capacity - hospital.tonight.mean),
              },
          { label: `leaving ${day}`, value: beds(hospital.leaving) },
          { label: `coming ${day}`, value: beds(hospital.coming) },
        ]
      : [],
    sentences: [
      ...late,
      ...(hospital?.lastNight
        ? [
            `For the night of ${dayOf(board.madeOn)} ${band(hospital.lastNight)} were expected, and ${beds(hospital.occupied)} came${of > 0 ? `; ${inside} of ${of} wards were in their band` : ''}.`,
          ]
        : []),
      ...notes,
    ],
    picture: boardPicture(board, names, today),
    tables: [...boardTables(wards.slice(0, MOST_MAILED), board, names), ...mailTables(forecast).slice(0, 1)],
    next: 'Who leaves, in SQL for the role LOS_PATIENTS:',
    commands: [
      'SELECT ward, case_id, gone_today FROM LOS_EXPECTED_DISCHARGES ORDER BY gone_today DESC NULLS LAST;',
    ],
  };
}

/** Wards that a mail has; a page and LOS_BED_BOARD have all. */
const MOST_MAILED = 40;
const NONE = '–';

function boardTables(wards: readonly BoardLine[], { madeOn }: Board, names: Names): Table[] {
  const tables: Table[] = [
    {
      title: 'Wards by risk',
      columns: ['', 'state', 'free', '8 in 10', 'over'],
      rows: wards.map((line) => [
        nameOf(line, names),
        line.word ?? NONE,
        line.capacity === null ? NONE : beds(line.capacity - line.tonight.mean),
        band(line.tonight),
        line.overCapacity === null ? NONE : percent(line.overCapacity, 0),
      ]),
    },
    {
      title: `Leaving and coming, and the night of ${dayOf(madeOn)}`,
      columns: ['', 'out', 'in', 'expected', 'came'],
      rows: wards.map((line) => [
        nameOf(line, names),
        beds(line.leaving),
        beds(line.coming),
        line.lastNight === null ? NONE : band(line.lastNight),
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
