import { random } from '../../../procedures/ground/random.js';

export const bands = ['0-17', '18-39', '40-64', '65-79', '80 or older'];
const numbers = [...Array.from({ length: 39 }, (_, i) => `LAB_${i + 1}`), 'WEIGHT'];
/** Some are called like columns of the tables that training and evaluation make. */
export const ours = [
  'SIDE',
  'ERROR',
  'PREDICTED_LOS',
  'LOW_LOS',
  'BEFORE_LOS',
  'VERSION',
  'CASE_ID',
  'LEVEL',
  'F',
];
const wards = [...ours, ...Array.from({ length: 5 }, (_, i) => `NOTE_${i + 1}`)];
export const columns = [
  'VISIT_ID',
  'LOS_DAYS',
  'DIAGNOSIS_CODE',
  'AGE_BAND',
  'BED_DEBT',
  'TOTAL_COST',
  ...numbers,
  ...wards,
];

/** 60 columns, no dates, a fifth of the values missing, 700 diagnoses of which some mean long stays. */
export function hospital(rows: number): { csv: string; noise: number } {
  const next = random(7);
  const effect = Array.from({ length: 700 }, () => 6 * next());
  const cell = (value: string | number) => (next() < 0.2 ? '' : String(value));
  const lines = [columns.join(',')];
  let noise = 0;
  for (let row = 1; row <= rows; row++) {
    const diagnosis = Math.floor(700 * next() ** 2);
    const age = Math.floor(5 * next());
    const lab = next();
    const error = -Math.log(1 - next()) * 3;
    noise += (error - 3) ** 2;
    const los = Math.max(1, Math.round(2 + effect[diagnosis]! + 1.5 * age + 5 * lab + error));
    lines.push(
      [
        row,
        los,
        cell(`D${diagnosis}`),
        cell(bands[age]!),
        cell(Math.floor(10 * next())),
        (los * 1000 + 100 * next()).toFixed(2),
        cell((lab * 10).toFixed(2)),
        ...numbers.slice(1).map(() => cell((100 * next()).toFixed(1))),
        ...wards.map(() => cell('abcde'[Math.floor(5 * next())]!)),
      ].join(','),
    );
  }
  return { csv: `${lines.join('\n')}\n`, noise: Math.sqrt(noise / rows) };
}
