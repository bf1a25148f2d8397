import { quantile } from '../../udfs/curve/curve.js';
import { ARRIVAL, DAY, hashed, records, type Stay, writeContract } from './data.js';
import { type Answer, type Case, trained } from './trained.js';

const STATIC = {
  Age: 'AGE',
  Gender: 'GENDER',
  Height: 'HEIGHT',
  ICUType: 'ICU_TYPE',
  Weight: 'WEIGHT',
} as const;
const SUMMARIES = ['last', 'least', 'most', 'mean', 'total', 'change', 'hours'] as const;

/** Stays in intensive care: what was written down on arrival, and the values of the first 48 hours. */
export function icuCase(): Case {
  const byId = new Map<string, { features: Record<string, number>; events: [number, string, string][] }>();
  const names = new Set<string>();
  for (const { RecordID, Minute, Parameter, Value } of records('icu2012_events.csv')) {
    if (Number(Value) === -1) continue;
    const stay = byId.get(RecordID!) ?? { features: {}, events: [] };
    byId.set(RecordID!, stay);
    const known = STATIC[Parameter as keyof typeof STATIC];
    if (known && Minute === '0') stay.features[known] ??= Number(Value);
    // Weight is measured again.
    if (known && known !== 'WEIGHT') continue;
    names.add(Parameter!);
    stay.events.push([ARRIVAL + Number(Minute) * 60, Parameter!, Value!]);
  }
  const stays: Stay[] = [];
  for (const { RecordID, Length_of_stay } of records('icu2012_outcomes.csv')) {
    const days = Number(Length_of_stay);
    if (!(days > 0)) continue;
    const { features = {}, events = [] } = byId.get(RecordID!) ?? {};
    const all = Object.fromEntries(Object.values(STATIC).map((name) => [name, features[name] ?? null]));
    stays.push({ id: RecordID!, admitted: ARRIVAL, left: ARRIVAL + days * DAY, features: all, events });
  }
  const eventFeatures = Object.fromEntries([...names].sort().map((name) => [name, SUMMARIES]));
  const features = Object.fromEntries(Object.values(STATIC).map((name) => [name, 'numeric' as const]));
  return {
    name: 'icu',
    stays,
    contract: (folder) => writeContract(folder, 'icu', features, eventFeatures),
    settings: 'stay: { hour: 6 }',
  };
}

/** As the reference divides them: a fifth of the rest stops the boosting. */
export function icuSide(id: string): string {
  if (Number(id) % 5 === 0) return 'test';
  return hashed(id) < 0.2 ? 'validation' : 'train';
}

export interface IcuScores {
  readonly stays: number;
  readonly mae: number;
  readonly crps: number;
  readonly coverage: number;
}

/** The reference's quantiles. */
const TAUS = Array.from({ length: 10 }, (_, i) => 0.05 + 0.1 * i);

/** Mean absolute error of the median, and CRPS from ten quantiles as the reference has it. */
export function icuScores(answers: readonly Answer[]): IcuScores {
  const mean = (of: (answer: Answer) => number) =>
    answers.reduce((sum, answer) => sum + of(answer), 0) / answers.length;
  return {
    stays: answers.length,
    mae: mean(({ rest, median }) => Math.abs(rest - median)),
    crps: mean(({ rest, curve }) => {
      const losses = TAUS.map((tau) => {
        const off = rest - quantile(curve, tau);
        return 2 * (off >= 0 ? off * tau : -off * (1 - tau));
      });
      return losses.reduce((sum, loss) => sum + loss, 0) / TAUS.length;
    }),
    coverage: mean(({ rest, low, high }) => (rest >= low && rest <= high ? 1 : 0)),
  };
}

export async function icu(log: (message: string) => void): Promise<Answer[]> {
  const [found] = await trained(icuCase(), [icuSide], log);
  return [...found!.answers];
}
