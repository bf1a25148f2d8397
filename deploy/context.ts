import type { AwsClients } from './clients/aws.js';
import type { Snowflake } from './clients/snowflake.js';
import type { Mailer } from './mail/mailer.js';
import type { Progress } from './progress/progress.js';
import type { Settings } from './settings/settings.js';
import type { Target } from './target.js';

/**
 * Context of every command: the settings and the two clouds, already connected. Nothing in here tells a local cloud
 * from the real ones; the clients are the official ones in both cases.
 */
export interface Context {
  readonly settings: Settings;
  readonly target: Target;
  readonly snowflake: Snowflake;
  readonly aws: AwsClients;
  readonly mail: Mailer;
  readonly progress: Progress;
  /** Aborted by Ctrl-C or SIGTERM: long loops stop at the next safe point. */
  readonly signal: AbortSignal;
}
