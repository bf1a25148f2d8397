import type { Contract } from '../../dataset/contract.js';
import { datasetNames } from '../../dataset/names.js';
import { candidates } from '../../fitting/candidates.js';
import { splitRows } from '../../fitting/split.js';
import { qualify } from '../../ground/names.js';
import { type Plan, sqlText, type TrainingSettings } from '../../ground/plan.js';
import { FEWEST_PATIENTS } from '../../ground/small-groups.js';
import type { Work } from '../../ground/work.js';
import { refuseLeaks } from '../../leaks/find-leaks.js';
import { listPackagedVersions } from '../../versions/package.js';
import { nextNumber, openVersion, recordOf } from '../../versions/registry.js';
import { retireExpired } from '../../versions/retire.js';
import { stampOf } from '../../versions/version.js';
import type { Move } from '../machine.js';
import { planOf } from '../of-run.js';
import type { Run } from '../run.js';

/** Versions that the retention rule gives up make room for the next, and a version that is repeated is looked up. */
export function* makeRoom(plan: Plan, run: Run): Work<Move> {
  const removed = yield* retireExpired(plan);
  return {
    to: 'DIVIDE',
    ...(run.options.repeat === undefined
      ? {}
      : { data: { repeated: yield* settingsToRepeat(plan, run.options.repeat) } }),
    message: removed.length > 0 ? `Removed by the retention rule: ${removed.join(', ')}` : 'There is room',
  };
}

/** Divides the labelled rows, and takes the version's number. */
export function* divide(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const { contract, settings } = plan;
  const split = yield* splitRows(plan);
  // What cannot be fitted, or must not be, is said before anything is paid.
  candidates(settings, split.trainMin, run.options.candidates);
  yield* refuseLeaks(contract, {
    rows: qualify(settings, datasetNames(contract).trainingSet),
    which: "ROW_SIDE = 'train'",
    count: split.train,
    text: (name, values) => sqlText(plan, `leaks/${name}`, values),
  });
  const number = yield* nextNumber(settings, contract.name, yield* listPackagedVersions(plan));
  const nameStamp = stampOf(run.id);
  return {
    to: 'ENCODE',
    data: { split, number, nameStamp, fewest: FEWEST_PATIENTS },
    also: () => openVersion(settings, contract.name, number, nameStamp),
    message: `${split.rule} (${split.train} / ${split.validation} / ${split.holdout} rows)`,
  };
}

interface Lineage {
  readonly contract: Contract;
  readonly featureOrder: readonly string[];
  readonly settings: TrainingSettings;
  readonly fingerprint: string;
  readonly code: string;
  readonly predictions: string;
  readonly without?: readonly string[] | null;
}

/**
 * With what a version was trained: the contract and the training settings of then.
 */
export function* settingsToRepeat(plan: Plan, version: string): Work<NonNullable<Run['data']['repeated']>> {
  const { lineage } = yield* recordOf(plan.settings, version);
  const { contract, featureOrder, settings, fingerprint, code, predictions, without } =
    lineage as unknown as Lineage;
  return {
    contract,
    featureOrder,
    training: settings,
    ...(without ? { without } : {}),
    of: { version, fingerprint, code, predictions },
  };
}
