import { calendarFeatures } from '../../dataset/feature-values.js';
import { stabilityIndex } from '../../statistics/stability-index.js';
import type { Answer, AnswerTable } from '../answer.js';
import type { CodedColumn } from '../coding.js';
import { DERIVED } from '../columns.js';
import type { Facts, MeasuredTable } from '../facts.js';
import { type Line, levelLines, linesTable, varianceExplained } from '../lines.js';
import { endsOf } from '../numbers.js';
import { capital, countOf, dayOf, list, number, percent, percentage } from '../words.js';
import { differenceSentences } from './difference.js';

/** Finds what was measured by one of the columns that follow from dates and patients. */
export function findDerived({ columns, single }: Facts, name: string): MeasuredTable | undefined {
  const column = columns.find((each) => each.role === 'derived' && each.name === name);
  return column && single.get(column.place);
}

/** Admissions and stays by month. */
export function seasons(question: string, facts: Facts): Answer | null {
  const measured = findDerived(facts, DERIVED.month);
  if (!measured) return null;
  const months = levelLines(measured.lines);
  const { firstDay, lastDay } = facts.counts;
  const tables = [
    linesTable('Stay by month of admission', measured.grouping, measured.lines, facts.longStayDays),
  ];
  // A month that began or ended outside of the data would look empty.
  const whole = months.filter(({ labels }) => {
    const [begins, ends] = daysOf(labels[0] as string);
    return firstDay !== null && lastDay !== null && begins >= firstDay && ends <= lastDay;
  });
  const sentences: string[] = [];
  if (whole.length >= 2) {
    const daily = whole
      .map((line) => {
        const [begins, ends] = daysOf(line.labels[0] as string);
        return { month: line.labels[0] as string, rate: line.n / (ends - begins + 1) };
      })
      .sort((a, b) => b.rate - a.rate);
    const [most, least] = [daily[0], daily[daily.length - 1]] as [(typeof daily)[0], (typeof daily)[0]];
    sentences.push(
      `Most stays began in ${most.month} (${number(most.rate)} a day), fewest in ${least.month} (${number(least.rate)}), of whole months.`,
    );
  }
  sentences.push(...differenceSentences(measured.grouping, measured.lines));
  return {
    id: 'seasons',
    question,
    answer: sentences.join(' '),
    tables,
    weight: Math.min(0.4, 1.5 * (varianceExplained(measured.lines) || 0)),
  };
}

/** First and last day of a month YYYY-MM, since 1970. */
function daysOf(month: string): [number, number] {
  const [year, place] = month.split('-').map(Number) as [number, number];
  return [Date.UTC(year, place - 1, 1) / 86400000, Date.UTC(year, place, 1) / 86400000 - 1];
}

/** Who comes and who leaves on which day of the week. */
export function weekdays(question: string, facts: Facts): Answer | null {
  const came = findDerived(facts, DERIVED.weekday);
  const left = findDerived(facts, DERIVED.leaving);
  if (!came && !left) return null;
  const sentences: string[] = [];
  const tables: AnswerTable[] = [];
  let weight = 0;
  if (came) {
    tables.push(linesTable('Stay by weekday of admission', came.grouping, came.lines, facts.longStayDays));
    sentences.push(...extremes('come', came.lines));
    sentences.push(...differenceSentences(came.grouping, came.lines));
  }
  const lines = left ? levelLines(left.lines) : [];
  if (lines.length > 0) {
    const all = lines.reduce((sum, { n }) => sum + n, 0);
    tables.push({
      title: 'Discharges by weekday',
      columns: ['weekday of discharge', 'stays', '%', 'mean stay'],
      rows: lines.map(({ labels, n, mean }) => [
        labels[0] as string,
        n,
        percentage(n / all),
        Math.round(mean * 100) / 100,
      ]),
    });
    const weekend = lines.filter(({ labels }) => labels[0] === 'Sat' || labels[0] === 'Sun');
    const share = weekend.reduce((sum, { n }) => sum + n, 0) / all;
    sentences.unshift(
      `Saturday and Sunday together have ${percent(share)} of the discharges; evenly spread they would have ${percent(2 / 7)}.`,
      ...extremes('leave', (left as MeasuredTable).lines),
    );
    weight = Math.min(0.5, Math.abs(share - 2 / 7) * 5);
  }
  return { id: 'weekdays', question, answer: sentences.join(' '), tables, weight };
}

/** A sentence on the days most and fewest do; none where hardly a day has patients enough to be named. */
function extremes(verb: string, lines: readonly Line[]): string[] {
  const days = levelLines(lines);
  const all = days.reduce((sum, { n }) => sum + n, 0);
  const order = days.slice().sort((a, b) => b.n - a.n);
  const [most, least] = [order[0], order[order.length - 1]];
  if (!most || !least) return [];
  if (most === least) return lines.length === 1 ? [`All patients ${verb} on the same weekday.`] : [];
  return [
    `Most patients ${verb} on ${most.labels[0]} (${percent(most.n / all)}), fewest on ${least.labels[0]} (${percent(least.n / all)}).`,
  ];
}

/** Share of late admissions still in hospital from which on means of their stays mislead. */
const EDGE = 0.02;

/** Stays that have not ended, and what their lack does to the figures of late admissions. Counts of the operation. */
export function edge(question: string, { counts, weeks, stay }: Facts): Answer | null {
  const { admissions, unfinished, lastDay, lastWent } = counts;
  const { p99 } = endsOf(stay);
  if (lastDay === null) return null;
  const sentences: string[] = [];
  let weight = 0;
  const known = admissions - counts.negative;
  if (unfinished > 0) {
    const late = weeks.filter(({ weeksAgo }) => weeksAgo < 4);
    const all = late.reduce((sum, each) => sum + each.admissions, 0);
    const open = late.reduce((sum, each) => sum + each.unfinished, 0);
    const late4 =
      all > 0 && open > 0
        ? `; of those admitted in the last four weeks ${percent(open / all)} are, and the means of these weeks are too short without them`
        : '';
    sentences.push(
      `${countOf(unfinished, 'patient')} of ${countOf(known, 'admission')} (${percent(unfinished / known)}) ${unfinished === 1 ? 'is' : 'are'} still in hospital at the end of the data, ${dayOf(lastDay)}${late4}.`,
    );
    weight = late4 !== '' && open / all > EDGE ? 0.65 : 0.2;
    const old = unfinished - weeks.reduce((sum, each) => sum + each.unfinished, 0);
    if (old > 0)
      sentences.push(
        `${number(old, 0)} of those in hospital came more than eight weeks before: see whether discharges are missing.`,
      );
  } else if (lastWent !== null && lastWent - lastDay < stay.p99) {
    sentences.push(
      `No stay is unfinished, although the last admission was on ${dayOf(lastDay)} and no patient was discharged after ${dayOf(lastWent)}, ${countOf(lastWent - lastDay, 'day')} later${p99 === null ? '' : `, where one in a hundred stays for more than ${number(p99)}`}: stays that had not ended seem to be left out, so late admissions look short.`,
    );
    weight = 0.9;
  } else
    sentences.push(
      `No stay is unfinished: the last admission was on ${dayOf(lastDay)}${lastWent === null ? '' : `, the last discharge on ${dayOf(lastWent)}`}.`,
    );
  return {
    id: 'edge',
    question,
    answer: sentences.join(' '),
    weight,
    tables:
      weeks.length === 0
        ? []
        : [
            {
              title: `Admissions of the last eight weeks up to ${dayOf(lastDay)}`,
              columns: ['weeks before', 'admissions', 'still in hospital', '%'],
              rows: weeks.map((week) => [
                `${week.weeksAgo} to ${week.weeksAgo + 1}`,
                week.admissions,
                week.unfinished,
                percentage(week.unfinished / week.admissions),
              ]),
            },
          ],
  };
}

/** Population stability index from which on a feature counts as shifted, as credit scoring has it. */
const SHIFTED = 0.25;
const MOVED = 0.1;

interface Shift {
  readonly column: CodedColumn;
  readonly psi: number;
  readonly level: string;
  readonly before: number;
  readonly after: number;
}

/** Compares the later period with the earlier: stays, and the mix of patients. */
export function periods(question: string, facts: Facts): Answer | null {
  const { boundary, columns, mix } = facts;
  const measured = findDerived(facts, DERIVED.period);
  if (!measured || boundary === null) return null;
  const [before, after] = [1, 2].map((code) => measured.lines.find(({ codes }) => codes[0] === code));
  if (!before || !after) return null;
  const distance = after.mean - before.mean;
  const width = 1.96 * Math.sqrt((before.sd || 0) ** 2 / before.n + (after.sd || 0) ** 2 / after.n);
  // Features of the day of admission differ between periods by what they are.
  const calendar = calendarFeatures(facts.contract);
  const shifts = columns
    .filter(({ role, place, name }) => role === 'feature' && mix.has(place) && !calendar.includes(name))
    .map((column) => shiftOf(facts, column))
    .filter((each): each is Shift => each !== null)
    .sort((a, b) => b.psi - a.psi);
  const moved = shifts.filter(({ psi }) => psi >= MOVED);
  const chance = Math.abs(distance) <= width;
  const sentences = [
    `stays are ${number(Math.abs(distance), 2)} ± ${number(width, 2)} days ${distance < 0 ? 'shorter' : 'longer'} in the later period, on average ${number(after.mean, 2)} against ${number(before.mean, 2)}${chance ? ', which may be chance' : ''}.`,
  ];
  if (moved.length > 0)
    sentences.push(
      `the mix of patients has changed in ${list(moved.slice(0, 3).map(({ column, psi, level, before: b, after: a }) => `${column.name} (${level.replace(/[()]/g, '')} ${percent(b)} before, ${percent(a)} after; index ${number(psi, 2)}${psi >= SHIFTED ? ', a shift' : ''})`))}.`,
    );
  else if (shifts[0])
    sentences.push(
      `the mix of patients is the same: no feature's stability index reaches ${MOVED} (the most is ${number(shifts[0].psi, 3)}, ${shifts[0].column.name}).`,
    );
  if (chance && moved.length > 0) sentences.reverse();
  return {
    id: 'periods',
    question,
    answer: sentences
      .map((sentence, i) => (i === 0 ? `${boundary}: ${sentence}` : capital(sentence)))
      .join(' '),
    weight:
      chance && moved.length === 0
        ? 0
        : Math.min(0.6, Math.max(Math.abs(distance) / before.mean, moved[0] ? 0.4 : 0)),
    tables: [
      linesTable('Stay by period', measured.grouping, measured.lines, facts.longStayDays),
      {
        title: 'What has changed: stability index, and the level that changed most, %',
        columns: ['feature', 'index', 'level', 'earlier', 'later'],
        rows: shifts.map(({ column, psi, level, before: b, after: a }) => [
          column.name,
          Math.round(psi * 1000) / 1000,
          level,
          percentage(b),
          percentage(a),
        ]),
      },
    ],
  };
}

function shiftOf({ mix }: Facts, column: CodedColumn): Shift | null {
  const own = mix.get(column.place) || [];
  const rows = (period: number, code?: number) =>
    own
      .filter((each) => each.period === period && (code === undefined || each.code === code))
      .reduce((sum, each) => sum + each.n, 0);
  const [earlier, later] = [rows(1), rows(2)];
  if (earlier === 0 || later === 0) return null;
  const levels = Array.from(new Set(own.map(({ code }) => code))).map((code) => ({
    code,
    reference: rows(1, code),
    window: rows(2, code),
  }));
  const levelShift = (level: (typeof levels)[0]) =>
    Math.abs(level.window / later - level.reference / earlier);
  const { code, reference, window } = levels.reduce((most, each) =>
    levelShift(each) > levelShift(most) ? each : most,
  );
  const label = code < 0 ? '(other)' : (column.labels[code - 1] as string);
  return {
    column,
    psi: stabilityIndex(levels),
    level: code === 0 ? '(missing)' : label,
    before: reference / earlier,
    after: window / later,
  };
}
