import type { ACCOUNT_NAMES } from './account-names.js';
import type { Value } from './keywords.js';
import type { settingsSchema } from './schema.js';

/** Settings of los.config.yaml, with the schema's defaults filled in. */
export type WrittenSettings = Value<typeof settingsSchema>;

type Names<K extends keyof typeof ACCOUNT_NAMES> = {
  readonly [Key in keyof (typeof ACCOUNT_NAMES)[K]]: string;
};

/**
 * The settings that everything works by: every name is there (environment.ts), and every path absolute.
 */
export interface Settings extends Omit<WrittenSettings, 'mail' | 'snowflake' | 'aws'> {
  /** Environment (a key of `environments` in the file) whose overlay is in here; null: none. */
  readonly env: string | null;
  /** Folder of the configuration file, absolute. */
  readonly folder: string;
  readonly snowflake: WrittenSettings['snowflake'] & {
    readonly warehouse: { readonly name: string };
    readonly roles: Names<'roles'>;
    readonly integrations: Names<'integrations'>;
  };
  readonly aws: WrittenSettings['aws'] & {
    readonly roles: Names<'iamRoles'>;
    readonly restApi: { readonly name: string };
  };
  readonly mail: MailSettings;
}

export type TaskSettings = Settings['tasks'];

export type MailSettings = WrittenSettings['mail'] & {
  /** Folder for mails that no server has taken yet, absolute. */
  readonly spool: string;
};
