import type { Value } from './keywords.js';
import type { settingsSchema } from './schema.js';

/** What los.config.yaml says, with the schema's defaults filled in. */
export type WrittenSettings = Value<typeof settingsSchema>;

/**
 * The settings that everything works by: every name is there (load.ts derives those that were left out), and every path absolute.
 */
export interface Settings extends Omit<WrittenSettings, 'mail'> {
  /** Environment (a key of `environments` in the file) whose overlay is in here; null: none. */
  readonly env: string | null;
  /** Folder of the configuration file, absolute. */
  readonly folder: string;
  readonly mail: MailSettings;
}

export type TaskSettings = Settings['tasks'];

export type MailSettings = Omit<WrittenSettings['mail'], 'spool'> & {
  /** Folder for mails that no server has taken yet, absolute. */
  readonly spool: string;
};
