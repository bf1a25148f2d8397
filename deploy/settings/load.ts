import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ErrorObject } from 'ajv';
import { refuseHyperparameters } from '../../procedures/jobs/hyperparameters.js';
import { isZone } from '../../report/text/local-time.js';
import { messageOf, UserError } from '../errors.js';
import { schemaCheck } from '../ground/schema-check.js';
import { readYaml } from '../ground/yaml.js';
import { readSmtpUrl } from '../mail/smtp-server.js';
import { projectRoot } from '../project.js';
import { applyEnvironment, nameAccountObjects, type Tree } from './environment.js';
import { refuseRetired, sayUnknown } from './retired.js';
import { ADDRESS, settingsSchema } from './schema.js';
import type { Settings, WrittenSettings } from './settings.js';
import { refuseMistyped, type Schema, variableOf } from './variables.js';

const settingsCheck = schemaCheck('settings');
const fileCheck = schemaCheck('file');

/**
 * Reads los.config.yaml, lays the chosen environment and then environment variables over it, checks every key
 * and completes the names.
 *
 * An environment variable is named after the key's path: `aws.region` is LOS_AWS_REGION,
 * `snowflake.warehouse.size` is LOS_SNOWFLAKE_WAREHOUSE_SIZE.
 * @param file path of the configuration; undefined: los.config.yaml here, else the project's own
 * @param environment key of `environments` in the file; undefined: the file as it is
 * @throws UserError that names the file and the key
 */
export function loadSettings(
  file?: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  environment?: string,
): Settings {
  const path = file === undefined ? defaultFile() : resolve(file);
  const written = readTree(path);
  if ('environments' in written) checkEnvironments(written, path);
  const tree = applyEnvironment(written, environment, path);
  const schema = settingsSchema as unknown as Schema;
  refuseRetired(env);
  refuseMistyped(schema, env);
  const fromEnvironment = overlay(tree, schema, 'LOS', env);
  const endpoint = tree.endpoint as Partial<WrittenSettings['endpoint']> | undefined;
  const hasType = endpoint?.type !== undefined;
  const valid = settingsCheck();
  if (!valid(tree)) throw settingsError(path, valid.errors ?? [], fromEnvironment);
  const settings = tree as unknown as WrittenSettings;
  // Serverless is the default for its price; a VPC there is none for.
  if (!hasType && settings.aws.vpc.subnets.length > 0)
    tree.endpoint = { ...settings.endpoint, type: 'instance' };
  return complete({ ...tree, env: environment ?? null }, path);
}

/** All of them, so that a mistake in the environment of tomorrow is found today. */
function checkEnvironments(written: Tree, path: string): void {
  const valid = fileCheck();
  if (!valid(written)) throw settingsError(path, valid.errors ?? [], new Map());
}

function defaultFile(): string {
  const here = resolve('los.config.yaml');
  return existsSync(here) ? here : resolve(projectRoot, 'los.config.yaml');
}

function readTree(path: string): Tree {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`The settings file ${path} cannot be read: ${messageOf(error)}.`, {
      next: 'Give the right file with --config.',
    });
  }
  const { value, problem } = readYaml(text);
  if (problem !== undefined)
    throw new UserError(`${path} is not valid YAML: ${problem}`, { next: 'Correct that line.' });
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new UserError(
      `${path} must hold keys and values, not ${Array.isArray(value) ? 'a list' : typeof value}.`,
      { next: "Write keys as the project's own los.config.yaml does." },
    );
  return value as Tree;
}

/** Puts environment variables into the tree; returns key path → variable, for the error messages. */
function overlay(
  tree: Tree,
  schema: Schema,
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  path = '',
): Map<string, string> {
  const used = new Map<string, string>();
  for (const [key, sub] of Object.entries(schema.properties ?? {})) {
    const variable = variableOf(name, key);
    const keyPath = path ? `${path}.${key}` : key;
    if (sub.properties) {
      const child = tree[key] ?? {};
      if (typeof child !== 'object' || Array.isArray(child)) continue; // the schema check will name it
      const inner = overlay(child as Tree, sub, variable, env, keyPath);
      if (inner.size) tree[key] = child;
      for (const [k, v] of inner) used.set(k, v);
      continue;
    }
    const value = env[variable];
    if (value === undefined || value === '') continue;
    tree[key] = fromText(value, sub);
    used.set(keyPath, variable);
  }
  return used;
}

/**
 * An environment variable is text; numbers, booleans, null, lists (in JSON, or with commas) and JSON objects are understood where the key
 * wants them. What is none of these stays text, and the check of the schema names it.
 */
function fromText(value: string, schema: Schema): unknown {
  const types = ([] as string[]).concat(schema.type ?? []);
  const list = types.includes('array');
  if ((list && /^\s*\[/.test(value)) || types.includes('object'))
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  if (types.includes('null') && value.trim() === 'null') return null;
  if (list)
    return value
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  if (types.includes('boolean') && /^(true|false)$/i.test(value)) return /^true$/i.test(value);
  const numeric = types.includes('integer') || types.includes('number') || !types.includes('string');
  if (numeric && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return value;
}

function settingsError(path: string, errors: ErrorObject[], fromEnvironment: Map<string, string>): UserError {
  const lines = new Set<string>();
  for (const error of errors) {
    const key = error.instancePath.slice(1).replaceAll('/', '.');
    // An item of a list comes from where the list does.
    const variable = fromEnvironment.get(key) ?? fromEnvironment.get(key.replace(/\.\d+$/, ''));
    const source = variable === undefined ? '' : ` (from ${variable})`;
    if (error.keyword === 'additionalProperties')
      lines.add(sayUnknown(`${key ? `${key}.` : ''}${error.params.additionalProperty}`));
    else if (error.keyword === 'enum')
      lines.add(`${key}${source} must be one of ${error.params.allowedValues.join(', ')}`);
    else if (error.keyword === 'pattern' && error.params.pattern === ADDRESS)
      lines.add(`${key}${source} is no e-mail address`);
    else lines.add(`${key || 'the file'}${source} ${error.message}`);
  }
  return new UserError(`${path}: ${[...lines].join('; ')}.`, {
    next: 'Correct these keys; los.config.yaml in the project explains each of them.',
  });
}

/** The file is no place for secrets, and what is no address is found before anything is done. */
function checkSmtpUrl(url: string | null, path: string): void {
  if (url === null) return;
  const server = readSmtpUrl(url);
  if (!server || server.password !== undefined)
    throw new UserError(
      `${path}: mail.smtpUrl ${server ? 'must not hold a password' : 'is not the address of a mail server'}.`,
      {
        next: 'Write it as smtps://mail.example.org:465, and give user and password in the environment variables LOS_SMTP_USER and LOS_SMTP_PASSWORD.',
      },
    );
}

/**
 * Regions of China, of governments and of the sovereign cloud are partitions of their own: other ARNs, other host
 * names, other accounts, and Snowflake accounts that stand apart. Nothing here is written for them.
 */
function requirePartition(region: string, path: string): void {
  if (!/^(cn|us-gov|us-isob?|eu-isoe|eusc)-/.test(region)) return;
  throw new UserError(
    `${path}: aws.region ${region} lies in a partition of its own (ARNs do not begin with arn:aws:), which predict-los does not know.`,
    { next: 'Choose a commercial region such as us-east-1 or eu-central-1 as aws.region.' },
  );
}

/** Instances with disks of their own encrypt them by themselves, and take no key (API reference: ResourceConfig, CreateEndpointConfig). */
const OWN_DISK = /^ml\.([a-z]+\d[a-z]*d[a-z]*|g[456]\w*|p[45]\w*|trn\w+)\./;

function checkKey({ aws, training, endpoint }: WrittenSettings, path: string): void {
  const used = [training.instanceType, endpoint.type === 'instance' ? endpoint.instanceType : ''];
  const disk = used.find((type) => OWN_DISK.test(type));
  if (aws.kmsKey === null || (aws.kmsKey.includes(`:${aws.region}:`) && !disk)) return;
  const why = disk
    ? `does not go together with ${disk}, whose disk has a key of its own`
    : `is not of aws.region ${aws.region}`;
  throw new UserError(`${path}: aws.kmsKey ${why}.`, {
    next: 'Name a key in the region of los, and instances such as ml.m5.xlarge.',
  });
}

/** SageMaker wants both of a VPC, and knows none for serverless endpoints (Developer Guide, Serverless Inference, "Feature exclusions"). */
function checkVpc({ aws: { vpc }, endpoint }: WrittenSettings, path: string): void {
  const [subnets, groups] = [vpc.subnets.length > 0, vpc.securityGroups.length > 0];
  if (subnets !== groups)
    throw new UserError(
      `${path}: aws.vpc has ${subnets ? 'subnets and no securityGroups' : 'securityGroups and no subnets'}.`,
      {
        next: 'Name both of one VPC, or neither.',
      },
    );
  if (subnets && endpoint.type === 'serverless')
    throw new UserError(
      `${path}: aws.vpc does not go together with endpoint.type serverless, which AWS puts into no VPC.`,
      {
        next: 'Leave endpoint.type out, or write instance: AWS bills such an endpoint by the hour (los plan shows the price).',
      },
    );
}

/** Gives schedules that name no zone the hospital's. A wrong one only Snowflake would refuse, in the middle of an apply. */
function completeSchedules(tasks: Record<string, unknown>, timeZone: string, path: string): void {
  for (const key of ['schedule', 'beds', 'watch', 'look']) {
    const text = String(tasks[key]);
    const fields = /^USING CRON\s+(.+?)\s*$/.exec(text)?.[1]?.split(/\s+/);
    if (!fields) continue;
    const [zone = timeZone, ...more] = fields.slice(5);
    if (fields.length < 5 || more.length > 0 || !isZone(zone))
      throw new UserError(
        `The settings of ${path} are wrong: tasks.${key} is ${text}, which is not five fields, and a time zone if it is not the hospital's.`,
        {
          next: 'Write it as USING CRON 0 5 * * *, or USING CRON 0 5 * * * Europe/Berlin (minute, hour, day, month, weekday, zone).',
        },
      );
    tasks[key] = `USING CRON ${fields.slice(0, 5).join(' ')} ${zone}`;
  }
}

/** Derives the names that were left out, and resolves paths. */
function complete(tree: Tree, path: string): Settings {
  const settings = tree as unknown as WrittenSettings & Pick<Settings, 'env'>;
  const { timeZone, aws, mail } = settings;
  if (!isZone(timeZone))
    throw new UserError(`The settings of ${path} are wrong: timeZone ${timeZone} is no zone.`, {
      next: 'Write it as Europe/Berlin or America/New_York.',
    });
  completeSchedules(tree.tasks as Tree, timeZone, path);
  checkSmtpUrl(mail.smtpUrl, path);
  requirePartition(aws.region, path);
  checkKey(settings, path);
  checkVpc(settings, path);
  // The schema knows the ranges of numbers only, and a number may be written as a text.
  const refused = refuseHyperparameters(settings.training.hyperparameters, `${path}: training`);
  if (refused) throw new UserError(refused.message, { next: refused.next });
  // A contract of the file stands beside it; one of LOS_DATASET, in the working directory.
  const dataset = [dirname(path), process.cwd()]
    .map((folder) => resolve(folder, settings.dataset))
    .find((file) => existsSync(file));
  const state = resolve(settings.state);
  return Object.freeze({
    ...settings,
    ...nameAccountObjects(settings),
    folder: dirname(path),
    state,
    mail: { ...mail, spool: join(state, 'spool') },
    dataset: dataset ?? resolve(projectRoot, settings.dataset),
  });
}
