import type { Contract } from '../dataset/contract.js';
import { TRAINING_FILES } from '../ground/names.js';

/** The names of everything that belongs to one trained version. */
export interface Version {
  /** `health-v3`, as people and the log call it. */
  readonly name: string;
  readonly number: number;
  /** SageMaker model, endpoint configuration and endpoint: `los-health-v3-1f0e8b7d`. */
  readonly endpoint: string;
  /** JavaScript UDFs and the external function, unqualified. */
  readonly encoder: string;
  readonly requestTranslator: string;
  /** Like requestTranslator, for predict_los_reasons. */
  readonly reasonsTranslator: string;
  readonly predict: string;
  /** Endpoint of its model of stays that have begun, where it has one. */
  readonly stayEndpoint: string;
  readonly stayEncoder: string;
  readonly stayTranslator: string;
  readonly predictStay: string;
  /** Folder in the exchange stage (and bucket) that holds its training files, until they expire. */
  readonly folder: string;
}

/**
 * The names of a version. They carry its training's stamp, so that one whose number was given before, as after the
 * registry was emptied by hand, never takes over an endpoint, a model or a function that another still answers by.
 * @param stamp of that training (`stampOf`); null: the version was made by 0.2.0 or before, whose names have none
 */
export function versionOf(
  contract: Pick<Contract, 'name'>,
  { prefix }: { readonly prefix: string },
  number: number,
  stamp: string | null = null,
): Version {
  const name = `${contract.name}-v${number}`;
  const own = stamp === null ? name : `${name}-${stamp}`;
  const stem = own.split('-').join('_').toUpperCase();
  return {
    name,
    number,
    endpoint: `${prefix}-${own.split('_').join('-')}`,
    encoder: `LOS_ENCODE_${stem}`,
    requestTranslator: `LOS_REQUEST_${stem}`,
    reasonsTranslator: `LOS_REASONS_${stem}`,
    predict: `PREDICT_LOS_${stem}`,
    stayEndpoint: `${prefix}-${own.split('_').join('-')}-stay`,
    stayEncoder: `LOS_ENCODE_STAY_${stem}`,
    stayTranslator: `LOS_STAY_${stem}`,
    predictStay: `PREDICT_STAY_${stem}`,
    folder: `${TRAINING_FILES}/${own}`,
  };
}

/** Part of a training's id in names: the first eight digits of its id, a UUID. */
export function stampOf(run: string): string {
  return run.replace(/-/g, '').slice(0, 8).toLowerCase();
}
