// S3: lifecycle rules, by which objects expire.
import { AwsError, featureError } from '../errors.js';
import type { AwsResponse } from '../service.js';
import type { XmlNode } from '../xml.js';
import type { Bucket, StoredObject } from './buckets.js';
import { type S3Call, type S3Operation, xmlBody, xmlResponse } from './request.js';

/** A rule as it is kept: which objects expire, and when. */
export interface LifecycleRule {
  id: string;
  prefix: string;
  enabled: boolean;
  /** Days after the object was written, or milliseconds since 1970 (midnight UTC). */
  expires: { days: number } | { at: number };
}

const DAY = 24 * 3600_000;
/** What AWS answers since September 2024, when it stopped moving small objects to other classes. */
const HEADERS = { 'x-amz-transition-default-minimum-object-size': 'all_storage_classes_128K' };

export const lifecycleOperations: Record<string, S3Operation> = {
  'GET bucket lifecycle'(call) {
    const { lifecycleRules } = find(call, 's3:GetLifecycleConfiguration').settings;
    if (!lifecycleRules)
      throw new AwsError('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', 404, {
        BucketName: call.bucket,
      });
    const response = xmlResponse('LifecycleConfiguration', { Rule: lifecycleRules.map(ruleXml) });
    return { ...response, headers: { ...response.headers, ...HEADERS } };
  },
  async 'PUT bucket lifecycle'(call): Promise<AwsResponse> {
    const bucket = find(call, 's3:PutLifecycleConfiguration');
    bucket.change({
      lifecycleRules: readRules(await xmlBody<Configuration>(call, 'LifecycleConfiguration')),
    });
    return { status: 200, headers: HEADERS };
  },
  'DELETE bucket lifecycle'(call) {
    find(call, 's3:PutLifecycleConfiguration').change({ lifecycleRules: undefined });
    return { status: 204 };
  },
};

function find(call: S3Call, action: string): Bucket {
  return call.context.s3.bucket(call.request.identity, call.bucket, action);
}

/** A rule as the parser gives it: text, and empty text for an empty element. */
interface RuleXml {
  ID?: string;
  Status?: string;
  Prefix?: string;
  Filter?: string | { Prefix?: string; [other: string]: unknown };
  Expiration?: string | { Days?: string; Date?: string; ExpiredObjectDeleteMarker?: string };
  [other: string]: unknown;
}
interface Configuration {
  Rule?: RuleXml[];
}

const MOST_RULES = 1000;
const NOT_BUILT = [
  'Transition',
  'NoncurrentVersionTransition',
  'NoncurrentVersionExpiration',
  'AbortIncompleteMultipartUpload',
];

/** @throws AwsError as PutBucketLifecycleConfiguration does: S3 API reference and User Guide, "Lifecycle configuration elements" */
function readRules({ Rule = [] }: Configuration): LifecycleRule[] {
  if (Rule.length === 0 || Rule.length > MOST_RULES) throw formatError();
  const rules = Rule.map(readRule);
  if (new Set(rules.map(({ id }) => id)).size < rules.length)
    throw argumentError('Rule ID must be unique. Found same ID for one or more rules');
  return rules;
}

function readRule(rule: RuleXml, place: number): LifecycleRule {
  const { ID, Status, Prefix, Filter, Expiration } = rule;
  if (Status !== 'Enabled' && Status !== 'Disabled') throw formatError();
  // One of the two says what the rule is for; both or neither is against the schema.
  if ((Prefix === undefined) === (Filter === undefined)) throw formatError();
  if (ID !== undefined && ID.length > 255)
    throw argumentError('ID length should not exceed allowed limit of 255');
  for (const name of NOT_BUILT)
    if (rule[name] !== undefined)
      throw featureError('S3', `the lifecycle action ${name}`, 'Only Expiration is built.');
  const filter = typeof Filter === 'object' ? Filter : {};
  for (const name of Object.keys(filter))
    if (name !== 'Prefix' && name !== '#text')
      throw featureError('S3', `a lifecycle filter by ${name}`, 'Only Prefix is built.');
  if (Expiration === undefined)
    throw new AwsError('InvalidRequest', 'At least one action needs to be specified in a rule', 400);
  return {
    id: ID ?? `rule-${place + 1}`,
    prefix: Prefix ?? filter.Prefix ?? '',
    enabled: Status === 'Enabled',
    expires: readExpiration(typeof Expiration === 'object' ? Expiration : {}),
  };
}

function readExpiration({
  Days,
  Date: date,
  ExpiredObjectDeleteMarker: marker,
}: Exclude<NonNullable<RuleXml['Expiration']>, string>): LifecycleRule['expires'] {
  if ([Days, date, marker].filter((value) => value !== undefined).length !== 1) throw formatError();
  if (marker !== undefined) throw featureError('S3', 'delete markers', 'Leave versioning off.');
  if (Days !== undefined) {
    const days = Number(Days);
    if (!Number.isInteger(days)) throw formatError();
    if (days <= 0) throw argumentError("'Days' for Expiration action must be a positive integer");
    return { days };
  }
  const at = Date.parse(date!);
  if (Number.isNaN(at)) throw formatError();
  if (at % DAY !== 0) throw argumentError("'Date' must be at midnight GMT");
  return { at };
}

function ruleXml({ id, prefix, enabled, expires }: LifecycleRule): XmlNode {
  return {
    ID: id,
    Filter: { Prefix: prefix },
    Status: enabled ? 'Enabled' : 'Disabled',
    Expiration: 'days' in expires ? { Days: expires.days } : { Date: new Date(expires.at).toISOString() },
  };
}

/**
 * When an object expires, and by which rule; undefined: never. Days are added to the time it was written, and the sum is
 * rounded up to the next midnight UTC (User Guide, "Expiring objects"); of several rules the earliest counts.
 */
export function expiryOf(
  { key, lastModified }: StoredObject,
  rules: readonly LifecycleRule[] = [],
): { at: number; rule: string } | undefined {
  let first: { at: number; rule: string } | undefined;
  for (const { id, prefix, enabled, expires } of rules) {
    if (!enabled || !key.startsWith(prefix)) continue;
    const at = 'days' in expires ? (Math.floor(lastModified / DAY) + 1 + expires.days) * DAY : expires.at;
    if (!first || at < first.at) first = { at, rule: id };
  }
  return first;
}

/** The header x-amz-expiration of an object that a rule applies to. */
export function expirationHeader(
  object: StoredObject,
  rules: readonly LifecycleRule[] | undefined,
): Record<string, string> {
  const expiry = expiryOf(object, rules);
  if (!expiry) return {};
  return {
    'x-amz-expiration': `expiry-date="${new Date(expiry.at).toUTCString()}", rule-id="${encodeURIComponent(expiry.rule)}"`,
  };
}

/** Takes away what has expired, looking once a day and after every change of the rules: all expire at midnight. */
export class Expiry {
  private readonly looked = new WeakMap<Bucket, { day: number; rules: readonly LifecycleRule[] }>();

  sweep(bucket: Bucket, now: number): void {
    const rules = bucket.settings.lifecycleRules;
    if (!rules) return;
    const day = Math.floor(now / DAY);
    const before = this.looked.get(bucket);
    if (before?.day === day && before.rules === rules) return;
    this.looked.set(bucket, { day, rules });
    for (const key of [...bucket.keys()]) {
      const expiry = expiryOf(bucket.get(key)!, rules);
      if (expiry && expiry.at <= now) bucket.delete(key);
    }
  }
}

function formatError(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    400,
  );
}

function argumentError(message: string): AwsError {
  return new AwsError('InvalidArgument', message, 400);
}
