import type { Change } from '../../deploy/resources/plan.js';
import type { Difference } from '../../report/results/deployment.js';

/** The route of predictions. */
export const PATH = '/endpoints/{endpoint}/invocations';

/** `snowflake.api-integration:LOS_API` → `API integration`. */
export function nounOf({ id }: Pick<Change, 'id'>): string {
  const kind = id.slice(id.indexOf('.') + 1, id.indexOf(':')).replaceAll('-', ' ');
  return kind.replaceAll(/\b(api|iam|rest)\b/g, (word) => word.toUpperCase());
}

/** Describes the live value in place of the declared one: a value, the first that differs in a document, or lines that it lacks. */
export function describeDifference({ property, live = '', declared = '' }: Difference): string {
  const comparisonText = (is: string | undefined, shall: string | undefined) =>
    `${is || 'nothing'} instead of ${shall || 'nothing'}`;
  if (!`${live}${declared}`.includes('\n')) return `has ${property} ${comparisonText(live, declared)}`;
  if (!declared.startsWith('{')) return `lacks ${lacking(live, declared).join(', ')} in its ${property}`;
  const [is, shall] = [leaves(JSON.parse(live || '{}')), leaves(JSON.parse(declared))];
  const key = [...is.keys(), ...shall.keys()].find((each) => is.get(each) !== shall.get(each));
  if (key === undefined) return `has another ${property} than is declared`;
  return `has ${key} ${comparisonText(is.get(key), shall.get(key))} in its ${property}`;
}

/** Lines that are declared and not there. */
export function lacking(live = '', declared = ''): string[] {
  const has = new Set(live.split('\n'));
  return declared.split('\n').filter((line) => !has.has(line));
}

/** The values of a document by their keys from the top. */
function leaves(value: unknown, path: readonly string[] = []): Map<string, string> {
  if (value === null || typeof value !== 'object') return new Map([[path.join('.'), String(value)]]);
  return new Map(Object.entries(value).flatMap(([key, item]) => [...leaves(item, [...path, key])]));
}
