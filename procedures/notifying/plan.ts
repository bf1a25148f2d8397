import type { Place } from '../ground/names.js';
import type { Patience } from '../watching/pipe/silence.js';
import type { DigestTime } from './outbox.js';

/** What the procedures that tell people are compiled with. */
export interface NotifyPlan {
  readonly dataset: string;
  readonly place: Place;
  /** How long monitoring may be silent before the sender reports it. */
  readonly silence: Patience;
  readonly subjectPrefix: string;
  /** When `los notify` takes what can wait; null: at once. Snowflake itself tells as soon as something has happened. */
  readonly digest: DigestTime | null;
  /** Which deployment the mails speak of. */
  readonly deployment: string;
  /** Notification integration and whom it reaches; null: mails go by los notify alone. */
  readonly email: {
    readonly integration: string;
    readonly recipients: readonly string[];
    /** Recreates the stream on the events, as apply would have. */
    readonly restoreStream: string;
  } | null;
}
