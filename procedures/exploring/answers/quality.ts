import { FEWEST_PATIENTS } from '../../ground/small-groups.js';
import type { Answer } from '../answer.js';
import { MISSING } from '../coding.js';
import type { Facts, MeasuredTable, OutlierFacts } from '../facts.js';
import { type Line, margin } from '../lines.js';
import { endsOf, type NumberFacts } from '../numbers.js';
import { figure, list, number, percent, percentage, round } from '../words.js';

/** Which features are missing, how often, and whether stays differ where they are. */
export function missing(question: string, facts: Facts): Answer {
  const { columns, single, counts, contract } = facts;
  const features = columns.filter(({ role, place }) => role === 'feature' && single.has(place));
  const found = features
    .map((column) => {
      const { lines } = single.get(column.place) as MeasuredTable;
      const line = lines.find(({ codes }) => codes[0] === MISSING);
      const others = mergeLines(lines.filter((each) => each !== line));
      return { column, line, others, share: line ? line.n / counts.stays : 0 };
    })
    .filter((each): each is typeof each & { line: Line; others: Line } => !!each.line && each.others !== null)
    .sort((a, b) => b.share - a.share);
  const sentences: string[] = [];
  if (found.length === 0) sentences.push(`No feature is missing of ten patients or more.`);
  else {
    sentences.push(
      `${found.length === 1 ? '1 feature has' : `${found.length} features have`} missing values: ${list(found.slice(0, 4).map(({ column, share }) => `${column.name} (${percent(share)})`))}${found.length > 4 ? ' and others' : ''}; the other ${features.length - found.length} hardly any.`,
    );
    for (const { column, line, others } of found) {
      const distance = line.mean - others.mean;
      if (Math.abs(distance) <= Math.max(margin(line, others), 0.05 * others.mean)) continue;
      sentences.push(
        `Where ${column.name} is missing, stays are ${number(Math.abs(distance))} ± ${number(margin(line, others))} days ${distance > 0 ? 'longer' : 'shorter'}.`,
      );
    }
  }
  return {
    id: 'missing',
    question,
    answer: sentences.join(' '),
    weight: found[0] ? Math.min(0.5, found[0].share) : 0,
    tables:
      found.length === 0
        ? []
        : [
            {
              title: 'Missing values',
              columns: ['feature', 'stays', '%', 'mean stay', 'where known', 'stands in'],
              rows: found.map(({ column, line, others, share }) => {
                const feature = contract.features[column.name];
                return [
                  column.name,
                  line.n,
                  percentage(share),
                  round(line.mean, 2),
                  round(others.mean, 2),
                  feature && feature.default !== undefined ? String(feature.default) : '',
                ];
              }),
            },
          ],
  };
}

/** One line of several. */
function mergeLines(lines: readonly Line[]): Line | null {
  const n = lines.reduce((sum, line) => sum + line.n, 0);
  if (n === 0) return null;
  const mean = lines.reduce((sum, line) => sum + line.n * line.mean, 0) / n;
  const squares = lines.reduce(
    (sum, line) => sum + (line.n - 1) * (line.sd || 0) ** 2 + line.n * (line.mean - mean) ** 2,
    0,
  );
  return { ...(lines[0] as Line), n, mean, sd: Math.sqrt(squares / Math.max(1, n - 1)) };
}

/** Values that lie far from all others, and what the longest stays take. Counts are rounded to tens. */
export function outliers(question: string, facts: Facts, stayPlace: number): Answer {
  const { columns, numbers, far, stay, longStayDays } = facts;
  const sentences: string[] = [];
  const { p99, top } = endsOf(stay);
  if (top !== null) sentences.push(`The longest twentieth of the stays takes ${percent(top)} of all days.`);
  sentences.push(
    `Nine of ten stays end within ${number(stay.p90)} days${p99 === null ? '' : `, 99 of 100 within ${number(p99)}`}; ${percent(stay.long / stay.n)} are long (${longStayDays} days and more).`,
  );
  const rows: (string | number | null)[][] = [];
  const named: string[] = [];
  const add = (name: string, own: NumberFacts, found: OutlierFacts | undefined) => {
    rows.push([
      name,
      figure(own.p25),
      figure(own.p75),
      found ? figure(found.lowest) : null,
      found ? figure(found.highest) : null,
      found ? approximateCount(found.below, found.patientsBelow) : '',
      found ? approximateCount(found.above, found.patientsAbove) : '',
    ]);
    if (found && Math.max(found.patientsBelow, found.patientsAbove) >= FEWEST_PATIENTS) {
      const above = found.patientsAbove >= FEWEST_PATIENTS;
      named.push(
        `${name} (${approximateCount(above ? found.above : found.below, FEWEST_PATIENTS)} ${above ? `above ${number(found.highest)}` : `below ${number(found.lowest)}`})`,
      );
    }
  };
  add('stay, days', stay, far.get(stayPlace));
  for (const { name, place, role } of columns) {
    const own = numbers.get(place);
    // Of yes and no none is far out.
    if (own && role === 'feature' && own.distinct > 2) add(name, own, far.get(place));
  }
  sentences.push(
    named.length === 0
      ? 'No number has values far out (three times the width of the middle half away from it) of ten patients or more.'
      : `Outliers, more than three interquartile ranges away: ${list(named)}.`,
  );
  return {
    id: 'outliers',
    question,
    answer: sentences.join(' '),
    weight: top === null ? 0.1 : Math.min(0.55, top),
    tables: [
      {
        title: 'Values far out (counts rounded to tens)',
        columns: ['number', 'P25', 'P75', 'lowest', 'highest', 'below', 'above'],
        rows,
      },
    ],
  };
}

function approximateCount(n: number, patients: number): string {
  if (n === 0) return 'none';
  return patients < FEWEST_PATIENTS ? '< 10 patients' : `about ${number(Math.round(n / 10) * 10, 0)}`;
}
