import type { Contract } from '../dataset/contract.js';
import { fromEntries } from './lists.js';
import type { Place, PredictLos } from './names.js';
import { Refused } from './work.js';

export type Reads = Readonly<Record<string, readonly string[]>>;

/** Tolerance of the settings: how far off groups may be. */
export interface StatedTolerance {
  readonly bias: number | null;
  readonly coverage: number | null;
}

export interface TrainingSettings {
  readonly instanceType: string;
  /**
   * The validation metric by which the best candidate is chosen: crps for distributions, rmse for means (bed-days), mae for medians.
   */
  readonly chooseBy: 'crps' | 'rmse' | 'mae';
  /** Names of the candidates to train; null: every one that suits chooseBy. */
  readonly candidates: readonly string[] | null;
  /** A small boosted model says which features are useful before candidates are trained on them. */
  readonly featureSelection: {
    readonly enabled: boolean;
    /** A feature is left out when permuting it has less than this share of what permuting all of them costs, by more than noise. */
    readonly leastShare: number;
    /** With fewer features all stay. */
    readonly fromFeatures: number;
  };
  /** The chosen candidate is fitted once more, to all ended stays, when it has been judged. */
  readonly refit: boolean;
  /** Training jobs at a time. */
  readonly parallelJobs: number;
  /** Hyperparameters that override those of every candidate; values as XGBoost names them. */
  readonly hyperparameters: Readonly<Record<string, string | number>>;
  /** Share of the training period's rows that is held out, the latest admissions. */
  readonly holdoutShare: number;
  /**
   * Only admissions of the last so many days, of those whose stays can be known, are trained and judged on; null: all. Where
   * the hospital has changed, older ones teach what no longer holds.
   */
  readonly recentDays?: number | null;
  /** From how many days on a stay counts as long: predictions carry the probability of one. */
  readonly longStayDays: number;
  /** Distance by which a group of stays may be off: days and share; null: as far as it likes. Versions of 0.8.0 and before have none. */
  readonly equity?: StatedTolerance;
  /** Versions kept callable beside the champion and the one before it. */
  readonly keepVersions: number;
}

export interface EndpointSettings {
  /** Serverless costs nothing when idle; an instance answers faster but is paid by the hour. */
  readonly type: 'serverless' | 'instance';
  readonly maxConcurrency: number;
  readonly instanceType: string;
}

/** The settings that what runs inside Snowflake decides by; a part of the deployer's. */
export interface PlanSettings extends Place {
  readonly prefix: string;
  /** The hospital's. */
  readonly timeZone: string;
  readonly snowflake: {
    readonly database: string;
    readonly schema: string;
    readonly integrations: { readonly api: string };
    readonly predictLos?: PredictLos;
    /** There where columns of patients are masked. */
    readonly masking?: true;
  };
  readonly training: TrainingSettings;
  readonly endpoint: EndpointSettings;
  readonly tasks: { readonly challenger: string | null };
  /** Hour as of which stays are predicted every morning, where the contract has events. */
  readonly stay?: { readonly hour: number };
}

/** Facts of the AWS account that are known when procedures are deployed. */
export interface PlanAws {
  /** ARN of the role that SageMaker works as. */
  readonly executionRole: string;
  /** URI of the built-in XGBoost's image. */
  readonly image: string;
  /** s3:// address of the bucket that the exchange stage points to, without a slash at its end. */
  readonly bucket: string;
  /** ARN of the customer's key that files and volumes are encrypted with; left out: AWS's own. */
  readonly kmsKey?: string;
  /** Part of requests for jobs and models about a VPC of the customer's; left out: none. */
  readonly network?: {
    readonly VpcConfig: { readonly Subnets: readonly string[]; readonly SecurityGroupIds: readonly string[] };
  };
}

/** Plan by which versions are trained, judged and promoted: derived from contract, settings and code, and compiled in. */
export interface Plan {
  readonly contract: Contract;
  /** Feature that the contract computes by SQL → the columns that its expression mentions. */
  readonly reads: Reads;
  readonly settings: PlanSettings;
  readonly aws: PlanAws;
  /** URL of the REST API's endpoints resource; a translator's urlSuffix goes on from there. */
  readonly serviceUrl: string;
  /** Stands for the code that makes a model: the same number, the same code. */
  readonly code: string;
  /** Stands for all of the above, to tell whether the deployed plan is the caller's. */
  readonly digest: string;
  /** Texts of sql/, by their path below it without `.sql`: those that this procedure needs. */
  readonly sql: Readonly<Record<string, string>>;
  /** JavaScript bodies of a version's functions, by file, with a place for the model in each. */
  readonly bodies: Readonly<Record<string, string>>;
}

/**
 * Fills in the `{{placeholders}}` of an SQL text: the one way from a text to a statement, where a procedure is compiled and inside it. What
 * is known only when it runs is left where it is compiled (`later`), and filled in then.
 * @param values placeholder → text; what the text does not use is ignored
 * @throws Error when the text has a placeholder without a value
 * @example
 * fill('SELECT * FROM {{table}}', { table: 'LOS.LOS_ALARMS' }); // "SELECT * FROM LOS.LOS_ALARMS"
 */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`The SQL text needs a value for {{${key}}}`);
    return value;
  });
}

/**
 * A statement that may be run.
 * @throws Error where a placeholder is left in it
 */
export function requireFilled(sql: string): string {
  const left = /\{\{\w+\}\}/.exec(sql);
  if (left !== null) throw new Error(`The SQL text was run without a value for ${left[0]}`);
  return sql;
}

/**
 * Values of placeholders that a procedure fills in when it runs: themselves.
 * @example
 * later('from', 'until'); // {"from":"{{from}}","until":"{{until}}"}
 */
export function later<N extends string>(...names: readonly N[]): Readonly<Record<N, string>> {
  return fromEntries(names.map((name) => [name, `{{${name}}}`] as const)) as Record<N, string>;
}

/** Paths of the texts of sql/, and below it without `.sql`. */
export type SqlPath = keyof SqlPlaces;
export type SqlName = SqlPath extends infer P ? (P extends `sql/${infer N}.sql` ? N : never) : never;

/** A value for each placeholder of a text. */
export type PlaceValues<P extends SqlPath> = Readonly<Record<SqlPlaces[P], string>>;

/**
 * A text of the project, by its path, with its `{{placeholders}}` filled in: statements that are made where a procedure is
 * compiled read theirs by it, since nothing inside Snowflake can read a file.
 */
export type SqlFile = <P extends SqlPath>(file: P, values: PlaceValues<P>) => string;

/** A text of sql/ with its placeholders filled in. */
export function sqlText<N extends SqlName>(
  { sql }: Pick<Plan, 'sql'>,
  name: N,
  values: PlaceValues<`sql/${N}.sql`>,
): string {
  const text = sql[name];
  if (text === undefined) throw new Error(`The procedure was compiled without sql/${name}.sql`);
  return fill(text, values);
}

/** The contract and settings of a plan must be those of a dataset that is asked about. */
export function requireDataset({ contract }: Plan, dataset: string): void {
  if (dataset !== contract.name)
    throw new Refused(
      `These procedures are about the dataset ${contract.name}, not ${dataset}.`,
      'Name the other dataset in los.config.yaml and run los apply.',
    );
}
