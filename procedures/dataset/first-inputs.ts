import type { Contract, Feature } from './contract.js';
import { columnsBesideInputs, featureType } from './feature-sql.js';

/**
 * Hours after which inputs count as those of admission. A row of the feature table says what is known now: a ward changes, a diagnosis is worked out, a
 * severity is coded after the discharge. A model that learned from these would be asked on admission about something else. So the
 * first change of a row's features keeps what they were (FIRST_INPUTS), and a training learns from that.
 *
 * What is filled in or mended within some hours counts as known on admission: it is what a prediction is revised by. Half a day, so that
 * of two deliveries of a night the second is a change.
 */
export const SETTLED_HOURS = 12;

/**
 * Under which name a feature's first value is kept: one that stands for it and for how it is computed, since an expression that has changed
 * would give another value. The text itself would be in each row.
 */
export function keyOf(name: string, { type, sql, default: standIn }: Feature): string {
  return textSum(JSON.stringify([name, type, sql, standIn]));
}

/** Stands for how all features are computed. */
export function inputsKey(contract: Contract): string {
  const { features, columns, sources, nulls, zoned, history } = contract;
  const keys = Object.entries(features).map(([name, feature]) => keyOf(name, feature));
  return textSum(JSON.stringify([keys, columns, sources, nulls, zoned, history]));
}

/** Columns of the view of what was known on admission, what they say, and their values; see sql/views/features-at-admission.sql. */
export function firstInputColumns(contract: Contract): { names: string; first: string; changed: string } {
  const features = Object.entries(contract.features);
  const kept = columnsBesideInputs(contract).filter((name) => contract.features[name] === undefined);
  const value = (name: string, feature: Feature) => {
    const first = `GET(FIRST_INPUTS, '${keyOf(name, feature)}')`;
    return `IFF(${first} IS NULL, ${name}, ${first}::${featureType(feature)})`;
  };
  return {
    names: [
      ...kept.map((name) => `${name} COMMENT 'As in the table of features'`),
      ...features.map(([name]) => `${name} COMMENT 'Feature of the model, as it was known on admission'`),
    ].join(',\n  '),
    first: [...kept, ...features.map(([name, feature]) => value(name, feature))].join(',\n  '),
    changed: features
      .map(([name, feature]) => `IFF(${name} IS DISTINCT FROM ${value(name, feature)}, '${name}', NULL)`)
      .join(',\n  '),
  };
}

/** Eight hexadecimal digits that another text hardly has (FNV-1a of 32 bits). */
function textSum(text: string): string {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return sum.toString(16).padStart(8, '0');
}
