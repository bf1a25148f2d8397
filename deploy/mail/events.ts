/** A row of figures in a mail: label and value, both already formatted, never about a single patient. */
export interface Figure {
  label: string;
  value: string | number;
}

/** A table in a mail: aggregated figures only. */
export interface Table {
  title: string;
  columns: string[];
  rows: (string | number)[][];
}

/** Common to every mail. */
interface Base {
  /** One sentence that says what happened. */
  summary: string;
  figures?: Figure[];
  tables?: Table[];
  /** What the reader may do next. */
  next?: string;
}

/** Every status mail with its data. The template of event `x` is templates/mail/x.hbs. */
export interface MailEvents {
  deploy: Base & { created: string[]; updated: string[]; removed: string[]; unchanged: number };
  destroy: Base & { removed: string[]; kept: string[] };
  data: Base & { dataset: string; rows: number };
  /** `sentences`: what stands out. */
  eda: Base & { dataset: string; questions: number; sentences: string[] };
  features: Base & { dataset: string; rows: number };
  training: Base & {
    dataset: string;
    version: string;
    rmse: number;
    mae: number;
    r2: number;
    meanRmse: number;
  };
  promotion: Base & { version: string; previous: string | null };
  scoring: Base & { version: string | null; rows: number };
  simulation: Base & { version: string; days: number; rows: number };
  /** `sentences`: what a reader of the forecast has to know, and who will be over capacity. */
  beds: Base & { dataset: string; night: string; expected: number; sentences: string[] };
  /** What the watch and the loop have to tell; `title` is the subject. */
  events: Base & {
    title: string;
    events: {
      id: string;
      headline: string;
      subject: string;
      message: string;
      next: string | null;
      day: string;
      /** The mail's summary says it already. */
      alone: boolean;
    }[];
  };
  /** Something failed: `step` is the command or step, `error` its message (redacted). */
  failure: Base & { step: string; error: string };
}
