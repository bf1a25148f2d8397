import { itemAt } from '../../udfs/require-value.js';
import type { Board } from '../beds/board.js';
import { boardTable } from '../beds/board-table.js';
import { fanOf } from '../beds/fan.js';
import { findingOf } from '../beds/finding.js';
import { type Names, nameOf } from '../beds/names.js';
import type { Night } from '../beds/nights.js';
import type { PatientLists } from '../beds/patients.js';
import { patientTables } from '../beds/patients.js';
import { dayOf, groupByUnit, pickTightest, unitTable } from '../beds/tables.js';
import { fan } from '../charts/fan.js';
import type { Table } from '../mail/events.js';
import type { Overview } from '../model/overview.js';
import type { Health } from '../results/operation.js';
import { count } from '../text/count.js';
import { dropEmpty, makeSection, type Page, type Plot, type Section } from './page.js';
import { stepsOf } from './status.js';

export interface Today {
  /** The board of the bed meeting; null: there is no forecast. */
  readonly board: Board | null;
  readonly nights: readonly Night[];
  /** Lists of patients, where they were asked for. */
  readonly patients: PatientLists | null;
  /** Notes of the forecast about its data. */
  readonly notes: readonly string[];
  readonly health: Health;
  /** The version that answers; null: none does. */
  readonly champion: Overview | null;
  readonly zone: string;
  readonly names: Names;
}

/** Departments and wards that have a chart of their own; where there are more, a table has all of them. */
const MOST_CHARTS = 40;

/**
 * The board of the bed meeting, then the nights to come; what operators have to know is on their page.
 * @param today YYYY-MM-DD, by the clock of the hospital
 */
export function todayPage(facts: Today, today: string): Page {
  return {
    id: 'today',
    title: 'Today',
    heading: `Beds on ${dayOf(today)}`,
    sections: dropEmpty([
      makeSection('Beds', () => boardSection(facts, today)),
      ...patientSections(facts),
      makeSection('Beds over the next nights', () => nightsSection(facts)),
    ]),
  };
}

function boardSection(facts: Today, today: string): Section {
  const { board, nights, names, zone } = facts;
  const steps = stepsOf(facts);
  const looks =
    steps.length === 0
      ? []
      : [`For operators: ${count(steps.length, 'thing')} to look at, on the page Operations.`];
  if (board === null)
    return {
      title: 'Beds',
      sentences: [
        'There is no forecast of beds yet. The task LOS_FORECAST_BEDS makes one every morning, where the admissions have dates.',
        ...looks,
      ],
    };
  return {
    title: 'Beds',
    bare: true,
    board: boardTable(board, nights, names, today, zone),
    sentences: looks,
  };
}

/** None, unless they were asked for. */
function patientSections(facts: Today): Section[] {
  return [
    makeSection('Patients', () =>
      facts.patients === null
        ? { title: 'Patients' }
        : patientsSection(patientTables(facts.patients, facts.names)),
    ),
  ];
}

function patientsSection(tables: Table[]): Section {
  return {
    title: 'Patients',
    kind: 'lists',
    sentences: [
      tables.length > 0
        ? 'Rows of patients, for the bed meeting alone.'
        : 'Patients appear here once some who are in hospital have a prediction.',
    ],
    tables,
  };
}

function nightsSection({ nights, names }: Today): Section {
  const [whole, ...parts] = groupByUnit(nights);
  const shown = byRisk(pickTightest(parts, MOST_CHARTS));
  const isMoving = nights.some(({ movedIn }) => movedIn !== null);
  return {
    title: 'Beds over the next nights',
    kind: 'nights',
    sentences: whole
      ? [
          `${fanOf(whole).label} The band covers 8 of 10 nights; the line is the expected number. Charts of wards have one scale, those of departments another; patients count in the ward ${isMoving ? 'where they lie' : 'of their admission'}.`,
          ...(shown.length < parts.length
            ? [
                `Of ${parts.length.toLocaleString('en-US')} departments and wards the ${shown.length} most likely to exceed their beds, or else the largest, have a chart; the tables have all.`,
              ]
            : []),
        ]
      : [],
    plots: whole
      ? [bedsPlot(whole, names), ...shown.map((unit) => bedsPlot(unit, names, mostOf(shown, unit)))]
      : [],
    ...(shown.length < parts.length
      ? {
          tables: (['department', 'ward'] as const)
            .map((level) => unitTable(nights, level))
            .filter(({ rows }) => rows.length > 0),
        }
      : {}),
  };
}

/** The end of the scale that a unit shares with all of its level. */
function mostOf(units: readonly (readonly Night[])[], unit: readonly Night[]): number {
  const { level } = itemAt(unit, 0);
  return Math.max(
    ...units
      .flat()
      .filter((night) => night.level === level)
      .flatMap(({ p90, takenNow, capacity }) => [p90, takenNow, capacity ?? 0]),
  );
}

/** Wards first, those likeliest to need more beds than they have on any night before the others. */
function byRisk(units: readonly (readonly Night[])[]): readonly (readonly Night[])[] {
  const risk = (unit: readonly Night[]) => Math.max(...unit.map(({ overCapacity }) => overCapacity ?? -1));
  const level = (unit: readonly Night[]) => Number(itemAt(unit, 0).level !== 'ward');
  return [...units].sort((a, b) => level(a) - level(b) || risk(b) - risk(a));
}

/** @param most of the scale that wards share; left out: the whole hospital, on a scale and over a width of its own */
function bedsPlot(unit: readonly Night[], names: Names, most?: number): Plot {
  const sheet = {
    ...fanOf(unit),
    title: 'beds',
    legend: most === undefined,
    ...(most === undefined ? {} : { most }),
  };
  const title = fanOf(unit).title ?? '';
  const capacity = unit.some(({ capacity: beds }) => beds !== null);
  return {
    title: findingOf(unit, nameOf(itemAt(unit, 0), names)),
    svg: fan(sheet),
    ...(most === undefined ? { wide: fan({ ...sheet, width: 800, height: 270 }) } : {}),
    table: {
      title: `${title}: beds occupied`,
      columns: [
        'night of',
        'expected',
        '8 of 10 from',
        'to',
        'at least (90 %)',
        'admissions',
        'discharges',
        ...(capacity ? ['over capacity, %'] : []),
      ],
      rows: unit.map((night) => [
        dayOf(night.night),
        ...[night.mean, night.p10, night.p90, night.atLeast90, night.admissions, night.discharges].map(
          tenths,
        ),
        ...(capacity ? [night.overCapacity === null ? '–' : tenths(night.overCapacity * 100)] : []),
      ]),
    },
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
