/**
 * Marker by which the deployer recognizes its own objects: a Snowflake comment, an IAM description or an AWS tag.
 *
 *     predict-los/<prefix> <fingerprint>       made by apply; in Snowflake a sentence of what it is may stand before it
 *     predict-los/<prefix> model <version>     made by training or promotion, outlives applies
 */
import type { LiveResource } from '../resources/resource.js';

export { modelMarker, TAG_KEY } from '../../procedures/ground/names.js';

/** Comment or tag value of an object that apply made. */
export function objectMarker(prefix: string, fingerprint: string): string {
  return `predict-los/${prefix} ${fingerprint}`;
}

/** The mark ends a comment, behind a description or alone. */
const AT_END = /(?:^|\s)predict-los\/(\S+) (?:(model) \S+|(\S+))$/;
/** A person may have written something behind it. */
const AT_START = /^predict-los\/(\S+) (?:(model) \S+|([0-9a-f]{16}))\s/;

/** Reads the marker in a comment or tag value; anything unknown is foreign. */
export function readMarker(
  prefix: string,
  comment: unknown,
): Pick<LiveResource, 'owner' | 'fingerprint' | 'otherDeployment'> {
  const text = typeof comment === 'string' ? comment : '';
  const match = AT_END.exec(text) ?? AT_START.exec(text);
  if (!match) return { owner: 'foreign', fingerprint: undefined };
  if (match[1] !== prefix) return { owner: 'foreign', fingerprint: undefined, otherDeployment: true };
  return match[2] ? { owner: 'model', fingerprint: undefined } : { owner: 'managed', fingerprint: match[3] };
}
