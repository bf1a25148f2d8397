import type {
  EventFeature,
  EventSource,
  ExpectedDischargeSource,
  MovesSource,
  PlannedSource,
  ReadyForDischargeSource,
} from './origin/feeds.js';
import type { Comparison, Explore } from './questions.js';

/**
 * The dataset contract: what another hospital writes down about its table (sql/datasets/<name>.yaml).
 * Everything else (table definitions, feature SQL, split, encoder) is derived from it. All names are
 * Snowflake's unquoted, upper-case ones.
 */
export interface Contract {
  /** Lower-case name of the dataset; part of model, endpoint and table names. */
  readonly name: string;
  /** The raw admissions, in the product's schema: a table, or the view `<DATASET>_SOURCE` over what `origin` names. All that follows reads this name. */
  readonly table: string;
  /** Place of the rows, if not in a table of the product's schema: of a `source:` or `query:` in the YAML file. Nothing below it is ever changed. */
  readonly origin?: Origin;
  /** Way in which changes are noticed; left out: as the source allows. */
  readonly changes?: 'stream' | 'comparison';
  /** Column that identifies an admission. */
  readonly id: string;
  /** Column that identifies a patient, if there is one: patients are never shared between training and holdout. */
  readonly patient?: string;
  /** Admission and discharge date: LOS is the days between them. Both or neither. A planned discharge is none: a row with a discharge counts as discharged. */
  readonly admission?: string;
  readonly discharge?: string;
  /**
   * Days of a patient's past: the stays in so many days before an admission become two more features. In the YAML
   * file also `admissions` and `bedDays`, what these are to be called; the loader puts them among the features.
   */
  readonly history?: { readonly days: number };
  /** LOS in days as a column, for data without dates. */
  readonly los?: string;
  /** A column that already says which rows are for training and which for the holdout, and maybe which validate. */
  readonly split?: Split;
  /** Columns that say in which ward and department the patient is; beds are forecast for each of their values. */
  readonly ward?: string;
  readonly department?: string;
  /** Column that says how a patient comes (emergency, planned, transfer), known on admission: beds expect each kind by itself. */
  readonly admissionType?: string;
  /** Moves of patients after the ward of admission; left out: beds are counted in that. */
  readonly moves?: MovesSource;
  /** The list of planned admissions: of whom beds are expected one by one, and not only by kind. */
  readonly planned?: PlannedSource;
  /** Decisions to admit, as an emergency department makes them: who will come for certain, or nearly. */
  readonly decisions?: PlannedSource;
  /** Dates on which people expect current patients to leave. */
  readonly expectedDischarge?: ExpectedDischargeSource;
  /** From when on current patients are fit to leave, and why they are still here. */
  readonly readyForDischarge?: ReadyForDischargeSource;
  /** Beds that there are, by ward, as it is called in the data, or by department where the data have no ward; `*`: in the whole hospital. */
  readonly capacity?: Readonly<Record<string, number>>;
  /** Wards that may take each other's patients, as `capacity` calls them; a ward stands in one group at most. */
  readonly wardGroups?: readonly (readonly string[])[];
  /** From how many days on a stay is long; left out: `training.longStayDays` of the settings, or three weeks. */
  readonly longStayDays?: number;
  /** Columns known only at or after discharge: empty on arrival, and never a feature. */
  readonly afterAdmission: readonly string[];
  /**
   * Raw columns in file order: name → Snowflake type. In the YAML file also `{ type, source, nulls, header, order, decimal, sensitive }`,
   * which the loader takes apart into the three below; `nulls` at the top of it holds for all columns that have none of their own.
   */
  readonly columns: Readonly<Record<string, string>>;
  /** Names by which the table and the header of a file call a column whose name the contract cannot take: name → theirs. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Texts that stand for a missing value, by column: its own `nulls`, or those that the contract gives for all. */
  readonly nulls?: Readonly<Record<string, readonly string[]>>;
  /** Columns that tell more of a patient than others should see: where `snowflake.masking` is set they are masked, and features that read them. */
  readonly sensitive?: readonly string[];
  /** Form in which files write a column, where that is not plain: loading alone asks. */
  readonly written?: Readonly<Record<string, ColumnFormat>>;
  /**
   * Columns whose times are moments, TIMESTAMP_LTZ or TIMESTAMP_TZ in the table: name → that type. `columns` has them as TIMESTAMP_NTZ, the
   * time on a clock of the hospital's zone (`timeZone` of the settings): its days are counted, whatever the session's time zone.
   */
  readonly zoned?: { readonly zone: string; readonly columns: Readonly<Record<string, string>> };
  /** Model inputs in order. */
  readonly features: Readonly<Record<string, Feature>>;
  /** Rows of what happens during stays, where they are; with them predictions are renewed every morning. */
  readonly events?: readonly EventSource[];
  /** Features that become of them, by the name of an event, or a name of its own for an expression. */
  readonly eventFeatures?: Readonly<Record<string, EventFeature>>;
  /** Column combinations by which versions are measured, and stays explored where there are no questions. */
  readonly groups: readonly (readonly string[])[];
  /** Questions about the admissions. */
  readonly explore?: Explore;
  /** Observed ÷ expected days (docs/excess.md). */
  readonly excess?: readonly Comparison[];
  /** Share of the rows that the demo lets arrive later when it is given one file. */
  readonly holdBack: number;
}

/** Rows that others own: one of both. */
export interface Origin {
  /** A relation of any schema and owner, as it stands in SQL. */
  readonly source?: string;
  /** One SELECT, which may join several. */
  readonly query?: string;
  /** Names of the view's columns there, by the contract's names. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Form in which a file writes a column. */
export interface ColumnFormat {
  /** Name of the column in its header; left out: what the table does. */
  readonly header?: string;
  /** In which order day, month and year stand in dates of numbers alone, as 03/04/2026. */
  readonly order?: 'DMY' | 'MDY' | 'YMD';
  /** Sign before a fraction; what divides thousands is then the other one. */
  readonly decimal?: '.' | ',';
}

export interface Split {
  readonly column: string;
  readonly training: string;
  /** Rows that choose, stop and calibrate; left out: a random tenth of the training rows. */
  readonly validation?: string;
  readonly holdout: string;
}

export interface Feature {
  readonly type: 'numeric' | 'categorical' | 'ordered';
  /** The levels of an ordered category, lowest first; a value that is not among them counts as missing. */
  readonly levels?: readonly string[];
  /** Imputed for a missing value; without it a missing value stays missing. */
  readonly default?: string | number;
  /** SQL expression over raw columns (with their defaults filled in); without it the raw column of that name. */
  readonly sql?: string;
  /** A person's word that it is known on admission, however much it tells of the stay: a training then lets it be. */
  readonly knownAtAdmission?: boolean;
  /** Feature of the contract's `history`: how many earlier admissions began in its days, or how many of these were spent in hospital. */
  readonly history?: 'admissions' | 'bedDays';
}

/** Columns that are empty while a patient is still in hospital. */
export function columnsUnknownOnArrival(contract: Contract): string[] {
  const names = [contract.discharge, contract.los, ...contract.afterAdmission];
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** Tells whether a group is known on admission, by its columns joined by ×: a prediction cannot allow for others. */
export function isKnownOnAdmission(contract: Contract, groupedBy: string): boolean {
  const unknown = columnsUnknownOnArrival(contract);
  return groupedBy.split(' × ').every((name) => contract.features[name] || unknown.indexOf(name) < 0);
}
