import type { ConnectionOptions } from 'snowflake-sdk';

/** Where the two clouds are and how to log in. The rest of the deployer never asks which kind it is. */
export interface Target {
  readonly name: 'local' | 'cloud';
  /** Options for snowflake-sdk's createConnection; undefined: the driver reads connections.toml itself. */
  readonly snowflake: ConnectionOptions | undefined;
  /** Configuration that all AWS clients share. */
  readonly aws: AwsTarget;
  /** SMTP URL for status mails; undefined: mails are off. */
  readonly smtpUrl: string | undefined;
  /** True when the data is a demo's: destroy --yes then includes it. */
  readonly dataIsDisposable: boolean;
  close(): Promise<void>;
}

export interface AwsTarget {
  readonly region: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string };
}
