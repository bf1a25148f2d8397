/** The search space of a tuning job: hyperparameter ranges, and their values as points of the unit interval. */

import { type Input, list, optionalString, string, validationError } from '../shared/validation.js';
import { hyperparameterProblem, isTunable } from '../training/hyperparameters.js';

const SCALES = ['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic'] as const;
type Scale = (typeof SCALES)[number];

/** At most so many hyperparameters are searched; each value of a categorical one counts (developer guide, quotas). */
const MOST_SEARCHED = 30;

/** One searched hyperparameter. */
export interface Dimension {
  name: string;
  kind: 'integer' | 'continuous' | 'categorical';
  /** How many values it has; infinite when continuous. */
  count: number;
  /** The value at a point of [0, 1), as text. */
  at(point: number): string;
  /** The n-th value of a countable dimension. */
  nth(index: number): string;
  /** A value's coordinates: one in [0, 1] for a number, one of several for a category. */
  coordinates(value: string): number[];
}

/**
 * Reads ParameterRanges.
 *
 * @throws AwsError ValidationException for ranges that the built-in XGBoost cannot be tuned over
 */
export function readRanges(ranges: Input): Dimension[] {
  const at = 'hyperParameterTuningJobConfig.parameterRanges';
  const numbers = (member: string, kind: 'integer' | 'continuous') =>
    list(ranges, member, at).map((range) => numeric(range, kind, `${at}.${member}`));
  const dimensions = [
    ...numbers('IntegerParameterRanges', 'integer'),
    ...numbers('ContinuousParameterRanges', 'continuous'),
    ...list(ranges, 'CategoricalParameterRanges', at).map((range) => categorical(range, at)),
  ];
  if (dimensions.length === 0)
    throw validationError('A hyperparameter tuning job needs at least one hyperparameter range.');
  const names = dimensions.map((dimension) => dimension.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw validationError(`The hyperparameter ${twice} has more than one range.`);
  const searched = dimensions.reduce((sum, d) => sum + (d.kind === 'categorical' ? d.count : 1), 0);
  if (searched > MOST_SEARCHED)
    throw validationError(
      `The number of hyperparameters to search is ${searched}, where each value of a categorical range counts; the limit is ${MOST_SEARCHED}.`,
    );
  return dimensions;
}

/** How many different combinations the space has. */
export function combinations(dimensions: Dimension[]): number {
  return dimensions.reduce((product, dimension) => product * dimension.count, 1);
}

/** The n-th combination of a countable space, the last dimension running fastest. */
export function combination(dimensions: Dimension[], n: number): Record<string, string> {
  const values: [string, string][] = [];
  let rest = n;
  for (const dimension of [...dimensions].reverse()) {
    values.unshift([dimension.name, dimension.nth(rest % dimension.count)]);
    rest = Math.floor(rest / dimension.count);
  }
  return Object.fromEntries(values);
}

function numeric(range: Input, kind: 'integer' | 'continuous', at: string): Dimension {
  const name = string(range, 'Name', { max: 256 }, at);
  const scale = (optionalString(range, 'ScalingType', { values: SCALES }, at) ?? 'Auto') as Scale;
  const bound = (member: string) => {
    const text = string(range, member, { max: 256 }, at).trim();
    const value = text === '' ? Number.NaN : Number(text);
    const fits = kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (!fits)
      throw validationError(`${member} of the hyperparameter ${name} is not of the type ${kind}: ${text}`);
    requireAllowed(name, text, kind);
    return value;
  };
  const min = bound('MinValue');
  const max = bound('MaxValue');
  if (min > max) throw validationError(`MinValue of the hyperparameter ${name} is above its MaxValue.`);
  if (scale === 'Logarithmic' && min <= 0)
    throw validationError(
      `Logarithmic scaling works only for ranges that have only values greater than 0, but ${name} starts at ${min}.`,
    );
  if (scale === 'ReverseLogarithmic' && (min < 0 || max >= 1))
    throw validationError(
      `Reverse logarithmic scaling works only for ranges within 0 <= x < 1, but ${name} is from ${min} to ${max}.`,
    );
  const { forward, inverse } = scaling(scale, min, max);
  // Whole numbers own the half unit on either side, so that the bounds are as likely as the rest.
  const margin = kind === 'integer' ? 0.5 : 0;
  const low = forward(min - margin);
  const span = forward(max + margin) - low;
  const clamp = (value: number) => Math.min(max, Math.max(min, value));
  return {
    name,
    kind,
    count: kind === 'integer' ? max - min + 1 : min === max ? 1 : Number.POSITIVE_INFINITY,
    at: (point) => {
      const value = clamp(inverse(low + point * span));
      return String(kind === 'integer' ? clamp(Math.round(value)) : value);
    },
    nth: (index) => String(min + index),
    coordinates: (value) => [span === 0 ? 0 : (forward(Number(value)) - low) / span],
  };
}

/** Auto searches by orders of magnitude where a range spans at least three of them, else linearly. */
function scaling(scale: Scale, min: number, max: number) {
  const logarithmic = scale === 'Logarithmic' || (scale === 'Auto' && min > 0 && max / min >= 1000);
  if (logarithmic) return { forward: Math.log, inverse: Math.exp };
  if (scale === 'ReverseLogarithmic')
    return { forward: (x: number) => -Math.log1p(-x), inverse: (y: number) => -Math.expm1(-y) };
  const same = (x: number) => x;
  return { forward: same, inverse: same };
}

function categorical(range: Input, parent: string): Dimension {
  const at = `${parent}.categoricalParameterRanges`;
  const name = string(range, 'Name', { max: 256 }, at);
  const values = list<string>(range, 'Values', at);
  if (values.length < 1 || values.length > 30)
    throw validationError(`The hyperparameter ${name} needs 1 to 30 values, not ${values.length}.`);
  for (const value of values) {
    if (typeof value !== 'string')
      throw validationError(`The values of the hyperparameter ${name} must be strings.`);
    requireAllowed(name, value, 'categorical');
  }
  if (new Set(values).size !== values.length)
    throw validationError(`The values of the hyperparameter ${name} are not distinct.`);
  return {
    name,
    kind: 'categorical',
    count: values.length,
    at: (point) => values[Math.floor(point * values.length)]!,
    nth: (index) => values[index]!,
    coordinates: (value) => values.map((other) => (other === value ? 1 : 0)),
  };
}

/** The bounds and values must be ones that the algorithm itself allows. */
function requireAllowed(name: string, value: string, kind: Dimension['kind']): void {
  if (!isTunable(name, kind))
    throw validationError(
      `The hyperparameter ${name} of the built-in XGBoost is not tunable over a range of the type ${kind}.`,
    );
  const problem = hyperparameterProblem(name, value);
  if (problem) throw validationError(problem);
}
