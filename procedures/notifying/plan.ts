import type { Place } from '../ground/names.js';
import type { Patience } from '../watching/pipe/silence.js';
import type { DigestTime } from './outbox.js';

/** What the procedures that tell people are compiled with. */
export interface NotifyPlan {
  readonly dataset: string;
  readonly place: Place;
  /** How long watch and look may be silent before whoever sends says so. */
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
    /** Makes the stream on the events anew, as apply would have. */
    readonly restoreStream: string;
  } | null;
}
