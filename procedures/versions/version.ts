import type { Contract } from '../dataset/contract.js';
import { TRAINING_FILES } from '../ground/names.js';

/** The names of everything that belongs to one trained version. */
export interface Version {
  /** `health-v3`, as people and the log call it. */
  readonly name: string;
  readonly number: number;
  /** SageMaker model, endpoint configuration and endpoint: `los-health-v3`. */
  readonly endpoint: string;
  /** JavaScript UDFs and the external function, unqualified. */
  readonly encoder: string;
  readonly requestTranslator: string;
  /** Like requestTranslator, for predict_los_reasons. */
  readonly reasonsTranslator: string;
  readonly predict: string;
  /** What a batch transform is asked, and what its answer says; there while one is on its way. */
  readonly batchLine: string;
  readonly batchDetail: string;
  /** Folder in the exchange stage (and bucket) that holds its training files, until they expire. */
  readonly folder: string;
}

export function versionOf(
  contract: Pick<Contract, 'name'>,
  { prefix }: { readonly prefix: string },
  number: number,
): Version {
  const stem = `${contract.name.toUpperCase()}_V${number}`;
  const name = `${contract.name}-v${number}`;
  return {
    name,
    number,
    endpoint: `${prefix}-${name.split('_').join('-')}`,
    encoder: `LOS_ENCODE_${stem}`,
    requestTranslator: `LOS_REQUEST_${stem}`,
    reasonsTranslator: `LOS_REASONS_${stem}`,
    predict: `PREDICT_LOS_${stem}`,
    batchLine: `LOS_BATCH_LINE_${stem}`,
    batchDetail: `LOS_BATCH_DETAIL_${stem}`,
    folder: `${TRAINING_FILES}/${name}`,
  };
}
