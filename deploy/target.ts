import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { ConnectionOptions } from 'snowflake-sdk';
import { loadDriver } from './clients/snowflake-driver.js';
import { loginFromEnvironment } from './clients/snowflake-login.js';
import { messageOf, UserError } from './errors.js';
import { installAdvice, missingPackages } from './local-packages.js';
import { chooseSmtp, type SmtpChoice } from './mail/smtp-server.js';
import { Spool } from './mail/spool.js';
import type { Settings } from './settings/settings.js';

/** Place of the two clouds and the way to log in. The rest of the deployer never asks which kind it is. */
export interface Target {
  readonly name: 'local' | 'cloud';
  /** Options for snowflake-sdk's createConnection; undefined: the section of connections.toml. */
  readonly snowflake: ConnectionOptions | undefined;
  /** Configuration that all AWS clients share. */
  readonly aws: AwsTarget;
  readonly smtp: SmtpChoice;
  /** Folder in which the mails can be read, where there is one. */
  readonly mailFolder: string | undefined;
  /** True when the data is a demo's: destroy --yes then includes it. */
  readonly dataIsDisposable: boolean;
  /** Switchboard of the local cloud (faults, costs); the real clouds have none. */
  readonly control: Control | undefined;
  /** Why no model can be trained there, as far as this machine knows, and what to do about it. The real SageMaker can. */
  trainingProblem(): Promise<{ readonly why: string; readonly toDo: string } | undefined>;
  /** True if the local cloud still serves or is being discarded; the real clouds always do. */
  isServing(): Promise<boolean>;
  /** Gives the local cloud back: stopped if this target started it. */
  close(): Promise<void>;
  /** After destroy: stops the local cloud and deletes its state. The real clouds have nothing to discard. */
  discard(): Promise<void>;
}

export interface AwsTarget {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** HTTP address and bearer token. */
export interface Control {
  readonly url: string;
  readonly token: string;
}

/** Finds the clouds of a target; for `local` attaches to the running local cloud or starts one. */
export async function openTarget(
  name: string,
  settings: Settings,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Target> {
  if (name === 'cloud') return cloudTarget(settings, env);
  if (name === 'local') return localTarget(settings, env);
  throw new UserError(`There is no target "${name}".`, { next: 'Use --target local or --target cloud.' });
}

function cloudTarget(settings: Settings, env: Readonly<Record<string, string | undefined>>): Target {
  return {
    name: 'cloud',
    snowflake: loginFromEnvironment(env),
    aws: { region: settings.aws.region },
    smtp: chooseSmtp(env, settings.mail.smtpUrl),
    mailFolder: undefined,
    control: undefined,
    dataIsDisposable: false,
    trainingProblem: async () => undefined,
    isServing: async () => true,
    close: async () => {},
    discard: async () => {},
  };
}

async function localTarget(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Target> {
  bypassProxy();
  const { attachOrStart } = await loadLocalCloud();
  assertWritable(settings.state);
  const [attached] = await Promise.all([
    attachOrStart({ stateDir: settings.state, region: settings.aws.region }).catch((error: unknown) => {
      throw startError(error);
    }),
    // While the other process starts.
    loadDriver(),
  ]);
  const { snowflake, aws, mail, control } = attached.connection;
  // An end that was asked for is not one to be told of.
  let discarding = false;
  return {
    name: 'local',
    snowflake: {
      accessUrl: snowflake.accessUrl,
      account: snowflake.account,
      username: snowflake.user,
      password: snowflake.password,
      role: snowflake.role,
    },
    aws: {
      region: settings.aws.region,
      endpoint: aws.endpoint,
      credentials: { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
    },
    smtp: chooseSmtp(env, settings.mail.smtpUrl, { ...mail, url: mail.smtpUrl }),
    mailFolder: mail.folder,
    control,
    dataIsDisposable: true,
    trainingProblem: async () => (await import('@local-cloud/cloud/training.js')).trainingProblem(),
    isServing: async () => discarding || (await attached.isAlive()),
    close: () => attached.close(),
    async discard() {
      discarding = true;
      try {
        await attached.close();
        await stopLocalCloud(settings.state);
        await removeState(settings);
      } finally {
        discarding = false;
      }
    },
  };
}

/** Mails that no server has taken outlive what they tell of. */
async function removeState({ state, mail }: Settings): Promise<void> {
  const waits = resolve(mail.spool);
  const inside =
    waits.startsWith(`${resolve(state)}${sep}`) && new Spool(waits, { warn: () => {} }).holdsMail();
  if (!inside) return await rm(state, { recursive: true, force: true });
  for (const name of readdirSync(state))
    if (!`${waits}${sep}`.startsWith(`${join(resolve(state), name)}${sep}`))
      await rm(join(state, name), { recursive: true, force: true });
}

/** @throws UserError when the state folder can be neither used nor made */
function assertWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UserError(
      `The state folder of the local cloud, ${folder}, cannot be used: ${messageOf(error)}.`,
      {
        next: 'Name a folder that you may write to: state in los.config.yaml, or LOS_STATE.',
        cause: error,
      },
    );
  }
}

/** Ends a local cloud that was left running on this state folder (los local) and waits for its end. */
async function stopLocalCloud(stateDir: string): Promise<void> {
  const { endRunning } = await loadLocalCloud();
  try {
    await endRunning(stateDir);
  } catch (error) {
    throw new UserError(`${messageOf(error)}.`, {
      next: `End it with kill -9, then delete ${stateDir}.`,
      cause: error,
    });
  }
}

/** Loaded only here: what deploys to the real clouds needs nothing of it. */
async function loadLocalCloud() {
  return import('@local-cloud/cloud/attach.js');
}

/** Explains why a local cloud does not start: its packages may have been left out. */
function startError(error: unknown): unknown {
  const missing = missingPackages();
  if (missing.length === 0) return error;
  return new UserError(
    `The local cloud is not installed: npm packages that it runs on were left out (${missing.join(', ')}).`,
    { next: `${installAdvice()}, or use --target cloud, which does without.`, cause: error },
  );
}

/** A proxy in the environment would swallow the driver's calls to loopback. */
function bypassProxy(): void {
  const loopback = ['127.0.0.1', 'localhost'];
  for (const variable of ['NO_PROXY', 'no_proxy']) {
    const entries = (process.env[variable] ?? '').split(',').filter(Boolean);
    process.env[variable] = [...new Set([...entries, ...loopback])].join(',');
  }
}
