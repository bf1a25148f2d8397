import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../deploy/project.js';

type Shares = Readonly<Record<string, number>>;
interface Factor {
  readonly source: string;
  readonly column: string;
  readonly shares: Shares;
  readonly meanStay: Shares;
}

/** Published facts about the data set that the generator imitates; see calibration.json for their sources. */
export interface Calibration {
  readonly stay: { readonly publishedMean: number; readonly mean: number; readonly shares: Shares };
  readonly department: Factor;
  readonly typeOfAdmission: Factor;
  readonly severity: Factor;
  readonly age: Factor;
  readonly ward: Factor & { readonly roomsMean: Shares };
  readonly bedGrade: Factor & { readonly extremeAndGrade1: number };
  readonly hospitalType: Factor;
  readonly region: Factor;
  readonly facility: Factor;
  readonly hospitalCells: { readonly cells: readonly (readonly [number, string, string, string, number])[] };
  readonly visitors: Factor;
  readonly rooms: Factor;
  readonly deposit: { readonly quantiles: readonly (readonly [number, number])[] };
  readonly correlations: { readonly of: Shares };
  readonly cityOfPatient: { readonly shares: Shares };
  readonly nulls: { readonly BED_GRADE: number; readonly CITY_CODE_PATIENT: number };
  readonly visitsPerPatient: { readonly patients: Shares };
  readonly wardByVisitors: { readonly offset: Shares };
}

/** Effects that fit.ts found: how strongly each attribute moves the stay, and the stay's distribution at no effect. */
export interface Effects {
  /** Share of each Stay code (10, 20 … 110 days) where all effects are zero. */
  readonly stay: readonly number[];
  /** Effect by factor (calibration key) and value. */
  readonly factors: Readonly<Record<string, Shares>>;
  /** Effect of the visitors, at the number of visitors given, straight lines between. */
  readonly visitors: readonly (readonly [number, number])[];
}

const folder = join(projectRoot, 'demo/health');
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** The published facts. */
export const calibration = read('calibration.json') as Calibration;

/** The fitted effects. */
export const effects = read('effects.json') as Effects;
