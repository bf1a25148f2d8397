import { type Place, qualify } from '../../ground/names.js';
import type { Contract } from '../contract.js';
import { type DatasetNames, datasetNames } from '../names.js';

/** Rows that a contract names beside the admissions, as nets for whatever arrives see them: a view by our names. */
export interface Feed {
  /** Name that people call it by, in the plural. */
  readonly name: string;
  /** The view, unqualified. */
  readonly view: string;
  /** SQL of when a row of it was known, TIMESTAMP_NTZ by the hospital's clock. */
  readonly known: string;
  /** Hours after a day until its rows are there. */
  readonly delay: number;
  /** Consequence of its absence: what goes on without it, and how: a sentence. */
  readonly without: string;
  readonly severity: 'warning' | 'critical';
  /** Only the hours of its times are looked at: how many come has nets of its own. */
  readonly hoursAlone?: boolean;
}

/** A feed, with the key of the contract that names it. */
interface FeedKind extends Omit<Feed, 'view' | 'delay'> {
  readonly key: 'events' | 'moves' | 'planned' | 'decisions' | 'expectedDischarge' | 'readyForDischarge';
  readonly view: keyof DatasetNames;
  delay(contract: Contract): number;
}

/** Hours that rows take which come as things happen, and rows of a feed that may be loaded once a day. */
const PROMPT = 6;
const DAILY = 30;

/** Every kind: one more is watched, and beds and mornings go on without it, by an entry here. Admissions are compared row by row instead. */
const KINDS: readonly FeedKind[] = [
  {
    key: 'events',
    name: 'events of stays',
    view: 'eventRows',
    known: 'RECORDED',
    // Rows without the time of recording count from when things happened, however late they come.
    delay: ({ events = [] }) => (events.every(({ recorded }) => recorded !== undefined) ? PROMPT : DAILY),
    without: 'Mornings are predicted from what was known on admission.',
    severity: 'critical',
  },
  {
    key: 'moves',
    name: 'moves between wards',
    view: 'moveRows',
    known: 'COALESCE(RECORDED, AT)',
    delay: () => DAILY,
    without: 'Beds are forecast as if patients stayed in the ward of admission.',
    severity: 'critical',
  },
  {
    key: 'planned',
    name: 'planned admissions',
    view: 'planned',
    known: 'RECORDED',
    delay: () => DAILY,
    without: 'Beds are forecast by the past.',
    severity: 'warning',
  },
  {
    key: 'decisions',
    name: 'decisions to admit',
    view: 'decisions',
    known: 'RECORDED',
    delay: () => DAILY,
    without: 'The bed forecast does without decisions.',
    severity: 'warning',
  },
  {
    key: 'expectedDischarge',
    name: 'expected dates of discharge',
    view: 'dischargeDates',
    known: 'RECORDED',
    delay: () => DAILY,
    without: 'Beds are forecast without what teams expect.',
    severity: 'warning',
  },
  {
    key: 'readyForDischarge',
    name: 'readiness for discharge',
    view: 'ready',
    known: 'RECORDED',
    delay: () => DAILY,
    without: 'Beds are forecast without it, and delays are not counted.',
    severity: 'warning',
  },
];

/** The feeds of a contract. @param kinds others than there are, in tests */
export function feedsOf(contract: Contract, kinds: readonly FeedKind[] = KINDS): Feed[] {
  const names = datasetNames(contract);
  return kinds
    .filter(({ key }) => contract[key] !== undefined)
    .map(({ key: _key, view, delay, ...feed }) => ({ ...feed, view: names[view], delay: delay(contract) }));
}

/** The admissions that are known, whose times are watched as those of feeds; none where only their days are known. */
export function admissionTimes(contract: Contract): Feed[] {
  const { admission } = contract;
  if (admission === undefined || !/^TIMESTAMP/i.test(contract.columns[admission] ?? '')) return [];
  const view = datasetNames(contract).features;
  const known = `${admission}::TIMESTAMP_NTZ`;
  return [{ name: 'admissions', view, known, delay: 0, without: '', severity: 'warning', hoursAlone: true }];
}

/** Reads one row with all its columns: a relation that is gone, or not to be read, and columns with others' names or types refuse it. */
export function probeSql({ view }: Pick<Feed, 'view'>, place: Place): string {
  return `SELECT HASH(*) AS X FROM (SELECT * FROM ${qualify(place, view)} LIMIT 1)`;
}
