import type { PredictLos } from '../../procedures/ground/names.js';
import type { EndpointSettings, TrainingSettings } from '../../procedures/ground/plan.js';
import type { WatchSettings } from '../../procedures/watching/plan.js';

export type { EndpointSettings, TrainingSettings, WatchSettings };

/**
 * Everything that los.config.yaml can set, with defaults filled in and names derived from the prefix.
 * The schema (schema.ts) says what is allowed; load.ts reads, checks and completes.
 */
export interface Settings {
  /** Environment (a key of `environments` in the file) whose overlay is in here; null: none. */
  readonly env: string | null;
  /** Starts the name of every account-wide object, so that two deployments do not meet. */
  readonly prefix: string;
  /** Dataset contract, relative to the configuration file or, if it is not there, to the project. */
  readonly dataset: string;
  /** Folder of the configuration file, absolute. */
  readonly folder: string;
  /** State folder of the local cloud, absolute. */
  readonly state: string;
  /** The hospital's zone, an IANA name: its days are the days of everything, and times are shown in it. */
  readonly timeZone: string;
  readonly snowflake: SnowflakeSettings;
  readonly aws: AwsSettings;
  readonly training: TrainingSettingsOfFile;
  readonly endpoint: EndpointSettings;
  readonly scoring: ScoringSettings;
  readonly tasks: TaskSettings;
  readonly watch: WatchSettings;
  readonly mail: MailSettings;
}

/** As the file has them: where a long stay begins may be left to the contract (procedures/dataset/long-stay.ts). */
type TrainingSettingsOfFile = Omit<TrainingSettings, 'longStayDays'> & {
  readonly longStayDays: number | null;
};

export interface SnowflakeSettings {
  /** Name of the connection in connections.toml (cloud target). */
  readonly connection: string;
  readonly database: string;
  readonly schema: string;
  readonly warehouse: {
    readonly name: string;
    readonly size: 'XSMALL' | 'SMALL' | 'MEDIUM' | 'LARGE' | 'XLARGE';
    readonly autoSuspendSeconds: number;
    /** A statement that runs for longer is ended. */
    readonly statementTimeoutSeconds: number;
  };
  readonly roles: {
    readonly deploy: string;
    readonly run: string;
    readonly read: string;
    /** May have models trained, promoted and rolled back. */
    readonly operate: string;
    /** May see who of the patients is expected to leave when. */
    readonly wards: string;
  };
  readonly integrations: { readonly api: string; readonly storage: string; readonly mail: string };
  readonly stages: { readonly load: string; readonly exchange: string };
  readonly predictLos: PredictLos;
}

export interface AwsSettings {
  readonly region: string;
  /** Profile of the AWS configuration files (cloud target); null: the SDK's default chain. */
  readonly profile: string | null;
  /** Bucket for training data and models; null: `<prefix>-<account id>-<region>`. */
  readonly bucket: string | null;
  /**
   * Days after which the encoded rows that a version was trained on are deleted from the bucket. Models stay, and
   * `los train --repeat` needs no old file: it writes the rows anew from the table.
   */
  readonly trainingFilesDays: number;
  readonly roles: {
    readonly snowflakeApi: string;
    readonly snowflakeStorage: string;
    /** As which API Gateway asks endpoints. */
    readonly apiGateway: string;
    /** As which API Gateway calls SageMaker's control plane for procedures. */
    readonly control: string;
    readonly sageMaker: string;
  };
  readonly restApi: { readonly name: string; readonly stage: string };
}

export interface ScoringSettings {
  /** Whether corrected inputs of a patient who is still in give a new revision of the prediction. */
  readonly revisions: boolean;
  /** Where more than so many wait, a batch transform scores them, and not the endpoint; null: never. */
  readonly batchAbove: number | null;
}

export interface TaskSettings {
  /**
   * Schedule of the root task in Snowflake's words: `15 MINUTE` or `USING CRON … UTC`; or `triggered`: no schedule, the
   * streams start it. See deploy/ground/schedule.ts for what each means.
   */
  readonly schedule: string;
  /** Whether apply leaves the graph running. */
  readonly resumed: boolean;
  /** Version that predicts every new admission in shadow, beside the champion; null: none. */
  readonly challenger: string | null;
  /** When beds are forecast, in Snowflake's words: `USING CRON 0 5 * * * Europe/Berlin`; the hospital's zone where none was named. */
  readonly beds: string;
  /** When predictions, inputs and the pipe are watched, likewise; and how often it is looked whether admissions are scored. */
  readonly watch: string;
  readonly look: string;
}

export interface MailSettings {
  /** SMTP server without a password in it; LOS_SMTP_URL in the environment wins. See mail/smtp-server.ts. */
  readonly smtpUrl: string | null;
  readonly from: string;
  readonly to: readonly string[];
  /** Verified addresses of the account's users whom Snowflake itself writes to about alarms and retrainings; none: los notify alone. */
  readonly verified: readonly string[];
  readonly subjectPrefix: string;
  /** Hour from which the mail of the day before leaves; null: a mail each. */
  readonly digestHour: number | null;
  /** Folder for mails that no server has taken yet, absolute. */
  readonly spool: string;
}
