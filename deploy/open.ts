import { connectAws } from './clients/aws-sdk.js';
import { connectSnowflake } from './clients/snowflake-driver.js';
import type { Context } from './context.js';
import { mailFailure } from './mail/failure.js';
import { StatusMailer } from './mail/status-mailer.js';
import { imageRegions } from './model/image.js';
import type { Progress } from './progress/progress.js';
import { loadSettings } from './settings/load.js';
import { openTarget } from './target.js';

export interface OpenOptions {
  /** `local` or `cloud`. */
  readonly target: string;
  /** Path of the settings file. */
  readonly config?: string;
  /** Environment of the settings file. */
  readonly env?: string;
  /** State folder of the local cloud instead of the configured one. */
  readonly state?: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The command, where it runs unattended (cron): that the clouds cannot be reached is then mailed too. */
  readonly unattended?: string;
}

/** A context with everything connected. `close` gives it all back, also after a failure. */
export interface OpenContext extends Context {
  close(): Promise<void>;
}

/**
 * Reads the settings, finds the clouds and logs in to both.
 * @example
 * const ctx = await openContext({ target: 'local', progress, signal: AbortSignal.timeout(600_000) });
 * await apply(ctx).finally(() => ctx.close());
 */
export async function openContext({
  target: name,
  config,
  env,
  state,
  progress,
  signal,
  unattended,
}: OpenOptions): Promise<OpenContext> {
  const configured = loadSettings(config, process.env, env);
  const settings = state === undefined ? configured : { ...configured, state };
  const target = await progress.step(
    name === 'local' ? 'Connect to the local clouds' : 'Connect to Snowflake and AWS',
    () => openTarget(name, settings),
  );
  const { problem } = target.smtp;
  if (problem && settings.mail.to.length > 0)
    progress.warn(`${problem.what}, so status mails wait in ${settings.mail.spool}. ${problem.fix}`);
  const sender = {
    deployment: `${settings.prefix} on ${name}`,
    schema: `${settings.snowflake.database}.${settings.snowflake.schema}`,
    timeZone: settings.timeZone,
    spool: settings.mail.spool,
  };
  const mail = new StatusMailer(target.smtp, settings.mail, sender, progress);
  try {
    const [snowflake, aws] = await Promise.all([
      connectSnowflake(
        target.snowflake,
        settings.snowflake.connection,
        settings.snowflake,
        settings.timeZone,
      ),
      connectAws(target.aws, imageRegions()),
    ]);
    mail.connect({ snowflake, settings });
    return {
      settings,
      target,
      snowflake,
      aws,
      mail,
      progress,
      signal,
      async close() {
        await mail.close();
        aws.close();
        await snowflake.close();
        await target.close();
      },
    };
  } catch (error) {
    if (unattended !== undefined) await mailFailure(mail, unattended, error);
    await mail.close();
    await target.close();
    throw error;
  }
}
