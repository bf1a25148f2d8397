import { type Curve, shareGone } from '../../udfs/curve/curve.js';
import { ARRIVAL, DAY, hashed, records, type Stay, writeContract } from './data.js';
import { type Answer, type Case, trained } from './trained.js';

const FLAGS = /^(diagnostic|sirs)|^(disfuncorg|hypotensie|hypoxie|infectionsuspected|infusion|oligurie)$/;
const LABS = ['crp', 'leucocytes', 'lacticacid'] as const;
const FOLDS = 5;

interface Row {
  readonly at: number;
  readonly order: number;
  readonly fields: Readonly<Record<string, string>>;
}

const isKnown = (value: string | undefined) => value !== undefined && value !== '' && value !== 'NA';

/** The log of a hospital with sepsis cases: each begins at the hour of the mornings, so that others follow every 24 hours. */
export function sepsisCase(): Case {
  const cases = new Map<string, Row[]>();
  for (const fields of records('sepsis_events.csv', ';')) {
    const rows = cases.get(fields.case_id!) ?? [];
    cases.set(fields.case_id!, rows);
    rows.push({ at: Date.parse(fields.timestamp!) / 1000, order: Number(fields['.order']), fields });
  }
  const stays: Stay[] = [];
  let flags: string[] = [];
  for (const [id, unsorted] of cases) {
    const rows = unsorted.sort((a, b) => a.at - b.at || a.order - b.order);
    flags = Object.keys(rows[0]!.fields).filter((name) => FLAGS.test(name));
    const into = rows.filter(({ fields }) => fields.activity!.startsWith('Admission'));
    const out = rows.filter(({ fields }) => fields.activity!.startsWith('Release'));
    if (into.length === 0 || out.length === 0) continue;
    const begin = into[0]!.at;
    const seconds = out[out.length - 1]!.at - begin;
    if (seconds / DAY <= 0.2) continue;
    const before = rows.filter(({ at }) => at <= begin);
    const first = (name: string) => before.map(({ fields }) => fields[name]).find(isKnown);
    const newest = (name: string) =>
      before
        .map(({ fields }) => fields[name])
        .filter(isKnown)
        .pop();
    const number = (value: string | undefined) => (value === undefined ? null : Number(value));
    const features: Record<string, string | number | null> = {
      AGE: number(first('age')),
      IC: into[0]!.fields.activity === 'Admission IC' ? 1 : 0,
      ER_DAYS: (begin - rows[0]!.at) / DAY,
    };
    for (const flag of flags) {
      const value = first(flag);
      features[flag.toUpperCase()] = value === undefined ? null : value.toLowerCase() === 'true' ? 1 : 0;
    }
    for (const lab of LABS) features[`${lab.toUpperCase()}_0`] = number(newest(lab));
    const events = rows.flatMap(({ at, fields }): [number, string, string][] => {
      const then = ARRIVAL + at - begin;
      const activity = fields.activity!;
      const ward = activity.startsWith('Admission') ? activity.slice(10) : null;
      return [
        [then, 'ANY', ''],
        ...(ward ? [[then, 'WARD', ward] as [number, string, string]] : []),
        ...(ward === 'IC' ? [[then, 'IC', '1'] as [number, string, string]] : []),
        ...LABS.filter((lab) => isKnown(fields[lab])).map((lab): [number, string, string] => [
          then,
          lab,
          fields[lab]!,
        ]),
      ].map(([when, name, value]) => [when, name, value === '' ? '1' : value] as [number, string, string]);
    });
    stays.push({ id, admitted: ARRIVAL, left: ARRIVAL + seconds, features, events });
  }
  const names = Object.keys(stays[0]!.features);
  return {
    name: 'sepsis',
    stays,
    contract: (folder) =>
      writeContract(folder, 'sepsis', Object.fromEntries(names.map((name) => [name, 'numeric' as const])), {
        ...Object.fromEntries(LABS.map((lab) => [lab, ['last', 'step', 'hours']])),
        WARD: ['category', 'changes', 'total', 'hours'],
        IC: ['ever'],
        ANY: ['total', 'count'],
      }),
    settings: 'stay: { hour: 6 }',
  };
}

/** Five divisions by case, each with another fifth as the holdout. */
export function sepsisSides(seed: number): ((id: string) => string)[] {
  return Array.from({ length: FOLDS }, (_, fold) => (id: string) => {
    if (Math.floor(FOLDS * hashed(`${seed} ${id}`)) === fold) return 'test';
    // A tenth validates, as where a contract names none.
    return hashed(`validation ${seed} ${id}`) < 0.1 ? 'validation' : 'train';
  });
}

export interface SepsisScores {
  readonly days: number;
  readonly auc: number;
  readonly logLoss: number;
  readonly mae: number;
  readonly coverage: number;
}

/** Of whether patients leave within 24 hours, and of the rest of their stay in days. @param restOf rest of a stay at a day of it, in days and fractions */
export function sepsisScores(
  answers: readonly Answer[],
  restOf: (id: string, day: number) => number,
): SepsisScores {
  const asked = answers.map((answer) => ({
    chance: Math.min(1 - 1e-6, Math.max(1e-6, shareGone(answer.curve, 1))),
    leaves: restOf(answer.id, answer.day) <= 1 ? 1 : 0,
    off: Math.abs(restOf(answer.id, answer.day) - middle(answer.curve)),
    inside: answer.rest >= answer.low && answer.rest <= answer.high ? 1 : 0,
  }));
  const mean = (of: (one: (typeof asked)[number]) => number) =>
    asked.reduce((sum, one) => sum + of(one), 0) / asked.length;
  return {
    days: asked.length,
    auc: auc(asked),
    logLoss: mean(({ chance, leaves }) => -Math.log(leaves ? chance : 1 - chance)),
    mae: mean(({ off }) => off),
    coverage: mean(({ inside }) => inside),
  };
}

/** By how much the day of stay that is furthest off leaves 80 % ± the greater of 5 points and 3 standard errors; 0: none does. */
export function worstDay(answers: readonly Answer[]): number {
  const days = new Map<number, Answer[]>();
  for (const answer of answers) days.set(answer.day, [...(days.get(answer.day) ?? []), answer]);
  return Math.max(
    0,
    ...[...days.values()].map((some) => {
      const inside = some.filter(({ rest, low, high }) => rest >= low && rest <= high).length / some.length;
      return Math.abs(inside - 0.8) - Math.max(0.05, 3 * Math.sqrt(0.16 / some.length));
    }),
  );
}

/** The mean of the scores of several holdouts. */
export function meanScores(scores: readonly SepsisScores[]): SepsisScores {
  const mean = (of: (one: SepsisScores) => number) =>
    scores.reduce((sum, one) => sum + of(one), 0) / scores.length;
  return {
    days: scores.reduce((sum, { days }) => sum + days, 0),
    auc: mean(({ auc }) => auc),
    logLoss: mean(({ logLoss }) => logLoss),
    mae: mean(({ mae }) => mae),
    coverage: mean(({ coverage }) => coverage),
  };
}

/** When half are gone, on the straight line between two days. */
function middle({ days, gone }: Curve): number {
  const i = gone.findIndex((share) => share >= 0.5);
  const [from, before] = i > 0 ? [days[i - 1]!, gone[i - 1]!] : [days[0]! - 1, 0];
  return from + ((0.5 - before) / (gone[i]! - before)) * (days[i]! - from);
}

/** Area under the curve of receiver operating characteristics, ties in the middle. */
function auc(asked: readonly { readonly chance: number; readonly leaves: number }[]): number {
  const sorted = [...asked].sort((a, b) => a.chance - b.chance);
  let ranks = 0;
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (j < sorted.length && sorted[j]!.chance === sorted[i]!.chance) j++;
    for (let k = i; k < j; k++) if (sorted[k]!.leaves) ranks += (i + j + 1) / 2;
    i = j;
  }
  const leaving = asked.filter(({ leaves }) => leaves).length;
  return (ranks - (leaving * (leaving + 1)) / 2) / (leaving * (asked.length - leaving));
}

/** The mornings of each of the five holdouts. */
export async function sepsis(
  log: (message: string) => void,
  seed = 0,
): Promise<{ readonly holdouts: readonly (readonly Answer[])[]; restOf(id: string, day: number): number }> {
  const one = sepsisCase();
  const found = await trained(one, sepsisSides(seed), log);
  const left = new Map(one.stays.map(({ id, left }) => [id, left]));
  return {
    holdouts: found.map(({ answers }) => answers),
    restOf: (id, day) => (left.get(id)! - ARRIVAL) / DAY - day,
  };
}
