/** A figure in a mail: label and value, both already formatted, never about a single patient. */
export interface Figure {
  label: string;
  value: string | number;
}

/** A table in a mail: aggregated figures only. */
export interface Table {
  title: string;
  columns: string[];
  rows: (string | number)[][];
  /** Column whose numbers a mail also draws as bars. */
  bar?: number;
}

/** The one picture of a mail; `alt` says in words what it shows, with the number, for readers who do not see it. */
export interface Picture {
  /** Subject of the picture, above it. */
  title: string;
  alt: string;
  /** As SVG. Asked only where a mail leaves and a picture can be made of it; one that had to wait goes without. */
  draw?(): Promise<string>;
}

/** Common to every mail, in the order in which it is read. */
interface Base {
  /** Two or three main numbers, on top of it. */
  key?: Figure[];
  /** One sentence that says what happened. */
  summary: string;
  picture?: Picture;
  figures?: Figure[];
  tables?: Table[];
  /** Next step, and what there is to paste for it: SQL or a command a line. */
  next?: string;
  commands?: string[];
}

/** Every status mail with its data. The template of an event lies in templates/mail/ under its name. */
export interface MailEvents {
  /** `changes` in words; '' for none. */
  deploy: Base & { changes: string; sentences: string[] };
  destroy: Base & { removed: number; kept: string[] };
  data: Base & { dataset: string; rows: number };
  /** `headline`: what stands out most; `sentences`: what else. */
  eda: Base & { headline: string; sentences: string[] };
  features: Base & { rows: number };
  training: Base & {
    version: string;
    /** Mean absolute errors, days: its own, and the champion’s of that time on the same stays. */
    mae: number;
    before: { readonly version: string; readonly mae: number } | null;
    /** Promotion was asked for, and a gate said no. */
    refused?: boolean;
  };
  /** `refused`: a gate keeps it from answering, and `previous` goes on. */
  promotion: Base & { version: string; previous: string | null; refused?: boolean };
  scoring: Base & { version: string | null; rows: number };
  simulation: Base & { version: string; days: number; rows: number };
  /** `headline`: what the meeting has to know first; `sentences`: what else; `until`: the last day of the data, where they are late. */
  beds: Base & { headline: string; until?: string; sentences: string[] };
  /** Events of monitoring, and once a day what repeats and went well; `title` is the subject. */
  events: Base & {
    title: string;
    events: {
      id: string;
      colour: string;
      headline: string;
      subject: string;
      message: string;
      next: string;
      commands: string[];
      day: string;
    }[];
  };
  /** Something failed: `step` is the command or step, `error` its message (redacted). */
  failure: Base & { step: string; error: string; short: string };
}
